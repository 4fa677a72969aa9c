"""The desk that helps: requests that wait, one request, and what official and expert do with it."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from portal.models import standing_of
from portal.pagination import Keyset, capped_counts
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView, ActionView, SignedIn, fetch
from services.protection.disputes import aid
from services.protection.forms import disputes as forms
from services.protection.models import DisputeAid, is_helping
from services.protection.tables.disputes import AidTable

from . import shown
from .access import CLAUSES

ORDER = ("asked_at", "id")
TABS: dict[str, Any] = {
    "": gettext_lazy("等待受理和办理"),
    "mine": gettext_lazy("我办理的"),
    "closed": gettext_lazy("我办结的"),
}
NARROWED = 60  # characters of a search among experts


def requests_of(user: Any) -> Any:
    """Return the requests a helper may know of; 404 for people who never help."""
    if not is_helping(user) and not standing_of(user).is_expert:
        raise Http404
    rows = DisputeAid.objects.visible_to(user)
    if not is_helping(user):  # an expert may also be a member of an enterprise, with requests of its own
        rows = rows.filter(expert=user)
    return rows.select_related("dispute__organisation", "dispute__country", "officer", "expert")


class AidQueue(SignedIn, TemplateView):
    """Who waits longest stands first."""

    clause = CLAUSES
    template_name = "protection/disputes/aids.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows, user = requests_of(self.request.user), self.request.user
        parts = {"": rows.open(), "mine": rows.open().filter(officer=user)}
        parts["closed"] = rows.filter(officer=user, closed_at__isnull=False)
        name = self.request.GET.get("tab", "") if self.request.GET.get("tab", "") in parts else ""
        counts = capped_counts({**parts, "waiting": rows.open().filter(officer=None)})
        page = Keyset.of_request(self.request, parts[name], ORDER, known_count=counts[name])
        table: Any = AidTable(page.rows)
        table.keyset, table.empty = page, _empty()
        tabs = [
            {"label": label, "url": f"?tab={key}" if key else "?", "count": counts[key], "is_current": key == name}
            for key, label in TABS.items()
        ]
        is_desk = is_helping(user)
        heading = _heading(counts["waiting"] if is_desk else counts[""], is_desk=is_desk)
        return super().get_context_data(table=table, tabs=tabs if is_desk else [], heading=heading, **kwargs)


def _heading(count: int, *, is_desk: bool) -> str:
    if not is_desk:
        words = ngettext("有 %(count)s 件海外纠纷请您提供意见", "有 %(count)s 件海外纠纷请您提供意见", count)
        return words % {"count": count} if count else _("没有请您提供意见的海外纠纷")
    if not count:
        return _("没有等待受理的海外纠纷援助申请")
    words = ngettext("有 %(count)s 个海外纠纷援助申请等待受理", "有 %(count)s 个海外纠纷援助申请等待受理", count)
    return words % {"count": count}


def _empty() -> dict[str, Any]:
    return {
        "title": _("这里没有援助申请"),
        "text": _("企业主动申请援助的海外纠纷会列在这里；没有申请的，任何工作人员都看不到。"),
    }


class Aid(SignedIn, TemplateView):
    """One request: what was asked; the file once it is taken, or for the expert once declared."""

    clause = CLAUSES
    template_name = "protection/disputes/aid.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = fetch_aid(self.request.user, self.kwargs["number"])
        return super().get_context_data(**aid_page(found, self.request), **kwargs)


def fetch_aid(user: Any, number: str) -> DisputeAid:
    """Return a request for those who help, or 404."""
    found: DisputeAid = fetch(requests_of(user), user, number=number)
    return found


def aid_page(found: DisputeAid, request: Any, bound: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the page of a request shows to this helper."""
    user = request.user
    is_mine = found.officer_id == user.pk and is_helping(user)
    is_expert = found.expert_id == user.pk and not is_mine
    is_read = DisputeAid.objects.opened_to(user).filter(pk=found.pk).exists()
    file = {**shown.file_of(found.dispute, user), "items": shown.checklist(found.dispute, with_papers=False)}
    return {
        **(file if is_read else {"dispute": found.dispute}),
        "aid": found,
        "is_read": is_read,
        "is_mine": is_mine and found.is_open,
        "is_expert": is_expert,
        "may_take": can(user, Permission.HELP_ABROAD) if not is_expert else None,
        "is_free": found.is_open and (found.officer_id is None or aid.is_orphaned(found)) and not is_expert,
        "steps": shown.aid_steps(found),
        "wanted": request.GET.get("expert", "")[:NARROWED],
        "forms": forms_of(found, request, is_mine=is_mine and found.is_open) | (bound or {}),
    }


