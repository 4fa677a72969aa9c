"""Registering an enterprise in three steps: licence, contact, evidence. Without script too."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from allauth.account.views import SignupView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from portal import organisations, registry, uscc
from portal.errors import RuleBroken
from portal.forms.people import ContactForm, LicenceForm
from portal.models import Organisation, User
from portal.views.base import UNPROCESSABLE, once
from portal.views.limits import Limited

SESSION = "registration"
FACTS = ("name", "address", "registered_on", "district")


def offered(text: str) -> tuple[dict[str, Any], str]:
    """Return what the registry offers for a code as form values, and the words on where the district comes from."""
    try:
        code = uscc.validate(text)
    except uscc.InvalidCode:
        return {}, ""
    entry, district = registry.lookup(code), registry.suggest_district(code)
    values: dict[str, Any] = {"district": district or ""}
    if entry:
        values |= {"name": entry.name, "address": entry.address, "registered_on": entry.registered_on or ""}
    if district is None:
        return values, _("代码看不出所在区（自贸区或市级登记），请自己选择。")
    return values, _("根据登记信息推测，请确认。") if entry else _("根据代码第 3 至 8 位推测，请确认。")


def completed(data: Any) -> tuple[LicenceForm, str, bool]:
    """Return an unbound form with what was typed, completed by the registry; the district's source; whether found."""
    typed = {key: data.get(key, "") for key in ("uscc", *FACTS)}
    values, source = offered(typed["uscc"])
    if values and typed["district"] == uscc.suggest_district(uscc.normalise(typed["uscc"])):
        typed["district"] = ""  # it came from the code by script, not from a person
    for key, value in values.items():
        typed[key] = typed[key] or value
    return LicenceForm(initial=typed), source, "name" in values


class Register(Limited, FormView):
    """Step 1: the licence. A code that has its record leads to asking to join, and says no more than that."""

    clause = "2"
    template_name = "portal/people/register.html"
    form_class = LicenceForm
    limits = {"POST": "60/h"}

    def get_initial(self) -> dict[str, Any]:
        return dict(self.request.session.get(SESSION) or {})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "lookup" in request.POST or self._needs_offer():
            form, source, found = completed(request.POST)
            context = self.get_context_data(form=form, source=source, found=found, is_looked_up=True)
            return self.render_to_response(context)
        return super().post(request, *args, **kwargs)

    def _needs_offer(self) -> bool:
        """Whether nothing but the code was filled in, and the registry knows the rest."""
        data = self.request.POST
        return not any(data.get(key) for key in ("name", "address")) and "name" in offered(data.get("uscc", ""))[0]

    def form_valid(self, form: LicenceForm) -> HttpResponse:
        data = form.cleaned_data
        if Organisation.objects.filter(uscc=data["uscc"]).exists():
            self.request.session[SESSION] = {"uscc": data["uscc"]}
            return redirect("join")
        if self.request.user.is_authenticated:
            return self._register(form)
        kept = {key: data[key] for key in ("uscc", "name", "address")}
        day: dt.date = data["registered_on"]
        self.request.session[SESSION] = {**kept, "registered_on": day.isoformat(), "district": data["district"].pk}
        return redirect("register-contact")

    def _register(self, form: LicenceForm) -> HttpResponse:
        data, person = dict(form.cleaned_data), cast(User, self.request.user)

        def act() -> tuple[str, Any]:
            made = organisations.register(code=data.pop("uscc"), by=person, **data)
            return reverse("organisation-verification", args=[made.number]), _("企业已登记。")

        try:
            return once(self.request, act)
        except RuleBroken as broken:
            if broken.code == "already_registered":
                self.request.session[SESSION] = {"uscc": form.cleaned_data["uscc"]}
                return redirect("join")
            form.add_error(None, str(broken.sentence))
            return self.render_to_response(self.get_context_data(form=form), status=409)

    def form_invalid(self, form: LicenceForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


class RegisterLookup(Limited, View):
    """The fields of step 1, completed by the registry: for the script, when the code has been typed."""

    limits = {"POST": "60/h"}
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form, source, found = completed(request.POST)
        context = {"form": form, "source": source, "found": found, "is_looked_up": True}
        return render(request, "portal/people/register_facts.html", context)


class RegisterContact(SignupView):
    """Step 2: the person. Says the same whether the address is known or not."""

    clause = "2"
    template_name = "portal/people/register_contact.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated and not request.session.get(SESSION):
            messages.info(request, _("请先填写营业执照信息。"))
            return redirect("register")
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[ContactForm]:
        return ContactForm

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = self.request.session.get(SESSION) or {}
        return super().get_context_data(held=held, is_joining="name" not in held, **kwargs)
