"""The case page of an applicant: its tabs, and the verbs withdraw, appeal and write a message."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal import procedures
from portal.clock import today
from portal.forms.applying import AppealForm, MessageForm, Withdrawal
from portal.models import Appeal, CorrectionRequest, Status
from portal.permissions import Verdict
from portal.procedures import TRANSITIONS, Verb
from portal.views.base import ActionFormView, ActionView

from .common import OwnCase
from .standing import header, opinions, record
from .submitting import answer_table, may_undo, undo_until

DECIDED = (Status.PUBLICITY, Status.APPROVED, Status.REJECTED, Status.CLOSED)


class CaseTab(OwnCase):
    """What stands around every tab: the header, the tabs, the record beside them, the verbs."""

    tab = ""

    @cached_property
    def correction(self) -> CorrectionRequest | None:
        """The open correction, with its items."""
        if self.application.status != Status.RETURNED:
            return None
        return self.application.corrections.filter(answered_at=None).prefetch_related("items").first()

    @cached_property
    def items(self) -> list[Any]:
        order = {key: n for n, key in enumerate(self.paper.numbers())}
        return sorted(self.correction.items.all(), key=lambda item: order.get(item.key, 0)) if self.correction else []

    @cached_property
    def appeals(self) -> list[Appeal]:
        return list(self.application.appeals.order_by("created_at"))

    def tabs(self) -> list[dict[str, Any]]:
        """Return the tabs of the case; the correction only while it is open."""
        rows = [
            ("answers", _("全部答卷"), None),
            ("files", _("附件"), len(self.paper.documents)),
            ("opinions", _("审核意见"), len(opinions(self.application))),
            ("record", _("记录与留言"), None),
        ]
        if self.correction:
            rows.insert(0, ("correction", _("需要补正"), len(self.items)))
        return [self._tab(*row) for row in rows]

    def _tab(self, name: str, label: str, count: int | None) -> dict[str, Any]:
        url = reverse(f"application-{name}", args=[self.application.number])
        return {"label": label, "url": url, "count": count, "is_current": name == self.tab}

    def verbs(self) -> dict[str, Any]:
        """Return what may still be done with the case, each with its verdict."""
        status = Status(self.application.status)
        found: dict[str, Any] = {}
        if Verb.WITHDRAW in TRANSITIONS[status]:
            found["withdraw"] = self.may_submit
        if undo_until(self.application):
            found["undo"], found["undo_until"] = may_undo(self), undo_until(self.application)
        if status == Status.REJECTED:
            found["appeal"] = self.may_appeal()
        return found

    def may_appeal(self) -> Verdict:
        """Return whether a refusal may be appealed now by this person."""
        due_on = self.application.applicant_due_on
        if not self.may_submit:
            return self.may_submit
        if self.application.status != Status.REJECTED or due_on is None or today() > due_on:
            return Verdict(False, _("申诉期限已过。"))
        if self.appeals:
            return Verdict(False, _("本件已经申诉过一次，请等待或查看答复。"))
        return Verdict(True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = any(appeal.decided_at is None for appeal in self.appeals)
        return super().get_context_data(
            case=header(self.application, len(self.items), has_appeal=waiting),
            tabs=self.tabs(), tab=self.tab, verbs=self.verbs(), events=record(self.application),
            recognition=getattr(self.application, "recognition", None), **kwargs,
        )  # fmt: skip


class CasePage(OwnCase, TemplateView):
    """The address in every notice: leads to what matters most now."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        status = self.application.status
        if status == Status.DRAFT:
            name = "application-fill"
        elif status == Status.RETURNED:
            name = "application-correction"
        else:
            name = "application-opinions" if status in DECIDED else "application-answers"
        return redirect(name, self.application.number)


class Tab(CaseTab, TemplateView):
    """A tab that only shows."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.application.status == Status.DRAFT:
            return redirect("application-fill", self.application.number)
        return super().get(request, *args, **kwargs)


class Answers(Tab):
    """Every answer as it is now, with earlier submissions to choose from."""

    tab = "answers"
    template_name = "portal/applying/case_answers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submissions = list(self.application.submissions.select_related("by"))
        wanted = self.request.GET.get("submission", "")
        chosen = next((row for row in submissions if str(row.sequence) == wanted), None)
        table = answer_table(self.paper, chosen.answers if chosen else None)
        return super().get_context_data(table=table, submissions=submissions, chosen=chosen, **kwargs)


class Files(Tab):
    """Every file with its versions."""

    tab = "files"
    template_name = "portal/applying/case_files.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        labels = {
            row["key"]: f"{row['number']} {row['label']}" for part in answer_table(self.paper) for row in part["rows"]
        }
        series: dict[Any, list[Any]] = {}
        for file in sorted(self.paper.documents.values(), key=lambda file: -file.version):
            series.setdefault(file.series, []).append(file)
        groups = [
            {"label": labels.get(rows[0].slot, ""), "newest": rows[0], "older": rows[1:]} for rows in series.values()
        ]
        groups.sort(key=lambda group: (group["label"], group["newest"].created_at))
        return super().get_context_data(groups=groups, **kwargs)


class Opinions(Tab):
    """What officials and experts said, the decision, and the way to appeal."""

    tab = "opinions"
    template_name = "portal/applying/case_opinions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            opinions=opinions(self.application), appeals=self.appeals,
            appeal_days=procedures.limit(self.application.call, "appeal"), **kwargs,
        )  # fmt: skip


class Record(Tab):
    """What has happened, and the messages to and from the office."""

    tab = "record"
    template_name = "portal/applying/case_record.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        talk = self.application.messages.filter(is_internal=False).select_related("by")
        form = MessageForm(auto_id="message_%s")
        return super().get_context_data(talk=talk, message_form=form, **kwargs)


class WriteMessage(OwnCase, ActionView):
    """A message to the office inside the case."""

    form_class = MessageForm
    success_message = gettext_lazy("留言已发送。")

    def get_object(self) -> Any:
        return self.application

    def action(self, obj: Any, form: Any) -> Any:
        return procedures.write_message(obj, form.cleaned_data["text"], by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("application-record", args=[self.application.number]) + "#talk"


class Withdraw(OwnCase, ActionFormView):
    """Withdraw an application or give up a draft, after a page that says what that means."""

    form_class = Withdrawal
    template_name = "portal/applying/withdraw.html"
    success_message = gettext_lazy("申报已撤回。")

    def action(self, form: Any) -> Any:
        return procedures.withdraw(self.application, reason=form.cleaned_data["reason"], by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("application-record", args=[self.application.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_possible = Verb.WITHDRAW in TRANSITIONS[Status(self.application.status)]
        verdict = self.may_submit if is_possible else Verdict(False, _("办件已经结束，不能撤回。"))
        return super().get_context_data(verdict=verdict, **kwargs)


class MakeAppeal(CaseTab, ActionFormView):
    """Ask for a refusal to be looked at again."""

    form_class = AppealForm
    template_name = "portal/applying/appeal.html"
    success_message = gettext_lazy("申诉已提交，由没有参与本件的负责人处理。")

    def action(self, form: Any) -> Any:
        return procedures.appeal(self.application, form.cleaned_data["text"], by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("application-opinions", args=[self.application.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(verdict=self.may_appeal(), **kwargs)
