"""The law tracker, the case library and the pages of countries: public to read, kept by the city."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from portal.clock import today
from portal.filters.chips import links
from portal.hats import hat_of
from portal.pagination import Keyset
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView
from services.protection import knowledge, law_calendar
from services.protection.forms.knowledge import TOPICS, CaseFilter, CaseForm, FactForm, LawFilter, LawForm
from services.protection.models import Alert, Country, CountryFact, LawChange, LegalCase, Watch

LAWS, CASES = ["8", "16"], ["8", "16"]
LAW_ORDER = ("-in_force_on", "-id")
CASE_ORDER = ("-began_on", "-id")
MOST = 20
USUAL = 1000  # position from which countries stand by name alone


class Listing(TemplateView):
    """A public list with filters; the subclass names rows, order and filter."""

    order: tuple[str, ...] = ()
    filter_class: Any = None

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.rows()
        chosen = self.filter_class(self.request.GET, queryset=rows, request=self.request)
        found = chosen.qs if chosen.form.is_valid() else rows
        page = Keyset.of_request(self.request, found, self.order, size=30)
        may_keep = can(self.request.user, Permission.KEEP_KNOWLEDGE)
        chips = links(self.request, chosen)
        return super().get_context_data(filter=chosen, chips=chips, page=page, may_keep=may_keep, **kwargs)


class LawList(Listing):
    """Changes of law on a line of time, the newest first."""

    clause = LAWS
    template_name = "protection/knowledge/laws.html"
    order, filter_class = LAW_ORDER, LawFilter

    def rows(self) -> QuerySet[LawChange]:
        return LawChange.objects.select_related("country")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        coming = LawChange.objects.filter(in_force_on__gt=today()).order_by("in_force_on", "pk").first()
        return super().get_context_data(coming=coming, clear_url=reverse("law-list"), today=today(), **kwargs)


class Law(TemplateView):
    """One change of law."""

    clause = LAWS
    template_name = "protection/knowledge/law.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        law = get_object_or_404(LawChange.objects.select_related("country"), number=self.kwargs["number"])
        alerts = Alert.objects.public().filter(current__laws=law).select_related("current").order_by("-published_at")
        may_keep = can(self.request.user, Permission.KEEP_KNOWLEDGE)
        return super().get_context_data(law=law, alerts=alerts[:MOST], may_keep=may_keep, **kwargs)


class LawCalendar(View):
    """The days on which law changes, as iCalendar."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(law_calendar.render(), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="laws.ics"'
        return response


class CaseList(Listing):
    """Cases, the newest first."""

    clause = CASES
    template_name = "protection/knowledge/cases.html"
    order, filter_class = CASE_ORDER, CaseFilter

    def rows(self) -> QuerySet[LegalCase]:
        return LegalCase.objects.select_related("country")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(clear_url=reverse("legal-case-list"), **kwargs)


class Case(TemplateView):
    """One case, and those like it."""

    clause = CASES
    template_name = "protection/knowledge/case.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = get_object_or_404(LegalCase.objects.select_related("country"), number=self.kwargs["number"])
        alerts = Alert.objects.public().filter(current__cases=case).select_related("current").order_by("-published_at")
        may_keep = can(self.request.user, Permission.KEEP_KNOWLEDGE)
        similar = similar_to(case)
        return super().get_context_data(case=case, similar=similar, alerts=alerts[:MOST], may_keep=may_keep, **kwargs)


def similar_to(case: LegalCase) -> list[LegalCase]:
    """Return cases of the same forum or field, those that share both first."""
    same = Q(forum=case.forum) | Q(country=case.country_id)
    if case.right_kinds:
        same &= Q(right_kinds__overlap=case.right_kinds)
    field = Q(industries__overlap=case.industries) | Q(ipc__overlap=case.ipc)
    rows = LegalCase.objects.exclude(pk=case.pk).filter(same | field)
    return list(rows.order_by(F("began_on").desc(nulls_last=True), "-pk")[:5])


class CountryList(TemplateView):
    """The usual markets with what is known, the others by name."""

    clause = ["8"]
    template_name = "protection/knowledge/countries.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Country.objects.filter(position__lt=USUAL).prefetch_related("facts")
        usual = [{"country": row, "cells": _cells(row)} for row in rows]
        others = Country.objects.filter(position__gte=USUAL)
        return super().get_context_data(usual=usual, others=others, **kwargs)


