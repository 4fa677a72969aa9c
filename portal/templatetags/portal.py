"""`{% load portal %}`: icons, states, deadlines, figures and the reusable pieces of a page."""

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from portal import clauses, clock, countries, formats, kinds, markdown, pieces, reminding, tiles, vocabulary
from portal.charts import Chart
from portal.tables import body

register = template.Library()

for function in (
    formats.day,
    formats.short_day,
    formats.weekday,
    formats.month,
    formats.year_month,
    formats.clock_time,
    formats.moment,
    formats.short_moment,
    formats.number,
    formats.money,
    formats.capped,
    formats.percent,
    formats.file_size,
):
    register.filter(function.__name__, function)
register.simple_tag(formats.money, name="money")
for piece in (
    pieces.icon,
    pieces.pill,
    pieces.status_pill,
    pieces.due,
    pieces.due_of,
    pieces.day_block,
    pieces.clock_cell,
    pieces.meter,
):
    register.simple_tag(piece)
register.simple_tag(body.body, name="table_body")


@register.filter
def iso(value: dt.date | None) -> str:
    """{{ date|iso }}: 2026-11-22, for `datetime` attributes and dense tables; nothing for nothing."""
    return formats.local(value).isoformat() if value else ""


@register.filter
def get(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """{{ mapping|get:key }}: the value under a key that is itself a variable."""
    return mapping.get(key) if mapping else None


@register.filter
def country(code: str) -> str | Promise:
    """{{ right.country|country }}: 美国, or the two letters of one that is not named."""
    return countries.name(code)


@register.filter(name="markdown")
def rendered(text: str | None) -> SafeString:
    """{{ version.body|markdown }}: Markdown as safe HTML; headings from h3 down."""
    return markdown.render(text or "")


@register.filter
def status_label(value: str, kind: str) -> str | Promise:
    """{{ application.status|status_label:"application" }}: only the word of a state."""
    return vocabulary.state(kind, value).label


@register.simple_tag
def said(thing: Any, name: str) -> str:
    """{% said version "summary" %}: a text that is kept in two languages, in the reader's."""
    return str(thing.said(name))


@register.simple_tag
def clause(number: str | int, short: bool = False) -> str:
    """{% clause 5 %}: 第 5 条 发挥知识产权示范引领; short=True: 5 试点示范. Safeguards are S1, S2, S3."""
    language = get_language() or ""
    found = clauses.CLAUSES[str(number)]
    if short:
        return f"{found.mark(language)} {found.short(language)}"
    values = {"mark": found.mark(language), "title": found.title(language)}
    if found.is_safeguard:
        return gettext("保障措施（%(mark)s）%(title)s") % values
    return gettext("第 %(mark)s 条 %(title)s") % values


@register.simple_tag
def clause_line(numbers: str | int | Iterable[str | int]) -> str:
    """{% clause_line page_clause %}: the clauses a page serves; takes one number or a list of them."""
    several = [numbers] if isinstance(numbers, int | str) else list(numbers)
    return formats.strung(clause(number) for number in several)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """{% query sort="name" status=None %}: the present query string with changes; None removes a key.

    The page cursor is dropped unless it is changed itself, because another order or filter starts at the first page.
    """
    values = context["request"].GET.copy()
    for key in ("after", "before", "page"):
        values.pop(key, None)
    for key, value in changes.items():
        values.pop(key, None)
        if value is not None:
            values.setlist(key, list(value) if isinstance(value, list | tuple) else [str(value)])
    return f"?{values.urlencode()}" if values else "?"


@register.simple_tag(takes_context=True)
def query_without(context: Context, key: str, value: Any) -> str:
    """{% query_without "status" "returned" %}: the query string with one value of a repeated key taken away."""
    rest = [item for item in context["request"].GET.getlist(key) if item != str(value)]
    return query(context, **{key: rest or None})


def _block_text(context: Context, name: str) -> str:
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks and blocks.get_block(name)
    return " ".join(strip_tags(block.render(context)).replace("&nbsp;", " ").split()) if block else ""


@register.simple_tag(takes_context=True)
def filled(context: Context, name: str) -> bool:
    """{% filled "crumbs" as has_crumbs %}: whether the page gives this block any text."""
    return bool(_block_text(context, name))


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> str:
    """{% page_title %}: the text of the page's `title` block, so that <title> and <h1> cannot disagree."""
    site = gettext("上海市中小企业知识产权服务平台")
    text = _block_text(context, "head_title") or _block_text(context, "title")
    return mark_safe(f"{text} · {site}") if text else site  # noqa: S308 - escaped in its block, tags stripped


@register.simple_tag(takes_context=True)
def preference(context: Context, name: str) -> str:
    """{% preference "theme" as theme %}: what the reader has set; the account first, then the cookie."""
    request = context.get("request")
    allowed = {"theme": ("auto", "light", "dark"), "text_size": ("normal", "large")}[name]
    chosen = getattr(getattr(request, "user", None), name, "") or (request.COOKIES.get(name, "") if request else "")
    return chosen if chosen in allowed else allowed[0]


@register.simple_tag(takes_context=True)
def html_attributes(context: Context) -> SafeString:
    """<html {% html_attributes %}>: language, theme and text size."""
    language = "en" if formats.is_english() else "zh-Hans"
    pairs = (
        ("lang", language),
        ("data-bs-theme", preference(context, "theme")),
        ("data-text", preference(context, "text_size")),
    )
    return format_html_join(" ", '{}="{}"', pairs)


@register.simple_tag
def is_debug() -> bool:
    """{% is_debug as debug %}: whether the portal runs for development."""
    return settings.DEBUG


@register.inclusion_tag("components/tile_map.html")
def tile_map(values: Mapping[str, float | None], caption: str, **options: Any) -> dict[str, Any]:
    """{% tile_map counts _("各区企业数") here="310112" urls=urls public=True thresholds=steps large=True %}.

    values: figures by district code. public hides counts below five. Always put a table with the figures beside it.
    """
    shown = tiles.tiles(
        values,
        thresholds=options.get("thresholds") or (),
        urls=options.get("urls"),
        here=options.get("here", ""),
        is_public=options.get("public", False),
    )
    floor = tiles.FEWEST if options.get("public") else 0
    figures = [value for value in values.values() if value is not None and value >= floor]
    return {
        "tiles": shown,
        "caption": caption,
        "unit": options.get("unit", ""),
        "large": options.get("large", False),
        "has_here": any(tile.is_here for tile in shown),
        "has_hidden": any(tile.figure.startswith("<") for tile in shown),
        "low": formats.number(min(figures, default=0)),
        "high": formats.number(max(figures, default=0)),
    }


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """{% field form.budget unit=_("元") width="m" source=_("来自企业资料，2026年6月") %}: one whole question.

    width: xs, s, m or l (the length of the answer); source: where a prefilled answer comes from; number: 3.3;
    ok: a good remark under the field.
    """
    return {"field": bound, **options}


@register.inclusion_tag("components/figure.html")
def figure(chart: Chart, level: int = 2) -> dict[str, Any]:
    """{% figure chart %}: a portal.charts.Chart with its table, drawn by page.js; level is that of its heading."""
    return {"chart": chart, "level": level}


@register.simple_tag
def client_key() -> str:
    """{% client_key %}: a fresh idempotency key for one form."""
    return uuid.uuid4().hex


@register.filter
def deadline_words(rule_code: str) -> Any:
    """{{ deadline.rule_code|deadline_words }}: what is to be done, or the code where nobody knows it any more."""
    try:
        return reminding.words_of(rule_code)
    except KeyError:
        return rule_code


@register.filter
def option_label(label: Any) -> str:
    """{{ label|option_label }}: the label of a choice; what follows its first line break is small print under it."""
    first, _, rest = str(label).partition("\n")
    return format_html("{}<small>{}</small>", first, rest) if rest else first


@register.filter
def kind_title(code):
    """{{ recognition.kind|kind_title }}: the title of a kind of application."""
    return kinds.title_of(code)


@register.filter
def to_day(value):
    """{{ call.closes_at|to_day }}: the Shanghai date of a moment, for `due`."""
    return clock.local_date(value) if value else None


@register.filter
def as_json(value):
    """{{ event.data|as_json }}: a structure as one line of text; nothing for nothing."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
