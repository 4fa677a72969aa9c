"""The official notices people receive, by type, and which period each one opens. Names as the offices print them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from patents.models import LegalStatus

PATENTS = ("invention", "utility_model", "design")
TRADEMARK = ("trademark",)


@dataclass(frozen=True)
class Opening:
    """One period that a notice opens. `kind` "" is any; `is_hurried` None is any, else under priority examination."""

    type: str
    kind: str
    is_hurried: bool | None
    code: str


@dataclass(frozen=True)
class Type:
    """A type of notice: its printed name, for which kinds of rights, what it opens, what status it brings."""

    code: str
    name: Any
    kinds: tuple[str, ...]
    opens: tuple[tuple[str, bool | None, str], ...] = ()
    status: str = ""


def _any(code: str) -> tuple[tuple[str, bool | None, str], ...]:
    return (("", None, code),)


HURRIED = (
    ("invention", True, "priority_exam_reply_invention"),
    ("utility_model", True, "priority_exam_reply_other"),
    ("design", True, "priority_exam_reply_other"),
)

TYPES: dict[str, Type] = {
    row.code: row
    for row in (
        Type("acceptance", _("专利申请受理通知书"), PATENTS, _any("filing_fee_from_acceptance")),
        Type(
            "examination_entry",
            _("发明专利申请进入实质审查阶段通知书"),
            ("invention",),
            _any("voluntary_amendment_invention"),
        ),
        Type(
            "first_office_action",
            _("第一次审查意见通知书"),
            PATENTS,
            (("", False, "first_office_action"), *HURRIED),
        ),
        Type(
            "later_office_action",
            _("第 N 次审查意见通知书"),
            PATENTS,
            (("", False, "later_office_action"), *HURRIED),
        ),
        Type("grant", _("授予专利权通知书、办理登记手续通知书"), PATENTS, _any("grant_registration")),
        Type("refusal", _("驳回决定"), PATENTS, _any("reexamination_request"), LegalStatus.REFUSED),
        Type("reexam_notice", _("复审通知书"), PATENTS, _any("reexam_notice_reply")),
        Type("reexam_decision", _("复审决定书"), PATENTS, _any("reexamination_court")),
        Type("invalidity_decision", _("无效宣告请求审查决定书"), PATENTS, _any("invalidity_court")),
        Type("termination", _("专利权终止通知书"), PATENTS, _any("restoration"), LegalStatus.LAPSED),
        Type("deemed_withdrawn", _("视为撤回通知书"), PATENTS, _any("restoration"), LegalStatus.WITHDRAWN),
        Type("fee_reduction", _("收费减缴审批通知书"), PATENTS),
        Type("annuity_notice", _("缴费通知书（年费和滞纳金）"), PATENTS),
        Type("publication", _("发明专利申请公布通知书"), ("invention",), status=LegalStatus.PUBLISHED),
        Type("tm_refusal", _("商标驳回通知书"), TRADEMARK, _any("tm_refusal_review")),
        Type("tm_publication", _("商标初步审定公告"), TRADEMARK, _any("tm_opposition"), LegalStatus.PUBLISHED),
        Type("tm_opposition_notice", _("商标异议答辩通知书"), TRADEMARK, _any("tm_opposition_answer")),
        Type("tm_cancellation", _("撤销注册商标的决定"), TRADEMARK, _any("tm_cancellation_review")),
        Type("other", _("其他通知书"), ()),
    )
}
# Notices that show the examination has been requested.
EXAMINING = (
    *("examination_entry", "first_office_action", "later_office_action", "grant", "refusal"),
    *("reexam_notice", "reexam_decision"),
)


def openings() -> list[Opening]:
    """Return every period that a notice opens, one row for each."""
    return [Opening(row.code, *opens) for row in TYPES.values() for opens in row.opens]


def for_kind(kind: str) -> list[Type]:
    """Return the types a right of this kind can receive."""
    return [row for row in TYPES.values() if not row.kinds or kind in row.kinds]


def name_of(code: str) -> Any:
    """Return the printed name of a type, or the code of one that is not known any more."""
    return TYPES[code].name if code in TYPES else code
