"""The verbs of an official on one case, one POST-only view each."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal import procedures, questionnaires
from portal.forms import office as forms
from portal.forms.office import DeclareForm, JudgeForm, MessageForm, ReturnForm
from portal.models import DECIDING, CorrectionItem, District, Stage, User
from portal.permissions import Permission, check
from portal.workbench import reasons

from . import panel
from .case import CaseAct
from .reason_templates import inserted


class Declare(CaseAct):
    """Say whether one has an interest, before any content."""

    form_class = DeclareForm
    needs_gate = False
    success_message = _("声明已记录。")

    def action(self, form: Any) -> Any:
        data = form.cleaned_data
        return procedures.declare(
            self.application, has_conflict=data["has_conflict"] == "yes", note=data["note"], by=self.request.user
        )


class Take(CaseAct):
    """Begin the review."""

    form_class = Form
    success_message = _("已开始审核。企业的十分钟撤销期到此为止。")

    def action(self, form: Any) -> Any:
        return procedures.take(self.application, by=self.request.user)


class Assign(CaseAct):
    """Give the case to a colleague."""

    form_class = forms.AssignForm
    needs_gate = False
    success_message = _("已分派。")

    def get_form_kwargs(self) -> dict[str, Any]:
        officers = panel.officers_of({self.application.office_district_id})
        return {**super().get_form_kwargs(), "officers": officers}

    def action(self, form: Any) -> Any:
        data = form.cleaned_data
        return procedures.assign(self.application, data["officer"], reason=data["why"], by=self.request.user)


class Move(CaseAct):
    """Give the case to another district."""

    form_class = forms.MoveForm
    needs_gate = False
    success_message = _("已转办。新受理区、原经办人和企业都已收到通知。")

    def get_form_kwargs(self) -> dict[str, Any]:
        here = self.application.office_district_id
        return {**super().get_form_kwargs(), "districts": District.objects.exclude(pk=here)}

    def action(self, form: Any) -> Any:
        data = form.cleaned_data
        return procedures.hand_to_district(
            self.application, district=data["district"], reason=data["why_move"], by=self.request.user
        )

    def get_success_url(self) -> str:
        return reverse("case-list")


class Opinion(CaseAct):
    """Verify or sign the recommendation, with the form of that stage."""

    stage: Stage

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if "insert" not in request.POST or self.application.stage not in self.stages or not self.gate:
            return super().post(request, *args, **kwargs)
        typed = inserted(request, self.application, panel.OPINION_USES, select="template", field="reason")
        return self.show(panel.opinion_form(self.application, self.facts(), initial=typed))

    @property
    def stages(self) -> tuple[Stage, ...]:
        return (self.stage,)

    def get_form(self, form_class: Any = None) -> Any:
        application = self.application
        if application.stage not in self.stages:  # somebody was quicker: the action says who did what when
            return forms.RulingForm(self.request.POST, yes=_("同意"), no=_("不同意"))
        return panel.opinion_form(application, self.facts(), self.request.POST)

    def action(self, form: Any) -> Any:
        return procedures.record_review(
            self.application, stage=self.stage, is_pass=form.is_yes, reason=form.words, by=self.request.user
        )


class Verify(Opinion):
    stage = Stage.VERIFY
    success_message = _("核验意见已提交，由区负责人签发推荐意见。")


class Recommend(Opinion):
    stage = Stage.RECOMMEND
    success_message = _("推荐意见已签发。")


class Decide(Opinion):
    """The decision: the city's, or the district's in a programme of its own."""

    stages = DECIDING
    success_message = _("决定已作出，企业和所在区已收到通知。")

    def action(self, form: Any) -> Any:
        return procedures.decide(self.application, is_approved=form.is_yes, reason=form.words, by=self.request.user)


class Judge(CaseAct):
    """Say whether one corrected question is solved."""

    form_class = JudgeForm
    success_message = _("判断已记录。")

    @cached_property
    def item(self) -> CorrectionItem:
        return get_object_or_404(
            CorrectionItem.objects.select_related("request__application"),
            request__application=self.application,
            request__sequence=self.kwargs["sequence"],
            key=self.kwargs["key"],
        )

    def action(self, form: Any) -> Any:
        return procedures.judge_correction(self.item, form.cleaned_data["verdict"], by=self.request.user)


class Seen(CaseAct):
    """Remember what one has looked at, so that the next difference starts here."""

    form_class = Form
    success_message = _("已记下。下次只显示此后的变化。")

    def action(self, form: Any) -> Any:
        procedures.mark_seen(self.application, by=self.request.user)


class WriteMessage(CaseAct):
    """Write to the enterprise, or to the colleagues only."""

    form_class = MessageForm
    success_message = _("留言已发出。")

    def get_form_kwargs(self) -> dict[str, Any]:
        people = procedures.colleagues(self.application, besides=self.request.user)
        return {**super().get_form_kwargs(), "colleagues": people}

    def action(self, form: Any) -> Any:
        data = form.cleaned_data
        return procedures.write_message(
            self.application,
            data["text"],
            is_internal=data["audience"] == "internal",
            mentions=data["mentions"],
            by=self.request.user,
        )

    def form_invalid(self, form: Any) -> Any:
        self.kwargs |= {"message_form": form, "part": "messages"}  # its summary stands over the form itself
        return self.show(None, 422)

    def get_success_url(self) -> str:
        return f"{super().get_success_url()}?part=messages"


class InviteExperts(CaseAct):
    """Seat experts chosen by name."""

    form_class = forms.InviteForm
    success_message = _("已邀请，专家会收到通知。")

    def get_form_kwargs(self) -> dict[str, Any]:
        check(self.request.user, Permission.INVITE_EXPERTS, self.application)
        return {**super().get_form_kwargs(), "experts": procedures.candidates(self.application)}

    def action(self, form: Any) -> Any:
        return procedures.invite_experts(self.application, form.cleaned_data["experts"], by=self.request.user)


class DrawExperts(CaseAct):
    """Draw the missing experts by lot."""

    form_class = Form
    success_message = _("已随机抽取，专家会收到通知。")

    def action(self, form: Any) -> Any:
        return procedures.draw_experts(self.application, by=self.request.user)


class DecideObjection(CaseAct):
    """Uphold or dismiss an objection."""

    success_message = _("异议已处理。")

    def get_form(self, form_class: Any = None) -> Any:
        return panel.ruling_form("objection", self.kwargs["objection"], self.request.POST)

    def action(self, form: Any) -> Any:
        objection = get_object_or_404(self.application.objections, number=self.kwargs["objection"])
        return procedures.decide_objection(objection, is_upheld=form.is_yes, reason=form.words, by=self.request.user)


class DecideAppeal(CaseAct):
    """Uphold or dismiss an appeal."""

    success_message = _("申诉已答复。")

    def get_form(self, form_class: Any = None) -> Any:
        return panel.ruling_form("appeal", self.kwargs["appeal"], self.request.POST)

    def action(self, form: Any) -> Any:
        appeal = get_object_or_404(self.application.appeals, number=self.kwargs["appeal"])
        return procedures.decide_appeal(appeal, is_upheld=form.is_yes, reason=form.words, by=self.request.user)


class Return(CaseAct):
    """Mark single questions to be corrected: a page of its own, with every question."""

    http_method_names = ["get", "head", "options", "post"]
    success_message = _("已请企业补正，审核时限从现在起暂停。")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        procedures.require_gate(request.user, self.application)
        check(request.user, Permission.HANDLE_CASE, self.application)
        return self.show_marks(ReturnForm(application=self.application), 200)

    def get_form(self, form_class: Any = None) -> Any:
        check(self.request.user, Permission.HANDLE_CASE, self.application)
        return ReturnForm(self.request.POST, application=self.application)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        return self.show_marks(context["form"], kwargs.get("status", 200))

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        key = request.POST.get("insert", "")
        question = questionnaires.find(self.application.call.questionnaire.body, key) if self.gate and key else None
        if question is None:
            return super().post(request, *args, **kwargs)
        check(request.user, Permission.HANDLE_CASE, self.application)
        typed = inserted(
            request, self.application, ("correction",),
            select=f"template_{key}", field=f"note_{key}", question=questionnaires.text(question["label"]),
        )  # fmt: skip
        return self.show_marks(ReturnForm(initial={**typed, f"mark_{key}": True}, application=self.application), 200)

    def show_marks(self, form: ReturnForm, status: int) -> Any:
        """Return the page with every question, what was answered, and the three fields of a mark."""
        application = self.application
        user: User = self.request.user
        context = {
            "application": application,
            "form": form,
            "sections": panel.markable(application, form, self.facts()),
            "verdict": panel.correction_verdict(application, user),
            "used": application.corrections.count(),
            "allowed": application.call.corrections_allowed,
            "limit": procedures.limit(application.call, "correction"),
            "templates": list(reasons.offered(user, ("correction",))),
        }
        return render(self.request, "portal/office/case_return.html", context, status=status)

    def action(self, form: Any) -> Any:
        return procedures.return_for_correction(self.application, form.marks(), by=self.request.user)
