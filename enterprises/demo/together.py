"""A call whose results go out together: its letters have texts of its own, two files are decided and held."""

from __future__ import annotations

from portal import bulk, bulk_plan
from portal.calls import change_outcome
from portal.models import Application, User

REASON = "综合评分达到入围线，拟认定。"
LETTERS = {
    "approve": {
        "opening": {
            "zh": "贵企业申报的《{call}》（办件编号 {number}）已完成评审，得分 {score}。（示例文字）",
            "en": "Your application {number} under “{call}” has been reviewed; score {score}. (Sample text)",
        }
    }
}


def decide_together(scored: list[Application], decider: User, administrator: User) -> None:
    """Decide the first two together and plan over all: the plan shows why two of them are refused."""
    call = scored[0].call
    change_outcome(call, needs_countersign=True, is_embargoed=True, letters=LETTERS, by=administrator)
    row = bulk.propose(scored[:2], is_approved=True, reason=REASON, by=decider)
    seen = bulk_plan.plan(row, by=decider, has_declared=True).seen
    bulk.confirm(row, seen=seen, has_declared=True, by=decider)
    bulk.sweep()
    bulk.propose(scored, is_approved=True, reason=REASON, by=decider)
