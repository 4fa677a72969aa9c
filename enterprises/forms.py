"""Forms of an enterprise's own facts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.actions import FIELDS, PARTS
from enterprises.models import Market, Profile
from portal import clock, countries

YES_NO = (("", _("未填")), ("true", _("是")), ("false", _("否")))
FIRST_YEAR = 2000


class ProfileForm(forms.ModelForm):
    """What is asked once and prefilled everywhere."""

    class Meta:
        model = Profile
        fields = FIELDS
        widgets = {"main_products": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "year": _("以下数字是哪一年的年末数或全年数。"),
            "industry": _("国民经济行业分类代码，例如 C3969。"),
            "ip_staff": _("以知识产权工作为主要职责的在职人员。"),
            "valid_inventions": _("已授权且维持有效的发明专利。"),
            "ip_spend_wan": _("申请、维持、信息检索、培训和维权等支出。"),
        }

    has_ip_office = forms.TypedChoiceField(
        label=_("设有知识产权管理机构"), choices=YES_NO, required=False, empty_value=None,
        coerce=lambda value: value == "true",
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if self.instance.has_ip_office is not None:
            self.initial["has_ip_office"] = "true" if self.instance.has_ip_office else "false"

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not FIRST_YEAR <= year <= clock.today().year:
            raise forms.ValidationError(_("请填写 %(first)s 年至今年之间的年份。") % {"first": FIRST_YEAR})
        return year

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        for whole, part, sentence in PARTS:
            if data.get(whole) is not None and (data.get(part) or 0) > data[whole]:
                self.add_error(part, sentence)
        return data


class MarketForm(forms.ModelForm):
    """Where the enterprise sells to or buys from."""

    country = forms.ChoiceField(
        label=_("国家或地区"), choices=lambda: [("", _("请选择")), *countries.places()],
    )  # fmt: skip

    class Meta:
        model = Market
        fields = ("role", "country", "products", "year", "share_percent", "amount_wan")
        help_texts = {
            "products": _("卖到那里或从那里买的产品，也用来匹配风险提示的关键词。"),
            "year": _("以下数字是哪一年的全年数。"),
        }

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data["year"]
        if year is not None and not FIRST_YEAR <= year <= clock.today().year:
            raise forms.ValidationError(_("请填写 %(first)s 年至今年之间的年份。") % {"first": FIRST_YEAR})
        return year

    def validate_unique(self) -> None:
        """The action says which one is there already."""
