"""The officials' queue: saved views, filters, order by the clock, selection, and what is made from a list."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal import procedures
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.filters.chips import links
from portal.filters.office import CaseFilter
from portal.formats import is_english
from portal.idempotency import Outcome, once_for_page
from portal.models import Call, CorrectionItem, Message, SavedView, User, standing_of
from portal.pagination import COUNT_CAP, Keyset, capped_counts
from portal.permissions import Permission, Verdict, has_second_factor
from portal.tables.office import CaseTable
from portal.views import saved_views
from portal.views.base import SignedIn
from portal.workbench import absences

from . import export, panel, queues
from .access import OfficialOnly, cases_of, districts_of, holds, is_city

SORTS = {
    "clock": queues.BY_CLOCK,
    "-clock": ("-due_on", "-id"),
    "-updated": queues.NEWEST,
    "updated": ("updated_at", "id"),
}
PAGE = "case-list"
MOST_AT_ONCE = 100
MOST_ROWS = 10_000
COLUMNS = (
    "number", "kind", "status", "stage", "is_new_here", "due_on", "applicant_due_on", "updated_at", "submitted_at",
    "organisation__name", "organisation__uscc", "officer__name", "office_district__name_zh", "office_district__name_en",
    "call__title_zh", "call__title_en", "call__limits", "call__publicity_days",
)  # fmt: skip

# what a line is joined with -> the column that shows it
JOINED = {"organisation": "organisation", "call": "call", "officer": "officer", "office_district": "district"}


def with_changes(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Add how many corrections wait for a verdict and who wrote last: one index look-up per row on the page."""
    waiting = (
        CorrectionItem.objects.filter(
            request__application=OuterRef("pk"), request__answered_at__isnull=False, verdict=""
        )
        .order_by()
        .values("request__application")
        .annotate(count=Count("pk"))
        .values("count")
    )
    last = Message.objects.filter(application=OuterRef("pk"), is_internal=False).order_by("-at", "-id")
    return rows.annotate(waiting_items=Coalesce(Subquery(waiting), 0), last_side=Subquery(last.values("by_side")[:1]))


def choices(user: Any) -> dict[str, list[Any]]:
    """Return the calls and the officers to choose from, and one's saved views, in one statement."""
    calls = Call.objects.published().order_by().values_list(Value("calls"), "number", "title_zh", "title_en", "id")
    officers = User.objects.filter(
        postings__office__district__in=districts_of(user),
        postings__role__in=["officer", "supervisor"],
        postings__ended_at=None,
        is_active=True,
    ).distinct()
    people = officers.order_by().values_list(
        Value("officers"), Cast("pk", CharField()), "name", Cast(Value(""), CharField()), "id"
    )
    own = SavedView.objects.visible_to(user).filter(page=PAGE).order_by()
    views = own.values_list(Value("views"), "number", "name", "query", "id")
    found: dict[str, list[Any]] = {"calls": [], "officers": [], "views": []}
    for which, value, words, english, _pk in calls.union(people, views, all=True).order_by("-id")[:400]:
        if which == "views":
            found[which].insert(0, SavedView(number=value, name=words, query=english, page=PAGE))
        else:
            found[which].append((value, english if english and is_english() else words))
    return found


class Chosen(OfficialOnly, SignedIn):
    """What the address asks for: a saved view, filters, an order."""

    @cached_property
    def tabs(self) -> list[queues.Tab]:
        return queues.tabs(self.request.user)

    @cached_property
    def tab(self) -> queues.Tab:
        wanted = self.request.GET.get("view", "")
        return next((tab for tab in self.tabs if tab.name == wanted), self.tabs[0])

    @cached_property
    def filter(self) -> CaseFilter:
        offers = {name: rows for name, rows in self.choices.items() if name != "views"}
        is_citywide = is_city(self.request.user)
        return CaseFilter(self.request.GET, queryset=self.tab.rows, is_city=is_citywide, **offers)

    @cached_property
    def choices(self) -> dict[str, list[Any]]:
        return choices(self.request.user)

    @property
    def sort(self) -> str:
        wanted = self.request.GET.get("sort", "")
        return wanted if wanted in SORTS else ""

    @property
    def order(self) -> Any:
        return SORTS[self.sort] if self.sort else self.tab.order

    def rows(self, hidden: Collection[str] = ()) -> QuerySet[Any]:
        """Return the chosen rows with everything a line shows; tables of hidden columns are not joined."""
        shown = [name for name, column in JOINED.items() if column not in hidden]
        columns = [name for name in COLUMNS if "__" not in name or name.split("__")[0] in shown]
        return with_changes(self.filter.qs.select_related(*shown).only(*columns))


