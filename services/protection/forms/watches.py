"""What an enterprise wants to be told of: a country, a class or the law of a country."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.protection import codes
from services.protection.models import Watch

What = Watch.What
WRONG = {
    What.COUNTRY: _("没有这个国家或地区。请填名称或两位代码，例如 美国 或 US。"),
    What.LAW: _("没有这个国家或地区。请填名称或两位代码，例如 美国 或 US。"),
    What.IPC: _("这不是 IPC 分类。例如 G01L、G01L 9/* 或 G01L 9/12。"),
    What.NICE: _("尼斯分类是 1 到 45 的数字。"),
}


class WatchForm(forms.Form):
    """One thing to watch; what is typed is kept as the matching reads it."""

    what = forms.ChoiceField(label=_("关注什么"), choices=What.choices)
    key = forms.CharField(
        label=_("国家、地区或分类"), max_length=60, help_text=_("例如 美国、DE、G01L 9/*、第 9 类。")
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        what, key = cleaned.get("what"), cleaned.get("key")
        if what and key:
            try:
                cleaned["key"] = _kept(what, key)
            except codes.Unknown:
                self.add_error("key", WRONG[What(what)])
        return cleaned


def _kept(what: str, key: str) -> str:
    if what == What.IPC:
        return codes.ipc(key)
    return str(codes.nice(key)) if what == What.NICE else codes.country(key)
