"""The form of a programme: names, prefixes, the way of a case, and the rules of eligibility with their figures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import kinds
from portal.call_patterns import PATTERNS, pattern_of
from portal.forms.calls import CITY_PATTERNS, DISTRICT_PATTERNS
from portal.kinds import EligibilityRule, Parameter
from portal.models import District, Programme

RESERVED = frozenset({"new"})  # stand in addresses


class ProgrammeForm(forms.ModelForm):
    """Everything about a programme. `host` is the district that makes it; None is the city."""

    pattern = forms.ChoiceField(label=gettext_lazy("审核阶段"), widget=forms.RadioSelect)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Programme
        fields = [
            "title_zh", "title_en", "code", "clause", "prefix", "certificate_title_zh", "certificate_title_en",
            "certificate_prefix", "is_sample",
        ]  # fmt: skip
        help_texts = {
            "code": gettext_lazy("小写字母和连字符，例如 minhang-pilot；启用后不能再改。"),
            "clause": gettext_lazy("服务于《指导意见》第几条，1 到 19。"),
            "prefix": gettext_lazy("两到四个大写字母，例如 MHP；全市唯一，启用后不能再改。"),
            "certificate_prefix": gettext_lazy("不同于办件编号的字头，例如 MHPR。"),
        }
        labels = {"is_sample": gettext_lazy("标为“示例”（不是官方项目）")}

    def __init__(self, *args: Any, host: District | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme: Programme = self.instance
        self.rules = kinds.rules()
        fields: dict[str, Any] = self.fields
        fields["pattern"].choices = [*(DISTRICT_PATTERNS if host else []), *CITY_PATTERNS]
        if programme.pk:
            self.initial = {
                **self.initial, "pattern": pattern_of(programme.stages), "revision": programme.revision,
            }  # fmt: skip
        else:
            self.initial = {**self.initial, "pattern": "district" if host else "full"}
        if programme.pk and programme.status != Programme.Status.DRAFT:
            for name in ("code", "prefix", "certificate_prefix"):
                fields[name].disabled = True
        chosen = {line["rule"]: line.get("values", {}) for line in programme.eligibility or []}
        for rule in self.rules.values():
            self._add_rule(rule, chosen)

    def _add_rule(self, rule: EligibilityRule, chosen: dict[str, dict[str, Any]]) -> None:
        is_chosen = rule.code in chosen
        self.fields[f"rule_{rule.code}"] = forms.BooleanField(label=rule.label, required=False, initial=is_chosen)  # type: ignore[arg-type]
        for parameter in rule.parameters:
            value = chosen.get(rule.code, {}).get(parameter.name)
            self.fields[f"rule_{rule.code}_{parameter.name}"] = _field(parameter, value)

    def rule_rows(self) -> list[dict[str, Any]]:
        """Return the rules with their bound fields for the template."""
        return [
            {
                "field": self[f"rule_{rule.code}"],
                "parameters": [
                    {"field": self[f"rule_{rule.code}_{parameter.name}"], "unit": parameter.unit}
                    for parameter in rule.parameters
                ],
            }
            for rule in self.rules.values()
        ]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code in RESERVED:
            raise forms.ValidationError(_("这个代码有别的用处，请换一个。"))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for rule in self.rules.values():
            for parameter in rule.parameters:
                name = f"rule_{rule.code}_{parameter.name}"
                if cleaned.get(f"rule_{rule.code}") and name not in self.errors and cleaned.get(name) in (None, ""):
                    self.add_error(name, _("选了这个条件，请填写“%(what)s”。") % {"what": parameter.label})
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return the columns of the programme for the action."""
        data = self.cleaned_data
        chosen = [
            {
                "rule": rule.code,
                "values": {row.name: data[f"rule_{rule.code}_{row.name}"] for row in rule.parameters},
            }
            for rule in self.rules.values()
            if data.get(f"rule_{rule.code}")
        ]
        plain = {name: data[name] for name in self.Meta.fields}
        return {**plain, "stages": PATTERNS[data["pattern"]], "eligibility": chosen}


def _field(parameter: Parameter, value: Any) -> forms.Field:
    label: Any = parameter.label
    if parameter.choices is not None:
        choices: Any = [("", _("请选择")), *parameter.choices()]
        return forms.ChoiceField(label=label, choices=choices, required=False, initial=value)
    return forms.IntegerField(
        label=label, min_value=parameter.low, max_value=parameter.high, required=False, initial=value
    )