def forms_of(found: DisputeAid, request: Any, *, is_mine: bool) -> dict[str, Any]:
    """Return the forms of the page; experts are looked up only for whom may choose one."""
    experts = aid.candidates(found, request.GET.get("expert", "")[:NARROWED].strip()) if is_mine else []
    return {
        "take": forms.TakeForm(auto_id=shown.ID % "take"),
        "match": forms.MatchForm(experts=experts, auto_id=shown.ID % "match"),
        "answer": forms.AnswerForm(initial={"text": found.answer}, auto_id=shown.ID % "answer"),
        "declare": forms.DeclareForm(auto_id=shown.ID % "declare"),
        "opinion": forms.OpinionForm(initial={"text": found.opinion}, auto_id=shown.ID % "opinion"),
    }


class AidVerb(ActionFormView):
    """A verb of the desk with a form; it comes back on the page of the request."""

    clause = CLAUSES
    template_name = "protection/disputes/aid.html"
    subject = "found"
    is_official = True
    name = ""

    @cached_property
    def found(self) -> DisputeAid:
        row = fetch_aid(self.request.user, self.kwargs["number"])
        if self.is_official:
            check(self.request.user, Permission.HELP_ABROAD)
        return row

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "auto_id": shown.ID % self.name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or self.get_form()
        page = aid_page(self.found, self.request, {self.name: form})
        return super().get_context_data(form=form, bound=form if form.is_bound else None, **page, **kwargs)

    def get_success_url(self) -> str:
        return reverse("dispute-aid", args=[self.kwargs["number"]])


class TakeAid(AidVerb):
    """Taken on."""

    name, form_class = "take", forms.TakeForm
    success_message = gettext_lazy("已受理，现在可以看到案情。企业已收到通知。")

    def action(self, form: Any) -> Any:
        return aid.take(self.found, by=self.request.user, **form.cleaned_data)


class MatchExpert(AidVerb):
    """An expert is asked."""

    name, form_class = "match", forms.MatchForm
    success_message = gettext_lazy("已邀请，专家声明无利益关系后才能看到案情。")

    def get_form_kwargs(self) -> dict[str, Any]:
        text = self.request.GET.get("expert", "")[:NARROWED].strip()
        return {**super().get_form_kwargs(), "experts": aid.candidates(self.found, text)}

    def action(self, form: Any) -> Any:
        return aid.match(self.found, expert=form.cleaned_data["expert"], by=self.request.user)


class AnswerAid(AidVerb):
    """An answer."""

    name, form_class = "answer", forms.AnswerForm
    success_message = gettext_lazy("已答复，企业的指定人员会收到通知。")

    def action(self, form: Any) -> Any:
        return aid.answer(self.found, text=form.cleaned_data["text"], by=self.request.user)


class DeclareInterest(AidVerb):
    """An expert's declaration."""

    name, form_class, is_official = "declare", forms.DeclareForm, False

    def action(self, form: Any) -> Any:
        return aid.declare(self.found, by=self.request.user, **form.cleaned_data)

    def get_success_message(self) -> Any:
        return _("已声明，现在可以看到案情。") if self.result.declared_at else _("已回避，经办会另请专家。")

    def get_success_url(self) -> str:
        return super().get_success_url() if self.result.declared_at else reverse("dispute-aid-list")


class GiveOpinion(AidVerb):
    """An expert's opinion."""

    name, form_class, is_official = "opinion", forms.OpinionForm, False
    success_message = gettext_lazy("已提交，经办会收到通知。")

    def action(self, form: Any) -> Any:
        return aid.advise(self.found, text=form.cleaned_data["text"], by=self.request.user)


class PlainVerb(ActionView):
    """A verb of the desk without a form."""

    clause = CLAUSES

    def get_object(self) -> DisputeAid:
        row = fetch_aid(self.request.user, self.kwargs["number"])
        check(self.request.user, Permission.HELP_ABROAD)
        return row


class ReleaseAid(PlainVerb):
    """Given back to the desk."""

    success_message = gettext_lazy("已退回，由其他经办受理。")

    def action(self, obj: DisputeAid, form: Any) -> Any:
        return aid.release(obj, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("dispute-aid-list")


class CloseAid(PlainVerb):
    """Closed."""

    success_message = gettext_lazy("已办结。专家从现在起看不到案情。")

    def action(self, obj: DisputeAid, form: Any) -> Any:
        return aid.close(obj, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("dispute-aid", args=[self.kwargs["number"]])
