"""Programmes as their makers see them: list, one with its calls, the form, activate, retire."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal import kinds, makers, programmes
from portal.forms.programmes import ProgrammeForm
from portal.models import Call, Programme, Stage
from portal.pagination import Keyset
from portal.tables.programmes import ProgrammeTable
from portal.views.base import ActionFormView, ActionView, SignedIn, fetch

from .calls import MakersOnly, made_here, state_of

MOST_CALLS = 20


class ProgrammeList(MakersOnly, SignedIn, TemplateView):
    """The programmes of one's office, and the kinds that are written in code."""

    template_name = "portal/office/programmes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        rows = made_here(Programme.objects.visible_to(user), user).select_related("host")
        page = Keyset.of_request(self.request, rows, ("code", "id"))
        return super().get_context_data(
            page=page, table=ProgrammeTable(page.rows), manage=makers.may_begin(user), coded=kinds.coded(), **kwargs
        )


class ProgrammeMixin(MakersOnly, SignedIn):
    """Fetch the programme."""

    @cached_property
    def programme(self) -> Programme:
        rows = Programme.objects.select_related("host", "created_by", "activated_by", "retired_by", "changed_by")
        return fetch(rows, self.request.user, code=self.kwargs["code"])


class ProgrammeDetail(ProgrammeMixin, TemplateView):
    """One programme: what it is, what must be mended, its calls."""

    template_name = "portal/office/programme.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        programme, user = self.programme, self.request.user
        found = list(Call.objects.visible_to(user).filter(kind=programme.code)[:MOST_CALLS])
        is_draft = programme.status == Programme.Status.DRAFT
        return super().get_context_data(
            programme=programme, manage=makers.may_make(user, programme), is_draft=is_draft,
            is_locked=programmes.is_locked(programme), rules=rules_in_words(programme),
            stages=[Stage(name).label for name in programme.stages],
            problems=programmes.problems(programme) if is_draft else [],
            calls=[{"call": call, "state": state_of(call)} for call in found], **kwargs,
        )  # fmt: skip


def rules_in_words(programme: Programme) -> list[str]:
    """Return the chosen rules with their figures."""
    known, found = kinds.rules(), []
    for line in programme.eligibility:
        rule = known.get(line["rule"])
        figures = [_figure(row, line["values"].get(row.name)) for row in rule.parameters] if rule else []
        label = str(rule.label) if rule else line["rule"]
        found.append(f"{label} · {'、'.join(figures)}" if figures else label)
    return found


def _figure(parameter: kinds.Parameter, value: Any) -> str:
    if parameter.choices is not None:
        return str(dict(parameter.choices()).get(value, value))
    return f"{value} {parameter.unit}".strip()


class EditProgramme(ProgrammeMixin, ActionFormView):
    """A new programme, or a change to one that has no published call yet."""

    template_name = "portal/office/programme_form.html"
    permissions = makers.DOOR
    subject = "host"
    success_message = _("项目已保存。")

    @cached_property
    def present(self) -> Programme | None:
        return self.programme if "code" in self.kwargs else None

    @cached_property
    def host(self) -> Any:
        """Return the district it is made for; raises Denied for who may not make or change it."""
        home = self.present.host if self.present else makers.home_of(self.request.user)
        made = self.present or makers.Place(home.pk if home else None)
        makers.check_maker(self.request.user, made)
        return home

    def get_form(self, form_class: Any = None) -> Any:
        return ProgrammeForm(self.request.POST or None, instance=self.present, host=self.host)

    def action(self, form: Any) -> Any:
        values, user = form.values(), self.request.user
        if self.present is None:
            return programmes.create(values, host=self.host, by=user)
        seen = form.cleaned_data["revision"]
        present = Programme.objects.get(pk=self.present.pk)
        return programmes.change(present, values, revision=-1 if seen is None else seen, by=user)

    def form_valid(self, form: Any) -> Any:
        answer = super().form_valid(form)
        if answer.status_code == 409 and self.present:  # saving again is then made in knowledge of the other change
            revision = Programme.objects.values_list("revision", flat=True).get(pk=self.present.pk)
            form.data = {**self.request.POST.dict(), "revision": str(revision)}
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_locked = self.present is not None and programmes.is_locked(self.present)
        return super().get_context_data(present=self.present, host=self.host, is_locked=is_locked, **kwargs)

    def get_success_url(self) -> str:
        return reverse("programme-detail", args=[self.result.code])


class ProgrammeAct(MakersOnly, ActionView):
    """One verb on a programme."""

    model, lookup = Programme, "code"

    def get_success_url(self) -> str:
        return reverse("programme-detail", args=[self.result.code])


class ActivateProgramme(ProgrammeAct):
    """Put a draft to use."""

    success_message = _("项目已启用，现在可以编制批次。")

    def action(self, obj: Programme, form: Any) -> Any:
        return programmes.activate(obj, by=self.request.user)


class RetireProgramme(ProgrammeAct):
    """End a programme: no new calls."""

    success_message = _("项目已停用；正在办理的不受影响。")

    def action(self, obj: Programme, form: Any) -> Any:
        return programmes.retire(obj, by=self.request.user)
