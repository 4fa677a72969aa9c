"""A notice received: entered on its right, it opens the dates that run from it."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from patents import papers
from patents.dates import codes, notices, stating, types
from patents.forms.dates import ApprovalForm, FeeForm, NoticeForm
from patents.models import OfficialNotice, Right
from portal.models import Deadline
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView, SignedIn, fetch


class RecordNotice(ActionFormView):
    """Type, issue date, delivery: the rest follows."""

    clause = "4"
    template_name = "patents/dates/notice.html"
    form_class = NoticeForm
    success_message = _("已登记通知书，相应的期限已列出。")
    subject = "right"

    @cached_property
    def right(self) -> Right:
        right = fetch(Right.objects.select_related("organisation"), self.request.user, number=self.kwargs["number"])
        check(self.request.user, Permission.EDIT_RIGHT, right)
        return right

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "right": self.right}

    def action(self, form: NoticeForm) -> OfficialNotice:
        values, user = dict(form.cleaned_data), self.request.user
        if values["document"]:
            values["document"] = papers.attach(self.right, values["document"], by=user)
        return notices.record_notice(self.right, by=user, **values)

    def get_success_url(self) -> str:
        """Go on to what the notice says besides its dates, where there is something to enter."""
        return content_url(self.result) or reverse("right-dates", args=[self.right.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(right=self.right, **kwargs)


def content_url(notice: OfficialNotice) -> str:
    """Return where the fee or the share that a notice states is entered; "" where it states none."""
    is_payment = stating.fee_of(notice) is not None
    route = "notice-fee" if is_payment else "notice-reduction" if notice.type == stating.APPROVAL else ""
    return reverse(route, args=[notice.right.number, notice.number]) if route else ""


class NoticeContent(ActionFormView):
    """What one notice of a right says besides its dates."""

    clause = "4"
    template_name = "patents/dates/notice_content.html"
    subject = "notice"
    type = ""

    @cached_property
    def notice(self) -> OfficialNotice:
        rows = Right.objects.select_related("organisation")
        right = fetch(rows, self.request.user, number=self.kwargs["number"])
        found = get_object_or_404(right.notices, number=self.kwargs["notice"], type=self.type)
        check(self.request.user, Permission.EDIT_RIGHT, right)
        found.right = right
        return found

    def get_success_url(self) -> str:
        return reverse("right-dates", args=[self.notice.right.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = types.name_of(self.notice.type)
        return super().get_context_data(notice=self.notice, right=self.notice.right, words=words, **kwargs)


class StateFee(NoticeContent):
    """The fee and the late windows that a payment notice prints."""

    type = stating.PAYMENT
    template_name = "patents/dates/notice_fee.html"
    form_class = FeeForm
    success_message = _("已按通知书写明的各档办理；推算的各档保留在旁边。")

    @cached_property
    def row(self) -> Deadline | None:
        return stating.fee_of(self.notice)

    def get_initial(self) -> dict[str, Any]:
        """Offer what is computed, so that only what differs need be typed."""
        bands = self.notice.stated_bands or (self.row.bands if self.row else [])
        return {**FeeForm.initial_of(bands), "amount": self.notice.stated_amount}

    def action(self, form: FeeForm) -> Deadline:
        return stating.state_bands(self.notice, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("date", args=[self.result.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)


class ApproveReduction(NoticeContent):
    """The share that an approval of fee reduction grants, and from which year on."""

    type = stating.APPROVAL
    form_class = ApprovalForm
    success_message = _("已登记批准的减缴，年费和预测已相应更新。")

    def action(self, form: ApprovalForm) -> Right:
        return stating.approve_reduction(self.notice, by=self.request.user, **form.cleaned_data)


def notice_line(notice: OfficialNotice, right: Right) -> dict[str, Any]:
    """Return a notice with its words, what it states, and where that is entered."""
    notice.right = right
    return {
        "row": notice,
        "words": types.name_of(notice.type),
        "is_open": stating.is_open(notice),
        "url": content_url(notice),
    }


def dates_of(right: Right, user: Any) -> list[dict[str, Any]]:
    """Return the dates of a right, open ones first, with their words: for its page too."""
    rows = Deadline.objects.visible_to(user).filter(subject_type=codes.SUBJECT, subject_number=right.number)
    rows = rows.exclude(cancelled_at__isnull=False).select_related("responsible")
    found = sorted(rows[:200], key=lambda row: (row.met_at is not None, row.target_on))
    return [{"row": row, "words": codes.words(codes.code_of(row.rule_code))} for row in found]


class RightDates(SignedIn, TemplateView):
    """The dates of one right, and its notices."""

    clause = "4"
    template_name = "patents/dates/right.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        right = fetch(Right.objects.select_related("organisation"), self.request.user, number=self.kwargs["number"])
        rows = right.notices.select_related("document").order_by("-issued_on", "-pk")[:100]
        return super().get_context_data(
            right=right,
            dates=dates_of(right, self.request.user),
            notices=[notice_line(row, right) for row in rows],
            may_edit=can(self.request.user, Permission.EDIT_RIGHT, right),
            **kwargs,
        )
