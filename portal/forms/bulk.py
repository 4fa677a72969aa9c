"""Forms of bulk decisions, of held decisions and of a call's letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import letters
from portal.models import BulkDecision, BulkItem, Call

from .office import REASON_LENGTH

CODE_LENGTH = 12
HASH_LENGTH = 64
RULINGS = [("yes", _("拟认定，进入公示")), ("no", _("不予认定（企业可以申诉）"))]
SINGLE = [("", _("同共同结论")), ("yes", _("拟认定")), ("no", _("不予认定"))]


class PlanForm(forms.Form):
    """The common decision, and what is different for single files: `single_NUMBER`, `reason_NUMBER`, `out`."""

    ruling = forms.ChoiceField(label=_("共同结论"), choices=RULINGS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("共同理由"), max_length=REASON_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("企业看得到这段话。单件另写理由的，以单件为准。"),
    )  # fmt: skip

    def __init__(self, *args: Any, bulk: BulkDecision, **kwargs: Any) -> None:
        initial = {"ruling": "yes" if bulk.is_approved else "no", "reason": bulk.reason}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.numbers = list(bulk.items.values_list("application__number", flat=True)) if self.is_bound else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        known = {"": None, "yes": True, "no": False}
        cleaned["individual"] = {
            number: (known.get(self.data.get(f"single_{number}", "")), self._words(number)) for number in self.numbers
        }
        out: Any = self.data
        cleaned["dropped"] = out.getlist("out") if hasattr(out, "getlist") else []
        return cleaned

    def _words(self, number: str) -> str:
        return str(self.data.get(f"reason_{number}", "")).strip()[:REASON_LENGTH]

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        data = self.cleaned_data
        return {
            "is_approved": data["ruling"] == "yes", "reason": data["reason"], "individual": data["individual"],
            "dropped": data["dropped"],
        }  # fmt: skip


class CodeForm(forms.Form):
    """What an act for many needs: what was seen, the declaration, and the code of the authenticator."""

    seen = forms.CharField(max_length=HASH_LENGTH, widget=forms.HiddenInput)
    has_declared = forms.BooleanField(label=_("我与上面所列的企业都没有利益关系；有利益关系的已经移出"), required=False)
    code = forms.CharField(
        label=_("验证码"), max_length=CODE_LENGTH, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=_("验证器此刻显示的六位数字。"),
    )  # fmt: skip

    def __init__(self, *args: Any, is_fresh: bool = False, asks_declaration: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = not self.is_bound  # shown as needed; whether it is, the session decides
        if is_fresh:
            del self.fields["code"]
        if not asks_declaration:
            del self.fields["has_declared"]


class ReleaseForm(CodeForm):
    """When a bulk decision goes out; empty means at once."""

    at = forms.DateTimeField(
        label=_("发布时间"), required=False, help_text=_("留空则立即发布。公示期从发布当日起算。"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip


class SealForm(forms.Form):
    """A countersignature: bound to what was seen."""

    seal = forms.CharField(max_length=HASH_LENGTH, widget=forms.HiddenInput)


class LettersForm(forms.Form):
    """How a call's decisions go out: second person, common release, texts of the letters in both languages."""

    needs_countersign = forms.BooleanField(
        label=_("决定须由第二人复核"), required=False,
        help_text=_("初次决定在另一位负责人复核后才生效；办件或初次决定有变化，复核即失效。"),
    )  # fmt: skip
    is_embargoed = forms.BooleanField(
        label=_("结果统一发布"), required=False,
        help_text=_("所有结果先保密，由另一位负责人一并发布；公示期从发布当日起算。"),
    )  # fmt: skip

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        initial = {"needs_countersign": call.needs_countersign, "is_embargoed": call.is_embargoed}
        super().__init__(*args, **{**kwargs, "initial": initial})
        for (outcome, part), label in letters.LABELS.items():
            for language, tongue in (("zh", _("中文")), ("en", _("英文"))):
                self.fields[f"{outcome}_{part}_{language}"] = forms.CharField(
                    label=_("%(what)s（%(tongue)s）") % {"what": label, "tongue": tongue},
                    max_length=letters.LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3}),
                    initial=letters.own_text(call, outcome, part, language),
                )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for (outcome, part, language), sentence in letters.faults(self.texts(cleaned)):
            self.add_error(f"{outcome}_{part}_{language}", sentence)
        return cleaned

    def texts(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Return the texts as the call holds them."""
        return letters.own_texts(
            {
                (outcome, part, language): cleaned.get(f"{outcome}_{part}_{language}") or ""
                for outcome, part in letters.LABELS
                for language in ("zh", "en")
            }
        )

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        data = self.cleaned_data
        return {
            "needs_countersign": data["needs_countersign"], "is_embargoed": data["is_embargoed"],
            "letters": self.texts(data),
        }  # fmt: skip


def single_of(item: BulkItem) -> str:
    """Return the value of the field of a single file."""
    return {None: "", True: "yes", False: "no"}[item.is_approved]