class Queue(Chosen, TemplateView):
    """The list."""

    template_name = "portal/office/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = capped_counts({tab.name: tab.rows for tab in self.tabs})
        chips = links(self.request, self.filter, saved_views.PARAMETER)
        return super().get_context_data(
            **self.page_context(None if chips else counts[self.tab.name]),
            tabs=[self.shown_tab(tab, counts[tab.name]) for tab in self.tabs],
            counts=counts,
            filter=self.filter,
            chips=chips,
            clear_url=f"?view={self.tab.name}",
            officers=self.filter.filters["officer"].extra["choices"] if self.may_assign else [],
            may_decide=self.may_decide,
            now=now(),
            **self.own_context(),
            **kwargs,
        )

    def own_context(self) -> dict[str, Any]:
        """Return what is the person's own: saved views, for whom one acts, whether one may export."""
        return {
            "saved": saved_views.own_tabs(self.request, self.choices["views"]),
            "page_name": PAGE,
            "standing_in": self.standing_in(),
            "export_verdict": export_verdict(self.request.user),
        }

    def standing_in(self) -> list[str]:
        """Return the names of the colleagues for whom one acts today."""
        covered = absences.covered_by(self.request.user)
        return (
            list(User.objects.filter(pk__in=covered).order_by("name").values_list("name", flat=True)) if covered else []
        )

    def page_context(self, known_count: int | None) -> dict[str, Any]:
        rows = self.rows(self.hidden_columns())
        page = Keyset.of_request(self.request, rows, self.order, known_count=known_count)
        sort = self.sort or _default_sort(self.order)
        return {"page": page, "table": CaseTable(page.rows, sort=sort, exclude=self.hidden_columns())}

    @cached_property
    def may_assign(self) -> bool:
        return holds(self.request.user, Permission.ASSIGN_CASE)

    @cached_property
    def may_decide(self) -> bool:
        return holds(self.request.user, Permission.DECIDE_CASE)

    def hidden_columns(self) -> list[str]:
        hidden = ["officer"] if is_city(self.request.user) else ["district"]
        return hidden if self.may_assign or self.may_decide else [*hidden, "pick"]

    def shown_tab(self, tab: queues.Tab, count: int) -> dict[str, Any]:
        shown = f"{COUNT_CAP:,}+" if count >= COUNT_CAP else f"{count:,}"
        return {"label": tab.label, "url": f"?view={tab.name}", "count": shown, "is_current": tab is self.tab}


def _default_sort(order: Any) -> str:
    return next((name for name, columns in SORTS.items() if columns == order), "clock")


def export_verdict(user: Any) -> Verdict:
    """Return whether a list may be exported: an official act that needs the second factor."""
    if has_second_factor(user):
        return Verdict(True)
    return Verdict(False, _("您还没有设置两步验证。请先在“账户 → 安全”中设置，再导出。"))


class QueueExport(Chosen, View):
    """The chosen rows as CSV."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        verdict = export_verdict(request.user)
        if not verdict:
            raise Denied(verdict.why, code="second_factor_needed")
        rows = Keyset(self.rows(), self.order, size=MOST_ROWS, count_cap=0).rows
        response = StreamingHttpResponse(export.case_lines(rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="cases-{now():%Y%m%d-%H%M}.csv"'
        return response


class NextCase(OfficialOnly, SignedIn, View):
    """Go to the most urgent case one must act on."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        found = queues.next_case(request.user)
        if found is None:
            messages.info(request, _("没有待办的办件。"))
            return redirect("case-list")
        return redirect("case-detail", found.number)


class BulkAssign(OfficialOnly, SignedIn, View):
    """Give several cases to one colleague: each through the action, then a list of what happened to each."""

    http_method_names = ["post"]
    permissions = (Permission.ASSIGN_CASE,)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        numbers = list(dict.fromkeys(request.POST.getlist("pick")))[:MOST_AT_ONCE]
        person = request.POST.get("officer", "")
        officers = panel.officers_of(standing_of(request.user).districts)
        officer = officers.filter(pk=person).first() if person.isdecimal() else None
        if not numbers or officer is None:
            messages.error(request, _("请先选择办件和经办人。"))
            return redirect("case-list")
        outcome = once_for_page(
            request, lambda: Outcome(200, body=[self.assign(number, officer) for number in numbers])
        )
        done = sum(row["ok"] for row in outcome.body)
        context = {"results": outcome.body, "officer": officer, "done": done}
        return render(request, "portal/office/bulk_result.html", context)

    def assign(self, number: str, officer: User) -> dict[str, Any]:
        """Return what happened to one case; one that one may not see reads like an absent one."""
        application = cases_of(self.request.user).filter(number=number).select_related("organisation").first()
        if application is None:
            return {"number": number, "ok": False, "words": _("没有这件办件。")}
        row = {"number": number, "name": application.organisation.name}
        try:
            reason = self.request.POST.get("why", "")[:300]
            procedures.assign(application, officer, reason=reason, by=self.request.user)
        except (Denied, RuleBroken) as refused:
            return {**row, "ok": False, "words": str(refused.sentence)}
        return {**row, "ok": True, "words": _("已分派")}
