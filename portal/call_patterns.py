"""The ways a case may go, by name, and the window of a call: what pages, interface and demo share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.clock import SHANGHAI
from portal.models import Stage

END_OF_DAY = dt.time(23, 59, 59)
PATTERNS = {
    "full": [Stage.VERIFY.value, Stage.RECOMMEND.value, Stage.SCORE.value, Stage.DECIDE.value],
    "short": [Stage.VERIFY.value, Stage.RECOMMEND.value, Stage.DECIDE.value],
    "district": [Stage.VERIFY.value, Stage.RECOMMEND.value, Stage.SETTLE.value],
    "district_short": [Stage.VERIFY.value, Stage.SETTLE.value],
}


def pattern_of(stages: list[str]) -> str:
    """Return the name of a stage pattern; one that has no name any more shows as the full one."""
    return next((name for name, pattern in PATTERNS.items() if pattern == stages), "full")


def shape(opens_on: dt.date, closes_on: dt.date, pattern: str) -> dict[str, Any]:
    """Return window and stages as the action takes them: the last day counts to its end."""
    return {
        "opens_at": dt.datetime.combine(opens_on, dt.time(), tzinfo=SHANGHAI),
        "closes_at": dt.datetime.combine(closes_on, END_OF_DAY, tzinfo=SHANGHAI),
        "stages": PATTERNS[pattern],
    }
