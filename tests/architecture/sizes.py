"""Hard limits of size, module docstrings, and names that the house does not use."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.files import app_modules, fault, templates, test_modules, tree

MODULE, FUNCTION, CLASS, TEMPLATE, VIEW, TESTS, DOCSTRING = 500, 50, 150, 150, 15, 700, 5
FORBIDDEN_FILES = frozenset(
    ["utils.py", "util.py", "helpers.py", "services.py", "selectors.py", "repositories.py", "dto.py", "signals.py"]
)
FORBIDDEN_NAMES = frozenset(["GenericForeignKey", "GenericRelation", "receiver", "Signal"])
FORBIDDEN_MODULES = ("django.dispatch", "django.db.models.signals", "django.core.signals")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def length(node: Function | ast.ClassDef) -> int:
    """Return the lines from the definition to its end, decorators left out."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def body_length(node: Function) -> int:
    """Return the lines of the body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def modules(root: Path) -> list[str]:
    """No module and no template above its hard limit."""
    limits = (
        *((path, MODULE) for path in app_modules(root)),
        *((path, TEMPLATE) for path in templates(root)),
        *((path, TESTS) for path in test_modules(root)),
    )
    faults = []
    for path, limit in limits:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > limit:
            faults.append(fault(root, path, 1, f"{lines} lines, at most {limit}"))
    return faults


def definitions(root: Path) -> list[str]:
    """No function and no class above its hard limit."""
    faults = []
    for path in app_modules(root):
        for node in ast.walk(tree(path)):
            limit = CLASS if isinstance(node, ast.ClassDef) else FUNCTION
            if isinstance(node, Function | ast.ClassDef) and length(node) > limit:
                faults.append(fault(root, path, node.lineno, f"{node.name}: {length(node)} lines, at most {limit}"))
    return faults


def _views(module: ast.Module) -> Iterator[Function]:
    """Yield the methods of the classes, and the functions that take a request."""
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            yield from (item for item in node.body if isinstance(item, Function))
        elif isinstance(node, Function) and node.args.args and node.args.args[0].arg == "request":
            yield node


def view_bodies(root: Path) -> list[str]:
    """Fetch and authorise, form, one action, message, redirect: no more."""
    faults = []
    for path in app_modules(root):
        if path.stem == "views" or "views" in path.parts:
            for node in _views(tree(path)):
                if body_length(node) > VIEW:
                    faults.append(
                        fault(root, path, node.lineno, f"{node.name}: {body_length(node)} lines, at most {VIEW}")
                    )
    return faults


def docstrings(root: Path) -> list[str]:
    """Every module with content says in one to five lines what it is for."""
    faults = []
    for path in app_modules(root):
        if not (module := tree(path)).body:
            continue
        text = ast.get_docstring(module)
        if text is None:
            faults.append(fault(root, path, 1, "no module docstring"))
        elif len(text.splitlines()) > DOCSTRING:
            faults.append(fault(root, path, 1, f"module docstring of {len(text.splitlines())} lines"))
    return faults


def names(root: Path) -> list[str]:
    """No utils.py, no services.py, no signals, no GenericForeignKey."""
    faults = []
    for path in app_modules(root):
        if path.name in FORBIDDEN_FILES:
            faults.append(fault(root, path, 1, "forbidden module name"))
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom):
                used = FORBIDDEN_NAMES & {alias.name for alias in node.names}
                if used or (node.module or "").startswith(FORBIDDEN_MODULES):
                    faults.append(fault(root, path, node.lineno, f"forbidden: {', '.join(used) or node.module}"))
            elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_NAMES:
                faults.append(fault(root, path, node.lineno, f"forbidden: {node.attr}"))
    return faults
