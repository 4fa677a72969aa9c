"""Whether the engines could compute with a proposed figure: asked before an administrator may save it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from patents import catalogue, periods
from patents.catalogue.entries import DELIVERY, PERIOD
from patents.periods import NOTHING
from portal.errors import RuleBroken
from portal.models import Rule


def check_period(row: Rule) -> None:
    """Refuse a period of no length or of an unknown unit, and a code that no period has. Raises RuleBroken."""
    if row.code.startswith(PERIOD):
        if row.code.removeprefix(PERIOD) not in catalogue.ENTRIES:
            raise RuleBroken(_("没有这个期限代码：%(code)s。") % {"code": row.code}, code="unknown_period")
    elif not row.code.startswith(DELIVERY):
        return
    try:
        span = catalogue.span(row)
    except (ValueError, TypeError):
        span = None
    if span is None or (span == NOTHING and row.code.startswith(PERIOD)) or _is_absurd(span):
        raise RuleBroken(
            _("期限的数值应为正数，单位应为日、个月或年；不足一月的只能是半个月，最长一百年。"), code="bad_period"
        )


def _is_absurd(span: periods.Span) -> bool:
    return span.years * 12 + span.months > 1200 or span.days > 1200
