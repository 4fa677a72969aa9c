"""The rows of one import as a table: verdict, what changes, what is wrong."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patents.importing import fields, words
from patents.models import ImportRow, LegalStatus, RightKind, Verdict
from portal import formats, pieces
from portal.columns import PickColumn

LONGEST = 120
CHOICES: dict[str, dict[str, Any]] = {"kind": dict(RightKind.choices), "status": dict(LegalStatus.choices)}


def shown(name: str, value: Any) -> str:
    """Return a value of a field as people read it."""
    if value in (None, "", []):
        return formats.NOTHING
    if isinstance(value, list):
        return formats.listed(value)[:LONGEST]
    text = str(CHOICES.get(name, {}).get(value, value))
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def difference(row: ImportRow) -> Any:
    """Return the changes of a row as 名称：原来 → 现在, one under the other."""
    changes = [(name, pair) for name, pair in sorted(row.changes.items()) if not name.startswith("_")]
    lines = [(fields.label(name), shown(name, pair["from"]), shown(name, pair["to"])) for name, pair in changes]
    from_words, to_words = gettext("原来："), gettext("现在：")
    html = (
        '<li>{} <del class="ip-del"><span class="ip-vh">{}</span>{}</del> '
        '<ins class="ip-ins"><span class="ip-vh">{}</span>{}</ins></li>'
    )
    items = ((label, from_words, old, to_words, new) for label, old, new in lines)
    return format_html('<ul class="ip-list ip-sm ip-mb0">{}</ul>', format_html_join("", html, items)) if lines else ""


class RowTable(tables.Table):
    """Rows with their verdicts; `pick` only while rows of other owners may be taken along."""

    pick = PickColumn(accessor="position")
    position = tables.Column(verbose_name=_("行号"), orderable=False, attrs={"td": {"class": "ip-num"}})
    verdict = tables.Column(verbose_name=_("结论"), orderable=False)
    title = tables.Column(verbose_name=_("名称"), empty_values=(), orderable=False)
    remarks = tables.Column(verbose_name=_("变化和提醒"), empty_values=(), orderable=False)

    caption = _("逐行结论")
    row_header = "title"
    keyset: Any = None

    def render_verdict(self, record: ImportRow) -> Any:
        return pieces.status_pill("import_row", record.verdict)

    def render_title(self, record: ImportRow) -> Any:
        found = record.values
        title = found.get("title") or found.get("_title") or found.get("title_en") or formats.NOTHING
        names = ("application_number", "publication_number", "registration_number", "international_number")
        number = next((found[name] for name in names if found.get(name)), "")
        if record.right_id and record.right:
            url = reverse("right", args=[record.right.number])
            return format_html('<a href="{}">{}</a><span class="sub ip-num">{}</span>', url, title[:LONGEST], number)
        return format_html('{}<span class="sub ip-num">{}</span>', title[:LONGEST], number)

    def render_remarks(self, record: ImportRow) -> Any:
        if record.verdict == Verdict.DUPLICATE:
            first = record.changes.get("_first", "")
            return gettext("与第 %(row)s 行是同一件，以那一行为准。") % {"row": first}
        said = words.problems(record.problems)
        css = "ip-bad" if record.verdict == Verdict.BAD else "ip-wait"
        remark = format_html('<p class="ip-sm {} ip-mb0">{}</p>', css, said) if said else ""
        return format_html("{}{}", difference(record), remark) or formats.NOTHING


class RunTable(tables.Table):
    """Past imports of an enterprise."""

    name = tables.Column(verbose_name=_("文件"), orderable=False)
    status = tables.Column(verbose_name=_("状态"), orderable=False)
    result = tables.Column(verbose_name=_("结果"), empty_values=(), orderable=False)
    created_at = tables.Column(verbose_name=_("上传"), orderable=False, attrs={"td": {"class": "ip-nb"}})
    created_by = tables.Column(verbose_name=_("上传人"), orderable=False)

    caption = _("以往的导入")
    row_header = "name"
    keyset: Any = None

    def render_name(self, record: Any) -> Any:
        url = reverse("import-detail", args=[record.number])
        size = formats.file_size(record.size)
        return format_html('<a href="{}">{}</a><span class="sub">{}</span>', url, record.name, size)

    def render_status(self, record: Any) -> Any:
        return pieces.status_pill("import", state_of(record))

    def render_result(self, record: Any) -> str:
        return formats.listed(tallies(record)) or formats.NOTHING

    def render_created_at(self, value: Any) -> str:
        return formats.moment(value)


def state_of(run: Any) -> str:
    """Return the state to show: a file whose header nobody has read yet is being read."""
    return "reading" if run.status == "uploaded" and not run.header else str(run.status)


def tallies(run: Any) -> list[str]:
    """Return 新增 3, 有变化 1 and so on, without what is nought."""
    words_of = gettext("%(verdict)s %(count)s")
    return [
        words_of % {"verdict": verdict.label, "count": formats.number(run.counts[verdict.value])}
        for verdict in Verdict
        if run.counts.get(verdict.value)
    ]
