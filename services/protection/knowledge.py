"""What officials do with the law tracker, the case library and the facts of countries (clauses 8, 16)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, notifications
from portal.clock import now
from portal.errors import RuleBroken
from portal.models import Membership, Role, User
from portal.permissions import Permission, check

from .models import Country, CountryFact, LawChange, LegalCase, Watch
from .reacting import REACTING

ALREADY = _("这个国家或地区同一生效日的这一事项已经登记过。请修改原来的一行。")


@transaction.atomic
def save_law(law: LawChange | None, *, by: User, **values: Any) -> LawChange:
    """Enter or correct a change of law; who follows its jurisdiction is told of a new one. Raises Denied."""
    check(by, Permission.KEEP_KNOWLEDGE)
    row: LawChange = _save(LawChange, law, by, values)
    audit.record(row, "law.saved", by=by, data={"is_new": law is None})
    if law is None:
        _tell_followers(row)
    return row


@transaction.atomic
def save_case(case: LegalCase | None, *, by: User, **values: Any) -> LegalCase:
    """Enter or correct a case. A case that is no sample needs its source. Raises Denied, RuleBroken."""
    check(by, Permission.KEEP_KNOWLEDGE)
    row: LegalCase = _save(LegalCase, case, by, values)
    audit.record(row, "legal_case.saved", by=by, data={"is_new": case is None})
    return row


@transaction.atomic
def save_fact(country: Country, fact: CountryFact | None, *, by: User, **values: Any) -> CountryFact:
    """Enter or correct a fact of a country. A verified one says when it was read. Raises Denied, RuleBroken."""
    check(by, Permission.KEEP_KNOWLEDGE)
    row = fact or CountryFact(country=country)
    for name, value in values.items():
        setattr(row, name, value)
    same = CountryFact.objects.filter(country=country, topic=row.topic, effective_from=row.effective_from)
    if same.exclude(pk=row.pk).exists():
        raise RuleBroken(ALREADY)
    row.save()
    audit.record(("country", country.code), "country.fact_saved", by=by, data={"topic": row.topic})
    return row


def _save(model: Any, row: Any, by: User, values: dict[str, Any]) -> Any:
    row = model.objects.select_for_update().get(pk=row.pk) if row else model(created_by=by)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = now()
    row.save()
    return row


def _tell_followers(law: LawChange) -> None:
    followers = Watch.objects.filter(what=Watch.What.LAW, key=law.country_id).values("organisation")
    seats = Membership.objects.open().filter(organisation__in=followers, role__in=[*REACTING, Role.VIEWER])
    people = User.objects.filter(pk__in=seats.values("user"), is_active=True)
    notifications.notify(
        "law_changed",
        people,
        key=f"law:{law.pk}",
        values={
            "country": law.country.both("name"),
            "title": law.both("title"),
        },
        link=f"/laws/{law.number}/",
    )
