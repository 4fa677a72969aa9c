"""The workbench of an office: who has how much, assignment rules, absences with deputies."""

from __future__ import annotations

from typing import Any

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.clock import today
from portal.errors import Denied
from portal.forms.workbench import AbsenceForm, CapForm, RuleForm
from portal.hats import hat_of
from portal.models import Absence, AssignmentRule, Office
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView, ActionView, fetch
from portal.workbench import absences, sharing

from .access import OfficialOnly, holds

MOST_PAST = 20
MOST = 200


def tabs(office: Office, current: str) -> list[dict[str, Any]]:
    """Return the parts of the workbench; rules belong to districts."""
    rows = [
        ("assignment-desk", _("分派规则")),
        ("absence-list", _("不在岗和代理")),
        ("reason-template-list", _("理由模板")),
    ]
    shown = rows if office.kind == Office.Kind.DISTRICT else rows[1:]
    return [
        {"label": label, "url": reverse(name), "count": None, "is_current": name == current} for name, label in shown
    ]


class InOffice(OfficialOnly):
    """A page of the office of one's present hat."""

    request: Any

    @cached_property
    def office(self) -> Office:
        office = hat_of(self.request).office
        if office is None:
            raise Denied(Permission.VIEW_CASE.value)
        return office


class AssignmentDesk(InOffice, ActionFormView):
    """Load, rules and who is away in a district; its supervisors add rules here."""

    template_name = "portal/office/assignment_desk.html"
    form_class = RuleForm
    success_message = _("规则已生效，此后提交的办件按它分派。")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if self.is_of_the_city:
            return redirect("absence-list")
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_of_the_city(self) -> bool:
        """Whether somebody who may look has no rules here: they belong to districts."""
        user = self.request.user
        if not (user.is_authenticated and hat_of(self.request).is_official and holds(user, Permission.VIEW_CASE)):
            return False
        return self.office.district_id is None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "officers": sharing.staff_of(self.district.code)}

    @property
    def district(self) -> Any:
        assert self.office.district is not None  # noqa: S101 - dispatch sends the city's people away
        return self.office.district

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        rules = AssignmentRule.objects.open().visible_to(user).filter(district=self.district)
        return super().get_context_data(
            tabs=tabs(self.office, "assignment-desk"),
            office=self.office,
            staff=self.staff(),
            rules=rules.select_related("officer").order_by("officer__name", "kind", "industry", "pk")[:MOST],
            may_manage=can(user, Permission.MANAGE_WORKBENCH, self.office),
            **kwargs,
        )

    def staff(self) -> list[dict[str, Any]]:
        """Return the officials with their load, and who acts for those who are away."""
        people = list(sharing.staff_of(self.district.code)[:MOST])
        gone = {
            row.person_id: row for row in Absence.objects.on(today()).filter(person__in=people).select_related("deputy")
        }
        return [{"person": person, "load": person.load, "absence": gone.get(person.pk)} for person in people]

    def action(self, form: RuleForm) -> Any:
        return sharing.add_rule(self.district, **form.cleaned_data, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("assignment-desk")


class _RuleVerb(OfficialOnly, ActionView):
    """One verb on one rule."""

    def get_object(self) -> AssignmentRule:
        found = AssignmentRule.objects.open().select_related("district")
        return fetch(found, self.request.user, number=self.kwargs["number"])

    def get_success_url(self) -> str:
        return reverse("assignment-desk")


class ChangeCap(_RuleVerb):
    """Let somebody have more or fewer cases at once."""

    form_class = CapForm
    success_message = _("上限已修改。")

    def action(self, obj: AssignmentRule, form: Any) -> Any:
        return sharing.set_cap(obj, cap=form.cleaned_data["cap"], by=self.request.user)


class EndRule(_RuleVerb):
    """Apply a rule no more."""

    success_message = _("规则已结束；已分派的办件不变。")

    def action(self, obj: AssignmentRule, form: Any) -> Any:
        return sharing.end_rule(obj, by=self.request.user)


class AbsenceList(InOffice, ActionFormView):
    """Who is away and who acts: one's own, and for supervisors the whole office."""

    template_name = "portal/office/absences.html"
    form_class = AbsenceForm
    success_message = _("已登记。代理人已收到通知。")

    @cached_property
    def people(self) -> Any:
        return absences.people_of(self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        # Whether somebody may stand in for the chosen person is the action's to say, in words.
        return {
            **super().get_form_kwargs(),
            "people": self.people,
            "deputies": absences.colleagues_of(self.request.user),
            "initial": {"person": self.request.user.pk, "from_on": today()},
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        rows = Absence.objects.visible_to(user).select_related("person", "deputy")
        coming = list(rows.standing().filter(until_on__gte=today()).order_by("from_on", "pk")[:MOST])
        led = set(self.people.values_list("pk", flat=True))
        return super().get_context_data(
            tabs=tabs(self.office, "absence-list"),
            office=self.office,
            coming=[(row, row.person_id in led) for row in coming],
            past=rows.standing().filter(until_on__lt=today()).order_by("-until_on", "-pk")[:MOST_PAST],
            may_enter=bool(led),
            today=today(),
            **kwargs,
        )

    def action(self, form: AbsenceForm) -> Absence:
        check(self.request.user, Permission.VIEW_CASE)
        data = form.cleaned_data
        return absences.enter(data.pop("person"), **data, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("absence-list")


class EndAbsence(OfficialOnly, ActionView):
    """Take an absence back or end it today."""

    model = Absence
    success_message = _("已结束。代理人已收到通知。")

    def action(self, obj: Absence, form: Any) -> Any:
        return absences.end(obj, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("absence-list")
