"""The district's call list: serious alerts that nobody read, and enterprises that ask for help."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from portal.models import Membership, Role, standing_of
from portal.pagination import Keyset, capped_count
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView, SignedIn, fetch
from services.protection import calling, reasons
from services.protection.forms.own import AnswerForm, CallForm
from services.protection.models import Alert, AlertDelivery
from services.protection.tables.own import CallTable

ORDER = ("delivered_at", "id")
CLAUSES = ["16"]
WAITING = Q(help_asked_at__isnull=False, help_answered_at=None)
UNREAD = Q(rung__gte=calling.ON_THE_LIST, read_at=None, called_at=None, left_at=None)


def to_call(user: Any) -> QuerySet[AlertDelivery]:
    """Return the deliveries an official's area must see to; 404 for everybody else."""
    if not standing_of(user).is_official:
        raise Http404
    rows = AlertDelivery.objects.visible_to(user).exclude(alert__status=Alert.Status.WITHDRAWN)
    districts = standing_of(user).districts
    if not standing_of(user).is_city:  # an official may also be a member of an enterprise elsewhere
        rows = rows.filter(organisation__district__in=districts)
    return rows.filter(WAITING | UNREAD)


class CallList(SignedIn, TemplateView):
    """Who waits longest stands first."""

    clause = CLAUSES
    template_name = "protection/own/calls.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = to_call(self.request.user)
        page = Keyset.of_request(self.request, rows.select_related("organisation", "version", "alert"), ORDER)
        table: Any = CallTable(page.rows, request=self.request)
        table.keyset = page
        table.empty = {
            "title": _("没有需要联系的企业"),
            "text": _("预警多次提醒仍未阅读的企业、请求帮助的企业会列在这里。"),
        }
        return super().get_context_data(table=table, heading=_heading(capped_count(rows)), **kwargs)


def _heading(count: int) -> str:
    if not count:
        return _("没有需要联系的企业")
    return ngettext("有 %(count)s 家企业需要联系", "有 %(count)s 家企业需要联系", count) % {"count": count}


class Call(SignedIn, TemplateView):
    """One enterprise to call or to answer: whom to reach, what it is about, why they have it."""

    clause = CLAUSES
    template_name = "protection/own/call.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        delivery = fetch_call(self.request.user, self.kwargs["number"])
        return super().get_context_data(**call_page(delivery, self.request.user), **kwargs)


def fetch_call(user: Any, number: str) -> AlertDelivery:
    """Return a delivery of an official's area that was on the list at some time, or 404."""
    if not standing_of(user).is_official:
        raise Http404
    people = ("alert", "version", "organisation__district", "called_by", "help_answered_by")
    rows = AlertDelivery.objects.select_related(*people)
    if not standing_of(user).is_city:
        rows = rows.filter(organisation__district__in=standing_of(user).districts)
    listed = Q(help_asked_at__isnull=False) | Q(rung__gte=calling.ON_THE_LIST)
    return fetch(rows.filter(listed), user, number=number)


def call_page(delivery: AlertDelivery, user: Any, bound: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the page of a call shows; notes that an enterprise keeps for itself are not among it."""
    seats = Membership.objects.open().filter(organisation=delivery.organisation, role__in=[Role.OWNER, Role.MANAGER])
    return {
        "delivery": delivery,
        "version": delivery.version,
        "reasons": [reasons.words(reason, for_official=True) for reason in delivery.reasons],
        "people": list(seats.select_related("user").order_by("role", "pk")[:10]),
        "may_call": can(user, Permission.CALL_ON_ALERT, delivery),
        "is_unread": bool(delivery.rung >= calling.ON_THE_LIST and not delivery.read_at and not delivery.called_at),
        "asks": bool(delivery.help_asked_at and not delivery.help_answered_at),
        "forms": {"call": CallForm(), "answer": AnswerForm()} | (bound or {}),
    }


class CallVerb(ActionFormView):
    """A verb of the district about one delivery."""

    clause = CLAUSES
    template_name = "protection/own/call.html"
    name = ""

    @cached_property
    def delivery(self) -> AlertDelivery:
        return fetch_call(self.request.user, self.kwargs["number"])

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        check(request.user, Permission.CALL_ON_ALERT, self.delivery)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or self.get_form()
        page = call_page(self.delivery, self.request.user, {self.name: form})
        return super().get_context_data(form=form, bound=form if form.is_bound else None, **page, **kwargs)

    def get_success_url(self) -> str:
        return reverse("alert-calls")


class RecordCall(CallVerb):
    """Called."""

    name, form_class = "call", CallForm
    success_message = gettext_lazy("联系结果已记录。")

    def action(self, form: CallForm) -> Any:
        return calling.record_call(self.delivery, note=form.cleaned_data["note"], by=self.request.user)


class AnswerHelp(CallVerb):
    """Answered."""

    name, form_class = "answer", AnswerForm
    success_message = gettext_lazy("已答复，企业会收到通知。")

    def action(self, form: AnswerForm) -> Any:
        return calling.answer_help(self.delivery, answer=form.cleaned_data["answer"], by=self.request.user)
