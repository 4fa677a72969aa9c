"""Which files the checks read, and how a fault is written."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

APPS = ("portal", "enterprises", "patents", "finance", "services/protection", "services/public")
SKIPPED = frozenset(
    (
        *(".git", ".venv", "var", "node_modules", "staticfiles", "vendor", "__pycache__", "test-results", "htmlcov"),
        *(".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".schemathesis"),
    )
)


def walk(root: Path, *endings: str) -> Iterator[Path]:
    """Yield the project's own files in order; with endings, only those."""
    for path in sorted(root.iterdir()):
        if path.name in SKIPPED:  # in a work tree of git's, .git is a file
            continue
        if path.is_dir():
            yield from walk(path, *endings)
        elif not endings or path.suffix in endings:
            yield path


def app_modules(root: Path) -> Iterator[Path]:
    """Yield the Python modules of the apps without their migrations."""
    for app in APPS:
        if (root / app).is_dir():
            yield from (path for path in walk(root / app, ".py") if "migrations" not in path.parts)


def test_modules(root: Path) -> Iterator[Path]:
    """Yield the Python modules of the tests."""
    if (root / "tests").is_dir():
        yield from walk(root / "tests", ".py")


def templates(root: Path) -> Iterator[Path]:
    """Yield the templates."""
    if (root / "templates").is_dir():
        yield from walk(root / "templates", ".html", ".txt")


@cache
def _parse(path: Path, _stamp: int) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a module; one parse serves all checks."""
    return _parse(path, path.stat().st_mtime_ns)


def dotted(root: Path, path: Path) -> str:
    """Return the dotted name of a module."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def fault(root: Path, path: Path, line: int, what: str) -> str:
    """Return one fault as a line that an editor can jump to."""
    return f"{path.relative_to(root)}:{line}: {what}"
