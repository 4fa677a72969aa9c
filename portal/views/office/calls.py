"""Calls as their makers see them: list, form with the score sheet, preview, publish, clone, difference, ranking."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from portal import calls, kinds, letters, makers, procedures, questionnaires
from portal.clock import now
from portal.errors import RuleBroken
from portal.forms.bulk import LettersForm
from portal.forms.calls import CallForm, Criteria, criteria_initial, criteria_values
from portal.models import Application, Call, Stage, Status, standing_of
from portal.pagination import Keyset
from portal.permissions import Permission, check
from portal.tables.office import CallTable, RankingTable
from portal.views.base import UNPROCESSABLE, ActionFormView, ActionView, SignedIn, fetch, once

from .access import OfficialOnly, holds

EDITORS = (Permission.MANAGE_CALLS, Permission.MANAGE_DISTRICT_CALLS, Permission.PUBLISH_CALL)
READERS = (*EDITORS, Permission.DECIDE_CASE, Permission.INVITE_EXPERTS, Permission.VIEW_AUDIT)


class MakersOnly(OfficialOnly):
    """A page for people of the city, or of a district, who make, publish or use calls."""

    permissions: tuple[Permission, ...] = READERS


def state_of(call: Call) -> str:
    """Return the word of portal.vocabulary for a call."""
    if call.published_at is None:
        return "draft"
    if call.opens_at > now():
        return "planned"
    return "open" if call.closes_at > now() else "ended"


def made_here(rows: Any, user: Any) -> Any:
    """Limit programmes, calls or questionnaires to those of the person's office: the city sees all of them."""
    standing = standing_of(user)
    return rows if standing.is_city else rows.filter(host__in=standing.districts)


class CallList(MakersOnly, SignedIn, TemplateView):
    """The calls of one's office with how many applications each has."""

    template_name = "portal/office/calls.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        handed_in = ~Q(applications__status=Status.DRAFT)
        rows = made_here(Call.objects.visible_to(self.request.user), self.request.user).annotate(
            handed_in=Count("applications", filter=handed_in),
            recognised=Count("applications", filter=Q(applications__status__in=[Status.APPROVED, Status.CLOSED])),
        )
        page = Keyset.of_request(self.request, rows, ("-opens_at", "-id"))
        for call in page.rows:
            call.state = state_of(call)
        manage = makers.may_begin(self.request.user)
        return super().get_context_data(page=page, table=CallTable(page.rows), manage=manage, **kwargs)


class CallMixin(MakersOnly, SignedIn):
    """Fetch the call."""

    @cached_property
    def call(self) -> Call:
        rows = Call.objects.select_related("questionnaire", "district", "published_by", "created_by")
        return fetch(rows, self.request.user, number=self.kwargs["number"])


class CallPreview(CallMixin, TemplateView):
    """One call as it is, what still must be mended, and what can be done."""

    template_name = "portal/office/call.html"

    def verdicts(self) -> dict[str, Any]:
        """Return what the person may do with the call."""
        user = self.request.user
        return {"manage": makers.may_make(user, self.call), "publish": makers.may_publish(user, self.call)}

    def may_rank(self) -> bool:
        return any(holds(self.request.user, wanted) for wanted in Ranking.permissions)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.call
        is_draft = call.published_at is None
        return super().get_context_data(
            call=call,
            state=state_of(call),
            kind_title=kinds.title_of(call.kind),
            stages=[Stage(stage).label for stage in call.stages],
            limits=[(label, procedures.limit(call, name)) for name, label in _limit_labels(call)],
            criteria=[{"label": questionnaires.text(row["label"]), **_both(row)} for row in call.criteria],
            problems=calls.problems(call) if is_draft else [],
            is_draft=is_draft,
            before=calls.before(call),
            **self.verdicts(),
            **kwargs,
        )


def _limit_labels(call: Call) -> list[tuple[str, Any]]:
    stages = [(stage, Stage(stage).label) for stage in call.stages]
    return [*stages, ("correction", _("企业补正")), ("appeal", _("申诉答复"))]


def _both(row: dict[str, Any]) -> dict[str, Any]:
    return {"zh": row["label"].get("zh", ""), "en": row["label"].get("en", ""), "max": row["max"]}


