"""Recognitions after the grant, for officials: the list by what is due, mid-term check, acceptance, revocation."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal import procedures
from portal.forms.office import ReasonForm, RulingForm
from portal.models import Recognition
from portal.pagination import Keyset
from portal.permissions import Permission, can, check
from portal.tables.office import RecognitionTable
from portal.views.base import ActionFormView, SignedIn, fetch

from .access import OfficialOnly, districts_of, is_city


class RecognitionRegister(OfficialOnly, SignedIn, TemplateView):
    """The recognitions of one's district or of the city."""

    template_name = "portal/office/recognitions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        rows = Recognition.objects.visible_to(user).select_related("organisation__district", "application")
        if not is_city(user):
            rows = rows.filter(organisation__district__in=districts_of(user))
        if self.request.GET.get("view") == "valid":
            rows = rows.filter(status=Recognition.Status.VALID)
        page = Keyset.of_request(self.request, rows, ("-granted_on", "-id"))
        table = RecognitionTable(page.rows)
        table.verbs = frozenset(name for name, verb in VERBS.items() if can(user, verb.permissions[0]))
        return super().get_context_data(page=page, table=table, **kwargs)


class RecognitionAct(OfficialOnly, ActionFormView):
    """One verb on a recognition, with its form on a page of its own."""

    template_name = "portal/office/recognition_form.html"
    form_class: Any = ReasonForm
    permissions = (Permission.SUPERVISE_RECOGNITION,)
    heading: Any = ""
    submit: Any = _("保存")
    is_stop = False

    @cached_property
    def recognition(self) -> Recognition:
        rows = Recognition.objects.select_related("organisation")
        return fetch(rows, self.request.user, number=self.kwargs["number"])

    def get_form(self, form_class: Any = None) -> Any:
        check(self.request.user, self.permissions[0], self.recognition)
        return super().get_form(form_class)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"heading": self.heading, "submit": self.submit, "is_stop": self.is_stop}
        return super().get_context_data(recognition=self.recognition, **words, **kwargs)

    def get_success_url(self) -> str:
        return "/cases/recognitions/"


class Midterm(RecognitionAct):
    """Record the mid-term check."""

    heading, success_message = _("记录中期检查"), _("中期检查已记录。")

    def action(self, form: Any) -> Any:
        return procedures.record_midterm(self.recognition, form.cleaned_data["reason"], by=self.request.user)


class Accept(RecognitionAct):
    """Record the acceptance."""

    heading, success_message = _("验收"), _("验收结果已记录。")

    def get_form(self, form_class: Any = None) -> Any:
        check(self.request.user, self.permissions[0], self.recognition)
        return RulingForm(self.request.POST or None, yes=_("验收通过"), no=_("验收未通过"), label=_("验收意见"))

    def action(self, form: Any) -> Any:
        return procedures.accept(self.recognition, is_passed=form.is_yes, note=form.words, by=self.request.user)


class Revoke(RecognitionAct):
    """Take a recognition back."""

    permissions = (Permission.DECIDE_CASE,)
    heading, submit, is_stop = _("撤销认定"), _("撤销认定"), True
    success_message = _("认定已撤销，理由对外公布。")

    def action(self, form: Any) -> Any:
        return procedures.revoke(self.recognition, form.cleaned_data["reason"], by=self.request.user)


VERBS: dict[str, type[RecognitionAct]] = {
    "recognition-midterm": Midterm,
    "recognition-accept": Accept,
    "recognition-revoke": Revoke,
}
