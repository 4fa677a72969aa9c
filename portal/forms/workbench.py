"""Forms of the workbench: assignment rules, absences, templates of reasons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import kinds
from portal.models import AssignmentRule, ReasonTemplate, User
from portal.workbench.reasons import PLACEHOLDERS


class Person(forms.ModelChoiceField):
    """An official by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class RuleForm(forms.ModelForm):
    """Who takes which cases."""

    officer = Person(label=_("经办人"), queryset=User.objects.none(), empty_label=_("请选择"))
    kind = forms.ChoiceField(label=_("事项"), choices=[], required=False)

    class Meta:
        model = AssignmentRule
        fields = ["officer", "kind", "industry", "cap"]
        help_texts = {
            "industry": _("国民经济行业分类代码的开头，例如 C39；留空表示各行业。越具体的规则越优先。"),
            "cap": _("区级核验中的办件最多几件；留空表示不限。"),
        }

    def __init__(self, *args: Any, officers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = officers  # type: ignore[attr-defined]
        every = [(kind.code, kind.title) for kind in kinds.everything()]
        self.fields["kind"].choices = [("", _("各类事项")), *every]  # type: ignore[attr-defined]

    def clean_industry(self) -> str:
        return str(self.cleaned_data["industry"] or "").upper()


class CapForm(forms.Form):
    """A new cap."""

    cap = forms.IntegerField(label=_("在办上限"), min_value=1, max_value=999, required=False)


class AbsenceForm(forms.Form):
    """Who is away, from when to when, and who acts meanwhile."""

    person = Person(label=_("谁不在"), queryset=User.objects.none(), empty_label=None)
    from_on = forms.DateField(label=_("第一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until_on = forms.DateField(label=_("最后一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    deputy = Person(
        label=_("代理人"), queryset=User.objects.none(), empty_label=_("请选择"),
        help_text=_("同一办公室里担任同样角色的同事，或该办公室的负责人。"),
    )  # fmt: skip
    note = forms.CharField(
        label=_("说明"), max_length=200, required=False, help_text=_("同事看得到，不必写病情等个人情况。")
    )

    def __init__(self, *args: Any, people: Any, deputies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["deputy"].queryset = deputies  # type: ignore[attr-defined]


class ReasonTemplateForm(forms.ModelForm):
    """Ready words in both languages."""

    class Meta:
        model = ReasonTemplate
        fields = ["use", "title", "text_zh", "text_en"]
        widgets = {"text_zh": forms.Textarea(attrs={"rows": 4}), "text_en": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marks = "  ".join(f"{{{name}}} {words}" for name, words in PLACEHOLDERS.items())
        self.fields["text_zh"].help_text = _("可用的占位符：%(marks)s") % {"marks": marks}
