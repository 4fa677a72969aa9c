"""Alerts that concern us: the list, one alert with its reasons and checklist, and what one does with it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from portal.filters.chips import links
from portal.hats import enterprise_of
from portal.models import Membership, Organisation
from portal.pagination import Keyset
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView, ActionView, SignedIn, fetch
from services.protection import reacting
from services.protection.forms.own import (
    AssignForm,
    DeliveryFilter,
    FinishForm,
    HelpForm,
    NoteForm,
    PutAsideForm,
    TickForm,
)
from services.protection.models import Alert, AlertDelivery, DeliveryState
from services.protection.tables.own import DeliveryTable
from services.protection.views.own import story

ORDER = ("-delivered_at", "-id")
CLAUSES = ["8", "16"]
NO_ENTERPRISE = gettext_lazy("风险提示按企业匹配。请先登记企业，或切换到您的企业。")
ID = "id_%s_%%s"  # several forms stand on one page
OPEN = [DeliveryState.NEW, DeliveryState.READ, DeliveryState.IN_HAND]


def fetch_delivery(user: Any, number: str) -> AlertDelivery:
    """Return a delivery of one's own enterprise, or 404: officials read deliveries on pages of their own."""
    people = ("assignee", "read_by", "reacted_by", "help_answered_by", "organisation__district")
    rows = AlertDelivery.objects.select_related("alert", "version", *people)
    return fetch(rows.filter(organisation__in=list(user.standing.roles)), user, number=number)


class AlertsForUs(SignedIn, TemplateView):
    """What concerns the enterprise, the newest first."""

    clause = CLAUSES
    template_name = "protection/own/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = AlertDelivery.objects.visible_to(self.request.user).own(enterprise_of(self.request, NO_ENTERPRISE))
        chosen = DeliveryFilter(self.request.GET, queryset=rows)
        found = chosen.qs if chosen.form.is_valid() else rows
        page = Keyset.of_request(self.request, found.select_related("alert", "version", "assignee"), ORDER)
        table: Any = DeliveryTable(page.rows, request=self.request)
        table.keyset, table.empty = page, _empty()
        counts = rows.aggregate(
            new=Count("pk", filter=Q(state=DeliveryState.NEW, left_at=None)),
            open=Count("pk", filter=Q(state__in=OPEN, left_at=None)),
        )
        return super().get_context_data(
            filter=chosen, chips=links(self.request, chosen), table=table, heading=_heading(counts), **counts, **kwargs
        )


def _heading(counts: dict[str, int]) -> str:
    if counts["new"]:
        words = ngettext("有 %(count)s 条风险提示还没有看", "有 %(count)s 条风险提示还没有看", counts["new"])
        return words % {"count": counts["new"]}
    if counts["open"]:
        words = ngettext("有 %(count)s 条风险提示还在处理", "有 %(count)s 条风险提示还在处理", counts["open"])
        return words % {"count": counts["open"]}
    return _("目前没有需要处理的风险提示")


def _empty() -> dict[str, Any]:
    return {
        "title": _("还没有涉及贵企业的风险提示"),
        "text": _("发布的提示按贵企业登记的权利、出口市场、行业和关注自动匹配。资料越完整，匹配越准确。"),
        "url": reverse("watch-list"),
        "action": _("设置关注"),
        "url2": reverse("alert-list"),
        "action2": _("查看全部公开提示"),
    }


class AlertForUs(SignedIn, TemplateView):
    """One alert: what happened, what to do, why us; opening it is noted."""

    clause = CLAUSES
    template_name = "protection/own/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        delivery = fetch_delivery(self.request.user, self.kwargs["number"])
        reacting.read(delivery, by=self.request.user)
        return super().get_context_data(**page_of(delivery, self.request.user), **kwargs)


