"""The verbs of the desk, one POST each."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.views.base import ActionView
from services.protection import publishing
from services.protection.forms.alerts import ApproveForm, AttachForm, ReasonForm, WithdrawForm
from services.protection.models import AlertVersion

from .access import OfAlert


class Act(OfAlert, ActionView):
    """One verb on one alert; one comes back to its page."""

    def get_object(self) -> AlertVersion:
        return self.version

    def get_success_url(self) -> str:
        return reverse("alert-desk-detail", args=[self.kwargs["number"]])


class AdoptAlert(Act):
    success_message = _("已采纳为草稿，请补全文字后送复核。")

    def action(self, obj: AlertVersion, form: Any) -> Any:
        return publishing.adopt(obj, by=self.request.user)


class DropAlert(Act):
    form_class = ReasonForm
    success_message = _("已记为未采用。")

    def action(self, obj: AlertVersion, form: Any) -> Any:
        return publishing.drop(obj, reason=form.cleaned_data["reason"], by=self.request.user)


class SubmitAlert(Act):
    success_message = _("已送复核，另一位发布人会收到通知。")

    def action(self, obj: AlertVersion, form: Any) -> Any:
        return publishing.submit(obj, by=self.request.user)


class SendAlertBack(Act):
    form_class = ReasonForm
    success_message = _("已退回起草人。")

    def action(self, obj: AlertVersion, form: Any) -> Any:
        return publishing.send_back(obj, reason=form.cleaned_data["reason"], by=self.request.user)


class ApproveAlert(Act):
    form_class = ApproveForm

    def action(self, obj: AlertVersion, form: Any) -> Any:
        return publishing.approve(obj, by=self.request.user, publish_at=form.moment())

    def get_success_message(self) -> Any:
        if self.result.stage == AlertVersion.Stage.SCHEDULED:
            return _("已批准，到时自动发布。")
        return _("已发布，正在送达有关企业。")


class CorrectAlert(Act):
    success_message = _("已建立新的一版，请修改并写明更正说明。")

    def action(self, obj: AlertVersion, form: Any) -> Any:
        return publishing.correct(obj.alert, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("alert-desk-change", args=[self.kwargs["number"]])


class WithdrawAlert(Act):
    form_class = WithdrawForm
    success_message = _("已撤回。提示仍可查看，标为已撤回。")

    def action(self, obj: AlertVersion, form: Any) -> Any:
        return publishing.withdraw(obj.alert, by=self.request.user, **form.cleaned_data)


class AttachToAlert(Act):
    form_class = AttachForm
    success_message = _("附件已上传，正在做安全检查。")

    def action(self, obj: AlertVersion, form: Any) -> Any:
        return publishing.attach(obj, form.cleaned_data["file"], by=self.request.user)


class DetachFromAlert(Act):
    success_message = _("附件已移除。")

    @transaction.atomic
    def action(self, obj: AlertVersion, form: Any) -> Any:
        file = get_object_or_404(obj.attachments, number=self.kwargs["file"])
        return publishing.detach(obj, file, by=self.request.user)
