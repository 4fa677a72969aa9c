"""The demo's alerts (示例): markets, a proposal of a district, and alerts that travelled through the real actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from enterprises import markets
from portal import demo
from portal.clock import today
from portal.models import Membership, Organisation, Posting, Role, User
from services.protection import delivering, exposure, publishing, reacting, watching
from services.protection.models import Alert, AlertDelivery, LawChange, LegalCase, Watch

FIRMS = 12
MARKETS = (("US", "压力传感器", "38"), ("DE", "工业控制器", "12"), ("JP", "", None), ("VN", "整机", "20"))
SOURCE = [{"name": "公开公告（示例）", "on": "2026-11-17", "url": ""}]
STEPS = [
    {"zh": "由研发和法务核对在美产品是否落入所列权利要求", "en": "Compare the products sold in the US with the claims"},
    {"zh": "保留设计、采购和销售记录，不要删改", "en": "Keep records of design, purchase and sales unchanged"},
    {"zh": "需要帮助时，从本页向所在区提出", "en": "Ask your district for help from this page where needed"},
]
SENSORS: dict[str, Any] = {
    "kind": "warning",
    "severity": 3,
    "title": "美国对压力传感器封装技术发起调查，请核对在美产品（示例）",
    "title_en": "US investigation into pressure sensor packaging: check what you sell there (sample)",
    "summary": "调查涉及晶圆级封装的压力传感器。凡对美销售同类产品的企业，请尽快核对。",
    "summary_en": "The investigation concerns wafer-level packaged pressure sensors. Check what you sell in the US.",
    "body": "有关机构公告，对采用**晶圆级封装**的压力传感器发起调查。若认定侵权，相关产品可能被禁止进口。",
    "body_en": "An investigation of **wafer-level packaged** pressure sensors was announced. Imports may be barred.",
    "checklist": STEPS,
    "sources": SOURCE,
    "confirm_days": 3,
    "countries": ["US"],
    "ipc": ["G01L 9/*", "B81B 7/*"],
    "nice": [9],
}
SCAM: dict[str, Any] = {
    "kind": "scam",
    "severity": 2,
    "title": "提防冒充专利局的年费催缴邮件（示例）",
    "title_en": "Beware of mails that pretend to be the patent office (sample)",
    "summary": "有企业收到要求向个人账户缴纳年费的邮件。年费只通过官方渠道缴纳。",
    "summary_en": "Mails ask for annuities to a private account. Pay through official channels only.",
    "body": "收到可疑邮件时不要付款，先在平台核对应缴日期和金额。",
    "body_en": "Do not pay on a suspicious mail; check the date and amount here first.",
    "checklist": [{"zh": "在期限页面核对应缴日期和金额", "en": "Check date and amount on the page of dates"}],
    "sources": SOURCE,
    "right_kinds": ["invention", "utility_model", "design", "trademark"],
}
PROPOSAL: dict[str, Any] = {
    "kind": "hint",
    "severity": 1,
    "title": "越南展会前请核对外观设计（示例）",
    "title_en": "Check your designs before the fairs in Vietnam (sample)",
    "summary": "本区多家企业将参加展会，建议提示核对外观设计。",
    "countries": ["VN"],
}


def seed(say: Callable[[str], Any]) -> dict[str, int]:
    """Give the demo its markets and alerts; return how many alerts and deliveries there are."""
    firms = list(Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE).order_by("pk")[:FIRMS])
    for place, firm in enumerate(firms):
        _markets(firm, place)
    exposure.everything()
    author, reviewer = _official("city", "publisher"), _official("city", "administrator")
    sensors = _publish(SENSORS, author, reviewer)
    _publish(SCAM, author, reviewer)
    _correct(sensors, author, reviewer)
    publishing.propose(PROPOSAL, by=_official("minhang", "officer"))
    publishing.start({**SCAM, "title": "参展知识产权培训（示例）", "kind": "training", "severity": 1}, by=author)
    _react()
    say("风险提示 / risk alerts")
    return {"alerts": Alert.objects.count(), "alert_deliveries": AlertDelivery.objects.count()}


def _owner(firm: Organisation) -> User:
    seats = Membership.objects.open().filter(organisation=firm, role=Role.OWNER)
    return seats.select_related("user").order_by("pk")[0].user


def _official(office: str, role: str) -> User:
    posts = Posting.objects.open().filter(office__slug=office, role=role).select_related("user")
    return posts.order_by("pk")[0].user


def _markets(firm: Organisation, place: int) -> None:
    owner = _owner(firm)
    for code, products, share in MARKETS[place % 3 : place % 3 + 2] if place % 4 != 3 else ():
        values = {"role": "export", "country": code, "products": products, "share_percent": share}
        markets.add(firm, values={**values, "year": today().year - 1, "amount_wan": None}, by=owner)
    if place % 4 == 3:
        watching.add(firm, what=Watch.What.COUNTRY, key="US", by=owner)


def _publish(data: dict[str, Any], author: User, reviewer: User) -> Alert:
    period = {"valid_from": today(), "valid_to": today() + dt.timedelta(days=180)}
    version = publishing.start({**data, **period}, by=author)
    version.cases.set(LegalCase.objects.filter(forum="itc")[:1])
    version.laws.set(LawChange.objects.filter(number="cn-disputes-2025"))
    publishing.submit(version, by=author)
    publishing.approve(version, by=reviewer)
    alert = Alert.objects.get(pk=version.alert_id)
    delivering.deliver(alert)
    return alert


def _correct(alert: Alert, author: User, reviewer: User) -> None:
    version = publishing.correct(alert, by=author)
    note = {"change_note": "补充：商标第 9 类的企业也应核对。", "change_note_en": "Added: holders of class 9 marks."}
    data = {name: getattr(version, name) for name in SENSORS}
    publishing.change(version, {**data, **note, "lock": version.lock}, by=author)
    version.refresh_from_db()
    publishing.submit(version, by=author)
    publishing.approve(version, by=reviewer)
    delivering.deliver(Alert.objects.get(pk=alert.pk))


def _react() -> None:
    """Let some enterprises read, work on, put aside and ask."""
    rows = list(AlertDelivery.objects.select_related("alert", "organisation").order_by("pk")[:8])
    for place, row in enumerate(rows):
        owner = _owner(row.organisation)
        if place % 4 == 1:
            reacting.read(row, by=owner)
        elif place % 4 == 2:
            reacting.take(row, by=owner)
        elif place % 4 == 3:
            reacting.ask_help(row, text="需要了解美国律师的选择办法（示例）。", by=owner)


def register() -> None:
    """Plug in; called once when the app is ready."""
    demo.register_step(seed)
