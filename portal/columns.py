"""Columns every list shares: the checkbox that picks rows, states, deadlines, dates and money, all with their look."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from portal import formats, pieces

RIGHT = {"td": {"class": "ip-r"}, "th": {"class": "ip-r"}}


class PickColumn(tables.Column):
    """A checkbox per row, named `pick`, whose value is what the accessor gives (a public number)."""

    empty_values = ()

    def __init__(self, **extra: Any) -> None:
        attrs = {"td": {"class": "is-check"}, "th": {"class": "is-check"}}
        super().__init__(**{"orderable": False, "attrs": attrs, "exclude_from_export": True, **extra})

    @property
    def header(self) -> SafeString:
        words = gettext("选择本页全部")
        return format_html('<input type="checkbox" class="form-check-input" aria-label="{}">', words)

    def render(self, value: Any) -> SafeString:
        words = gettext("选择 %(number)s") % {"number": value}
        html = '<input type="checkbox" class="form-check-input" name="pick" value="{}" aria-label="{}">'
        return format_html(html, value, words)


class StatusColumn(tables.Column):
    """A state as a pill; `kind` is a key of portal.vocabulary.STATES."""

    def __init__(self, kind: str, **extra: Any) -> None:
        self.kind = kind
        super().__init__(**extra)

    def render(self, value: Any, record: Any = None) -> SafeString:
        return pieces.status_pill(self.kind, value)


class DueColumn(tables.Column):
    """A date as a deadline badge."""

    def render(self, value: Any) -> SafeString:
        return pieces.due(value)


class DayColumn(tables.Column):
    """A date in words of the reader's language."""

    def render(self, value: Any) -> str:
        return formats.day(value)


class MomentColumn(tables.Column):
    """A moment as short as tables of officials need it; left out on cards."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(**{"attrs": {"td": {"class": "is-minor ip-nb ip-3"}}, **extra})

    def render(self, value: Any) -> str:
        return formats.short_moment(value)


class MoneyColumn(tables.Column):
    """An amount in yuan, at the right."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(**{"attrs": RIGHT, **extra})

    def render(self, value: Any) -> str:
        return formats.money(value)
