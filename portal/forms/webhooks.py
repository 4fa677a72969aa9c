"""The form of a webhook."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WebhookForm(forms.Form):
    """Where messages go."""

    url = forms.CharField(
        label=_("地址"), max_length=300, help_text=_("以 https:// 开头。期限提醒会以 JSON 发到这里，并附签名。")
    )
