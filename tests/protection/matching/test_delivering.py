"""Delivery: each enterprise once, each edition once, each person once; corrections, withdrawals, new facts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import translation

from enterprises.models import Market
from portal import notifications
from portal.models import Notification, Organisation, User, Webhook, WebhookCall
from services.protection import delivering, exposure
from services.protection.delivering import Told
from services.protection.models import Alert, AlertDelivery, AlertNotice
from tests.factories.people import join, make_user
from tests.factories.rights import make_right

from .oracle import Asked, Holding
from .world import edition, make_version

pytestmark = pytest.mark.django_db
Make = Callable[..., Organisation]
ASKED = Asked(ipc=["G01L 9/*"], countries=["US"])


def told() -> list[tuple[str, str]]:
    return sorted(Notification.objects.values_list("recipient__email", "template"))


def test_delivery_tells_those_concerned_once_with_reasons(firm: Make, owner_of: Callable[..., User]) -> None:
    concerned, other = firm(), firm(exports={})
    version = make_version(ASKED, severity=3, confirm_days=3, summary="请核对产品。", summary_en="Check products.")
    assert delivering.sweep() == Told(new=1)
    row = AlertDelivery.objects.get()
    assert (row.organisation, row.version, row.state) == (concerned, version, "new")
    assert row.confirm_on and row.nudge_at and len(row.number) == 16
    notice = Notification.objects.get()
    assert notice.recipient == owner_of(concerned) and notice.is_urgent and notice.mail_status == "waiting"
    assert notice.link == f"/alerts-for-us/{row.number}/"
    with translation.override("zh-hans"):
        title, text = notifications.wording(notice)
    assert "对压力传感器发起调查" in title
    assert "有 1 件 G01L 9/* 领域的权利；向美国出口" in text
    version.refresh_from_db()
    assert version.delivered_at and Alert.objects.get().match_after is None
    assert delivering.deliver(version.alert) == Told() == delivering.sweep()
    assert Notification.objects.count() == AlertNotice.objects.count() == 1
    assert other.alert_deliveries.count() == 0


def test_hint_waits_for_the_digest_and_needs_no_ladder(firm: Make, owner_of: Callable[..., User]) -> None:
    person = owner_of(firm())
    User.objects.filter(pk=person.pk).update(mail_choice="at_once")
    version = make_version(ASKED, severity=1)
    delivering.sweep()
    notice = Notification.objects.get()
    assert (notice.template, notice.mail_status, notice.is_urgent) == ("alert_new_hint", "digest", False)
    assert AlertDelivery.objects.get().nudge_at is None and AlertDelivery.objects.get().confirm_on is None
    assert version.alert.deliveries.count() == 1


def test_correction_tells_what_changed_to_those_who_had_it(firm: Make, owner_of: Callable[..., User]) -> None:
    stays, leaves, comes = firm(), firm(exports={"US": ""}), firm(exports={"DE": ""})
    version = make_version(ASKED, severity=3)
    assert delivering.sweep() == Told(new=2)
    AlertDelivery.objects.filter(organisation=stays).update(state="read", ticked=[0])
    Market.objects.filter(organisation=leaves).delete()
    edition(version.alert, Asked(ipc=["G01L"], countries=["US", "DE"]), severity=3, change_note="加上德国。")
    assert delivering.sweep() == Told(new=1, corrected=1, left=1)
    assert delivering.sweep() == Told() == delivering.deliver(version.alert)
    found = {(n.delivery.organisation_id, n.version.edition, n.what) for n in AlertNotice.objects.all()}
    assert found == {
        *{(stays.pk, 1, "new"), (leaves.pk, 1, "new"), (stays.pk, 2, "corrected"), (leaves.pk, 2, "left")},
        (comes.pk, 2, "new"),
    }
    row = AlertDelivery.objects.get(organisation=stays)
    assert (row.state, row.version.edition, row.left_at, row.ticked) == ("new", 2, None, [0])
    assert AlertDelivery.objects.get(organisation=leaves).left_at
    by_person = {n.recipient: n for n in Notification.objects.filter(key__contains=":2:")}
    corrected = by_person[owner_of(stays)]
    assert corrected.template == "alert_corrected" and "加上德国。" in notifications.wording(corrected, "zh-hans")[1]
    assert by_person[owner_of(leaves)].template == "alert_left"
    assert by_person[owner_of(comes)].template == "alert_new_serious"
    assert len(by_person) == 3


def test_correction_keeps_what_was_answered_and_takes_back_who_had_left(firm: Make) -> None:
    done, gone = firm(), firm()
    version = make_version(ASKED, severity=3)
    delivering.sweep()
    AlertDelivery.objects.filter(organisation=done).update(state="not_relevant", why_not="不销售该产品")
    Market.objects.filter(organisation=gone).delete()
    edition(version.alert, ASKED, severity=3)
    assert delivering.sweep() == Told(corrected=1, left=1)
    row = AlertDelivery.objects.get(organisation=done)
    assert (row.state, row.why_not, row.nudge_at) == ("not_relevant", "不销售该产品", None)
    Market.objects.create(organisation=gone, role="export", country="US")
    edition(version.alert, ASKED, severity=3)
    assert delivering.sweep() == Told(new=1, corrected=1)
    assert AlertDelivery.objects.get(organisation=gone).left_at is None


def test_withdrawal_is_told_once_to_those_who_have_it(firm: Make) -> None:
    firm()
    alert = make_version(ASKED, severity=3).alert
    delivering.sweep()
    moment = Alert.objects.get().published_at
    Alert.objects.update(status="withdrawn", withdrawn_at=moment, withdrawn_reason="来源有误。", match_after=moment)
    assert delivering.sweep() == Told(withdrawn=1)
    Alert.objects.update(match_after=moment)
    assert delivering.sweep() == Told()
    notice = Notification.objects.get(template="alert_withdrawn")
    assert "来源有误。" in notifications.wording(notice, "zh-hans")[1]
    assert AlertDelivery.objects.get(alert=alert).nudge_at is None


def test_new_right_market_and_watch_meet_valid_alerts(firm: Make) -> None:
    late = firm(rights=[], exports={})
    make_version(ASKED)
    assert delivering.sweep() == Told()
    make_right(late, "foreign_patent", country="US", main_ipc="G01L 9/12", owners=[])
    assert delivering.match_changed() == Told(new=1)
    assert [one["code"] for one in AlertDelivery.objects.get().reasons] == [
        "rights_abroad_topic", "rights_topic", "rights_abroad",
    ]  # fmt: skip
    assert delivering.match_changed() == Told() == delivering.match_everybody()


def test_an_alert_that_is_not_valid_meets_nobody(firm: Make) -> None:
    firm()
    make_version(ASKED)
    Alert.objects.update(status="expired", match_after=None)
    assert delivering.sweep() == delivering.match_everybody() == Told()
    assert not AlertDelivery.objects.exists()


def test_secret_rights_never_match_and_never_show_in_a_reason(firm: Make) -> None:
    keeps = firm(
        rights=[
            Holding(symbols=("G01L9/12",), secrecy="internal", title="内部传感器"),
            Holding(symbols=("G01L9/12",), secrecy="named", title="秘密传感器"),
            Holding(kind="trademark", country="US", symbols=("9",), secrecy="internal"),
        ]
    )
    for asked in (ASKED, Asked(keywords=["传感器"]), Asked(right_kinds=["invention"]), Asked(nice=[9])):
        make_version(asked)
    assert delivering.sweep() == Told()
    make_version(Asked(countries=["US"]))
    assert delivering.sweep() == Told(new=1)
    row = AlertDelivery.objects.get(organisation=keeps)
    assert row.reasons == [{"code": "exports", "values": {"country": "US"}}]


def test_person_of_two_enterprises_and_webhook_are_told_of_each(firm: Make, owner_of: Callable[..., User]) -> None:
    one, two = firm(), firm()
    join(owner_of(one), two, "member")
    hook = Webhook.objects.create(organisation=one, url="https://hooks.example.cn/", secret="x", created_by=make_user())
    make_version(ASKED)
    delivering.sweep()
    assert Notification.objects.filter(recipient=owner_of(one)).count() == 2
    call = WebhookCall.objects.get()
    assert call.webhook == hook and call.body["event"] == "alert.new" and call.body["delivery"]


def test_texts_of_a_criterion_stay_texts(firm: Make) -> None:
    """A title, a keyword or a district that looks like a placeholder or like SQL is only text."""
    firm(products="{scope} %s %(now)s 传感器")
    nasty = "x'); {scope} {audience} %s %(now)s"
    make_version(Asked(keywords=["100%传感器", "{scope}"], ipc=["%s"]), title=nasty[:80], severity=3)
    exposure.changed()
    delivering.sweep()
    assert AlertDelivery.objects.count() == 1
    assert Notification.objects.get().values["title"]["zh"] == nasty


def test_query_count_does_not_grow_with_enterprises(
    firm: Make, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for _number in range(6):
        firm()
    version = make_version(ASKED)
    exposure.changed()
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        delivering.deliver(version.alert)
    assert AlertDelivery.objects.count() == 6
