"""Forms of the register: what a list shows, a right's facts by kind, its status, people, secrecy, and bulk edits."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patents import bulk, identities, numbers, rights
from patents.choosing import DUE_DAYS, FIELDS, OVERDUE
from patents.models import Flag, Grade, LegalStatus, Reduction, RightKind, Route
from portal.formats import labelled
from portal.models import Secrecy

ALL = ("", _("全部"))
SPLIT = re.compile(r"[;；\n]+")
CLASS_SPLIT = re.compile(r"[;；,，、\n]+")
CHINESE_PATENTS = {RightKind.INVENTION, RightKind.UTILITY_MODEL, RightKind.DESIGN}
PATENTS = CHINESE_PATENTS | {RightKind.FOREIGN_PATENT}
TYPE_KINDS = {"1": "invention", "2": "utility_model", "3": "design", "8": "invention", "9": "utility_model"}


def day_field(label: Any, **extra: Any) -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **{"required": False, **extra})


class ListField(forms.CharField):
    """Several names or codes in one box, one per line or divided by semicolons."""

    def __init__(self, *, limit: int = 200, divider: re.Pattern[str] = SPLIT, **extra: Any) -> None:
        self.limit, self.divider = limit, divider
        super().__init__(**{"required": False, "widget": forms.Textarea(attrs={"rows": 2}), **extra})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        parts = [" ".join(part.split()) for part in self.divider.split(value or "")]
        return list(dict.fromkeys(part for part in parts if part))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if any(len(part) > self.limit for part in value):
            raise forms.ValidationError(_("每一项最多 %(limit)s 个字。") % {"limit": self.limit})


class ChooseForm(forms.Form):
    """The filters of a list of rights; choices of people, products and families come from the enterprise."""

    q = forms.CharField(label=_("名称、摘要、号码、人"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[ALL, *RightKind.choices])
    status = forms.ChoiceField(
        label=_("法律状态"), required=False,
        choices=[ALL, ("in_force", _("有效（含滞纳期）")), ("alive", _("有效和在审")), *LegalStatus.choices],
    )  # fmt: skip
    due = forms.ChoiceField(
        label=_("期限"), required=False,
        choices=[ALL, (OVERDUE, _("已过法定日")), *((n, _("%(count)s 天内") % {"count": n}) for n in DUE_DAYS)],
    )  # fmt: skip
    grade = forms.ChoiceField(label=_("分级"), required=False, choices=[ALL, *Grade.choices, ("none", _("未分级"))])
    value = forms.ChoiceField(
        label=_("价值"), required=False, choices=[ALL, ("high", _("高价值发明")), ("core", _("核心专利"))]
    )
    year = forms.IntegerField(label=_("申请年份"), required=False, min_value=1985, max_value=2100)
    ipc = forms.CharField(label=_("主分类号（开头）"), required=False, max_length=20)
    nice = forms.CharField(label=_("商标类别"), required=False, max_length=20)
    flag = forms.ChoiceField(label=_("权利负担"), required=False, choices=[ALL, *Flag.choices])
    responsible = forms.ChoiceField(label=_("负责人"), required=False)
    agency = forms.ChoiceField(label=_("受托机构"), required=False)
    product = forms.ChoiceField(label=_("产品"), required=False)
    family = forms.ChoiceField(label=_("专利族"), required=False)
    secrecy = forms.ChoiceField(label=_("可见范围"), required=False, choices=[ALL, *Secrecy.choices])
    district = forms.ChoiceField(label=_("区"), required=False)

    def __init__(self, *args: Any, choices: dict[str, list[Any]], hidden: tuple[str, ...] = (), **extra: Any) -> None:
        super().__init__(*args, **extra)
        for name in ("responsible", "agency", "product", "family", "district"):
            found = choices.get(name, [])
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - named above
            field.choices = [ALL, *([("none", _("没有负责人"))] if name == "responsible" else []), *found]
            if not found:
                del self.fields[name]
        for name in hidden:
            self.fields.pop(name, None)

    def chosen(self) -> dict[str, str]:
        """Return what is asked for, without what is wrong."""
        self.is_valid()
        return {name: str(self.cleaned_data[name]) for name in FIELDS if self.cleaned_data.get(name)}

    def chips(self) -> list[tuple[str, str]]:
        """Return what is chosen as (name, words)."""
        found = []
        for name, value in self.chosen().items():
            field = self.fields[name]
            words = dict(getattr(field, "choices", ())).get(value, value)
            found.append((name, labelled(field.label or "", words)))
        return found


class NumberMixin(forms.Form):
    """Numbers as they are pasted: full width, ZL, blanks; a Chinese application number is checked and written out."""

    kind = ""

    def clean_application_number(self) -> str:
        text = unicodedata.normalize("NFKC", self.cleaned_data["application_number"]).strip()
        if not text or self.kind not in CHINESE_PATENTS:
            return text
        bare = numbers.normalise(text)
        if len(bare) in identities.UNCHECKED and bare.isdecimal():
            return f"{bare}.{numbers.check_digit(bare)}"
        try:
            found = numbers.parse(text)
        except numbers.InvalidNumber as wrong:
            raise forms.ValidationError(number_sentence(wrong), code=wrong.reason) from wrong
        if TYPE_KINDS[found.type.value] != self.kind:
            raise forms.ValidationError(
                _("这个号码属于%(kind)s，与所选类型不同。")
                % {"kind": RightKind(TYPE_KINDS[found.type.value]).label}, code="other_kind",
            )  # fmt: skip
        return str(found)


def number_sentence(wrong: numbers.InvalidNumber) -> str:
    """Return what is wrong with an application number and how to mend it."""
    words = {
        "length": gettext(
            "申请号应为 12 位数字加 1 位校验位（2003 年 10 月以前为 8 位加 1 位），这里是 %(found)s 位。"
        ),
        "character": gettext("申请号里只能有数字，校验位可以是 X。"),
        "type": gettext("第 5 位应为 1、2、3、8 或 9，这里是 %(found)s。"),
        "check_digit": gettext("校验位应为 %(wanted)s，这里是 %(found)s。请核对号码。"),
    }
    return words[wrong.reason] % {"found": wrong.found, "wanted": wrong.wanted}


class RightForm(NumberMixin):
    """The facts of a right; only those that matter for its kind are asked for."""

    title = forms.CharField(label=_("名称"), max_length=500)
    application_number = forms.CharField(
        label=_("申请号"), required=False, max_length=40, help_text=_("可以直接粘贴，带 ZL、空格或全角数字都行。")
    )
    publication_number = forms.CharField(label=_("公布号或公告号"), required=False, max_length=40)
    registration_number = forms.CharField(label=_("注册号或登记号"), required=False, max_length=40)
    international_number = forms.CharField(label=_("国际申请号或注册号"), required=False, max_length=40)
    country = forms.CharField(
        label=_("国家或地区"), max_length=2, min_length=2, help_text=_("两位代码，例如 US、EP、JP。")
    )
    route = forms.ChoiceField(label=_("途径"), choices=Route.choices)
    filed_on = day_field(_("申请日"))
    published_on = day_field(_("公布日或初审公告日"))
    granted_on = day_field(_("授权公告日或注册日"), help_text=_("以公告为准；缴了登记费或拿到证书不等于已授权。"))
    expires_on = day_field(_("届满日"))
    priority_number = forms.CharField(label=_("优先权号"), required=False, max_length=40)
    priority_on = day_field(_("最早优先权日"))
    owners = ListField(label=_("权利人"), help_text=_("每行一个；共有的都写上。"))
    inventors = ListField(label=_("发明人"), limit=120, help_text=_("每行一个。"))
    agent = forms.CharField(label=_("代理机构"), required=False, max_length=200)
    main_ipc = forms.CharField(label=_("主分类号"), required=False, max_length=20, help_text=_("例如 G01L 9/00。"))
    classes = ListField(label=_("分类号"), limit=20, divider=CLASS_SPLIT, help_text=_("每行一个；商标写类别，例如 9。"))
    goods = forms.CharField(
        label=_("商品或服务"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    reduction = forms.ChoiceField(label=_("费减"), choices=Reduction.choices, help_text=_("已经备案并获准的减缴比例。"))
    open_licence_from = day_field(_("开放许可自"))
    open_licence_to = day_field(_("开放许可至"))
    paid_year = forms.IntegerField(label=_("年费已缴至第几年"), required=False, min_value=1, max_value=25)
    measures = forms.CharField(
        label=_("保密措施"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("只写名称和措施，不要写秘密本身。"),
    )  # fmt: skip
    abstract = forms.CharField(
        label=_("摘要"), required=False, max_length=6000, widget=forms.Textarea(attrs={"rows": 4})
    )
    title_en = forms.CharField(label=_("英文名称"), required=False, max_length=500)
    note = forms.CharField(label=_("备注"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, kind: str, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.kind = kind
        self.fields = {name: self.fields[name] for name in (*fields_of(kind), *self.extras())}
        for name, label in LABELS.get(kind, {}).items():
            self.fields[name].label = label

    def extras(self) -> tuple[str, ...]:
        """Return the names of fields that are not facts."""
        return ()

    def clean_country(self) -> str:
        return self.cleaned_data["country"].upper()

    def clean_reduction(self) -> str:
        return self.cleaned_data["reduction"] or Reduction.NONE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        filed, granted = cleaned.get("filed_on"), cleaned.get("granted_on")
        if filed and granted and granted < filed:
            self.add_error("granted_on", _("授权或注册不会早于申请。请核对两个日期。"))
        first, last = cleaned.get("open_licence_from"), cleaned.get("open_licence_to")
        if last and (not first or last < first):
            self.add_error("open_licence_to", _("开放许可的结束不能早于开始。"))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Return the values as the action takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name in rights.FACTS}

    def warnings(self) -> list[str]:
        """Return what looks odd but may be right: the year in the number is not always the filing year."""
        text, filed = self.cleaned_data.get("application_number"), self.cleaned_data.get("filed_on")
        if not text or not filed or self.kind not in CHINESE_PATENTS:
            return []
        year = numbers.parse(text).year
        if year == filed.year:
            return []
        return [
            gettext("号码里的年份是 %(year)s，申请日在 %(filed)s 年。分案申请会这样；否则请核对。")
            % {"year": year, "filed": filed.year}
        ]


COMMON = ("title",)
TAIL = ("owners", "note")
PATENT = (
    "application_number", "publication_number", "filed_on", "published_on", "granted_on", "priority_number",
    "priority_on", "international_number", "route", "inventors", "agent", "main_ipc", "classes", "reduction",
    "open_licence_from", "open_licence_to", "paid_year", "title_en", "abstract",
)  # fmt: skip
NATIONAL_MONEY = ("reduction", "paid_year", "open_licence_from", "open_licence_to")
REGISTERED = ("registration_number", "filed_on", "granted_on")
BY_KIND: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(CHINESE_PATENTS, PATENT),
    RightKind.FOREIGN_PATENT: ("country", *(name for name in PATENT if name not in NATIONAL_MONEY), "expires_on"),
    RightKind.TRADEMARK: (
        "registration_number", "classes", "goods", "filed_on", "published_on", "granted_on", "expires_on", "country",
        "route", "international_number", "priority_on", "agent",
    ),
    RightKind.SOFTWARE: (*REGISTERED, "published_on", "inventors"),
    RightKind.COPYRIGHT: (*REGISTERED, "published_on", "inventors"),
    RightKind.INDICATION: (*REGISTERED, "goods"),
    RightKind.LAYOUT: ("application_number", *REGISTERED, "expires_on", "inventors", "agent"),
    RightKind.PLANT_VARIETY: ("application_number", *REGISTERED, "expires_on", "inventors", "agent"),
    RightKind.TRADE_SECRET: ("measures",),
    RightKind.DOMAIN: ("granted_on", "expires_on", "agent"),
}  # fmt: skip
LABELS: dict[str, dict[str, Any]] = {
    RightKind.TRADEMARK: {"title": _("商标名称"), "owners": _("注册人"), "classes": _("商品和服务类别")},
    RightKind.SOFTWARE: {"title": _("软件名称"), "granted_on": _("登记日"), "filed_on": _("开发完成日"),
                         "published_on": _("首次发表日"), "inventors": _("作者"), "owners": _("著作权人")},
    RightKind.COPYRIGHT: {"title": _("作品名称"), "granted_on": _("登记日"), "filed_on": _("创作完成日"),
                          "published_on": _("首次发表日"), "inventors": _("作者"), "owners": _("著作权人")},
    RightKind.DOMAIN: {"title": _("域名"), "granted_on": _("注册日"), "agent": _("注册服务机构"),
                       "expires_on": _("到期日")},
    RightKind.PLANT_VARIETY: {"inventors": _("培育人"), "owners": _("品种权人")},
    RightKind.TRADE_SECRET: {"title": _("代号或名称")},
}  # fmt: skip


def fields_of(kind: str) -> tuple[str, ...]:
    """Return the names of the fields that matter for a kind, in their order; of a secret no more than it needs."""
    tail = () if kind == RightKind.TRADE_SECRET else TAIL
    return (*COMMON, *BY_KIND[RightKind(kind)], *tail)


class NewRightForm(RightForm):
    """The facts of a new right with its status and who may know of it."""

    status = forms.ChoiceField(label=_("法律状态"), choices=LegalStatus.choices, initial=LegalStatus.PENDING)
    status_on = day_field(_("状态日期"))
    status_source = forms.CharField(
        label=_("状态来源"), required=False, max_length=200, help_text=_("例如：登记簿副本、公布公告查询。")
    )
    secrecy = forms.ChoiceField(
        label=_("谁可以看到"), choices=Secrecy.choices, initial=Secrecy.OPEN, widget=forms.RadioSelect,
        help_text=_("商业秘密总是只给指定人员；还没有申请的发明默认也是如此，最多可以给本企业成员看。"),
    )  # fmt: skip
    readers = forms.MultipleChoiceField(
        label=_("指定人员"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("您自己总在其中。")
    )

    def __init__(self, *args: Any, members: list[tuple[int, str]], **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.fields["readers"].choices = members  # type: ignore[attr-defined]

    def extras(self) -> tuple[str, ...]:
        return ("readers",) if self.kind == RightKind.TRADE_SECRET else EXTRA


EXTRA = ("status", "status_on", "status_source", "secrecy", "readers")


class StatusForm(forms.Form):
    """A step of the legal status, or a correction by the register's word."""

    status = forms.ChoiceField(label=_("新的法律状态"), choices=LegalStatus.choices)
    on = day_field(_("状态日期"), required=True)
    source = forms.CharField(label=_("来源"), max_length=200, help_text=_("例如：登记簿副本、公布公告、通知书编号。"))
    is_correction = forms.BooleanField(label=_("按登记簿更正（不受通常次序限制）"), required=False)


