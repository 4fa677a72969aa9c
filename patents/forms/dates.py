"""Forms of dates: an official day, done with evidence, set aside, a notice received, handing over, filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from patents.dates import codes, types
from patents.dates.stating import Band
from patents.models import OfficialNotice, Reduction, Right
from portal.clock import today
from portal.filters.chips import Chips
from portal.models import Deadline, Membership, User

DAY = dt.timedelta(days=1)


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


class MeetForm(forms.Form):
    """Done, on which day; for what costs money also the receipt."""

    on = _day(_("办结日"))
    amount = forms.DecimalField(label=_("实缴金额（元）"), min_value=0, max_digits=12, decimal_places=2, required=False)
    reference = forms.CharField(label=_("官方票据号"), max_length=60, required=False)
    document = forms.FileField(label=_("票据文件"), required=False, help_text=_("票据号和票据文件至少填一项。"))

    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        if not deadline.needs_evidence:
            for name in ("amount", "reference", "document"):
                del self.fields[name]
        elif deadline.amount is not None:
            self.fields["amount"].help_text = _("留空则按应缴金额和当日须加收的金额登记。")


class OverrideForm(forms.Form):
    """An official or stated day."""

    on = _day(_("官方或写明的日期"))
    reason = forms.CharField(label=_("依据"), max_length=300, help_text=_("例如通知书名称和发文日。"))


class SetAsideForm(forms.Form):
    """Why a date need not be kept."""

    reason = forms.CharField(label=_("为什么不需要办理"), max_length=200)


class NoticeForm(forms.Form):
    """A notice received."""

    type = forms.ChoiceField(label=_("通知书"))
    issued_on = _day(_("发文日"))
    delivery = forms.ChoiceField(label=_("送达方式"), choices=OfficialNotice.Delivery.choices)
    entered_on = _day(
        _("进入系统或收到之日"), required=False, help_text=_("与发文日不同、并且能够证明时填写；期限从这一天起算。")
    )
    is_priority_examination = forms.BooleanField(label=_("该案正在优先审查"), required=False)
    stated_on = _day(_("通知书写明的届满日"), required=False, help_text=_("填写后以它为准；推算的日期保留在旁边。"))
    document = forms.FileField(
        label=_("通知书文件"), required=False, help_text=_("PDF、图片、DOCX 或 XLSX，最大 20 MB。")
    )
    note = forms.CharField(label=_("备注"), max_length=500, required=False)

    def __init__(self, *args: Any, right: Right, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.code, row.name) for row in types.for_kind(right.kind)]
        self.fields["type"].choices = choices  # type: ignore[attr-defined]
        if right.kind not in types.PATENTS:
            del self.fields["is_priority_examination"]


class FeeForm(forms.Form):
    """What a payment notice prints: the fee of the year and up to six late windows. Empty rows count for nothing."""

    MOST = 6
    amount = forms.DecimalField(
        label=_("年费金额（元）"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2, required=False,
        help_text=_("不含滞纳金。与推算的不同时填写；留空则仍按推算的金额。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(self.MOST):
            self.fields[f"first_{place}"] = _day(_("第一日"), required=False)
            self.fields[f"last_{place}"] = _day(_("最后一日"), required=False)
            self.fields[f"surcharge_{place}"] = forms.DecimalField(
                label=_("滞纳金（元）"), min_value=0, max_digits=12, decimal_places=2, required=False
            )

    def rows(self) -> list[tuple[int, list[Any]]]:
        """Return the fields of each window with its number, for the page."""
        return [(place + 1, [self[name] for name in self._names(place)]) for place in range(self.MOST)]

    @staticmethod
    def initial_of(bands: Sequence[dict[str, str]]) -> dict[str, str]:
        """Return the initial values of windows as rows keep them."""
        found: dict[str, str] = {}
        for place, band in enumerate(bands[: FeeForm.MOST]):
            values = (band["from"], band["to"], band["surcharge"])
            found.update(zip(FeeForm._names(place), values, strict=True))
        return found

    @staticmethod
    def _names(place: int) -> tuple[str, str, str]:
        return f"first_{place}", f"last_{place}", f"surcharge_{place}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        bands = []
        for place in range(self.MOST):
            names = self._names(place)
            values = [cleaned.get(name) for name in names]
            if all(value is None for value in values):
                continue
            for name, value in zip(names, values, strict=True):
                if value is None and name not in self.errors:
                    self.add_error(name, _("这一档请填完整，或者整行留空。"))
            if None not in values:
                bands.append(Band(*values))  # type: ignore[arg-type]
        return {"amount": cleaned.get("amount"), "bands": bands}


class ApprovalForm(forms.Form):
    """What an approval of fee reduction says."""

    share = forms.ChoiceField(
        label=_("批准的减缴比例"), choices=[choice for choice in Reduction.choices if choice[0] != Reduction.NONE],
        widget=forms.RadioSelect,
    )  # fmt: skip
    requested_on = _day(
        _("提出请求的日期"),
        required=False,
        help_text=_("减缴须在缴费期限届满两个半月之前请求；留空则按通知书的发文日推算。"),
    )
    year = forms.IntegerField(
        label=_("自第几年的年费起"), required=False, min_value=1, max_value=20,
        help_text=_("通知书写明时填写，以它为准；留空则推算为请求及时的第一年。"),
    )  # fmt: skip


class HandOverForm(forms.Form):
    """From whom, to whom."""

    former = forms.ChoiceField(label=_("把谁名下的期限"))
    to = forms.ChoiceField(label=_("交给谁"))

    def __init__(self, *args: Any, formers: Sequence[User], seats: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {person.number: person for person in (*formers, *(seat.user for seat in seats))}
        self.fields["former"].choices = [  # type: ignore[attr-defined]
            (person.number, person.name) for person in formers
        ]
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (seat.user.number, seat.user.name) for seat in seats
        ]

    def clean_former(self) -> User:
        return self.people[self.cleaned_data["former"]]

    def clean_to(self) -> User:
        return self.people[self.cleaned_data["to"]]


DUE = (("overdue", _("已过法定日")), ("30", _("30 天内")), ("90", _("90 天内")), ("365", _("一年内")))
CODES = (
    *(codes.ANNUITY, codes.REDUCTION, "tm_expiry", "first_office_action", "later_office_action", "grant_registration"),
    *("examination_request", "restoration", "tm_non_use_36", "inventor_bonus", "paris_priority_patent", codes.TERM_END),
)


class DateFilter(Chips, filters.FilterSet):
    """How soon, whose, what, and whether money goes with it."""

    due = filters.ChoiceFilter(label=_("到期"), choices=DUE, method="by_due", empty_label=_("全部"))
    whose = filters.ChoiceFilter(
        label=_("负责人"), choices=[("mine", _("我负责或备用的")), ("nobody", _("没有人负责的"))], method="by_person",
        empty_label=_("全部"),
    )  # fmt: skip
    code = filters.ChoiceFilter(
        label=_("事项"), choices=[(code, codes.words(code)) for code in CODES], method="by_code", empty_label=_("全部")
    )
    money = filters.ChoiceFilter(
        label=_("费用"), choices=[("yes", _("需要缴费"))], method="by_money", empty_label=_("全部")
    )

    class Meta:
        model = Deadline
        fields: list[str] = []

    def by_due(self, rows: QuerySet[Deadline], _name: str, value: str) -> QuerySet[Deadline]:
        if value == "overdue":
            return rows.filter(legal_on__lt=today())
        return rows.filter(target_on__lte=today() + (int(value) * DAY))

    def by_person(self, rows: QuerySet[Deadline], _name: str, value: str) -> QuerySet[Deadline]:
        if value == "nobody":
            return rows.filter(responsible=None, backup=None)
        return rows.filter(responsible=self.request.user) | rows.filter(backup=self.request.user)

    def by_code(self, rows: QuerySet[Deadline], _name: str, value: str) -> QuerySet[Deadline]:
        return rows.filter(rule_code__startswith=codes.PREFIX + value)

    def by_money(self, rows: QuerySet[Deadline], _name: str, _value: str) -> QuerySet[Deadline]:
        return rows.filter(needs_evidence=True)
