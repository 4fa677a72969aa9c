"""The page of a right: what it is, what must be done when, what happened, what belongs to it, who may know."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from patents import papers, periods
from patents.dates import keeping
from patents.forms import register as forms
from patents.models import LegalStatus, Right, RightKind
from patents.statuses import TRANSITIONS
from patents.tables.register import number_of
from patents.views.money import entries
from portal import countries
from portal.clock import today
from portal.formats import day, listed, money, noted
from portal.models import Deadline, Secrecy, User, standing_of
from portal.permissions import Permission, can
from portal.views.base import SignedIn, fetch

from .editing import link_choices
from .events import event_rows
from .scope import members_of

SHOWN_DATES = 30
NON_USE_MONTHS = 36  # 商标法 2019 art. 49: three years without use
WARN_MONTHS = (24, 30)


class RightPage(SignedIn, TemplateView):
    """One right, for people of the enterprise and its agency; officials get a page of their own."""

    clause = ["4", "6"]

    @cached_property
    def right(self) -> Right:
        rows = Right.objects.select_related("organisation__district", "responsible", "backup", "agency", "family")
        found: Right = fetch(rows, self.request.user, number=self.kwargs["number"])
        return found

    @cached_property
    def is_inside(self) -> bool:
        """Whether the reader belongs to the enterprise or to its agency."""
        return bool({self.right.organisation_id, self.right.agency_id} & set(standing_of(self.request.user).roles))

    def get_template_names(self) -> list[str]:
        return ["patents/register/right.html" if self.is_inside else "patents/register/right_area.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        right = self.right
        context = {"right": right, "facts": facts_of(right, is_inside=self.is_inside), "number": number_of(right)}
        if self.is_inside:
            context |= self.inside()
        return super().get_context_data(**{**kwargs, **context, "family": self.family()})

    def inside(self) -> dict[str, Any]:
        """Return what only people of the enterprise and its agency see."""
        right, user = self.right, self.request.user
        return {
            **standing(dates_of(right, user)),
            "events": event_rows(right),
            "papers": papers.of_right(right, user),
            "products": list(right.products.order_by("name")),
            "use": use_of(right) if right.kind == RightKind.TRADEMARK else None,
            "readers": User.objects.filter(pk__in=right.readers).order_by("name") if right.readers else [],
            "edit": can(user, Permission.EDIT_RIGHT, right.organisation),
            "steer": can(user, Permission.STEER_RIGHT, right.organisation),
            "forms": forms_of(right),
            **entries.section(right, user),
        }

    def family(self) -> list[Right]:
        """Return the visible members of the family, oldest first."""
        if self.right.family_id is None:
            return []
        rows = Right.objects.visible_to(self.request.user).filter(family=self.right.family_id)
        rows = rows if self.is_inside else rows.filter(secrecy=Secrecy.OPEN)
        return list(rows.order_by("filed_on", "pk")[:50])


def standing(dates: list[Deadline]) -> dict[str, Any]:
    """Return the dates with the next one, and what that costs if it is late."""
    following = next((date for date in dates if date.met_at is None and date.cancelled_at is None), None)
    return {"dates": dates, "next": following, "late": late(following)}


def late(date: Deadline | None) -> dict[str, Any] | None:
    """Return what is owed today once the day itself is over but not the time to pay late."""
    if date is None or date.amount is None or date.grace_on is None or not date.legal_on < today() <= date.grace_on:
        return None
    return {"owed": keeping.owed_on(date, today())}


def forms_of(right: Right) -> dict[str, Any]:
    """Return the one-verb forms with what holds now."""
    members = members_of(right.organisation)
    agency = right.agency.number if right.agency else ""
    after = [value for value in LegalStatus.values if LegalStatus(value) in TRANSITIONS[LegalStatus(right.status)]]
    people = {"responsible": right.responsible_id, "backup": right.backup_id, "agency": agency}
    linked = {
        "family": right.family.number if right.family else "",
        "products": [product.number for product in right.products.all()],
    }
    secrecy = {"secrecy": right.secrecy, "readers": right.readers}
    return {
        "status": forms.StatusForm(auto_id="status-%s", initial={"status": (after or [right.status])[0]}),
        "flags": forms.FlagForm(auto_id="flags-%s", initial={"flags": right.flags}),
        "secrecy": forms.SecrecyForm(auto_id="secrecy-%s", initial=secrecy, members=members),
        "assign": forms.AssignForm(auto_id="assign-%s", initial=people, members=members),
        "link": forms.LinkForm(auto_id="link-%s", initial=linked, **link_choices(right)),
        "paper": forms.PaperForm(auto_id="paper-%s"),
        "use": forms.UseForm(auto_id="use-%s", initial={"nice_class": next(iter(right.classes), None)}),
        "remove": forms.RemoveForm(auto_id="remove-%s"),
    }


def facts_of(right: Right, *, is_inside: bool) -> list[tuple[Any, Any, bool]]:
    """Return the facts as (label, value, is_number), without those that are empty."""
    known: Any = {field.name: field for field in Right._meta.fields}
    names = [
        "application_number", "publication_number", "registration_number", "international_number", "filed_on",
        "published_on", "granted_on", "expires_on", "ended_on", "priority_on", "owners", "inventors", "agent",
        "main_ipc", "classes", "goods",
    ]  # fmt: skip
    labels = forms.LABELS.get(right.kind, {})
    rows: list[tuple[Any, Any, bool]] = [(_("类型"), _kind_words(right), False)]
    for name in names:
        value = getattr(right, name)
        if name == "expires_on" and not value and right.ends_on:
            rows.append((_("届满日"), noted(day(right.ends_on), _("推算")), False))
        if value:
            label = labels.get(name) or known[name].verbose_name
            rows.append((label, _shown(value), name.endswith("number") or name in ("main_ipc", "classes")))
    if is_inside and right.measures:
        rows.append((_("保密措施"), right.measures, False))
    if is_inside and right.pledge_amount is not None:
        rows.append((_("质押融资金额"), money(right.pledge_amount), False))
    return rows


def _kind_words(right: Right) -> str:
    parts = [right.get_kind_display()]
    parts += [countries.name(right.country)] if right.country != "CN" else []
    parts += [right.get_route_display()] if right.route != "national" else []
    return " · ".join(map(str, parts))


def _shown(value: Any) -> str:
    if isinstance(value, dt.date):
        return day(value)
    return listed(value) if isinstance(value, list) else str(value)


def dates_of(right: Right, user: Any) -> list[Deadline]:
    """Return the dates of a right this person may know of: open ones by day, then those of the past."""
    rows = Deadline.objects.visible_to(user).filter(subject_type="right", subject_number=right.number)
    found = list(rows.filter(cancelled_at=None).order_by("target_on", "pk")[:SHOWN_DATES])
    return sorted(found, key=lambda row: (row.met_at is not None, row.target_on))


def use_of(right: Right) -> list[dict[str, Any]]:
    """Return per class the last proof of use and the day three years without use would be over."""
    proofs = list(right.use_evidence.select_related("document").order_by("-used_on", "-pk")[:100])
    classes = [int(text) for text in right.classes if text.isdecimal()] or sorted({row.nice_class for row in proofs})
    return [_clock(right, number, [row for row in proofs if row.nice_class == number]) for number in classes]


def _clock(right: Right, number: int, proofs: list[Any]) -> dict[str, Any]:
    since = proofs[0].used_on if proofs else right.granted_on
    over = periods.add_months(since, NON_USE_MONTHS) if since else None
    return {
        "number": number,
        "since": since,
        "over_on": over,
        "proofs": proofs,
        "is_over": bool(over and over < today()),
    }
