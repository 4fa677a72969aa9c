"""Direction of imports between apps and inside an app; no inline imports; pure modules know no Django."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.files import APPS, app_modules, dotted, fault, test_modules, tree

HEIGHT = {"portal": 0, "enterprises": 1, "patents": 2, "finance": 3, "services.protection": 3, "services.public": 3}
COMPOSITION = frozenset(["settings", "urls", "celery", "wsgi", "__init__"])  # of portal; they may name everything
LAYERS = {
    **{"models": 0, "clock": 0, "errors": 0, "environment": 0},
    "permissions": 1,
    # 2: actions, and every module not named here
    **{"forms": 3, "tables": 3, "filters": 3},
    **{"views": 4, "api": 4, "admin": 4, "tasks": 4, "routes": 4, "management": 4, "templatetags": 4, "middleware": 4},
    **{"urls": 5, "apps": 5, "settings": 5, "celery": 5, "wsgi": 5},
}
ACTIONS = 2
PURE = frozenset(  # rule modules: arithmetic that a person can check without a database
    (
        *("portal.workdays", "portal.uscc", "portal.registry_rows", "portal.registry_values"),
        *("patents.numbers", "patents.annuities", "patents.periods", "patents.timeline", "patents.shapes"),
        *("patents.reductions", "patents.compensation", "patents.fees", "enterprises.sizes", "enterprises.industries"),
    )
)


def imports(root: Path, path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of everything a module imports; `from a import b` gives a.b."""
    package = dotted(root, path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{name}.{alias.name}") for alias in node.names)


def app_of(name: str) -> str | None:
    """Return the app that a dotted name belongs to."""
    for app in (folder.replace("/", ".") for folder in APPS):
        if name == app or name.startswith(f"{app}."):
            return app
    return None


def part_of(name: str) -> str:
    """Return the module or package directly under the app: views for portal.views.rules."""
    app = app_of(name) or ""
    return name.removeprefix(app).strip(".").split(".")[0] or "__init__"


def is_django(name: str) -> bool:
    """Tell whether an import brings Django or a library built on it."""
    return name.split(".", maxsplit=1)[0].startswith(("django", "rest_framework", "allauth", "drf_", "celery"))


def _module(root: Path, name: str) -> Path | None:
    """Return the file that an imported name comes from."""
    parts = name.split(".")
    while parts:
        stem = root.joinpath(*parts)
        for path in (stem.with_suffix(".py"), stem / "__init__.py"):
            if path.is_file():
                return path
        parts.pop()
    return None


def is_pure(root: Path, path: Path, seen: frozenset[Path] = frozenset()) -> bool:
    """Tell whether a module, and all of ours that it imports, get by without Django."""
    for _line, name in imports(root, path):
        if is_django(name):
            return False
        if not app_of(name):
            continue
        found = _module(root, name)
        if found is None:
            return False
        # portal/__init__ is the composition root: naming the package is not using what it loads.
        settled = found == path or found in seen or dotted(root, found) == "portal"
        if not settled and not is_pure(root, found, seen | {path}):
            return False
    return True


def layer(root: Path, name: str) -> int:
    """Return the layer of a dotted name; a pure module lies at the bottom wherever it stands."""
    part = part_of(name)
    if part in LAYERS:
        return LAYERS[part]
    path = _module(root, name)
    return 0 if path is not None and is_pure(root, path) else ACTIONS


def between_apps(root: Path) -> list[str]:
    """finance, services.* -> patents -> enterprises -> portal; siblings do not know each other."""
    faults = []
    for path in app_modules(root):
        own = dotted(root, path)
        app = app_of(own)
        if app == "portal" and part_of(own) in COMPOSITION:
            continue
        for line, name in imports(root, path):
            other = app_of(name)
            if app and other and other != app and HEIGHT[other] >= HEIGHT[app]:
                faults.append(fault(root, path, line, f"{app} must not import {other}"))
    return faults


def inside_apps(root: Path) -> list[str]:
    """views, api, admin, tasks -> forms -> actions -> permissions -> models."""
    faults = []
    for path in app_modules(root):
        own = dotted(root, path)
        if app_of(own) == "portal" and part_of(own) in COMPOSITION:
            continue
        height = LAYERS.get(part_of(own), ACTIONS)
        for line, name in imports(root, path):
            if app_of(name) and name != app_of(name) and layer(root, name) > height:
                faults.append(fault(root, path, line, f"{part_of(own)} must not import {name}"))
    return faults


def inline(root: Path) -> list[str]:
    """No import inside a function or class, except in apps.py."""
    faults = []
    for path in (*app_modules(root), *test_modules(root)):
        if path.name == "apps.py":
            continue
        for scope in ast.walk(tree(path)):
            if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for node in ast.walk(scope):
                    if isinstance(node, ast.Import | ast.ImportFrom):
                        faults.append(fault(root, path, node.lineno, "inline import"))
    return sorted(set(faults))


def pure(root: Path) -> list[str]:
    """The pure rule modules import neither Django nor anything of ours that does."""
    return [
        fault(root, path, 1, "a pure module needs Django")
        for path in app_modules(root)
        if dotted(root, path) in PURE and not is_pure(root, path)
    ]
