"""The demo's disputes abroad (示例): invented firms and cases, played through the real actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from portal import demo
from portal.clock import now, pretend, today
from portal.models import Expert, Membership, Organisation, Posting, Role, User
from services.protection import loading
from services.protection.models import Country, OverseasDispute

from . import aid, dates, evidence, keeping

ITC: dict[str, Any] = {
    "title": "压力传感器 337 调查（示例）",
    "country": "US",
    "forum": "itc",
    "docket": "337-TA-0000（示例）",
    "side": "accused",
    "opponent": "Northwind Sensing Inc.（虚构）",
    "right_kind": "invention",
    "products": "晶圆级封装压力传感器 PS-20、PS-22",
    "facts": "对方主张我方两款产品落入其封装专利。产品自 2023 年起经分销商在美销售，去年约占营业额的 38%。（示例）",
}
PLATFORM: dict[str, Any] = {
    "title": "平台投诉：车载传感器支架（示例）",
    "country": "US",
    "forum": "platform",
    "docket": "",
    "side": "accused",
    "opponent": "Harbor Mount LLC（虚构）",
    "right_kind": "utility_model",
    "products": "支架 B-7",
    "facts": "平台通知有人就一项美国专利提出评估请求，要求答复是否参加。（示例）",
}
OPPOSITION: dict[str, Any] = {
    "title": "欧盟商标异议（示例）",
    "country": "EM",
    "forum": "office",
    "docket": "",
    "side": "owner",
    "opponent": "Lumen Vertrieb GmbH（虚构）",
    "right_kind": "trademark",
    "products": "第 9 类",
    "facts": "对方申请的商标与我方在先商标近似，已经公告。（示例）",
}
ANSWER = "建议先完成权利要求比对，再决定是否与其他被告共同答辩；律师名单已另行发送。（示例）"


def seed(say: Callable[[str], Any]) -> dict[str, int]:
    """Give the demo three disputes, two of them with help asked for; return how many there are."""
    loading.ensure()  # the demo stands by itself: it needs the countries that ship beside the rules
    firms = Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE).order_by("pk")[:2]
    first, second = firms
    with pretend(now() - dt.timedelta(days=9)):
        served = _open(first, ITC, days=3)
    owner = _owner(first)
    evidence.save(served, code="served_papers", is_there=True, note="原件在法务柜（示例）", by=owner)
    evidence.save(served, code="preservation", is_there=True, note="", by=owner)
    keeping.add_event(served, kind="talks", on=today() - dt.timedelta(days=1), text="对方律师来函（示例）", by=owner)
    answer = dates.of_dispute(served).open()[0]
    dates.confirm(answer, on=answer.legal_on, reason="当地律师邮件确认（示例）", by=owner)
    _help(served, owner)
    _open(first, PLATFORM, days=4)
    asked = _open(second, OPPOSITION, days=20)
    aid.ask(asked, text="想了解提出异议需要准备哪些使用证据。（示例）", by=_owner(second))
    say("海外纠纷 / disputes abroad")
    return {"disputes": OverseasDispute.objects.count()}


def _owner(firm: Organisation) -> User:
    seats = Membership.objects.open().filter(organisation=firm, role=Role.OWNER)
    return seats.select_related("user").order_by("pk")[0].user


def _open(firm: Organisation, values: dict[str, Any], *, days: int) -> OverseasDispute:
    given = {**values, "country": Country.objects.get(pk=values["country"])}
    return keeping.open_file(firm, values={**given, "served_on": today() - dt.timedelta(days=days)}, by=_owner(firm))


def _help(dispute: OverseasDispute, owner: User) -> None:
    asked = aid.ask(dispute, text="需要美国 337 律师的选择办法和应诉费用的参考。（示例）", by=owner)
    post = Posting.objects.open().filter(office__kind="city", role="officer").select_related("user").order_by("pk")
    if not post:
        return
    officer = post[0].user
    aid.take(asked, has_no_interest=True, by=officer)
    expert = Expert.objects.filter(is_available=True, user__is_active=True).order_by("pk").first()
    if expert is not None:
        aid.match(asked, expert=expert.user, by=officer)
        aid.declare(asked, has_interest=False, by=expert.user)
    aid.answer(asked, text=ANSWER, by=officer)


def register() -> None:
    """Plug in; called once when the app is ready."""
    demo.register_step(seed)
