"""Targets and months: set and withdraw a target, see which months are closed, ask for one to be counted again."""

from __future__ import annotations

from typing import Any

from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal import boards, counting, measures, targets
from portal.forms.figures import ReasonForm, RecountForm, TargetForm
from portal.models import FigureMonth, Target
from portal.pagination import Keyset
from portal.permissions import Permission, can
from portal.views.base import ActionFormView, fetch

from . import shared
from .city import FiguresPage, reach_words


class TargetList(FiguresPage, TemplateView):
    """All targets, the newest period first, with how far the running ones are reached."""

    template_name = "portal/figures/targets.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        rows = Target.objects.visible_to(user).select_related("district", "withdrawn_by")
        page = Keyset.of_request(self.request, rows, ["-starts_on", "-id"])
        running = {one.target.pk: reach_words(one) for one in boards.reached(boards.latest(user))}
        lines = [(row, measures.known().get(row.measure), running.get(row.pk)) for row in page.rows]
        values = [(row, one, shared.unit_text(row.value, one) if one else row.value, now) for row, one, now in lines]
        may = can(user, Permission.MANAGE_TARGETS)
        return super().get_context_data(page=page, lines=values, can_set=may, **kwargs)


class TargetsOnly(FiguresPage, ActionFormView):
    """A form of the city's administrators."""

    permissions = (Permission.MANAGE_TARGETS,)
    success_url = reverse_lazy("target-list")


class NewTarget(TargetsOnly):
    """Set a target."""

    template_name = "portal/figures/target_form.html"
    form_class = TargetForm
    success_message = _("目标已设定。")

    def action(self, form: Any) -> Any:
        return targets.create(**form.cleaned_data, by=self.request.user)


class WithdrawTarget(TargetsOnly):
    """Withdraw a target with a reason."""

    template_name = "portal/figures/target_withdraw.html"
    form_class = ReasonForm
    success_message = _("目标已停用。")
    subject = "target"

    @cached_property
    def target(self) -> Target:
        rows = Target.objects.select_related("district")
        found: Target = fetch(rows, self.request.user, number=self.kwargs["number"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        measure = measures.known().get(self.target.measure)
        return super().get_context_data(target=self.target, measure=measure, **kwargs)

    def action(self, form: Any) -> Any:
        return targets.withdraw(self.target, reason=form.cleaned_data["reason"], by=self.request.user)


class Months(TargetsOnly):
    """Which months are closed, and the form that asks for one to be counted again."""

    template_name = "portal/figures/months.html"
    form_class = RecountForm
    success_url = reverse_lazy("figure-months")
    success_message = _("已登记。这个月会在后台重新统计。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        months = FigureMonth.objects.select_related("asked_by").order_by("-period")[: counting.KEPT_MONTHS * 2]
        return super().get_context_data(months=months, **kwargs)

    def action(self, form: Any) -> Any:
        found = form.cleaned_data
        return counting.ask_again(found["month"].period, by=self.request.user, reason=found["reason"])
