"""Forms and filters of the law tracker, the case library, countries, and the public archive of alerts."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from patents.models import RightKind
from portal.filters.chips import Chips
from portal.models import RuleStatus
from services.protection import codes
from services.protection.finding import holds
from services.protection.models import Alert, AlertKind, Country, CountryFact, LawChange, LegalCase, Severity

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
BOXES = forms.CheckboxSelectMultiple
PUBLIC = (Alert.Status.PUBLISHED, Alert.Status.WITHDRAWN, Alert.Status.EXPIRED)


class Kinds(forms.MultipleChoiceField):
    """Kinds of rights, as boxes."""

    def __init__(self) -> None:
        super().__init__(label=_("权利类型"), choices=RightKind.choices, required=False, widget=BOXES)


class SourcedForm(forms.ModelForm):
    """A row that says how sure it is: a verified one also when its text was read."""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("status") == RuleStatus.VERIFIED and not values.get("verified_on"):
            self.add_error("verified_on", _("已核实原文的，请填写核实日。"))
        return values


class LawForm(SourcedForm):
    """A change of law."""

    right_kinds = Kinds()
    source_url = forms.URLField(label=_("来源网址"), required=False, max_length=300, assume_scheme="https")

    class Meta:
        model = LawChange
        fields = (
            *("country", "title", "title_en", "instrument", "change", "change_en", "concerns", "concerns_en"),
            *("right_kinds", "adopted_on", "in_force_on", "source", "source_url", "status", "verified_on"),
        )
        widgets = {"adopted_on": DAY, "in_force_on": DAY, "verified_on": DAY}


class Patterns(forms.CharField):
    """IPC patterns or industries as people type them, kept as a list."""

    def __init__(self, *, label: Any, read: Any, help_text: Any) -> None:
        super().__init__(label=label, required=False, help_text=help_text, max_length=300)
        self.read = read

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        try:
            return codes.each(codes.split(super().clean(value) or ""), self.read)
        except codes.Unknown as unknown:
            raise forms.ValidationError(
                _("“%(text)s”不是有效的代码，请改正后再保存。") % {"text": unknown.text}
            ) from None


class CaseForm(forms.ModelForm):
    """A case."""

    right_kinds = Kinds()
    ipc = Patterns(label=_("IPC 分类"), read=codes.ipc, help_text=_("用逗号分开，例如 G01L 9/*，H01M。"))
    industries = Patterns(label=_("行业"), read=codes.industry, help_text=_("GB/T 4754 代码，用逗号分开，例如 3983。"))

    class Meta:
        model = LegalCase
        fields = (
            *("forum", "country", "title", "title_en", "docket", "summary", "summary_en", "lessons", "lessons_en"),
            *("right_kinds", "ipc", "industries", "outcome", "began_on", "ended_on", "cost_band", "source"),
            "is_sample",
        )
        widgets = {"began_on": DAY, "ended_on": DAY}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        began, ended = values.get("began_on"), values.get("ended_on")
        if began and ended and ended < began:
            self.add_error("ended_on", _("结束日不能早于开始日。"))
        return values


TOPICS = (
    ("paris", _("巴黎公约")),
    ("pct_months_1", _("PCT 进入国家阶段期限")),
    ("madrid", _("马德里体系")),
    ("hague", _("海牙体系")),
    ("own_route", _("其他途径")),
    ("term_invention", _("发明保护期")),
    ("term_design", _("外观设计保护期")),
    ("term_trademark", _("商标保护期")),
    ("grace_period", _("新颖性宽限期")),
    ("border", _("边境措施")),
    ("contact", _("求助和联系")),
)


class FactForm(SourcedForm):
    """A fact of a country."""

    topic = forms.ChoiceField(label=_("事项"), choices=TOPICS)

    class Meta:
        model = CountryFact
        fields = (
            *("topic", "value", "value_en", "months", "basis", "source"),
            *("effective_from", "effective_to", "verified_on", "status"),
        )
        widgets = {"effective_from": DAY, "effective_to": DAY, "verified_on": DAY}


def _countries(request: Any) -> QuerySet[Country]:
    return Country.objects.filter(position__lt=1000)


class LawFilter(Chips, filters.FilterSet):
    """Jurisdiction, kind of right, words."""

    q = filters.CharFilter(label=_("关键词"), method="by_text", max_length=60)
    country = filters.ModelChoiceFilter(label=_("法域"), queryset=_countries, empty_label=_("全部"))
    kind = filters.ChoiceFilter(label=_("权利类型"), choices=RightKind.choices, method="by_kind", empty_label=_("全部"))

    class Meta:
        model = LawChange
        fields: list[str] = []

    def by_text(self, rows: QuerySet[LawChange], _name: str, value: str) -> QuerySet[LawChange]:
        return rows.filter(holds(value, "title", "title_en", "instrument", "change", "change_en"))

    def by_kind(self, rows: QuerySet[LawChange], _name: str, value: str) -> QuerySet[LawChange]:
        return rows.filter(right_kinds__contains=[value])


class CaseFilter(Chips, filters.FilterSet):
    """Forum, kind of right, outcome, words."""

    q = filters.CharFilter(label=_("关键词"), method="by_text", max_length=60)
    forum = filters.ChoiceFilter(label=_("审理机构"), choices=LegalCase.Forum.choices, empty_label=_("全部"))
    kind = filters.ChoiceFilter(label=_("权利类型"), choices=RightKind.choices, method="by_kind", empty_label=_("全部"))
    outcome = filters.ChoiceFilter(label=_("结果"), choices=LegalCase.Outcome.choices, empty_label=_("全部"))

    class Meta:
        model = LegalCase
        fields: list[str] = []

    def by_text(self, rows: QuerySet[LegalCase], _name: str, value: str) -> QuerySet[LegalCase]:
        names = ("title", "title_en", "docket", "summary", "summary_en", "lessons", "lessons_en")
        return rows.filter(holds(value, *names))

    def by_kind(self, rows: QuerySet[LegalCase], _name: str, value: str) -> QuerySet[LegalCase]:
        return rows.filter(right_kinds__contains=[value])


class AlertFilter(Chips, filters.FilterSet):
    """The public archive: words, kind, severity, country, state."""

    q = filters.CharFilter(label=_("关键词"), method="by_text", max_length=60)
    kind = filters.ChoiceFilter(
        label=_("类别"), field_name="current__kind", choices=AlertKind.choices, empty_label=_("全部")
    )
    severity = filters.ChoiceFilter(
        label=_("级别"), field_name="current__severity", choices=Severity.choices, empty_label=_("全部")
    )
    country = filters.ModelChoiceFilter(
        label=_("国家或地区"), queryset=_countries, method="by_country", empty_label=_("全部")
    )
    status = filters.ChoiceFilter(
        label=_("状态"),
        choices=[
            (one.value, one.label) for one in (Alert.Status.PUBLISHED, Alert.Status.WITHDRAWN, Alert.Status.EXPIRED)
        ],
        empty_label=_("全部"),
    )

    class Meta:
        model = Alert
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Alert], _name: str, value: str) -> QuerySet[Alert]:
        names = ("title", "title_en", "summary", "summary_en", "body", "body_en")
        return rows.filter(Q(number__istartswith=value) | holds(value, *(f"current__{name}" for name in names)))

    def by_country(self, rows: QuerySet[Alert], _name: str, value: Country) -> QuerySet[Alert]:
        return rows.filter(current__countries__contains=[value.code])
