"""What a reader does with a dispute: one view per verb. A wrong answer comes back on the page with what was typed."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Deadline
from portal.permissions import Permission, check
from portal.views.base import ActionView
from services.protection.disputes import aid, dates, evidence, keeping, people
from services.protection.forms import disputes as forms
from services.protection.models import OverseasDispute

from . import shown
from .access import CLAUSES, DisputeForm, fetch_dispute, members_of


class OnPage(DisputeForm):
    """A verb whose form stands on the page of the dispute."""

    template_name = "protection/disputes/detail.html"
    name = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "auto_id": shown.ID % self.name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or self.get_form()
        page = shown.page_of(self.dispute, self.request.user, {self.name: form})
        return super().get_context_data(form=form, bound=form if form.is_bound else None, **page, **kwargs)


class AddEvent(OnPage):
    """Something happened."""

    name, form_class = "event", forms.EventForm
    success_message = gettext_lazy("已登记。由这一事项起算的期限已列出。")

    def action(self, form: Any) -> Any:
        return keeping.add_event(self.dispute, by=self.request.user, **form.cleaned_data)


class StateDate(OnPage):
    """A day that a paper states."""

    name, form_class = "state", forms.StateForm
    success_message = gettext_lazy("已登记，会按时提醒。")

    def action(self, form: Any) -> Any:
        return dates.state(self.dispute, by=self.request.user, **form.cleaned_data)


class AskHelp(OnPage):
    """A request to the city."""

    name, form_class = "ask", forms.AskForm
    success_message = gettext_lazy("已发给市级海外纠纷援助经办，受理和答复都会通知您。")

    def action(self, form: Any) -> Any:
        return aid.ask(self.dispute, text=form.cleaned_data["text"], by=self.request.user)


class SetReaders(OnPage):
    """Who may know."""

    name, form_class = "readers", forms.ReadersForm
    success_message = gettext_lazy("已更改。期限和文件的可见范围已同步。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "members": members_of(self.dispute.organisation)}

    def action(self, form: Any) -> Any:
        given = form.cleaned_data
        readers = [int(pk) for pk in given["readers"]]
        return people.set_readers(
            self.dispute, readers=readers, responsible=int(given["responsible"]), by=self.request.user
        )


class EndDispute(OnPage):
    """It is over."""

    name, form_class = "end", forms.EndForm
    success_message = gettext_lazy("已结束，未办的期限不再提醒。")

    def action(self, form: Any) -> Any:
        return keeping.end(self.dispute, by=self.request.user, **form.cleaned_data)


class SaveEvidence(DisputeForm):
    """One item of the checklist."""

    form_class = forms.EvidenceForm
    success_message = gettext_lazy("已保存。")
    submit = gettext_lazy("保存")

    @cached_property
    def item(self) -> evidence.Item:
        found = [one for one in evidence.wanted(self.dispute) if one.code == self.kwargs["code"]]
        if not found:
            raise Http404
        return found[0]

    subject = "item"

    def action(self, form: Any) -> Any:
        given = form.cleaned_data
        return evidence.save(
            self.dispute, code=self.item.code, is_there=given["is_there"], note=given["note"], uploaded=given["file"],
            by=self.request.user,
        )  # fmt: skip

    def get_initial(self) -> dict[str, Any]:
        row = self.dispute.evidence.filter(code=self.item.code).first()
        return {"is_there": row.is_there, "note": row.note} if row else {}

    def get_success_url(self) -> str:
        return f"{super().get_success_url()}#evidence-h"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.item.label, **kwargs)


class DateForm(DisputeForm):
    """A page with one form about one date of a dispute."""

    subject = "row"

    @cached_property
    def row(self) -> Deadline:
        found: Deadline = get_object_or_404(
            dates.of_dispute(self.dispute).select_related("overridden_by"), number=self.kwargs["date"]
        )
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = shown.dated(self.row)
        return super().get_context_data(one=one, lede=one["words"], **kwargs)


class ConfirmDate(DateForm):
    """The computed day, or another, holds."""

    form_class = forms.ConfirmForm
    title, submit = gettext_lazy("核对期限"), gettext_lazy("以这一天为准")
    success_message = gettext_lazy("已确认，会按时提醒；推算的日期保留在旁边。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "deadline": self.row}

    def action(self, form: Any) -> Any:
        return dates.confirm(self.row, by=self.request.user, **form.cleaned_data)


class KeepDate(DateForm):
    """Done."""

    form_class = forms.KeptForm
    title, submit = gettext_lazy("办结期限"), gettext_lazy("确认办结")
    success_message = gettext_lazy("已办结。")

    def action(self, form: Any) -> Any:
        return dates.meet(self.row, by=self.request.user, **form.cleaned_data)


class SetDateAside(DateForm):
    """Not needed."""

    form_class = forms.SetAsideForm
    title, submit = gettext_lazy("不需要办理"), gettext_lazy("确认不办理")
    stops = True
    success_message = gettext_lazy("已取消这个期限。")

    def action(self, form: Any) -> Any:
        return dates.set_aside(self.row, by=self.request.user, **form.cleaned_data)


class Verb(ActionView):
    """A verb without a form."""

    clause = CLAUSES

    def get_object(self) -> OverseasDispute:
        row = fetch_dispute(self.request.user, self.kwargs["number"])
        check(self.request.user, Permission.KEEP_DISPUTE, row)
        return row

    def get_success_url(self) -> str:
        return reverse("dispute", args=[self.object.number])


class RemoveEvent(Verb):
    """Entered by mistake."""

    def action(self, obj: OverseasDispute, form: Any) -> Any:
        event = get_object_or_404(obj.events.select_related("dispute"), number=self.kwargs["event"])
        return keeping.remove_event(event, by=self.request.user)

    def get_success_message(self) -> Any:
        return _("已删除，由它起算的期限一并取消。")


class ReopenDispute(Verb):
    """Taken up again."""

    success_message = gettext_lazy("已重新打开，期限重新推算。")

    def action(self, obj: OverseasDispute, form: Any) -> Any:
        return keeping.reopen(obj, by=self.request.user)


class WithdrawHelp(Verb):
    """The request is taken back."""

    success_message = gettext_lazy("已撤回。经办和专家从现在起看不到这件纠纷。")

    def action(self, obj: OverseasDispute, form: Any) -> Any:
        return aid.withdraw(obj, by=self.request.user)
