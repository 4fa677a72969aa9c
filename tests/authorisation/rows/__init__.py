"""The declarations, one module per area. A route without a row here fails, and so does a row without a route."""

from __future__ import annotations

import importlib
import pkgutil

from ..rules import Row

AREAS = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]


def all_rows() -> dict[str, Row]:
    """Return {route name: row} of all areas; a route is declared once."""
    found: dict[str, Row] = {}
    for area in AREAS:
        twice = found.keys() & area.ROWS.keys()
        assert not twice, f"declared twice: {sorted(twice)}"
        found |= area.ROWS
    return found
