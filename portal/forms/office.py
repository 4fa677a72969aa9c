"""Forms of officials and experts: declaration, opinions and decisions, corrections, scores, messages, assignment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import questionnaires
from portal.formats import labelled, listed
from portal.models import Application, CorrectionItem, District, Expert, User
from portal.procedures import Mark

REASON_LENGTH = 2000


class DeclareForm(forms.Form):
    """The declaration that comes before any content."""

    has_conflict = forms.ChoiceField(
        label=_("您与这家企业有利益关系吗？"),
        help_text=_("例如本人或近亲属在该企业任职、持股，或近三年与其有业务往来。"),
        choices=[("no", _("没有利益关系，可以办理")), ("yes", _("有利益关系，请换人办理"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("说明"), max_length=300, required=False)


class RulingForm(forms.Form):
    """Yes or no with a reason: verification, recommendation, decision, objection, appeal."""

    ruling = forms.ChoiceField(label=_("结论"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("意见"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("企业看得到这段话。"),
    )  # fmt: skip

    def __init__(self, *args: Any, yes: Any, no: Any, label: Any = "", help_text: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ruling"].choices = [("yes", yes), ("no", no)]  # type: ignore[attr-defined]
        if label:
            self.fields["reason"].label = label
        if help_text is not None:
            self.fields["reason"].help_text = help_text

    @property
    def is_yes(self) -> bool:
        return bool(self.cleaned_data["ruling"] == "yes")

    @property
    def words(self) -> str:
        return str(self.cleaned_data["reason"])


class VerifyForm(RulingForm):
    """The officer's verification. Where answers and register differ, a positive opinion needs an explanation."""

    explanation = forms.CharField(
        label=_("不一致的处理说明"), max_length=REASON_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("企业看得到这段话。"),
    )  # fmt: skip
    field_order = ["ruling", "explanation", "reason"]

    def __init__(self, *args: Any, differing: Iterable[str] = (), **kwargs: Any) -> None:
        self.differing = list(differing)
        super().__init__(*args, **kwargs)
        if not self.differing:
            del self.fields["explanation"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.differing and cleaned.get("ruling") == "yes" and not cleaned.get("explanation", "").strip():
            names = listed(self.differing)
            self.add_error("explanation", _("请说明为什么可以接受这些不一致：%(names)s。") % {"names": names})
        return cleaned

    @property
    def words(self) -> str:
        explanation = self.cleaned_data.get("explanation", "").strip()
        reason = str(self.cleaned_data["reason"])
        return "\n\n".join([reason, labelled(_("不一致的处理说明"), explanation)]) if explanation else reason


class ReasonForm(forms.Form):
    """A reason alone."""

    reason = forms.CharField(label=_("理由"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 4}))


class Colleagues(forms.ModelMultipleChoiceField):
    """Officials by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class MessageForm(forms.Form):
    """A line to the enterprise, or to the colleagues only."""

    text = forms.CharField(label=_("留言"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))
    audience = forms.ChoiceField(
        label=_("谁能看到"),
        choices=[("internal", _("只有审核方")), ("everyone", _("企业和审核方"))],
        initial="internal",
        widget=forms.RadioSelect,
    )
    mentions = Colleagues(
        label=_("提醒同事看"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("只用于内部便笺：选中的同事会收到通知。"),
    )  # fmt: skip

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentions"].queryset = colleagues  # type: ignore[attr-defined]


class JudgeForm(forms.Form):
    """Whether one corrected question is solved."""

    verdict = forms.ChoiceField(choices=[("solved", _("已解决")), ("unsolved", _("未解决"))])


class OfficerChoice(forms.ModelChoiceField):
    """An official by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class AssignForm(forms.Form):
    """To whom a case goes."""

    officer = OfficerChoice(label=_("经办人"), queryset=User.objects.none(), empty_label=_("请选择"))
    why = forms.CharField(
        label=_("改派的理由"), max_length=300, required=False, help_text=_("从同事手里改派时必填，两位同事都看得到。")
    )

    def __init__(self, *args: Any, officers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = officers  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """To which district a case goes, and why."""

    district = forms.ModelChoiceField(label=_("转到哪个区"), queryset=District.objects.none(), empty_label=_("请选择"))
    why_move = forms.CharField(label=_("转办的理由"), max_length=300, help_text=_("企业、原经办人和新受理区都看得到。"))

    def __init__(self, *args: Any, districts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = districts  # type: ignore[attr-defined]


class InviteForm(forms.Form):
    """Experts chosen by name instead of drawn."""

    experts = forms.ModelMultipleChoiceField(
        label=_("邀请专家"), queryset=Expert.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, experts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["experts"].queryset = experts  # type: ignore[attr-defined]


class ReturnForm(forms.Form):
    """Mark single questions: a tick, a coded reason and a note for each."""

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = application.call.questionnaire.body
        reasons = [("", _("请选择")), *CorrectionItem.Reason.choices]
        for _part, question in questionnaires.questions(self.body):
            key, label = question["key"], questionnaires.text(question["label"])
            self.fields[f"mark_{key}"] = forms.BooleanField(label=label, required=False)
            self.fields[f"reason_{key}"] = forms.ChoiceField(
                label=_("“%(label)s”的补正原因") % {"label": label}, choices=reasons, required=False
            )
            self.fields[f"note_{key}"] = forms.CharField(
                label=_("“%(label)s”要怎样补正") % {"label": label}, max_length=500, required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        marked = [key for key in self.keys() if cleaned.get(f"mark_{key}")]
        for key in marked:
            if not cleaned.get(f"reason_{key}"):
                self.add_error(f"reason_{key}", _("请选择补正原因。"))
            if not cleaned.get(f"note_{key}", "").strip():
                self.add_error(f"note_{key}", _("请写明要怎样补正。"))
        if not marked:
            self.add_error(None, _("请至少标出一项需要补正的内容。"))
        return cleaned

    def keys(self) -> list[str]:
        """Return the keys of all questions in order."""
        return [question["key"] for _part, question in questionnaires.questions(self.body)]

    def marks(self) -> list[Mark]:
        """Return what was marked, for the action."""
        data = self.cleaned_data
        return [Mark(key, data[f"reason_{key}"], data[f"note_{key}"]) for key in self.keys() if data.get(f"mark_{key}")]


class ScoreForm(forms.Form):
    """One score sheet: points per criterion of the call, and the reasons."""

    def __init__(self, *args: Any, criteria: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for row in criteria:
            self.fields[f"c_{row['key']}"] = forms.DecimalField(
                label=questionnaires.text(row["label"]), min_value=0, max_value=row["max"], decimal_places=2,
                help_text=_("0 到 %(highest)s 分") % {"highest": row["max"]},
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.5"}),
            )  # fmt: skip
        self.fields["reason"] = forms.CharField(
            label=_("评语"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("说明打分的理由。评分完成后审核方看得到；决定后企业也看得到，不显示您的姓名。"),
        )  # fmt: skip

    def scores(self) -> dict[str, Any]:
        """Return {criterion key: points}."""
        return {row["key"]: self.cleaned_data[f"c_{row['key']}"] for row in self.criteria}
