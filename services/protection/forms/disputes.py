"""Forms of disputes abroad: intake, events, dates, evidence, readers, help; and of the desk that helps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from patents.models import Right
from portal import formats
from portal.clock import today
from portal.filters.chips import Chips
from portal.models import Deadline, Expert
from services.protection.disputes.keeping import FACTS
from services.protection.disputes.periods import EventKind
from services.protection.models import LegalCase, OverseasDispute

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
BOXES = forms.CheckboxSelectMultiple
Status = OverseasDispute.Status


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, widget=DAY, help_text=help_text)


def _text(label: Any, longest: int, *, required: bool = True, rows: int = 3, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, required=required, help_text=help_text, widget=area)


class FactsForm(forms.ModelForm):
    """What a dispute is about; `rights` are those of the register that this person sees."""

    facts = _text(_("案情经过"), 6000, required=False, rows=6)
    rights = forms.ModelMultipleChoiceField(
        label=_("涉及本企业的权利"), queryset=Right.objects.none(), required=False, widget=BOXES
    )

    class Meta:
        model = OverseasDispute
        fields = FACTS
        widgets = {"served_on": DAY, "side": forms.RadioSelect}
        help_texts = {
            "title": _("自己认得出的名称，例如“压力传感器美国案”。"),
            "forum": _("案件在哪里审理。期限和证据清单按它列出。"),
            "opponent": _("起诉、投诉或异议的一方；我方维权时是对方当事人。"),
            "served_on": _("从这一天起推算答辩、答复期限。由我方提出异议的，填公告日。"),
        }

    def __init__(self, *args: Any, rights: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rights"].queryset = rights  # type: ignore[attr-defined]
        self.fields["rights"].label_from_instance = _right_words  # type: ignore[attr-defined]
        self.fields["side"].choices = OverseasDispute.Side.choices  # type: ignore[attr-defined]
        if not rights:
            del self.fields["rights"]

    def values(self) -> dict[str, Any]:
        """Return the facts alone."""
        return {name: self.cleaned_data[name] for name in FACTS}


def _right_words(right: Right) -> str:
    number = right.application_number or right.registration_number
    return formats.noted(right.title, " ".join(part for part in (right.country, number) if part))


class IntakeForm(FactsForm):
    """The facts, and who besides oneself may know."""

    readers = forms.MultipleChoiceField(
        label=_("还有谁可以知道"), required=False, widget=BOXES,
        help_text=_("只有您和您在这里指定的人能看到这件纠纷存在；企业的其他成员和主管部门都看不到。"),
    )  # fmt: skip

    def __init__(self, *args: Any, members: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["readers"].choices = list(members)  # type: ignore[attr-defined]
        if not members:
            del self.fields["readers"]
        self.order_fields([*FACTS, "readers", "rights"])


class ChangeForm(FactsForm):
    """The facts of a dispute as somebody looked at them."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class EventForm(forms.Form):
    """What happened."""

    kind = forms.ChoiceField(label=_("事项"), choices=EventKind.choices)
    on = _day(_("日期"))
    text = forms.CharField(label=_("说明"), max_length=500, required=False)


class ConfirmForm(forms.Form):
    """The day that holds, and why."""

    on = _day(_("以哪一天为准"))
    reason = forms.CharField(
        label=_("依据"), max_length=300, help_text=_("例如：当地律师 11 月 20 日邮件确认；传票写明的日期。")
    )

    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = deadline.legal_on


class StateForm(forms.Form):
    """A day that a paper states."""

    what = forms.CharField(label=_("要办什么"), max_length=120, help_text=_("例如：平台申诉、提交担保、开庭。"))
    on = _day(_("写明的日期"))
    reason = forms.CharField(label=_("写在哪里"), max_length=300, help_text=_("例如：法院 11 月 12 日命令第 3 点。"))


