"""One decision before it is in force: preview of the letter, countersignature, change, undo."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal import bulk, documents, letters
from portal.forms.bulk import SealForm
from portal.forms.office import RulingForm
from portal.models import Application, HeldDecision
from portal.permissions import Permission, Verdict, can, check
from portal.procedures import holding, require_gate
from portal.views.files import as_download

from . import panel
from .case import CaseAct, CaseMixin


def shown_letters(application: Application, ruling: letters.Ruling) -> list[dict[str, Any]]:
    """Return the letter in both languages with the name of the language."""
    names = dict(settings.LANGUAGES)
    return [
        {"language": language, "name": names[language], "d": data}
        for language, data in letters.in_both(application, ruling)
    ]


def as_pdf(application: Application, ruling: letters.Ruling, language: str) -> HttpResponseBase:
    """Return the letter as the PDF that would go out; 404 for a language that is none."""
    if language not in letters.LANGUAGES:
        raise Http404
    with translation.override(language):
        content = documents.render("letter", letters.letter(application, ruling), made_at=ruling.at)
    return as_download(BytesIO(content), f"preview-{application.number}-{language}.pdf", "application/pdf")


class Preview(CaseAct):
    """The letter of a decision one is about to make. Nothing is kept; with `pdf` a language comes as PDF."""

    def get_form(self, form_class: Any = None) -> Any:
        check(self.request.user, Permission.DECIDE_CASE, self.application)
        return panel.decision_form(self.request.POST)

    def form_valid(self, form: Any) -> HttpResponse:
        application = self.application
        ruling = holding.foreseen(application, is_approved=form.is_yes, reason=form.words)
        wanted = self.request.POST.get("pdf", "")
        if wanted:
            return as_pdf(application, ruling, wanted)  # type: ignore[return-value]
        context = {"application": application, "form": form, "letters": shown_letters(application, ruling)}
        return render(self.request, "portal/office/letter_preview.html", context)


class HeldMixin(CaseMixin):
    """Fetch the held decision of the case; whoever does not decide cases finds none."""

    @cached_property
    def decision(self) -> HeldDecision:
        rows = HeldDecision.objects.visible_to(self.request.user).held()
        rows = rows.select_related("by", "countersigned_by", "item__bulk__release_by")
        found = rows.filter(application=self.application).first()
        if found is None:
            raise Http404
        require_gate(self.request.user, self.application)
        found.application = self.application
        return found

    def page(self, failed: Any = None, status: int = 200) -> HttpResponse:
        """Return the page of the decision; `failed` is a form that came back, shown with what was typed."""
        decision, application = self.decision, self.application
        ruling = holding.foreseen(application, is_approved=decision.is_approved, reason=decision.reason)
        context = self.context(decision, ruling) | {"failed": failed}
        if isinstance(failed, RulingForm):
            context["form"] = failed
        return render(self.request, "portal/office/held.html", context, status=status)

    def context(self, decision: HeldDecision, ruling: letters.Ruling) -> dict[str, Any]:
        user: Any = self.request.user
        is_own = decision.by_id == user.pk
        initial = {"ruling": "yes" if decision.is_approved else "no", "reason": decision.reason}
        return {
            "application": self.application,
            "decision": decision,
            "letters": shown_letters(self.application, ruling),
            "bulk": getattr(decision, "item", None) and decision.item.bulk,
            "stale": holding.why_stale(decision, self.application),
            "void": holding.why_void(decision),
            "is_own": is_own,
            "seal_form": SealForm(initial={"seal": holding.seal(decision)}),
            "verdict": self.may_countersign(user, decision),
            "form": panel.decision_form(initial=initial) if is_own else None,
        }

    def may_countersign(self, user: Any, decision: HeldDecision) -> Verdict:
        if decision.by_id == user.pk:
            return Verdict(False, _("复核须由作出决定以外的人完成。"))
        return can(user, Permission.DECIDE_CASE, self.application)


class Held(HeldMixin, View):
    """The decision, its letters, and what can be done with it."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        decision, application = self.decision, self.application
        if not request.GET.get("pdf"):
            return self.page()
        ruling = holding.foreseen(application, is_approved=decision.is_approved, reason=decision.reason)
        return as_pdf(application, ruling, request.GET["pdf"])


class HeldAct(HeldMixin, CaseAct):
    """One verb on the held decision."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.decision  # noqa: B018 - fetches and authorises
        return super().post(request, *args, **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return self.page(context.get("form"), kwargs.get("status", 200))


class Countersign(HeldAct):
    """Confirm somebody else's decision."""

    form_class = SealForm
    success_message = gettext_lazy("已复核。没有统一发布的，决定从现在起生效。")

    def action(self, form: Any) -> Any:
        return holding.countersign(self.decision, seen=form.cleaned_data["seal"], by=self.request.user)


class Revise(HeldAct):
    """Change one's own decision."""

    success_message = gettext_lazy("决定已修改；此前的复核失效。")

    def get_form(self, form_class: Any = None) -> RulingForm:
        return panel.decision_form(self.request.POST)

    def action(self, form: Any) -> Any:
        return holding.revise(self.decision, is_approved=form.is_yes, reason=form.words, by=self.request.user)

    def get_success_url(self) -> str:
        return f"/cases/{self.application.number}/held/"


class Undo(HeldAct):
    """Take one's own decision back."""

    form_class = SealForm
    success_message = gettext_lazy("决定已撤销，可以重新决定。")

    def action(self, form: Any) -> Any:
        return bulk.undo_one(self.decision, by=self.request.user)