class FlagForm(forms.Form):
    flags = forms.MultipleChoiceField(
        label=_("权利负担"), required=False, choices=Flag.choices, widget=forms.CheckboxSelectMultiple
    )


class SecrecyForm(forms.Form):
    """Who may know of a right."""

    secrecy = forms.ChoiceField(label=_("谁可以看到"), choices=Secrecy.choices, widget=forms.RadioSelect)
    readers = forms.MultipleChoiceField(
        label=_("指定人员"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("您自己总在其中。")
    )

    def __init__(self, *args: Any, members: list[tuple[int, str]], **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.fields["readers"].choices = members  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Who answers for a right, who stands in, and which agency is mandated."""

    responsible = forms.ChoiceField(label=_("负责人"), required=False)
    backup = forms.ChoiceField(label=_("备用联系人"), required=False)
    agency = forms.CharField(
        label=_("受托机构编号"),
        required=False,
        max_length=10,
        help_text=_("机构在本平台的编号；受托机构能看到这件权利和它的期限。"),
    )

    def __init__(self, *args: Any, members: list[tuple[int, str]], **extra: Any) -> None:
        super().__init__(*args, **extra)
        for name in ("responsible", "backup"):
            self.fields[name].choices = [("", _("没有")), *members]  # type: ignore[attr-defined]


class BulkForm(forms.Form):
    """What to set in many rights at once; the value's choices depend on the field."""

    value = forms.ChoiceField(label=_("改成"), required=False)

    def __init__(self, *args: Any, field: str, choices: list[Any], **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.fields["value"].label = bulk.FIELDS[field]
        self.fields["value"].choices = choices  # type: ignore[attr-defined]


class FamilyForm(forms.Form):
    title = forms.CharField(label=_("名称"), max_length=300)
    priority_number = forms.CharField(label=_("优先权号"), required=False, max_length=40)
    priority_on = day_field(_("优先权日"))


class ProductForm(forms.Form):
    name = forms.CharField(label=_("产品或服务"), max_length=200)
    is_active = forms.BooleanField(label=_("在售"), required=False, initial=True)


class LinkForm(forms.Form):
    """The family of a right and the products that use it."""

    family = forms.ChoiceField(label=_("专利族"), required=False)
    products = forms.MultipleChoiceField(
        label=_("使用该权利的产品"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, families: list[Any], products: list[Any], **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.fields["family"].choices = [("", _("没有")), *families]  # type: ignore[attr-defined]
        self.fields["products"].choices = products  # type: ignore[attr-defined]


class PaperForm(forms.Form):
    file = forms.FileField(label=_("文件"), help_text=_("PDF、图片、DOCX 或 XLSX，最大 20 MB。"))


class UseForm(forms.Form):
    """Proof that a trademark is used in a class."""

    nice_class = forms.IntegerField(label=_("类别"), min_value=1, max_value=45)
    used_on = day_field(_("使用日期"), required=True)
    description = forms.CharField(
        label=_("说明"), max_length=300, help_text=_("例如：官网销售页截图、展会照片、销售合同。")
    )
    file = forms.FileField(label=_("证据文件"), required=False)


class EntrustForm(forms.Form):
    """Which right that nobody can see, by its number alone, and who shall see it."""

    number = forms.ChoiceField(label=_("编号"), widget=forms.RadioSelect)
    reader = forms.ChoiceField(label=_("指定给"))

    def __init__(self, *args: Any, numbers: list[str], members: list[tuple[int, str]], **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.fields["number"].choices = [(number, number) for number in numbers]  # type: ignore[attr-defined]
        self.fields["reader"].choices = [("", _("请选择")), *members]  # type: ignore[attr-defined]


class RemoveForm(forms.Form):
    reason = forms.CharField(
        label=_("删除的原因"), max_length=300, help_text=_("只用于录错的记录；已终止的权利请改状态。")
    )
