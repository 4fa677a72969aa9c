"""Assignment rules of a district: who takes which cases, up to how many. Kept by its supervisors."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Length, Sign
from django.utils.translation import gettext_lazy as _

from portal import audit, kinds
from portal.clock import now
from portal.errors import RuleBroken
from portal.models import Application, AssignmentRule, District, Posting, Stage, Status, User
from portal.models.workbench import HANDLING
from portal.permissions import Permission, check

OPEN = (Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED)


def load_of(officer: Any) -> Any:
    """Return a subquery that counts the cases a person has to verify; `officer` is a key or an OuterRef."""
    mine = Application.objects.filter(officer=officer, stage=Stage.VERIFY, status__in=OPEN)
    counted = mine.order_by().values("officer").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def staff_of(district: str) -> QuerySet[Any]:
    """Return the officers and supervisors of a district, each with the number of open cases."""
    posted = Posting.objects.open().filter(office__district=district, role__in=HANDLING).values("user")
    people = User.objects.filter(pk__in=posted, is_active=True).annotate(load=load_of(OuterRef("pk")))
    return people.order_by("name", "pk")


@transaction.atomic
def add_rule(
    district: District, *, officer: User, kind: str = "", industry: str = "", cap: int | None = None, by: User
) -> AssignmentRule:
    """Let an officer take cases of this kind and industry. Raises Denied, RuleBroken."""
    check(by, Permission.MANAGE_WORKBENCH, _place(district))
    _require(district, officer, kind)
    try:
        with transaction.atomic():
            rule = AssignmentRule.objects.create(
                district=district, officer=officer, kind=kind, industry=industry, cap=cap, created_by=by
            )
    except IntegrityError as error:
        raise RuleBroken(_("这位同事已有同样的规则，请修改那一条。"), code="duplicate") from error
    audit.record(_subject(district), "assignment_rule.added", by=by, data=_data(rule))
    return rule


def _place(district: District) -> Any:
    """Return what decides jurisdiction over a district's rules: its office."""
    return district.office


def _subject(district: District) -> tuple[str, str]:
    return "office", district.office.slug


def _require(district: District, officer: User, kind: str) -> None:
    if not staff_of(district.code).filter(pk=officer.pk).exists():
        raise RuleBroken(_("只能分派给受理区的经办或负责人。"), code="not_posted")
    if kind and kind not in {one.code for one in kinds.everything()}:
        raise RuleBroken(_("没有这个事项。"), code="unknown_kind")


def _data(rule: AssignmentRule) -> dict[str, Any]:
    return {
        "rule": rule.number, "officer": rule.officer.name, "kind": rule.kind, "industry": rule.industry,
        "cap": rule.cap,
    }  # fmt: skip


@transaction.atomic
def set_cap(rule: AssignmentRule, *, cap: int | None, by: User) -> AssignmentRule:
    """Change how many open cases the rule lets the officer have; None: any number."""
    rule = _locked(rule, by)
    before, rule.cap = rule.cap, cap
    rule.save(update_fields=["cap"])
    audit.record(_subject(rule.district), "assignment_rule.changed", by=by, data={**_data(rule), "before": before})
    return rule


@transaction.atomic
def end_rule(rule: AssignmentRule, *, by: User) -> AssignmentRule:
    """Apply a rule no more; cases already given stay where they are."""
    rule = _locked(rule, by)
    rule.ended_at, rule.ended_by = now(), by
    rule.save(update_fields=["ended_at", "ended_by"])
    audit.record(_subject(rule.district), "assignment_rule.ended", by=by, data=_data(rule))
    return rule


def _locked(rule: AssignmentRule, by: User) -> AssignmentRule:
    found = AssignmentRule.objects.select_for_update(of=("self",)).select_related("district__office", "officer")
    rule = found.get(pk=rule.pk)
    check(by, Permission.MANAGE_WORKBENCH, _place(rule.district))
    if rule.ended_at is not None:
        raise RuleBroken(_("这条规则已经结束。"), code="wrong_state")
    return rule


def fitting(district: str, *, kind: str, industry: str) -> QuerySet[Any]:
    """Return the district's rules that fit a case, `fit` growing with how closely they name it."""
    from_code = Q(industry="")
    if industry:
        from_code |= Q(industry__in=[industry[:length] for length in range(1, len(industry) + 1)])
    rows = AssignmentRule.objects.open().filter(from_code, district=district, kind__in=["", kind])
    # The longer its industry code, the closer; the kind decides between two that name the same.
    return rows.annotate(fit=Length("industry") * 2 + Sign(Length("kind")))
