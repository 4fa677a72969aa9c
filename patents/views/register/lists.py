"""The list of rights: filters, order, columns, saved views, selection, export."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Prefetch
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from patents import bulk, entrusting
from patents.choosing import narrow
from patents.forms.register import ChooseForm
from patents.models.rights import IN_FORCE, RightQuerySet
from patents.nearest import with_nearest
from patents.tables.register import CHOOSABLE, DEFAULT, AreaRightTable, RightTable
from portal import reports
from portal.clock import today
from portal.filters.chips import links
from portal.models import Deadline, Organisation, ReportRun
from portal.pagination import Keyset, capped_counts
from portal.permissions import Permission
from portal.views import saved_views
from portal.views.base import ActionView, SignedIn

from .scope import Scoped, choices_of

PAGE = "rights"
NEWEST = ("-filed_on", "-id")
SORTS = {
    "-filed_on": NEWEST,
    "filed_on": ("filed_on", "id"),
    "-granted_on": ("-granted_on", "-id"),
    "granted_on": ("granted_on", "id"),
    "expires_on": ("ends_on", "id"),
    "-expires_on": ("-ends_on", "-id"),
}
COLUMNS = (
    "number", "kind", "country", "title", "application_number", "registration_number", "publication_number",
    "international_number", "status", "secrecy", "grade", "is_high_value", "filed_on", "granted_on", "expires_on",
    "ends_on", "main_ipc", "classes",
)  # fmt: skip
SOON_DAYS = 30


class Chosen(Scoped, SignedIn):
    """What the address asks for: filters, an order, columns."""

    @cached_property
    def form(self) -> ChooseForm:
        hidden = ("due", "grade", "value", "secrecy") if self.hat.is_official else ()
        return ChooseForm(self.request.GET, choices=choices_of(self.hat), hidden=hidden)

    def chosen_rows(self) -> RightQuerySet:
        return narrow(self.rows(), self.form.chosen(), are_few=not self.hat.is_official)

    @property
    def sort(self) -> str:
        wanted = self.request.GET.get("sort", "")
        offered = {"-filed_on", "filed_on"} if self.hat.is_official else set(SORTS)
        return wanted if wanted in offered else "-filed_on"

    @property
    def columns(self) -> list[str]:
        wanted = [name for name in self.request.GET.getlist("columns") if name in CHOOSABLE]
        return wanted or list(DEFAULT)


class RightList(Chosen, TemplateView):
    """The list, for an enterprise with everything, for officials with what is open to them."""

    clause = ["4", "6"]

    def get_template_names(self) -> list[str]:
        return [f"patents/register/{'area' if self.hat.is_official else 'list'}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {} if self.hat.is_official else self.own()
        page = self.page(own["counts"]["all"] if own and not self.form.chosen() else None)
        return super().get_context_data(
            page=page,
            table=self.table(page),
            filter={"form": self.form},
            chips=links(self.request, self.form, saved_views.PARAMETER),
            clear_url=reverse(PAGE),
            tabs=saved_views.tabs(self.request, PAGE, _("全部")),
            page_name=PAGE,
            hidden=[(name, value) for name, value in self.kept() if name != "columns"],
            **own,
            **kwargs,
        )

    def kept(self) -> list[tuple[str, str]]:
        query = QueryDict(saved_views.kept(self.request.GET.urlencode()))
        return [(name, value) for name, values in query.lists() for value in values]

    def own(self) -> dict[str, Any]:
        """Return what only an enterprise's list has."""
        rows, soon = self.rows(), today() + dt.timedelta(days=SOON_DAYS)
        dates = Deadline.objects.open().filter(subject_type="right", organisation=self.organisation)
        due = dates.visible_to(self.request.user).filter(target_on__lte=soon)
        counted = {"all": rows, "in_force": rows.filter(status__in=IN_FORCE), "due": due}
        if self.may(Permission.MANAGE_MEMBERS):
            counted["unseen"] = entrusting.unseen(self.organisation)
        counts = capped_counts(counted)
        return {
            "counts": counts,
            "unseen": counts.get("unseen", 0) > 0,
            "edit": self.may(Permission.EDIT_RIGHT),
            "steer": self.may(Permission.STEER_RIGHT),
            "bulk_fields": bulk.FIELDS.items(),
            "columns": [(name, words, name in self.columns) for name, words in CHOOSABLE.items()],
        }

    def page(self, known_count: int | None) -> Keyset:
        chosen = self.chosen_rows()
        # A search over everything never waits for a count; an enterprise's own rights are soon counted.
        if self.hat.is_official:
            # By itself, not joined: of all that a search finds only one page needs its enterprises.
            names = Prefetch("organisation", Organisation.objects.only("name", "number"))
            rows: Any = chosen.prefetch_related(names).only(*COLUMNS, "organisation")
            counting: dict[str, Any] = {"count_cap": 0}
        else:
            wanted = {*COLUMNS, *self.columns, "responsible__name"} - {"due", "amount", "responsible"}
            rows = with_nearest(chosen.select_related("responsible").only(*wanted))
            counting = {"counted": chosen.values("pk"), "known_count": known_count}
        return Keyset.of_request(self.request, rows, SORTS[self.sort], **counting)

    def table(self, page: Keyset) -> RightTable:
        if self.hat.is_official:
            return AreaRightTable(page.rows, sort=self.sort)
        hidden = [name for name in CHOOSABLE if name not in self.columns]
        if not self.may(Permission.STEER_RIGHT):
            hidden.append("pick")
        return RightTable(page.rows, sort=self.sort, exclude=hidden)


class RightExport(Scoped, ActionView):
    """Ask for the chosen rights as a file; the worker makes it."""

    success_message = gettext_lazy("已开始生成，完成后会通知您。")

    def get_object(self) -> None:
        return None

    def action(self, _obj: None, _form: Any) -> ReportRun:
        given = self.request.POST
        chosen = ChooseForm(QueryDict(given.get("query", "")), choices=choices_of(self.hat)).chosen()
        home = self.hat.organisation.number if self.hat.organisation else ""
        return reports.request(
            "rights", format=given.get("format", ""), by=self.request.user, parameters={**chosen, "organisation": home}
        )

    def get_success_url(self) -> str:
        return reverse("report-list")
