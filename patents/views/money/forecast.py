"""Keep or drop: the forecast of an enterprise, its scenarios, the budget of a year, and the exports."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from patents import outlook, scenarios
from patents.forecast import Forecast
from patents.forms.money import ExportForm, KeepOrDropForm, ScenarioForm
from patents.models import Right, RightKind, Scenario
from patents.views.money import figures
from patents.views.money.tables import ForecastTable
from portal import reports
from portal.clock import today
from portal.hats import enterprise_of
from portal.models import Organisation
from portal.pagination import Keyset
from portal.permissions import Permission, can
from portal.views.base import ActionView, SignedIn, fetch

YEARS = 20
MEMBERS_ONLY = _("收支和费用预测只有本企业成员看得到。")
COLUMNS = (*outlook.FACTS, "title", "application_number", "registration_number", "grade", "organisation_id")


class ForecastPage(SignedIn, TemplateView):
    """The forecast. ?scenario= and ?with= choose scenarios, ?year= the budget, ?kind= and ?show= the rights listed."""

    clause = "4"
    template_name = "patents/money/forecast.html"

    @cached_property
    def organisation(self) -> Organisation:
        return enterprise_of(self.request, MEMBERS_ONLY)

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        rows = Scenario.objects.visible_to(self.request.user).filter(organisation=self.organisation)
        return {row.number: row for row in rows.order_by("created_at", "pk")}

    @property
    def scenario(self) -> Scenario | None:
        return self.scenarios.get(self.request.GET.get("scenario", ""))

    @property
    def year(self) -> int:
        asked, first = self.request.GET.get("year", ""), today().year
        return int(asked) if asked.isdigit() and first <= int(asked) <= first + YEARS else first

    @property
    def other(self) -> Scenario | None:
        return self.scenarios.get(self.request.GET.get("with", ""))

    @cached_property
    def found(self) -> Forecast:
        """The sums; by themselves only the rights on this page and those that a scenario gives up."""
        drops = {number for scenario in (self.scenario, self.other) if scenario for number in scenario.drops}
        return outlook.in_sum(self.organisation, self.request.user, rows=self.page.rows, numbers=drops)

    @cached_property
    def page(self) -> Keyset:
        rows = outlook.rights_of(self.organisation, self.request.user).only(*COLUMNS)
        kind, show = self.request.GET.get("kind", ""), self.request.GET.get("show", "")
        rows = rows.filter(kind=kind) if kind in outlook.COSTLY else rows
        if show == "dropped" and self.scenario:
            rows = rows.filter(number__in=list(self.scenario.drops))
        return Keyset.of_request(self.request, rows, ["-filed_on", "-id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.found
        if not (self.request.GET.get("kind") or self.request.GET.get("show")):
            self.page.known_count = found.count
        scenario, other = self.scenario, self.other
        drops = scenario.drops if scenario else {}
        paid = outlook.paid_by_month(self.organisation, self.request.user, self.year)
        table = ForecastTable(self.page.rows, found=found, drops=drops)
        table.keyset = self.page
        words = {"finding": figures.finding(found, scenario), "gaps": figures.gaps(found)}
        drawn = {"chart": figures.chart(found, scenario), "figures": figures.key_figures(found, drops)}
        sums = {"budget": figures.budget(found, drops, self.year, paid)}
        if scenario:
            sums["comparison"] = figures.comparison(found, scenario, other)
        return super().get_context_data(**words, **drawn, **sums, **self._choices(), table=table, found=found, **kwargs)

    def _choices(self) -> dict[str, Any]:
        first = today().year
        return {
            "scenario": self.scenario,
            "others": [row for row in self.scenarios.values() if row != self.scenario],
            "tabs": self._tabs(),
            "kinds": [(value, RightKind(value).label) for value in outlook.COSTLY],
            "years": range(first, first + YEARS + 1),
            "page": self.page,
            "may_edit": can(self.request.user, Permission.EDIT_RIGHT, self.organisation),
            "export_form": ExportForm(initial={"scenario": self.request.GET.get("scenario", "")}),
        }

    def _tabs(self) -> list[dict[str, Any]]:
        rows: list[tuple[str, Any]] = [("", gettext("全部保留")), *((n, row.name) for n, row in self.scenarios.items())]
        present = self.scenario.number if self.scenario else ""
        return [
            {"label": name, "url": page_url(number), "count": None, "is_current": number == present}
            for number, name in rows
        ]


def page_url(scenario: str = "") -> str:
    """Return the address of the forecast with a scenario."""
    query = QueryDict(mutable=True)
    if scenario:
        query["scenario"] = scenario
    return reverse("rights-forecast") + (f"?{query.urlencode()}" if query else "")


class EnterpriseVerb(ActionView):
    """A verb on the enterprise one acts for."""

    def get_object(self) -> Organisation:
        return enterprise_of(self.request, MEMBERS_ONLY)

    def scenario_of(self, organisation: Organisation, number: str) -> Scenario:
        """Return one of the enterprise's scenarios, or 404."""
        rows = Scenario.objects.filter(organisation=organisation)
        return fetch(rows, self.request.user, number=number)


class ForecastChange(EnterpriseVerb):
    """Give up or keep the rights that were picked, in a scenario; without one a new scenario begins."""

    form_class = KeepOrDropForm
    success_message = _("方案已更新。方案只用于比较，不会让任何权利真的终止。")

    def action(self, obj: Organisation, form: KeepOrDropForm) -> Scenario:
        user, asked = self.request.user, form.cleaned_data
        rights = list(Right.objects.visible_to(user).filter(organisation=obj, number__in=asked["pick"]))
        if asked["scenario"]:
            scenario = self.scenario_of(obj, asked["scenario"])
        else:
            scenario = scenarios.create(obj, name=scenarios.next_name(obj), by=user)
        year = asked["year"] if asked["verb"] == "drop" else None
        return scenarios.change(scenario, rights=rights, year=year, by=user)

    def get_success_url(self) -> str:
        return page_url(self.result.number)


class ScenarioCreate(EnterpriseVerb):
    """A new scenario, empty or a copy."""

    form_class = ScenarioForm
    success_message = _("方案已保存。")

    def action(self, obj: Organisation, form: ScenarioForm) -> Scenario:
        number = form.cleaned_data["scenario"]
        drops = dict(self.scenario_of(obj, number).drops) if number else {}
        return scenarios.create(obj, name=form.cleaned_data["name"], drops=drops, by=self.request.user)

    def get_success_url(self) -> str:
        return page_url(self.result.number)


class ScenarioDelete(ActionView):
    """Delete a scenario."""

    model = Scenario
    success_message = _("方案已删除。")

    def action(self, obj: Scenario, form: Any) -> None:
        scenarios.delete(obj, by=self.request.user)

    def get_success_url(self) -> str:
        return page_url()


class ForecastExport(EnterpriseVerb):
    """Ask for the forecast or the budget as a file."""

    form_class = ExportForm
    success_message = _("已开始生成，完成后会通知您。")

    def action(self, obj: Organisation, form: ExportForm) -> Any:
        asked = form.cleaned_data
        parameters = {"organisation": obj.number, "scenario": asked["scenario"]}
        return reports.request(asked["report"], format=asked["format"], by=self.request.user, parameters=parameters)

    def get_success_url(self) -> str:
        return reverse("report-list")
