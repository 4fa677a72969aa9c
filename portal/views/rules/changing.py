"""Administration of the rules: a dated row or a year's days off; what would move; then the change itself.

The form is sent by GET to the preview, which only computes; the preview's own POST is the one action.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal import rule_changes
from portal.clock import today
from portal.forms.rules import RuleForm, YearForm, notice_of
from portal.models import HolidayYear, Rule
from portal.permissions import Permission
from portal.rule_changes import MOST_MOVES, state_of
from portal.views.base import UNPROCESSABLE, ActionFormView, SignedIn
from portal.views.office.access import OfficialOnly

PAGE = 50


class RulesOnly(OfficialOnly, SignedIn):
    """A page for those who keep the rules."""

    clause = "19"
    permissions = (Permission.MANAGE_RULES,)


class RuleEntry(RulesOnly, TemplateView):
    """The form of one row: empty, from an existing row with a new first day, or an edit."""

    template_name = "portal/rules/rule_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.row()
        form = RuleForm(initial=self.initial(row))
        return super().get_context_data(form=form, row=row, is_edit=self.is_edit, **kwargs)

    @property
    def is_edit(self) -> bool:
        return "again" not in self.request.GET

    def row(self) -> Rule | None:
        """Return the row of the address, or none for an empty form."""
        if "code" not in self.kwargs:
            return None
        first = _day(self.kwargs["first"])
        return get_object_or_404(
            Rule.objects.visible_to(self.request.user), code=self.kwargs["code"], effective_from=first
        )

    def initial(self, row: Rule | None) -> dict[str, Any]:
        if row is None:
            return {"effective_from": today()}
        found = {name: getattr(row, name) for name in RuleForm.Meta.fields}
        found["value"] = json.dumps(row.value, ensure_ascii=False)
        if self.is_edit:
            return {**found, "expects": state_of(row)}
        return {**found, "effective_from": None, "effective_to": None, "verified_on": None}


class YearEntry(RulesOnly, TemplateView):
    """The form of one year's notice, filled with what is known."""

    template_name = "portal/rules/year_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        number = self.kwargs.get("year") or today().year + 1
        year = HolidayYear.objects.filter(year=number).first()
        initial: dict[str, Any] = {"year": number, "is_official": True}
        if year is not None:
            initial |= {"notice": notice_of(year), "expects": state_of(year)}
            initial |= {"source": year.source if year.is_official else ""}
        return super().get_context_data(form=YearForm(initial=initial), **kwargs)


class Preview(RulesOnly, ActionFormView):
    """What would move; sending it applies the change."""

    template_name = "portal/rules/preview.html"
    entry_template = ""
    success_message = _("已保存。所涉期限随即重新计算。")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form))

    def get_form(self, form_class: Any = None) -> Any:
        return self.get_form_class()(self.request.POST if self.request.method == "POST" else self.request.GET)

    def form_invalid(self, form: Any) -> HttpResponse:
        return render(self.request, self.entry_template, {"form": form, "is_edit": True}, status=UNPROCESSABLE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        found = rule_changes.preview(form.proposal())
        page = Paginator(found.moves, PAGE).get_page(self.request.GET.get("page"))
        hidden = [(name, form.data.get(name, "")) for name in form.fields if form.data.get(name)]
        return super().get_context_data(
            found=found, page=page, most=MOST_MOVES, hidden=hidden, differences=self.differences(form), **kwargs
        )

    def differences(self, form: Any) -> list[tuple[Any, Any, Any]]:
        """Return (what, before, after) of the change itself."""
        raise NotImplementedError


class RulePreview(Preview):
    """A row's change and what it would move."""

    form_class = RuleForm
    entry_template = "portal/rules/rule_form.html"

    def action(self, form: Any) -> Any:
        given = form.cleaned_data
        return rule_changes.save_rule(
            form.proposed(), by=self.request.user, reason=given["reason"], expects=given["expects"]
        )

    def get_success_url(self) -> str:
        return f"{reverse('rules')}?q={self.result.code}"

    def differences(self, form: Any) -> list[tuple[Any, Any, Any]]:
        new = form.proposed()
        old = Rule.objects.filter(code=new.code, effective_from=new.effective_from).first()
        names = [name for name in form.Meta.fields if old is None or getattr(old, name) != getattr(new, name)]
        shown = [(form.fields[name].label, _shown(old, name), _shown(new, name)) for name in names]
        return [line for line in shown if line[1] or line[2]]


class YearPreview(Preview):
    """A year's days and what they would move."""

    form_class = YearForm
    entry_template = "portal/rules/year_form.html"

    def action(self, form: Any) -> Any:
        given = form.cleaned_data
        return rule_changes.save_year(
            form.table(), by=self.request.user, reason=given["reason"], expects=given["expects"]
        )

    def get_success_url(self) -> str:
        return reverse("rules")

    def differences(self, form: Any) -> list[tuple[Any, Any, Any]]:
        table = form.table()
        days = HolidayYear.objects.filter(year=table.year).first()
        old = (
            {}
            if days is None
            else {day: (kind, name) for day, kind, name in days.days.values_list("day", "kind", "name")}
        )
        new = {day: ("off", name) for day, name in table.off.items()}
        new |= {day: ("makeup", name) for day, name in table.makeup.items()}
        changed = sorted(day for day in old.keys() | new.keys() if old.get(day) != new.get(day))
        return [(day, _kind(old.get(day)), _kind(new.get(day))) for day in changed]


KINDS = {"off": _("放假"), "makeup": _("调休上班")}


def _kind(found: tuple[str, str] | None) -> Any:
    return KINDS[found[0]] if found else ""


def _shown(row: Rule | None, name: str) -> Any:
    if row is None:
        return ""
    if name == "value":
        return row.shown_value
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return "" if value is None else value


def _day(text: str) -> dt.date:
    """Return the day of an address, or 404."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
