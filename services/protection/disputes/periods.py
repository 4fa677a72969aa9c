"""Procedural periods of disputes abroad: which event opens which, where, for which side. Lengths are Rule rows.

The offices' and courts' rest days are not known here, so nothing rolls: early is safe. What a summons or a notice says
always beats what is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from patents import catalogue
from patents.catalogue import Domain, Entry, Severity
from patents.models import RightKind
from patents.periods import Roll
from portal.errors import RuleBroken
from portal.models import Rule
from services.protection.models import LegalCase, OverseasDispute

PREFIX = "dispute."
Forum, Side = LegalCase.Forum, OverseasDispute.Side
PATENTS = frozenset({RightKind.INVENTION, RightKind.UTILITY_MODEL})
MARKS = frozenset({RightKind.TRADEMARK})


class EventKind(models.TextChoices):
    """What may happen in a dispute; the first ones open periods."""

    SERVED = "served", _("收到诉状、传票或调查通知")
    WAIVER = "waiver", _("对方寄出放弃送达的请求")
    COMPLAINT = "complaint", _("收到平台投诉通知")
    SEIZED = "seized", _("货物或展品被扣留")
    PUBLISHED = "published", _("对方的商标初审公告或专利授权公告")
    OPPOSED = "opposed", _("收到异议通知")
    ANSWERED = "answered", _("已提交答辩或答复")
    HEARING = "hearing", _("开庭或听证")
    DECISION = "decision", _("收到裁决或决定")
    TALKS = "talks", _("和解谈判")
    OTHER = "other", _("其他进展")


STATES_IT = _("以送达文书写明的日期为准；当地休息日是否顺延由当地律师确认。")
DEFAULT = _("缺席判决，对方的主张可能被直接支持")


def _entry(code: str, title: Any, event: EventKind, missed: Any, caution: Any = STATES_IT) -> Entry:
    return Entry(
        code,
        title,
        event.label,
        missed,
        domain=Domain.FOREIGN,
        roll=Roll.NONE,
        severity=Severity.FATAL,
        caution=caution,
        prefix=PREFIX,
    )


@dataclass(frozen=True)
class Opening:
    """One period, and when it runs: the event, the forum, the side; countries and kinds of rights where limited."""

    entry: Entry
    event: EventKind
    forum: LegalCase.Forum
    side: OverseasDispute.Side
    countries: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def applies(self, dispute: OverseasDispute) -> bool:
        """Tell whether this dispute is one of those the period is made for."""
        return (
            self.forum == dispute.forum
            and self.side == dispute.side
            and (not self.countries or dispute.country_id in self.countries)
            and (not self.kinds or dispute.right_kind in self.kinds)
        )


def _opening(
    code: str,
    title: Any,
    event: EventKind,
    missed: Any,
    forum: LegalCase.Forum,
    side: OverseasDispute.Side = Side.ACCUSED,
    **more: Any,
) -> Opening:
    caution = more.pop("caution", STATES_IT)
    return Opening(_entry(code, title, event, missed, caution), event, forum, side, **more)


OPENINGS = (
    _opening("us_answer", _("提交答辩状"), EventKind.SERVED, DEFAULT, Forum.US_COURT),
    _opening("us_answer_waived", _("提交答辩状（已放弃送达）"), EventKind.WAIVER, DEFAULT, Forum.US_COURT),
    _opening(
        "itc_response",
        _("提交书面答复"),
        EventKind.SERVED,
        _("可能被认定为缺席，产品被排除进口"),
        Forum.ITC,
        caution=_("调查通知可以另定期限；申请临时救济的，答复更早。以通知写明的日期为准。"),
    ),
    _opening("upc_preliminary", _("提出初步异议"), EventKind.SERVED, _("不能再以管辖、语言为由异议"), Forum.UPC),
    _opening("upc_defence", _("提交答辩状"), EventKind.SERVED, DEFAULT, Forum.UPC),
    _opening(
        "de_notice_of_defence", _("表示应诉"), EventKind.SERVED, DEFAULT, Forum.EU_COURT, countries=frozenset({"DE"})
    ),
    _opening(
        "platform_evaluation",
        _("决定是否参加平台的专利中立评估"),
        EventKind.COMPLAINT,
        _("商品链接可能被移除"),
        Forum.PLATFORM,
        countries=frozenset({"US"}),
        kinds=PATENTS,
        caution=_("平台规则随时可能改变，各平台不同；以通知写明的日期为准。"),
    ),
    _opening(
        "us_tm_opposition", _("提出商标异议"), EventKind.PUBLISHED, _("只能在注册后请求撤销"), Forum.OFFICE, Side.OWNER,
        countries=frozenset({"US"}), kinds=MARKS, caution=_("期满前可以请求延期；最长不超过公告日起 180 日。"),
    ),
    _opening(
        "us_tm_answer", _("答复商标异议"), EventKind.OPPOSED, DEFAULT, Forum.OFFICE, countries=frozenset({"US"}),
        kinds=MARKS, caution=_("受理通知写明的答复日不少于三十日；以通知为准，这里按最短的推算。"),
    ),
    _opening(
        "eu_tm_opposition", _("提出商标异议"), EventKind.PUBLISHED, _("只能在注册后请求宣告无效"), Forum.OFFICE,
        Side.OWNER, countries=frozenset({"EM"}), kinds=MARKS, caution=_("异议费缴纳后才视为提出。"),
    ),
    _opening(
        "eu_tm_cooling_off", _("商标异议冷静期届满"), EventKind.OPPOSED, _("进入对抗程序"), Forum.OFFICE,
        countries=frozenset({"EM"}), kinds=MARKS,
    ),
    _opening(
        "ep_opposition", _("提出欧洲专利异议"), EventKind.PUBLISHED, _("只能在各国请求宣告无效"), Forum.OFFICE,
        Side.OWNER, countries=frozenset({"EP"}), kinds=frozenset({RightKind.INVENTION}),
        caution=_("异议费缴纳后才视为提出，期限不能恢复。"),
    ),
    _opening(
        "ep_observations", _("答复欧洲专利异议"), EventKind.OPPOSED, _("异议部门按已有材料审查"), Forum.OFFICE,
        countries=frozenset({"EP"}), kinds=frozenset({RightKind.INVENTION}),
    ),
)  # fmt: skip
ENTRIES: dict[str, Entry] = {opening.entry.code: opening.entry for opening in OPENINGS}
FIRST = {Forum.PLATFORM: EventKind.COMPLAINT, Forum.CUSTOMS: EventKind.SEIZED, Forum.FAIR: EventKind.SEIZED}


def first_event(dispute: OverseasDispute) -> EventKind:
    """Return what the day "served or learnt" means in this dispute."""
    if dispute.forum == Forum.OFFICE:
        return EventKind.PUBLISHED if dispute.side == Side.OWNER else EventKind.OPPOSED
    return FIRST.get(Forum(dispute.forum), EventKind.SERVED)


def opened_by(dispute: OverseasDispute, kind: str) -> list[Entry]:
    """Return the periods that an event of this kind opens."""
    return [one.entry for one in OPENINGS if one.event == kind and one.applies(dispute)]


def check_rule(row: Rule) -> None:
    """Refuse a figure of which no date could be computed, and a code that no period has. Raises RuleBroken."""
    if not row.code.startswith(PREFIX):
        return
    if row.code.removeprefix(PREFIX) not in ENTRIES:
        raise RuleBroken(_("没有这个期限代码：%(code)s。") % {"code": row.code}, code="unknown_period")
    try:
        span = catalogue.span(row)
    except (ValueError, TypeError):
        span = None
    if not span or span.years or span.months > 24 or span.days > 400:
        raise RuleBroken(_("期限的数值应为正数，单位应为日或个月，最长 24 个月或 400 日。"), code="bad_period")
