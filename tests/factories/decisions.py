"""Many cases that wait for the city's decision, made as rows: quicker than by all the steps before."""

from __future__ import annotations

from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from portal import bulk, bulk_plan
from portal.clock import now
from portal.models import (
    Application,
    Assignment,
    BulkDecision,
    Call,
    District,
    Membership,
    Organisation,
    Role,
    Submission,
    User,
)

from . import people

SECRET = "JBSWY3DPEHPK3PXP"
REASON = "综合评分达到入围线。"


def ready(call: Call, count: int, owner: User, *, declared: tuple[User, ...] = ()) -> list[Application]:
    """Return `count` scored cases of one owner's enterprises; `declared` have no interest in any of them."""
    place = District.objects.get(slug="minhang")
    organisations = Organisation.objects.bulk_create(
        Organisation(uscc=people.make_uscc(), name=f"测试企业{call.pk}-{number}有限公司", district=place)
        for number in range(count)
    )
    Membership.objects.bulk_create(
        Membership(user=owner, organisation=organisation, role=Role.OWNER) for organisation in organisations
    )
    owner.forget_standing()
    common: dict[str, Any] = {
        "call": call, "kind": call.kind, "office_district": place, "status": "in_review", "stage": "decide",
        "created_by": owner, "submitted_at": now(), "submitted_by": owner, "revision": 7, "score": 80,
    }  # fmt: skip
    cases = Application.objects.bulk_create(
        Application(number=f"SD-{call.pk}-{number:04d}", organisation=organisation, **common)
        for number, organisation in enumerate(organisations, start=1)
    )
    Submission.objects.bulk_create(
        Submission(application=case, sequence=1, answers={"plan": case.number}, by=owner) for case in cases
    )
    Assignment.objects.bulk_create(
        Assignment(application=case, user=person, seat="officer", declared_at=now(), has_conflict=False)
        for case in cases
        for person in declared
    )
    return cases


def confirmed(cases: list[Application], by: User, *, is_approved: bool = True, **more: Any) -> BulkDecision:
    """Return a bulk decision over the cases that the worker has not touched yet."""
    row = bulk.propose(cases, is_approved=is_approved, reason=more.get("reason", REASON), by=by)
    declares = more.get("has_declared", False)
    plan = bulk_plan.plan(row, by=by, has_declared=declares)
    return bulk.confirm(row, seen=plan.seen, has_declared=declares, by=by)


def decided(cases: list[Application], by: User, **more: Any) -> BulkDecision:
    """Return a bulk decision that the worker has carried out."""
    row = confirmed(cases, by, **more)
    bulk.sweep()
    row.refresh_from_db()
    return row


def released(row: BulkDecision, by: User, **more: Any) -> BulkDecision:
    """Return a bulk decision that a second person has released."""
    bulk.ask_release(row, seen=bulk.held_seal(row), by=by, **more)
    bulk.sweep()
    row.refresh_from_db()
    return row


def code() -> str:
    """Return what the authenticator of every test official shows now."""
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


def signed_in(user: User) -> Client:
    """Return a browser of this person."""
    client = Client()
    client.force_login(user)
    return client
