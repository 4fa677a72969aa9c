"""Statements and calculators: accessibility, who sees what, contacts, and three checks that need no account."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal import rules, uscc, workdays
from portal.arithmetic import clock_basis
from portal.clock import today
from portal.forms.public import CreditCodeForm, WorkdayForm
from portal.models import District, Office


class Accessibility(TemplateView):
    """The accessibility statement."""

    clause = "19"
    template_name = "portal/public/accessibility.html"


class Privacy(TemplateView):
    """Who sees what."""

    clause = "19"
    template_name = "portal/public/privacy.html"


class Contact(TemplateView):
    """The city's and the districts' offices."""

    clause = "17"
    template_name = "portal/public/contact.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(offices=Office.objects.select_related("district"), **kwargs)


class CreditCode(TemplateView):
    """Check a credit code."""

    clause = "19"
    template_name = "portal/public/tool_credit_code.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = CreditCodeForm(self.request.GET if "code" in self.request.GET else None)
        found = None
        if form.is_bound and form.is_valid():
            code = form.cleaned_data["code"]
            district = District.objects.filter(code=uscc.proposed_district(code)[0]).first()
            found = {"code": code, "district": district, "is_local": uscc.is_local(code)}
        return super().get_context_data(form=form, found=found, **kwargs)


class Workdays(TemplateView):
    """Count working days from a day on, with the arithmetic."""

    clause = "19"
    template_name = "portal/public/tool_workdays.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_asked = bool({"start", "days"} & set(self.request.GET))
        form = WorkdayForm(self.request.GET if is_asked else None)
        basis = clock = None
        if form.is_bound and form.is_valid():
            start, days = form.cleaned_data["start"], form.cleaned_data["days"]
            clock = workdays.clock(start, days, calendar=rules.calendar(), today=start)
            basis = clock_basis(clock, start=_("起算日"), title="")
        return super().get_context_data(form=form, clock=clock, basis=basis, today=today(), **kwargs)
