"""Markdown of officials made safe: no raw HTML, no images, no scripts; links leave without a trace of us.

Written twice safe: the parser knows no HTML, and what it makes is cleaned against a list of what may stay.
"""

from __future__ import annotations

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = frozenset(
    "p br hr strong em s ul ol li blockquote code pre a h3 h4 h5 h6 table thead tbody tr th td".split()
)  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"scope"}}
SCHEMES = {"http", "https", "mailto"}
REL = "nofollow noopener noreferrer"
TOP = 3  # the page has its h1 and the card its h2
LONGEST = 100_000


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20})
    return parser.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])


def render(text: str) -> SafeString:
    """Return safe HTML. Headings begin at the third level and leave none out, whatever was typed."""
    parser = _parser()
    tokens = parser.parse(text[:LONGEST])
    _lower(tokens)
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(html, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=REL)
    return mark_safe(clean)  # noqa: S308 - cleaned in the line before


def plain(text: str) -> str:
    """Return the words without any markup, for mails and feeds."""
    return nh3.clean(str(render(text)), tags=set()).strip()


def _lower(tokens: list[Token]) -> None:
    """Give headings consecutive levels from TOP on, and the cells of a table's head their scope."""
    levels = sorted({token.tag for token in tokens if token.type == "heading_open"})
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, TOP + levels.index(token.tag))}"
        elif token.type == "th_open":
            token.attrSet("scope", "col")
