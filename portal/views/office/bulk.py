"""Bulk decisions: from the queue to a plan, from the plan to the worker, from the worker to the common release."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from portal import bulk, bulk_plan, second_factor
from portal.clock import now
from portal.errors import RuleBroken
from portal.forms.bulk import CodeForm, PlanForm, ReleaseForm, single_of
from portal.models import Application, BulkDecision, Call, HeldDecision
from portal.pagination import Keyset
from portal.permissions import Permission, Verdict
from portal.views.base import ActionView, SignedIn, fetch
from portal.views.limits import Limited

from .access import OfficialOnly
from .queue import Chosen

State = BulkDecision.State


class DecidersOnly(OfficialOnly, SignedIn):
    """A page for people who decide cases."""

    permissions = (Permission.DECIDE_CASE,)


class BulkList(DecidersOnly, TemplateView):
    """One's own and the colleagues' bulk decisions, and the calls whose single decisions wait for a common release."""

    template_name = "portal/office/bulk_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = BulkDecision.objects.visible_to(self.request.user).select_related("created_by", "release_by")
        page = Keyset.of_request(self.request, rows.annotate(files=Count("items")), ("-created_at", "-id"))
        loose = Q(applications__held_decisions__in=HeldDecision.objects.loose())
        calls = Call.objects.annotate(loose=Count("applications__held_decisions", filter=loose)).filter(loose__gt=0)
        return super().get_context_data(page=page, waiting=list(calls.order_by("-id")[:50]), **kwargs)


class NewBulk(DecidersOnly, Chosen):
    """Begin a plan: the picked cases, or everything the queue shows with its filters."""

    http_method_names = ["post"]

    @cached_property
    def asked(self) -> QueryDict:
        return QueryDict(self.request.POST.get("query", ""))

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        is_all = request.POST.get("scope") == "all"
        numbers = list(dict.fromkeys(request.POST.getlist("pick")))
        if is_all:
            request.GET = self.asked  # type: ignore[assignment]
            found = list(self.filter.qs.order_by(*self.order).only("pk")[: bulk.MOST + 1])
        else:
            mine = Application.objects.visible_to(request.user).filter(number__in=numbers[: bulk.MOST + 1])
            by_number = {row.number: row for row in mine.only("pk", "number")}
            found = [by_number[number] for number in numbers if number in by_number]
        return self.begin(found)

    def begin(self, found: list[Application]) -> HttpResponseBase:
        user: Any = self.request.user
        made = bulk.propose(found, is_approved=True, reason="", by=user)
        return redirect("bulk-detail", made.number)


class BulkMixin(DecidersOnly):
    """Fetch the bulk decision."""

    @cached_property
    def bulk(self) -> BulkDecision:
        rows = BulkDecision.objects.select_related("created_by", "release_by")
        return fetch(rows, self.request.user, number=self.kwargs["number"])

    @property
    def is_own(self) -> bool:
        return bool(self.bulk.created_by_id == self.request.user.pk)


class BulkDetail(BulkMixin, View):
    """The plan before it is confirmed, afterwards how far it is and what became of each file."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if self.bulk.state == State.PLANNED:
            return show_plan(request, self.bulk, PlanForm(bulk=self.bulk))
        return render(request, "portal/office/bulk_progress.html", progress_context(request, self.bulk))


def show_plan(request: Any, row: BulkDecision, form: PlanForm, status: int = 200) -> HttpResponse:
    """Return the page of the plan as it would be carried out now by whoever made it."""
    plan = bulk_plan.plan(row, by=row.created_by)
    declared = bulk_plan.plan(row, by=row.created_by, has_declared=True) if plan.undeclared else plan
    asks = {"is_fresh": second_factor.is_fresh(request), "asks_declaration": bool(plan.undeclared)}
    context = {
        "bulk": row,
        "plan": plan,
        "after": declared,
        "lines": [{"line": line, "single": single_of(line.item)} for line in declared.lines],
        "form": form,
        "is_own": row.created_by_id == request.user.pk,
        "confirm_form": CodeForm(initial={"seen": declared.seen}, **asks),
    }
    return render(request, "portal/office/bulk_plan.html", context, status=status)


def progress_context(request: Any, row: BulkDecision) -> dict[str, Any]:
    """Return what the page of a confirmed bulk decision shows."""
    counts, is_own = bulk_plan.tally(row), row.created_by_id == request.user.pk
    items = list(row.items.select_related("application__organisation", "application__call", "decision"))
    countersigns = any(item.application.call.needs_countersign for item in items)
    asks = {"is_fresh": second_factor.is_fresh(request), "asks_declaration": countersigns}
    return {
        **job(row, counts),
        "bulk": row,
        "items": items,
        "counts": counts,
        "may_undo": is_own and row.state in (State.RUNNING, State.HELD),
        "may_call_off": row.state == State.RELEASING and row.release_at is not None and row.release_at > now(),
        "countersigns": countersigns,
        "release": may_release(request.user, row, items) if row.state == State.HELD else None,
        "release_form": ReleaseForm(initial={"seen": bulk.held_seal(row)}, **asks),
    }


