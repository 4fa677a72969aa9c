"""Forms of money: entries and their correction, rewards, the forecast's choices, grades."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patents import money
from patents.models import MoneyStage, Right
from portal.clock import today

CENT = Decimal("0.01")
DATE = {"type": "date"}


def _amount(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=CENT, max_digits=14, decimal_places=2, widget=forms.NumberInput(attrs={"step": "0.01"})
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))


class EntryForm(forms.Form):
    """One amount at one stage."""

    stage = forms.ChoiceField(
        label=_("阶段"),
        choices=MoneyStage.choices,
        help_text=_("每个阶段单独登记：付了款不等于有了官方收据，收到缴费通知也不等于已付款。"),
    )
    code = forms.ChoiceField(
        label=_("费用或收入"),
        choices=[(_("费用"), list(money.COST_CODES.items())), (_("收入"), list(money.INCOME_CODES.items()))],
    )
    year = forms.IntegerField(
        label=_("年度"), required=False, min_value=1, max_value=40, help_text=_("年费填第几年，例如 7。")
    )
    amount = _amount(_("金额（元）"))
    on = _day(_("日期"))
    reference = forms.CharField(
        label=_("票据号或编号"), required=False, max_length=60, help_text=_("登记官方收据时必填。")
    )
    product = forms.ChoiceField(label=_("产品"), required=False)
    note = forms.CharField(label=_("备注"), required=False, max_length=300)

    def __init__(self, *args: Any, right: Right, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.products = {product.number: product for product in right.products.order_by("name", "pk")}
        choices = [("", _("不分摊到产品")), *((number, item.name) for number, item in self.products.items())]
        self.fields["product"].choices = choices  # type: ignore[attr-defined]
        self.fields["on"].initial = today

    def clean_product(self) -> Any:
        return self.products.get(self.cleaned_data["product"])

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).strip()


class ReasonForm(forms.Form):
    """Why an entry is taken back."""

    reason = forms.CharField(
        label=_("冲正原因"), max_length=300, help_text=_("原来那一笔保留不动，另记一笔把它冲掉；两笔都看得到。")
    )


class InventorForm(forms.Form):
    """One of the right's inventors and an amount."""

    inventor = forms.ChoiceField(label=_("发明人"))
    amount = _amount(_("金额（元）"))

    def __init__(self, *args: Any, right: Right, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inventor"].choices = [(name, name) for name in right.inventors]  # type: ignore[attr-defined]


class RewardPaidForm(InventorForm):
    """What an inventor was paid, with its voucher."""

    on = _day(_("发放日"))
    reference = forms.CharField(label=_("凭证号"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class KeepOrDropForm(forms.Form):
    """Which rights of a page to keep or to give up, from which year, in which scenario."""

    scenario = forms.CharField(required=False, max_length=10)
    verb = forms.ChoiceField(choices=[("drop", _("放弃")), ("keep", _("保留"))])
    year = forms.IntegerField(required=False, min_value=1990, max_value=2200)
    pick = forms.MultipleChoiceField(error_messages={"required": _("请先勾选要改动的权利。")})

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        picked = data.getlist("pick") if data is not None else []
        self.fields["pick"].choices = [(number, number) for number in picked]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verb") == "drop" and not cleaned.get("year"):
            self.add_error("year", _("请选择从哪一年起不再缴费。"))
        return cleaned


class ScenarioForm(forms.Form):
    """A name for a new scenario, begun empty or from another one."""

    name = forms.CharField(label=_("方案名称"), max_length=80)
    scenario = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)


class GradeForm(forms.Form):
    """A grade set by hand, or the computed one again."""

    grade = forms.ChoiceField(
        label=_("分级"),
        choices=[("", _("按规则自动分级")), ("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")],
        required=False,
    )
    reason = forms.CharField(label=_("理由"), max_length=300, required=False)


class ExportForm(forms.Form):
    """Which table of the forecast, in which format."""

    report = forms.ChoiceField(
        label=_("内容"),
        choices=[
            ("rights-forecast", _("逐件逐年费用")),
            ("rights-budget", _("年度预算（按月）")),
        ],
    )
    format = forms.ChoiceField(label=_("格式"), choices=[("xlsx", "XLSX"), ("pdf", "PDF"), ("csv", "CSV")])
    scenario = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)


class CoreForm(forms.Form):
    """Core or not."""

    is_core = forms.BooleanField(label=_("核心专利"), required=False)


class IndustryForm(forms.Form):
    """The code of a branch; nothing says that the patent belongs to none."""

    code = forms.CharField(label=_("产业代码"), max_length=10, required=False)
