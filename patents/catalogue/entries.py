"""The shape of one statutory period: its words, what it runs from, what moves its last day, what missing it costs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from patents.periods import Delivery, Ending, Period, Roll, Span

PERIOD = "period."
DELIVERY = "delivery."


class Domain(StrEnum):
    """Whose law it is; delivery is presumed by it."""

    PATENT = "patent"
    TRADEMARK = "trademark"
    FOREIGN = "foreign"  # the offices of other countries: their rest days are not known here, so nothing rolls
    COURT = "court"


class Start(StrEnum):
    """What the date given means."""

    EVENT = "event"  # the day of the event itself, nothing is delivered
    DELIVERY = "delivery"  # the issue date of a notice; the period runs from its delivery
    ISSUE = "issue"  # the issue date; the period runs from it whatever the delivery


class Severity(models.IntegerChoices):
    """What missing the day costs, the worst first."""

    FATAL = 1, _("权利丧失，不可恢复")
    SERIOUS = 2, _("权利丧失或视为撤回，一定条件下可恢复")
    COSTLY = 3, _("增加费用或失去机会")
    NOTE = 4, _("提示")


@dataclass(frozen=True)
class Entry:
    """One rule code. Its length is the dated Rule row `<prefix><code>`; everything else about it stands here.

    `is_opening`: the day opens a window, so the day before it is too early, not safe.
    `caution` is always shown; `doubt` only where the row in force is unverified.
    """

    code: str
    title: Any
    event: Any
    missed: Any
    domain: Domain = Domain.PATENT
    start: Start = Start.EVENT
    roll: Roll = Roll.OFFICE
    ending: Ending = Ending.CORRESPONDING
    severity: Severity = Severity.FATAL
    is_backwards: bool = False
    is_opening: bool = False
    caution: Any = ""
    doubt: Any = ""
    prefix: str = PERIOD  # a workstream's own periods stand in the book under a prefix of theirs

    @property
    def rule_code(self) -> str:
        """The code of the Rule rows that hold the length."""
        return f"{self.prefix}{self.code}"

    @property
    def is_restorable(self) -> bool:
        """Tell whether a missed day can be mended at all."""
        return self.severity > Severity.FATAL

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """The ways of delivery that change the answer; none of them where the period runs from the event itself."""
        return tuple(Delivery) if self.start == Start.DELIVERY else (Delivery.NONE,)

    def period(self, span: Span) -> Period:
        """Return the period of this rule with the length that is in force."""
        return Period(span, ending=self.ending, roll=self.roll, is_backwards=self.is_backwards)