class KeptForm(forms.Form):
    """When it was done."""

    on = _day(_("办结日"))
    note = forms.CharField(label=_("说明"), max_length=150, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class SetAsideForm(forms.Form):
    """Why a date need not be kept."""

    reason = forms.CharField(label=_("为什么不需要办理"), max_length=200)


class EvidenceForm(forms.Form):
    """One item of the checklist."""

    is_there = forms.BooleanField(label=_("已备齐"), required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False, help_text=_("例如：原件在哪里、由谁准备。"))
    file = forms.FileField(
        label=_("文件"), required=False, help_text=_("PDF、图片、DOCX 或 XLSX，最大 20 MB。再次上传保存为新版本。")
    )


class ReadersForm(forms.Form):
    """Who may know, and who answers for it."""

    readers = forms.MultipleChoiceField(
        label=_("谁可以看到"), required=False, widget=BOXES, help_text=_("您自己总在其中。")
    )
    responsible = forms.ChoiceField(label=_("负责人"), help_text=_("期限先提醒给负责人；负责人应在指定人员之中。"))

    def __init__(self, *args: Any, members: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("readers", "responsible"):
            self.fields[name].choices = list(members)  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """How it ended."""

    status = forms.ChoiceField(label=_("结果"), choices=[one for one in Status.choices if one[0] != Status.OPEN])
    on = _day(_("结束日"))
    note = _text(_("结果说明"), 500, required=False)


class AskForm(forms.Form):
    """What help is wanted."""

    text = _text(
        _("需要什么帮助"), 1000,
        help_text=_(
            "市级海外纠纷援助经办会看到企业名称、对方、国家、审理机构和这段话；声明无利益关系并受理后，才能看到案情、期限和证据清单。"
            "文件不会给他们看。您可以随时撤回。"
        ),
    )  # fmt: skip


class EntrustForm(forms.Form):
    """Which dispute that nobody can see, by its number alone, and who shall see it."""

    number = forms.ChoiceField(label=_("编号"), widget=forms.RadioSelect)
    reader = forms.ChoiceField(label=_("指定给"))

    def __init__(self, *args: Any, numbers: Sequence[str], members: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].choices = [(number, number) for number in numbers]  # type: ignore[attr-defined]
        self.fields["reader"].choices = [("", _("请选择")), *members]  # type: ignore[attr-defined]


class DisputeFilter(Chips, filters.FilterSet):
    """State and forum."""

    status = filters.ChoiceFilter(label=_("状态"), choices=Status.choices, empty_label=_("全部"))
    forum = filters.ChoiceFilter(label=_("审理机构"), choices=LegalCase.Forum.choices, empty_label=_("全部"))

    class Meta:
        model = OverseasDispute
        fields: list[str] = []


# --- the desk that helps --------------------------------------------------------------------------------------------
class TakeForm(forms.Form):
    """The declaration."""

    has_no_interest = forms.BooleanField(label=_("我声明：我与企业和对方都没有利益关系，只为援助使用看到的内容。"))


class MatchForm(forms.Form):
    """Whom to ask."""

    expert = forms.ChoiceField(label=_("专家"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, experts: Sequence[Expert], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.user.number: one.user for one in experts}
        self.fields["expert"].choices = [  # type: ignore[attr-defined]
            (one.user.number, _expert_words(one)) for one in experts
        ]

    def clean_expert(self) -> Any:
        return self.people[self.cleaned_data["expert"]]


def _expert_words(expert: Any) -> str:
    busy = _("手上 %(count)s 件") % {"count": expert.busy}
    return " · ".join(str(part) for part in (expert.user.name, expert.employer, expert.fields, busy) if part)


class AnswerForm(forms.Form):
    """An answer to the enterprise."""

    text = _text(_("答复"), 6000, rows=6, help_text=_("企业的指定人员会看到，并收到通知。"))


class OpinionForm(forms.Form):
    """An expert's opinion."""

    text = _text(_("专家意见"), 6000, rows=6, help_text=_("经办会看到，用于答复企业。"))


class DeclareForm(forms.Form):
    """Whether one has an interest."""

    has_interest = forms.TypedChoiceField(
        label=_("您与企业或对方有利益关系吗？"), widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("no", _("没有，我可以提供意见")), ("yes", _("有，我回避"))],
    )  # fmt: skip