def _cells(country: Country) -> list[tuple[Any, list[CountryFact]]]:
    facts = list(country.facts.all())
    shown = [(code, label) for code, label in TOPICS if code in {"pct_months_1", "madrid", "hague"}]
    return [(label, [fact for fact in facts if fact.topic == code]) for code, label in shown]


class CountryPage(TemplateView):
    """What an enterprise that goes there should know; unverified rows say so."""

    clause = ["8", "16"]
    template_name = "protection/knowledge/country.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        country = get_object_or_404(Country, code=self.kwargs["code"].upper())
        alerts = Alert.objects.public().filter(current__countries__contains=[country.code]).select_related("current")
        return super().get_context_data(
            country=country,
            topics=_by_topic(country),
            laws=country.laws.order_by(F("in_force_on").desc(nulls_last=True))[:MOST],
            cases=country.cases.order_by(F("began_on").desc(nulls_last=True))[:MOST],
            alerts=alerts.order_by("-published_at")[:MOST],
            may_keep=can(self.request.user, Permission.KEEP_KNOWLEDGE),
            is_followed=_is_followed(self.request.user, country),
            may_follow=self.request.user.is_authenticated and hat_of(self.request).organisation is not None,
            **kwargs,
        )


def _by_topic(country: Country) -> list[tuple[Any, list[CountryFact]]]:
    """Return every topic with its facts, the newest first; a topic without any stays, so that the gap shows."""
    facts: dict[str, list[CountryFact]] = {code: [] for code, _label in TOPICS}
    for fact in country.facts.order_by("-effective_from", "pk"):
        facts.setdefault(fact.topic, []).append(fact)
    return [(label, facts[code]) for code, label in TOPICS]


def _is_followed(user: Any, country: Country) -> bool:
    return Watch.objects.visible_to(user).filter(what=Watch.What.LAW, key=country.code).exists()


class KeepForm(ActionFormView):
    """A page on which an official enters or corrects knowledge; others are told why not."""

    clause = LAWS
    template_name = "protection/knowledge/form.html"
    success_message = gettext_lazy("已保存。")
    title: Any = ""
    corrected: Any = ""

    subject = "allowed"

    @cached_property
    def allowed(self) -> Any:
        found = self.instance  # what is absent is absent for everybody
        check(self.request.user, Permission.KEEP_KNOWLEDGE)
        return found

    @property
    def instance(self) -> Any:
        return None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.instance}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = self.corrected if getattr(self.instance, "pk", None) else self.title
        return super().get_context_data(title=title, instance=self.instance, **kwargs)


class LawEdit(KeepForm):
    """Enter or correct a change of law."""

    form_class, title, corrected = LawForm, gettext_lazy("登记法律变化"), gettext_lazy("更正法律变化")

    @cached_property
    def instance(self) -> Any:
        number = self.kwargs.get("number")
        return get_object_or_404(LawChange, number=number) if number else None

    def action(self, form: Any) -> Any:
        return knowledge.save_law(self.instance, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("law", args=[self.result.number])


class CaseEdit(KeepForm):
    """Enter or correct a case."""

    form_class, title, corrected = CaseForm, gettext_lazy("登记案例"), gettext_lazy("更正案例")

    @cached_property
    def instance(self) -> Any:
        number = self.kwargs.get("number")
        return get_object_or_404(LegalCase, number=number) if number else None

    def action(self, form: Any) -> Any:
        return knowledge.save_case(self.instance, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("legal-case", args=[self.result.number])


class FactEdit(KeepForm):
    """Enter or correct a fact of a country."""

    form_class, title = FactForm, gettext_lazy("登记国别资料")

    @cached_property
    def country(self) -> Country:
        return get_object_or_404(Country, code=self.kwargs["code"].upper())

    @cached_property
    def instance(self) -> Any:
        pk = self.kwargs.get("fact")
        return get_object_or_404(self.country.facts.all(), pk=pk) if pk else CountryFact(country=self.country)

    def action(self, form: Any) -> Any:
        fact = self.instance if self.instance.pk else None
        return knowledge.save_fact(self.country, fact, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("country", args=[self.country.code])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("更正国别资料：%(country)s") if self.instance.pk else _("登记国别资料：%(country)s")
        heading = words % {"country": self.country}
        return {**super().get_context_data(**kwargs), "title": heading}
