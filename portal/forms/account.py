"""Forms of one's own account: settings and personal tokens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal import tokens
from portal.accounts import HALF_QUIET
from portal.models import User

DAYS = ((30, _("30 天")), (90, _("90 天")), (180, _("180 天")), (365, _("365 天")))


class AccountForm(forms.ModelForm):
    """Name, telephone, and how the portal looks and writes to one."""

    language = forms.ChoiceField(label=_("语言"), choices=[("", _("跟随浏览器")), *settings.LANGUAGES], required=False)

    class Meta:
        model = User
        fields = ["name", "phone", "language", "theme", "text_size", "mail_choice", "quiet_from", "quiet_to"]
        widgets = {
            "theme": forms.RadioSelect,
            "text_size": forms.RadioSelect,
            "mail_choice": forms.RadioSelect,
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_to": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {
            "mail_choice": _("需要您办理的通知总会逐条发送，除非选择只在站内查看。"),
            "quiet_from": _("这段时间里的邮件，等到结束时再发。站内通知不受影响。"),
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if bool(values.get("quiet_from")) != bool(values.get("quiet_to")):
            self.add_error("quiet_to", HALF_QUIET)
        return values


class TokenForm(forms.Form):
    """A new personal token."""

    label = forms.CharField(label=_("用途"), max_length=80, help_text=_("例如：每月导出报表的脚本。"))
    scopes = forms.MultipleChoiceField(
        label=_("范围"),
        choices=[(tokens.SCOPES[0], _("读取")), (tokens.SCOPES[1], _("办理（提交、撤回等）"))],
        initial=[tokens.SCOPES[0]],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("令牌能做的不会超过您自己的权限。"),
    )
    days = forms.TypedChoiceField(label=_("有效期"), choices=DAYS, coerce=int, initial=90)


class FeedForm(forms.Form):
    """A new calendar address."""

    label = forms.CharField(label=_("用途"), max_length=80, help_text=_("例如：手机日历。"))