def page_of(delivery: AlertDelivery, user: Any, bound: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the page of a delivery shows; `bound` replaces a form by the one that was sent."""
    version = delivery.version
    steps = story.steps_of(version)
    is_over = bool(delivery.left_at) or delivery.alert.status == Alert.Status.WITHDRAWN
    forms = {
        "tick": TickForm(initial={"done": delivery.ticked}, steps=steps, auto_id=ID % "tick"),
        "assign": AssignForm(
            people=colleagues(delivery.organisation), initial=_assigned(delivery), auto_id=ID % "assign"
        ),
        "aside": PutAsideForm(auto_id=ID % "aside"),
        "finish": FinishForm(auto_id=ID % "finish"),
        "note": NoteForm(initial={"note": delivery.note}, auto_id=ID % "note"),
        "help": HelpForm(auto_id=ID % "help"),
    }
    return {
        "delivery": delivery,
        "alert": delivery.alert,
        "version": version,
        "steps": steps,
        "records": story.records_of(delivery, user),
        "events": story.events_of(delivery),
        "changes": story.changes_of(delivery),
        "papers": version.attachments.filter(status="clean"),
        "may_react": can(user, Permission.REACT_TO_ALERT, delivery),
        "is_over": is_over,
        "is_open": not is_over and delivery.state in OPEN,
        "waits_for_help": bool(delivery.help_asked_at and not delivery.help_answered_at),
        "forms": forms | (bound or {}),
    }


def _assigned(delivery: AlertDelivery) -> dict[str, str]:
    return {"to": delivery.assignee.number} if delivery.assignee else {}


def colleagues(organisation: Organisation) -> list[Any]:
    """Return who may take an alert over, by name."""
    seats = Membership.objects.open().filter(organisation=organisation, role__in=reacting.REACTING)
    rows = seats.filter(user__is_active=True).select_related("user").order_by("user__name", "pk")
    return [seat.user for seat in rows[:200]]


class Reaction(ActionFormView):
    """One verb with a form: a wrong answer comes back on the page of the alert with what was typed."""

    clause = CLAUSES
    template_name = "protection/own/detail.html"
    name = ""

    @cached_property
    def delivery(self) -> AlertDelivery:
        return fetch_delivery(self.request.user, self.kwargs["number"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "auto_id": ID % self.name}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check(request.user, Permission.REACT_TO_ALERT, self.delivery)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or self.get_form()
        page = page_of(self.delivery, self.request.user, {self.name: form})
        return super().get_context_data(form=form, bound=form if form.is_bound else None, **page, **kwargs)

    def get_success_url(self) -> str:
        return reverse("alert-for-us", args=[self.delivery.number])


class TickAlert(Reaction):
    """Steps done."""

    name, form_class = "tick", TickForm
    success_message = gettext_lazy("清单已保存。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "steps": story.steps_of(self.delivery.version)}

    def action(self, form: TickForm) -> Any:
        return reacting.tick(self.delivery, done=form.cleaned_data["done"], by=self.request.user)


class AssignAlert(Reaction):
    """To a colleague."""

    name, form_class = "assign", AssignForm
    success_message = gettext_lazy("已交给同事，并通知了对方。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": colleagues(self.delivery.organisation)}

    def action(self, form: AssignForm) -> Any:
        return reacting.assign(self.delivery, to=form.cleaned_data["to"], by=self.request.user)


class PutAlertAside(Reaction):
    """Not relevant."""

    name, form_class = "aside", PutAsideForm
    success_message = gettext_lazy("已记为与本企业无关。")

    def action(self, form: PutAsideForm) -> Any:
        return reacting.put_aside(self.delivery, why=form.cleaned_data["why"], by=self.request.user)


class FinishAlert(Reaction):
    """All done."""

    name, form_class = "finish", FinishForm
    success_message = gettext_lazy("已办结。")

    def action(self, form: FinishForm) -> Any:
        return reacting.finish(self.delivery, note=form.cleaned_data["note"], by=self.request.user)


class NoteAlert(Reaction):
    """A note inside."""

    name, form_class = "note", NoteForm
    success_message = gettext_lazy("备注已保存。")

    def action(self, form: NoteForm) -> Any:
        return reacting.write_note(self.delivery, note=form.cleaned_data["note"], by=self.request.user)


class AskHelp(Reaction):
    """A question to the district."""

    name, form_class = "help", HelpForm
    success_message = gettext_lazy("已发给所在区的经办，答复会通知贵企业。")

    def action(self, form: HelpForm) -> Any:
        return reacting.ask_help(self.delivery, text=form.cleaned_data["text"], by=self.request.user)


class AlertVerb(ActionView):
    """A verb without a form."""

    clause = CLAUSES

    def get_object(self) -> AlertDelivery:
        return fetch_delivery(self.request.user, self.kwargs["number"])

    def get_success_url(self) -> str:
        return reverse("alert-for-us", args=[self.object.number])


class TakeAlert(AlertVerb):
    """We deal with it ourselves."""

    success_message = gettext_lazy("已确认，由贵企业自行核对。")

    def action(self, obj: AlertDelivery, form: Any) -> Any:
        return reacting.take(obj, by=self.request.user)


class ReopenAlert(AlertVerb):
    """Taken up again."""

    success_message = gettext_lazy("已重新打开。")

    def action(self, obj: AlertDelivery, form: Any) -> Any:
        return reacting.reopen(obj, by=self.request.user)
