"""What an enterprise answers to an alert, and what a district notes about one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.filters.chips import Chips
from portal.models import User
from services.protection.models import AlertDelivery, AlertKind, DeliveryState, Severity


def _text(label: Any, *, longest: int, required: bool = True, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=longest, required=required, help_text=help_text, widget=area)


class PutAsideForm(forms.Form):
    """Why an alert is not relevant."""

    why = _text(_("为什么与本企业无关"), longest=300, help_text=_("发布单位会看到这句话，用来改进匹配。"))


class FinishForm(forms.Form):
    """That all is done."""

    note = _text(_("办理结果"), longest=1000, required=False, help_text=_("只有本企业成员看得到。"))


class NoteForm(forms.Form):
    """A note for colleagues."""

    note = _text(_("内部备注"), longest=1000, required=False, help_text=_("只有本企业成员看得到。"))


class HelpForm(forms.Form):
    """What help is wanted."""

    text = _text(
        _("需要什么帮助"), longest=1000, help_text=_("企业所在区的经办会看到。请不要写未公开的技术内容和商业秘密。")
    )


class AssignForm(forms.Form):
    """To whom."""

    to = forms.ChoiceField(label=_("交给谁办理"))

    def __init__(self, *args: Any, people: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {person.number: person for person in people}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (person.number, person.name) for person in people
        ]

    def clean_to(self) -> User:
        return self.people[self.cleaned_data["to"]]


class TickForm(forms.Form):
    """Which steps of the checklist are done."""

    done = forms.TypedMultipleChoiceField(
        label=_("建议您做的事"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, steps: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done"].choices = list(enumerate(steps))  # type: ignore[attr-defined]


class CallForm(forms.Form):
    """What came of a call."""

    note = _text(_("联系结果"), longest=300, help_text=_("例如：已接通，负责人当天登录阅读。"))


class AnswerForm(forms.Form):
    """An answer to an enterprise that asked for help."""

    answer = _text(_("答复"), longest=1000, help_text=_("企业成员会看到，并收到邮件。"))


class DeliveryFilter(Chips, filters.FilterSet):
    """State, kind and severity."""

    state = filters.ChoiceFilter(label=_("状态"), choices=DeliveryState.choices, empty_label=_("全部"))
    kind = filters.ChoiceFilter(
        label=_("类别"), field_name="version__kind", choices=AlertKind.choices, empty_label=_("全部")
    )
    severity = filters.ChoiceFilter(
        label=_("级别"), field_name="version__severity", choices=Severity.choices, empty_label=_("全部")
    )

    class Meta:
        model = AlertDelivery
        fields: list[str] = []
