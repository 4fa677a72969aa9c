"""Documents as PDF: data into a typst template, never text into markup. The same data give the same bytes."""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

HOME = Path(__file__).parent / "typst"
TEMPLATES = frozenset({"receipt", "case", "letter", "certificate", "table"})
_local = threading.local()


def _compiler() -> Any:
    """One compiler per thread, with the shipped fonts and no others: a document looks the same on every machine."""
    if not hasattr(_local, "compiler"):
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HOME / "fonts")])
        _local.compiler = typst.Compiler(root=str(HOME), font_paths=fonts)
    return _local.compiler


def render(template: str, data: dict[str, Any], *, made_at: dt.datetime) -> bytes:
    """Return the PDF of a template filled with JSON data, in the language of the request; `made_at` dates it."""
    if template not in TEMPLATES:
        raise ValueError(f"no template {template}")
    language = "en" if (get_language() or "").startswith("en") else "zh"
    shared = {"lang": language, "portal": _("上海市中小企业知识产权服务平台"), "author": settings.MAIL_DOMAIN}
    packed = json.dumps({**shared, **data}, ensure_ascii=False, default=str)
    made: bytes = _compiler().compile(
        input=str(HOME / f"{template}.typ"), sys_inputs={"data": packed}, timestamp=int(made_at.timestamp())
    )
    return made
