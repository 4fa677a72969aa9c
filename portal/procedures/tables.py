"""The workflow as three tables beside each other. README's state diagram is generated from them; a test compares."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import pgettext_lazy

from portal.models import Stage, Status
from portal.permissions import Permission


class Verb(StrEnum):
    """Everything that can happen to an application."""

    SUBMIT = "submit"
    UNDO = "undo"
    TAKE = "take"
    RETURN = "return_for_correction"
    RESUBMIT = "resubmit"
    LAPSE = "lapse"
    REVIEW = "record_review"
    ADVANCE = "advance"
    REFUSE = "refuse"
    APPROVE = "approve"
    CONCLUDE = "conclude"
    UPHOLD_OBJECTION = "uphold_objection"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    CLOSE = "close"


class Side(StrEnum):
    """Who must act."""

    APPLICANT = "applicant"
    OFFICE = "office"
    SYSTEM = "system"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Event:
    """What a verb leaves behind: audit word, its past tense for people, and who is told what."""

    audit: str
    label: object
    applicant: str = ""
    office: str = ""


S, V = Status, Verb

TRANSITIONS: dict[Status, dict[Verb, Status]] = {
    S.DRAFT: {V.SUBMIT: S.SUBMITTED, V.WITHDRAW: S.WITHDRAWN},
    S.SUBMITTED: {V.TAKE: S.IN_REVIEW, V.UNDO: S.DRAFT, V.WITHDRAW: S.WITHDRAWN},
    S.IN_REVIEW: {
        V.REVIEW: S.IN_REVIEW,
        V.ADVANCE: S.IN_REVIEW,
        V.RETURN: S.RETURNED,
        V.REFUSE: S.REJECTED,
        V.APPROVE: S.PUBLICITY,
        V.WITHDRAW: S.WITHDRAWN,
    },
    S.RETURNED: {V.RESUBMIT: S.IN_REVIEW, V.LAPSE: S.WITHDRAWN, V.WITHDRAW: S.WITHDRAWN},
    S.PUBLICITY: {V.CONCLUDE: S.APPROVED, V.UPHOLD_OBJECTION: S.REJECTED, V.WITHDRAW: S.WITHDRAWN},
    S.APPROVED: {V.CLOSE: S.CLOSED},
    S.REJECTED: {V.REOPEN: S.IN_REVIEW, V.CLOSE: S.CLOSED},
    S.WITHDRAWN: {},
    S.CLOSED: {},
}

OWNER: dict[Status, Side] = {
    S.DRAFT: Side.APPLICANT,
    S.SUBMITTED: Side.OFFICE,
    S.IN_REVIEW: Side.OFFICE,
    S.RETURNED: Side.APPLICANT,
    S.PUBLICITY: Side.SYSTEM,
    S.APPROVED: Side.NOBODY,
    S.REJECTED: Side.APPLICANT,
    S.WITHDRAWN: Side.NOBODY,
    S.CLOSED: Side.NOBODY,
}

EVENT: dict[Verb, Event] = {
    V.SUBMIT: Event(
        "application.submitted", pgettext_lazy("history", "提交申报"), "case_submitted", "office_submitted"
    ),
    V.UNDO: Event("application.submission_undone", pgettext_lazy("history", "撤销提交"), "case_undone"),
    V.TAKE: Event("application.taken", pgettext_lazy("history", "开始审核"), "case_taken"),
    V.RETURN: Event("application.returned", pgettext_lazy("history", "请企业补正"), "case_returned"),
    V.RESUBMIT: Event("application.resubmitted", pgettext_lazy("history", "重新提交"), "", "office_resubmitted"),
    V.LAPSE: Event(
        "application.lapsed", pgettext_lazy("history", "逾期未补正，按撤回处理"), "case_withdrawn", "office_withdrawn"
    ),
    V.REVIEW: Event("application.reviewed", pgettext_lazy("history", "提交评审意见")),
    V.ADVANCE: Event("application.advanced", pgettext_lazy("history", "完成本阶段")),
    V.REFUSE: Event("application.refused", pgettext_lazy("history", "决定不予通过"), "case_rejected", "office_outcome"),
    V.APPROVE: Event(
        "application.approved", pgettext_lazy("history", "决定拟认定并公示"), "case_publicity", "office_outcome"
    ),
    V.CONCLUDE: Event(
        "application.recognised", pgettext_lazy("history", "公示期满，予以认定"), "case_approved", "office_outcome"
    ),
    V.UPHOLD_OBJECTION: Event(
        "application.objection_upheld",
        pgettext_lazy("history", "异议成立，不予认定"),
        "case_rejected",
        "office_outcome",
    ),
    V.REOPEN: Event("application.reopened", pgettext_lazy("history", "申诉成立，重新审核"), "case_reopened"),
    V.WITHDRAW: Event(
        "application.withdrawn", pgettext_lazy("history", "撤回申报"), "case_withdrawn", "office_withdrawn"
    ),
    V.CLOSE: Event("application.closed", pgettext_lazy("history", "办结"), "case_closed"),
}

# What the stage before it leads to, for the applicant and for whoever is next. Keyed by the stage just finished.
# A district that decides itself has words of its own: (finished, following).
ADVANCED_TO: dict[tuple[Stage, Stage], tuple[str, str]] = {
    (Stage.VERIFY, Stage.SETTLE): ("case_to_settle", "office_settle"),
    (Stage.RECOMMEND, Stage.SETTLE): ("case_to_settle", "office_settle"),
    (Stage.SCORE, Stage.SETTLE): ("case_to_settle", "office_settle"),
}
ADVANCED: dict[Stage, tuple[str, str]] = {
    Stage.VERIFY: ("case_verified", "office_recommend"),
    Stage.RECOMMEND: ("case_recommended", "office_score"),
    Stage.SCORE: ("case_scored", "office_decide"),
}

STAGE_PERMISSION: dict[Stage, Permission] = {
    Stage.VERIFY: Permission.HANDLE_CASE,
    Stage.RECOMMEND: Permission.RECOMMEND_CASE,
    Stage.SCORE: Permission.SCORE_CASE,
    Stage.DECIDE: Permission.DECIDE_CASE,
    Stage.SETTLE: Permission.SETTLE_CASE,
}

# Where a call names no limit of its own, the dated rule of this code gives it (working days unless said otherwise).
LIMIT_RULES = {
    "verify": "procedure.verify.limit",
    "recommend": "procedure.recommend.limit",
    "score": "procedure.score.limit",
    "decide": "procedure.decide.limit",
    "settle": "procedure.decide.limit",  # the district decides in the same time as the city would
    "correction": "procedure.correction.limit",
    "appeal_window": "procedure.appeal.window",
    "appeal": "procedure.appeal.limit",
}
UNDO_RULE = "procedure.undo.limit"  # minutes