class CallEdit(CallMixin, View):
    """Create a call or change a draft; "add rows" sends the form back with more lines of the score sheet."""

    http_method_names = ["get", "head", "options", "post"]
    permissions = makers.DOOR

    @cached_property
    def present(self) -> Call | None:
        return self.call if "number" in self.kwargs else None

    @cached_property
    def host(self) -> Any:
        """Return the district the call is made for; raises Denied for who may not make or change it."""
        user: Any = self.request.user
        home = self.present.host if self.present else makers.home_of(user)
        makers.check_maker(user, self.present or makers.Place(home.pk if home else None))
        return home

    def form(self, data: Any = None) -> CallForm:
        initial = {} if self.present else {"kind": self.request.GET.get("kind", "")}
        return CallForm(data, instance=self.present, host=self.host, initial=initial)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = self.form()
        return self.show(form, Criteria(initial=criteria_initial(self.present), prefix="criteria"))

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        form, criteria = self.form(request.POST), Criteria(request.POST, prefix="criteria")
        if "add_rows" in request.POST:
            return self.show(self.form(_with_more(request.POST)), _more(request.POST))
        if not (form.is_valid() and criteria.is_valid()):
            return self.show(form, criteria, UNPROCESSABLE)
        try:
            return once(request, lambda: self.save(form, form.values(criteria_values(criteria.cleaned_data))))
        except RuleBroken as broken:
            return self.show(self.refused(form, broken), criteria, 409)

    def refused(self, form: CallForm, broken: RuleBroken) -> CallForm:
        """Return the form with the sentence; saving it again is a decision made in knowledge of the other change."""
        if self.present:
            form.data = {**self.request.POST.dict(), "revision": str(Call.objects.get(pk=self.present.pk).revision)}
        form.add_error(None, str(broken.sentence))
        return form

    def save(self, form: CallForm, values: dict[str, Any]) -> tuple[str, Any]:
        user: Any = self.request.user
        call = Call.objects.get(pk=self.present.pk) if self.present else None
        seen = form.cleaned_data["revision"]
        saved = calls.change(call, values, revision=seen, by=user) if call else calls.create(values, by=user)
        return reverse("call-editor-detail", args=[saved.number]), _("草稿已保存。")

    def show(self, form: CallForm, criteria: Any, status: int = 200) -> HttpResponse:
        context = {"form": form, "criteria": criteria, "call": self.present, "is_locked": self.is_locked()}
        return render(self.request, "portal/office/call_form.html", context, status=status)

    def is_locked(self) -> bool:
        return self.present is not None and self.present.published_at is not None


def _with_more(posted: Any) -> Any:
    data = posted.copy()
    total = data.get("criteria-TOTAL_FORMS", "0")
    data["criteria-TOTAL_FORMS"] = str(min(20, (int(total) if total.isdecimal() else 0) + 3))
    return data


def _more(posted: Any) -> Any:
    return Criteria(_with_more(posted), prefix="criteria")


class CallLetters(CallMixin, ActionFormView):
    """How the decisions of a call go out, with the texts of its letters."""

    template_name = "portal/office/call_letters.html"
    permissions = (Permission.MANAGE_CALLS,)
    form_class = LettersForm
    subject = "call"
    success_message = gettext_lazy("决定方式和决定书文字已保存。")

    def get_form_kwargs(self) -> dict[str, Any]:
        check(self.request.user, Permission.MANAGE_CALLS)
        return {**super().get_form_kwargs(), "call": self.call}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places = [(f"{{{name}}}", label) for name, label in letters.PLACES.items()]
        return super().get_context_data(call=self.call, places=places, is_settled=calls.is_settled(self.call), **kwargs)

    def action(self, form: Any) -> Any:
        return calls.change_outcome(self.call, **form.values(), by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("call-editor-detail", args=[self.call.number])


class CallAct(MakersOnly, ActionView):
    """One verb on a call."""

    model = Call.objects.all()

    def get_success_url(self) -> str:
        return reverse("call-editor-detail", args=[self.result.number])


class PublishCall(CallAct):
    """Publish a draft."""

    success_message = gettext_lazy("批次已发布。到开始日企业就可以申报。")

    def action(self, obj: Call, form: Any) -> Any:
        return calls.publish(obj, by=self.request.user)


class CloneCall(CallAct):
    """Make next year's draft."""

    success_message = gettext_lazy("已复制为新的草稿，请检查日期和文字。")

    def action(self, obj: Call, form: Any) -> Any:
        return calls.clone(obj, by=self.request.user)


class CallDifference(CallMixin, TemplateView):
    """What is different from the call of the same kind before it."""

    template_name = "portal/office/call_difference.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before = calls.before(self.call)
        changes = calls.differences(before, self.call) if before else []
        return super().get_context_data(call=self.call, before=before, changes=changes, **kwargs)


class Ranking(CallMixin, TemplateView):
    """The scored applications of a call from the best down, with the line of the quota."""

    template_name = "portal/office/ranking.html"
    permissions = (Permission.DECIDE_CASE, Permission.INVITE_EXPERTS, Permission.VIEW_AUDIT)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.call
        rows = Application.objects.visible_to(self.request.user).filter(call=call, score__isnull=False)
        rows = rows.exclude(status__in=[Status.DRAFT, Status.WITHDRAWN]).exclude(stage=Stage.SCORE)
        ranked = list(rows.select_related("organisation", "office_district").order_by(F("score").desc(), "id")[:500])
        for place, row in enumerate(ranked, start=1):
            row.place = place  # type: ignore[attr-defined]
            row.is_last_place = call.quota == place  # type: ignore[attr-defined]
        given = Application.objects.filter(call=call, status__in=[Status.PUBLICITY, Status.APPROVED, Status.CLOSED])
        used = given.exclude(decided_at=None).count()
        return super().get_context_data(call=call, table=RankingTable(ranked), used=used, **kwargs)
