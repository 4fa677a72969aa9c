"""Which dates a right may have, and how each is treated: words, reminder days, whether "done" needs evidence.

The periods themselves are those of `patents.catalogue`; here are only the few that follow from more than one day.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from patents.catalogue import ENTRIES, Severity

SUBJECT = "right"
PREFIX = "right."
ANNUITY, TERM_END, COMPENSATION_ANNUITY = "annuity", "term_end", "compensation_annuity"
# Of rights whose end no rule here computes (domain names, rights abroad, layouts, ...): the day that was entered.
STATED_RENEWAL, STATED_END = "stated_renewal", "stated_end"
REDUCTION = "fee_reduction_request"
USE = ("tm_non_use_24", "tm_non_use_30", "tm_non_use_36")

OWN_WORDS: dict[str, Any] = {
    ANNUITY: _("缴纳年费"),
    TERM_END: _("保护期届满"),
    COMPENSATION_ANNUITY: _("缴纳补偿期年费"),
    STATED_RENEWAL: _("有效期届满：办理续展或者续费"),
    STATED_END: _("登记的保护期届满"),
}
MISSED: dict[str, Any] = {
    ANNUITY: _("进入六个月滞纳期；期满仍未缴的，专利权自应缴日起终止"),
    TERM_END: _("保护期届满，不可延长"),
    COMPENSATION_ANNUITY: _("期限补偿不生效，没有滞纳期，不可恢复"),
    STATED_RENEWAL: _("权利失效；能否恢复以登记机构的规则为准"),
    STATED_END: _("保护期届满，不再受保护"),
}
# What is only done once money has gone, and a receipt shows it.
MONEY = frozenset(
    (
        *(ANNUITY, COMPENSATION_ANNUITY, STATED_RENEWAL, "tm_expiry", "madrid_expiry", "hague_renewal"),
        *("filing_fee_from_filing", "filing_fee_from_acceptance", "examination_request", "grant_registration"),
        *("restoration", "term_compensation_request"),
    )
)


class Keeps(StrEnum):
    """How long a computed date is wanted."""

    ALWAYS = "always"  # until it is met, or its facts change
    KNOWN = "known"  # as ALWAYS, unless it had passed when the right came into the register
    COMING = "coming"  # a chance or a notice: gone once it has passed


CHANCES = frozenset(
    (
        *("paris_priority_patent", "paris_priority_design", "trademark_priority", "term_compensation_request"),
        *(REDUCTION, TERM_END, STATED_END, "tm_renewal_opens", "tm_non_use_24", "tm_non_use_30"),
        *("madrid_renewal_opens", "madrid_dependency", "voluntary_amendment_invention"),
    )
)
ONCE = frozenset(
    (
        *("examination_request", "inventor_bonus", "pct_national_cn", "pct_national_cn_late", "pct_national_other"),
        *("tm_non_use_36", COMPENSATION_ANNUITY),
    )
)
FULL = (90, 60, 30, 15, 7, 1)
COSTLY = (30, 15, 7, 1)
NOTE = (30, 7)
LADDERS = {REDUCTION: (7, 1), TERM_END: (90, 30), STATED_END: (90, 30), "madrid_dependency": (30,)}


def keeps(code: str) -> Keeps:
    """Return how long a date of this code is wanted."""
    if code in CHANCES:
        return Keeps.COMING
    return Keeps.KNOWN if code in ONCE else Keeps.ALWAYS


def ladder(code: str) -> tuple[int, ...]:
    """Return on how many days before the safe date one is reminded."""
    if code in LADDERS:
        return LADDERS[code]
    entry = ENTRIES.get(code)
    if entry is None or entry.severity <= Severity.SERIOUS:
        return FULL
    if entry.is_opening:
        return (0,)
    return COSTLY if entry.severity == Severity.COSTLY else NOTE


def code_of(rule_code: str) -> str:
    """Return the code of a deadline's rule: tm_non_use_36 for right.tm_non_use_36.09."""
    return rule_code.removeprefix(PREFIX).partition(".")[0]


def words(code: str) -> Any:
    """Return what is to be done, in words."""
    return OWN_WORDS[code] if code in OWN_WORDS else ENTRIES[code].title


def missed(code: str) -> Any:
    """Return what happens when the day is missed, in words."""
    return MISSED[code] if code in MISSED else ENTRIES[code].missed