def may_release(user: Any, row: BulkDecision, items: list[Any]) -> Verdict:
    """Return whether this person may release, with the sentence why not."""
    deciders = {item.decision.by_id for item in items if item.decision is not None}
    if user.pk in deciders | {row.created_by_id}:
        return Verdict(False, _("发布须由作出决定以外的人完成。"))
    return Verdict(True)


def job(row: BulkDecision, counts: dict[str, int]) -> dict[str, Any]:
    """Return what components/job.html shows."""
    total = sum(counts.values())
    is_deciding = row.state == State.RUNNING
    is_releasing = row.state == State.RELEASING and row.release_at is not None and row.release_at <= now()
    left = counts["waiting"] if is_deciding else counts["held"]
    words = _(
        "共 %(total)s 件：待发布 %(held)s，已发布 %(released)s，没有决定 %(refused)s，撤销 %(undone)s，剩余 %(left)s。"
    )
    return {
        "job_title": _("进度"),
        "job_status": "running" if is_deciding or is_releasing else "done",
        "job_total": total,
        "job_done": total - left,
        "job_text": words % {**counts, "total": total, "left": counts["waiting"]},
        "poll_url": reverse("bulk-progress", args=[row.number]) if is_deciding or is_releasing else "",
    }


class BulkProgress(BulkMixin, View):
    """The card of the work alone, fetched again while it goes on; afterwards the whole page is loaded anew."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        row = self.bulk
        if not getattr(request, "htmx", False):
            return redirect("bulk-detail", row.number)
        context = job(row, bulk_plan.tally(row))
        response = render(request, "portal/office/bulk_job.html", context)
        if not context["poll_url"]:
            response["HX-Refresh"] = "true"
        return response


class ChangePlan(BulkMixin, View):
    """Change the common decision, single ones, and take files out."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        form = PlanForm(request.POST, bulk=self.bulk)
        if not form.is_valid():
            return show_plan(request, self.bulk, form, 422)
        user: Any = request.user
        try:
            bulk.change(self.bulk, **form.values(), by=user)
        except RuleBroken as broken:
            form.add_error(None, str(broken.sentence))
            return show_plan(request, self.bulk, form, 409)
        return redirect("bulk-detail", self.bulk.number)


class BulkAct(Limited, DecidersOnly, ActionView):
    """One verb on a bulk decision."""

    model = BulkDecision.objects.all()
    form_class: Any = Form
    limits = {"POST": "60/h"}
    limit_per_person = True

    def get_success_url(self) -> str:
        return reverse("bulk-detail", args=[self.kwargs["number"]])


class Confirm(BulkAct):
    """Set the plan going."""

    form_class = CodeForm
    success_message = gettext_lazy("已确认，系统正在逐件决定。可以离开本页，办完会通知您。")

    def action(self, obj: BulkDecision, form: Any) -> Any:
        data = form.cleaned_data
        second_factor.prove(self.request, data["code"])
        return bulk.confirm(obj, seen=data["seen"], has_declared=data["has_declared"], by=self.request.user)


class Drop(BulkAct):
    """Give a plan up."""

    form_class = Form
    success_message = gettext_lazy("计划已撤销，没有作出任何决定。")

    def action(self, obj: BulkDecision, form: Any) -> Any:
        return bulk.drop(obj, by=self.request.user)


class UndoItems(Drop):
    """Take single files back, or all."""

    success_message = gettext_lazy("已撤销所选的决定，这些办件可以重新决定。")

    def action(self, obj: BulkDecision, form: Any) -> Any:
        numbers = None if self.request.POST.get("scope") == "all" else self.request.POST.getlist("pick")
        return bulk.undo(obj, numbers=numbers, by=self.request.user)


class Release(BulkAct):
    """Release everything together."""

    form_class = ReleaseForm
    success_message = gettext_lazy("已安排发布。企业会在发布时收到通知和决定书。")

    def action(self, obj: BulkDecision, form: Any) -> Any:
        data = form.cleaned_data
        second_factor.prove(self.request, data["code"])
        return bulk.ask_release(
            obj, seen=data["seen"], at=data["at"], has_declared=data["has_declared"], by=self.request.user
        )


class CallOff(Drop):
    """Take a release back whose moment has not come."""

    success_message = gettext_lazy("已撤回发布，决定仍然保密。")

    def action(self, obj: BulkDecision, form: Any) -> Any:
        return bulk.call_off_release(obj, by=self.request.user)


class Gather(DecidersOnly, ActionView):
    """Put the single decisions of a call together for a common release."""

    model = Call.objects.all()
    success_message = gettext_lazy("已汇总，请由另一位负责人发布。")

    def action(self, obj: Call, form: Any) -> Any:
        return bulk.gather(obj, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("bulk-detail", args=[self.result.number])
