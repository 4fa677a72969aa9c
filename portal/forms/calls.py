"""Forms of whoever makes calls: a call with its criteria."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import kinds
from portal.call_patterns import pattern_of, shape
from portal.clock import SHANGHAI, now
from portal.models import Call, District, Questionnaire
from portal.procedures import LIMIT_RULES

EXTRA_ROWS = 3
MOST_ROWS = 20
CITY_PATTERNS = [
    ("full", _("区级核验、区级推荐、专家评审、市级认定")),
    ("short", _("区级核验、区级推荐、市级认定（不请专家）")),
]
DISTRICT_PATTERNS = [
    ("district", _("区级核验、区级推荐、区级认定（不经市级；推荐和认定由不同的负责人完成）")),
    ("district_short", _("区级核验、区级认定（不经市级）")),
]
LIMIT_LABELS = {
    "verify": _("区级核验"),
    "recommend": _("区级推荐"),
    "score": _("专家评审"),
    "decide": _("市级认定"),
    "settle": _("区级认定"),
    "correction": _("企业补正"),
    "appeal_window": _("企业申诉"),
    "appeal": _("申诉答复"),
}
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CriterionForm(forms.Form):
    """One line of the score sheet; an empty one is left out."""

    key = forms.SlugField(required=False, widget=forms.HiddenInput)
    zh = forms.CharField(label=_("名称（中文）"), max_length=60, required=False)
    en = forms.CharField(label=_("名称（英文）"), max_length=80, required=False)
    max = forms.DecimalField(label=_("满分"), min_value=0, max_value=100, decimal_places=1, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("max") and not cleaned.get("zh"):
            self.add_error("zh", _("请填写名称。"))
        if cleaned.get("zh") and not cleaned.get("max"):
            self.add_error("max", _("请填写满分。"))
        return cleaned


Criteria = forms.formset_factory(CriterionForm, extra=EXTRA_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class CallForm(forms.ModelForm):
    """Everything that governs a call, the criteria apart."""

    kind = forms.ChoiceField(label=_("事项"))
    opens_on = forms.DateField(label=_("开始日"), widget=DATE, help_text=_("当日 0:00 起可以申报。"))
    closes_on = forms.DateField(label=_("截止日"), widget=DATE, help_text=_("当日 24:00 前可以提交。"))
    pattern = forms.ChoiceField(label=_("审核阶段"), widget=forms.RadioSelect, choices=CITY_PATTERNS)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Call
        fields = [
            "kind", "year", "title_zh", "title_en", "summary_zh", "summary_en", "questionnaire", "district", "quota",
            "experts_needed", "tolerance", "pass_mark", "publicity_days", "corrections_allowed", "validity_months",
            "is_sample",
        ]  # fmt: skip
        widgets = {"summary_zh": forms.Textarea(attrs={"rows": 4}), "summary_en": forms.Textarea(attrs={"rows": 4})}
        labels = {"is_sample": _("标为“示例”（评分标准和时限不是官方数字）")}

    def __init__(self, *args: Any, host: District | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        call: Call = self.instance
        self.host = host
        self._offer(call)
        for name, label in LIMIT_LABELS.items():
            self.fields[f"limit_{name}"] = forms.IntegerField(
                label=_("%(what)s（工作日）") % {"what": label}, min_value=1, max_value=250, required=False,
                help_text=_("留空则按规则中的默认时限。"), initial=(call.limits or {}).get(name),
            )  # fmt: skip
        if call.pk:
            self.initial = {
                **self.initial,
                "opens_on": call.opens_at.astimezone(SHANGHAI).date(),
                "closes_on": call.closes_at.astimezone(SHANGHAI).date(),
                "pattern": pattern_of(call.stages),
                "revision": call.revision,
            }
        else:
            pattern = "district" if self.host else "full"
            self.initial = {"pattern": pattern, "year": now().astimezone(SHANGHAI).year, **self.initial}

    def _offer(self, call: Call) -> None:
        """Set what may be chosen: kinds of the own office that still take calls, published questionnaires."""
        host = self.host.pk if self.host else ""
        fields: dict[str, Any] = self.fields
        offered = [
            kind for kind in kinds.everything() if kind.host == host and (kind.is_open or kind.code == call.kind)
        ]
        fields["kind"].choices = [(kind.code, kind.title) for kind in offered]
        published = Questionnaire.objects.published().filter(Q(host=None) | Q(host=self.host))
        fields["questionnaire"].queryset = published.order_by("code", "-version")
        if self.host is not None:
            fields["pattern"].choices = [*DISTRICT_PATTERNS, *CITY_PATTERNS]
            del fields["district"]
            return
        fields["district"].queryset = District.objects.all()
        fields["district"].empty_label = _("全市")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("截止日不能早于开始日。"))
        return cleaned

    def values(self, criteria: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the columns of the call for the action."""
        data = self.cleaned_data
        plain = {"district": None, **{name: data[name] for name in self.Meta.fields if name in data}}
        limits = {name: data[f"limit_{name}"] for name in LIMIT_RULES if data.get(f"limit_{name}")}
        return {**plain, **shape(data["opens_on"], data["closes_on"], data["pattern"]), "limits": limits,
                "criteria": criteria}  # fmt: skip


def criteria_initial(call: Call | None) -> list[dict[str, Any]]:
    """Return the rows of a call's criteria for the formset."""
    rows = call.criteria if call else []
    return [
        {"key": row["key"], "zh": row["label"].get("zh"), "en": row["label"].get("en"), "max": row["max"]}
        for row in rows
    ]


def criteria_values(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the criteria as stored: {"key", "label": {"zh", "en"}, "max"}; empty lines left out.

    `lines` hold key, zh, en, max: the cleaned rows of the formset or of the interface.
    """
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(lines, start=1):
        if row.get("zh") and row.get("max"):
            highest = float(row["max"])
            label = {"zh": row["zh"], "en": row.get("en", "")}
            key = row.get("key") or f"c{number}"
            while any(other["key"] == key for other in rows):
                key += "x"
            rows.append({"key": key, "label": label, "max": int(highest) if highest.is_integer() else highest})
    return rows
