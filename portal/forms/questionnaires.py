"""Forms of the questionnaire editor: a new one, its titles, a section, and one question with options and condition."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import kinds, questionnaires
from portal import questionnaire_conditions as conditions
from portal.models import Questionnaire
from portal.questionnaire_shapes import KEY
from portal.questionnaires import Body, Question, text
from portal.vocabulary_questions import OPERATORS, TYPES

NO_TEXT = {"zh": "", "en": ""}
MOST_OPTIONS = 30
SHORT = forms.Textarea(attrs={"rows": 2})


def tongues(data: dict[str, Any], name: str) -> dict[str, str] | None:
    """Return a bilingual text, or None where both are empty."""
    words = {"zh": data[f"{name}_zh"].strip(), "en": data[f"{name}_en"].strip()}
    return words if any(words.values()) else None


def plain(value: Decimal | None) -> int | float | None:
    """Return a number as JSON keeps it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


class NewQuestionnaireForm(forms.Form):
    """A questionnaire from nothing, or with the content of a version there is."""

    title_zh = forms.CharField(label=gettext_lazy("中文标题"), max_length=200)
    title_en = forms.CharField(label=gettext_lazy("英文标题"), max_length=200)
    code = forms.SlugField(
        label=gettext_lazy("代码"), max_length=60,
        help_text=gettext_lazy("用在地址里，例如 minhang-pilot；以后的版本沿用。"),
    )  # fmt: skip
    source = forms.ModelChoiceField(
        Questionnaire.objects.none(), label=gettext_lazy("内容"), required=False,
        empty_label=gettext_lazy("从空白开始"), help_text=gettext_lazy("可以先复制一份已有的问卷，再改。"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Questionnaire.objects.visible_to(user).defer("body").order_by("code", "-version")
        self.fields["source"].queryset = seen  # type: ignore[attr-defined]


class TitlesForm(forms.ModelForm):
    """The titles of a draft."""

    class Meta:
        model = Questionnaire
        fields = ["title_zh", "title_en", "is_sample"]
        labels = {"is_sample": gettext_lazy("标为“示例”（不是官方问卷）")}


class SectionEditForm(forms.Form):
    """The words, clause and weight of a section."""

    title_zh = forms.CharField(label=gettext_lazy("标题（中文）"), max_length=100)
    title_en = forms.CharField(label=gettext_lazy("标题（英文）"), max_length=160)
    help_zh = forms.CharField(label=gettext_lazy("说明（中文）"), max_length=500, required=False, widget=SHORT)
    help_en = forms.CharField(label=gettext_lazy("说明（英文）"), max_length=800, required=False, widget=SHORT)
    clause = forms.IntegerField(
        label=gettext_lazy("指导意见条款"), min_value=1, max_value=19, required=False,
        help_text=gettext_lazy("这一章服务于第几条，1 到 19。"),
    )  # fmt: skip
    weight = forms.DecimalField(
        label=gettext_lazy("权重（分）"), min_value=0, max_value=100, decimal_places=1, required=False,
        help_text=gettext_lazy("填写后，本章问题的最高分合计要等于它，各章合计 100 分。不计分则留空。"),
    )  # fmt: skip

    @staticmethod
    def initial_of(part: dict[str, Any]) -> dict[str, Any]:
        """Return what the form shows for a section."""
        title, helped = part.get("title") or NO_TEXT, part.get("help") or NO_TEXT
        return {
            "title_zh": title.get("zh"), "title_en": title.get("en"), "help_zh": helped.get("zh"),
            "help_en": helped.get("en"), "clause": part.get("clause"), "weight": part.get("weight"),
        }  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        data = self.cleaned_data
        return {
            "title": tongues(data, "title"), "help": tongues(data, "help"), "clause": data["clause"],
            "weight": plain(data["weight"]),
        }  # fmt: skip


class OptionForm(forms.Form):
    """One option of a choice; an empty line is left out."""

    value = forms.SlugField(max_length=40, required=False)
    zh = forms.CharField(max_length=200, required=False)
    en = forms.CharField(max_length=300, required=False)
    score = forms.DecimalField(min_value=0, max_value=100, decimal_places=1, required=False)


class BandForm(forms.Form):
    """One band of a number: from this figure on, so many points."""

    start = forms.DecimalField(required=False)
    points = forms.DecimalField(min_value=0, max_value=100, decimal_places=1, required=False)


Options = forms.formset_factory(OptionForm, extra=3, max_num=MOST_OPTIONS, absolute_max=MOST_OPTIONS)
Bands = forms.formset_factory(BandForm, extra=2, max_num=MOST_OPTIONS, absolute_max=MOST_OPTIONS)


class QuestionEditForm(forms.Form):
    """Everything about one question but its options and bands. `body` is the draft, `question` None for a new one."""

    section = forms.ChoiceField(label=gettext_lazy("章节"))
    key = forms.RegexField(
        KEY, label=gettext_lazy("代码"), max_length=40, required=False,
        help_text=gettext_lazy("小写字母、数字和下划线；留空则自动编号。同一代码的回答可以在下一年沿用。"),
    )  # fmt: skip
    type = forms.ChoiceField(label=gettext_lazy("类型"), choices=list(TYPES.items()))
    label_zh = forms.CharField(label=gettext_lazy("问题（中文）"), max_length=300)
    label_en = forms.CharField(label=gettext_lazy("问题（英文）"), max_length=300)
    help_zh = forms.CharField(label=gettext_lazy("说明（中文）"), max_length=500, required=False, widget=SHORT)
    help_en = forms.CharField(label=gettext_lazy("说明（英文）"), max_length=800, required=False, widget=SHORT)
    required = forms.BooleanField(label=gettext_lazy("必填"), required=False)
    evidence_zh = forms.CharField(
        label=gettext_lazy("佐证要求（中文）"), max_length=300, required=False,
        help_text=gettext_lazy("写给企业：这个回答凭什么材料证明。要收文件，另建一个“上传文件”的问题。"),
    )  # fmt: skip
    evidence_en = forms.CharField(label=gettext_lazy("佐证要求（英文）"), max_length=500, required=False)
    unit_zh = forms.CharField(label=gettext_lazy("单位（中文）"), max_length=20, required=False)
    unit_en = forms.CharField(label=gettext_lazy("单位（英文）"), max_length=30, required=False)
    min = forms.DecimalField(label=gettext_lazy("最小值"), required=False)
    max = forms.DecimalField(label=gettext_lazy("最大值"), required=False)
    max_length = forms.IntegerField(label=gettext_lazy("最多字数"), min_value=1, max_value=20000, required=False)
    max_score = forms.DecimalField(
        label=gettext_lazy("最高分"), min_value=0, max_value=100, decimal_places=1, required=False,
        help_text=gettext_lazy("是或否、文字、文件：答“是”或填写即得；多选：合计不超过它。"),
    )  # fmt: skip
    prefill = forms.ChoiceField(
        label=gettext_lazy("预填来源"), required=False, help_text=gettext_lazy("平台已有的数据会先填好，企业可以改。")
    )
    show_key = forms.ChoiceField(label=gettext_lazy("取决于哪个问题"), required=False)
    show_operator = forms.ChoiceField(label=gettext_lazy("条件"), required=False)
    show_values = forms.MultipleChoiceField(
        label=gettext_lazy("选了哪些回答时出现"), required=False, widget=forms.CheckboxSelectMultiple
    )
    show_least = forms.DecimalField(label=gettext_lazy("不小于"), required=False)

    def __init__(
        self, *args: Any, body: Body, question: Question | None, sources: list[Question], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sources = {row["key"]: row for row in sources}
        fields: dict[str, Any] = self.fields
        fields["section"].choices = [(part["key"], _title(part)) for part in questionnaires.sections(body)]
        fields["prefill"].choices = [("", _("不预填")), *kinds.prefills().items()]
        fields["show_key"].choices = [
            ("", _("总是显示")),
            *((key, _numbered(row, body)) for key, row in self.sources.items()),
        ]
        if question is not None:
            del fields["key"]
        self._offer_answers(fields)

    def _offer_answers(self, fields: dict[str, Any]) -> None:
        """Offer the operators and answers that fit the chosen earlier question; none is asked about before that."""
        source = self.sources.get(str(self["show_key"].value() or ""))
        fitting = conditions.OPERATORS_OF[source["type"]] if source else ()
        fields["show_operator"].choices = [(name, OPERATORS[name]) for name in fitting]
        wants = {"show_operator": bool(source), "show_values": "in" in fitting, "show_least": "gte" in fitting}
        for name, is_wanted in wants.items():
            if not is_wanted:
                del fields[name]
        if source and "in" in fitting:
            answers = [(value, questionnaires.display(source, value)) for value in conditions.values_of(source)]
            fields["show_values"].choices = answers

    @staticmethod
    def initial_of(part: dict[str, Any], question: Question) -> dict[str, Any]:
        """Return what the form shows for a question."""
        names = ("type", "required", "min", "max", "max_length", "max_score", "prefill")
        shown: dict[str, Any] = {"section": part["key"], **{name: question.get(name) for name in names}}
        for name in ("label", "help", "evidence", "unit"):
            words = question.get(name) or NO_TEXT
            shown |= {f"{name}_zh": words.get("zh"), f"{name}_en": words.get("en")}
        condition = question.get("show_if") or {}
        wanted = conditions.wanted_of(condition)
        operator = "in" if wanted else "gte" if "gte" in condition else "answered"
        return {**shown, "show_key": condition.get("key", ""), "show_operator": operator, "show_values": wanted,
                "show_least": condition.get("gte")}  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        operator = cleaned.get("show_operator")
        if "show_operator" in self.fields and not operator:
            self.add_error("show_operator", _("请选择条件。"))
        if operator == "in" and not cleaned.get("show_values"):
            self.add_error("show_values", _("请至少选一个回答，或把条件改为“已经填写”。"))
        if operator == "gte" and "show_least" not in self.errors and cleaned.get("show_least") is None:
            self.add_error("show_least", _("请填写数字。"))
        low, high = cleaned.get("min"), cleaned.get("max")
        if low is not None and high is not None and low > high:
            self.add_error("max", _("最大值不能小于最小值。"))
        return cleaned

    def condition(self) -> dict[str, Any] | None:
        """Return the show-if as it is stored, or None."""
        data = self.cleaned_data
        if not data.get("show_key"):
            return None
        operator = data.get("show_operator") or "answered"
        chosen: list[str] = data.get("show_values") or []
        if operator == "in" and len(chosen) == 1:
            return {"key": data["show_key"], "equals": chosen[0]}
        value: Any = {"in": chosen, "gte": plain(data.get("show_least"))}.get(operator, True)
        return {"key": data["show_key"], operator: value}

    def values(self, options: list[dict[str, Any]], bands: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the question as the action takes it: what does not fit the type is left out."""
        data, sort = self.cleaned_data, self.cleaned_data["type"]
        is_number, is_text = sort in conditions.NUMBERS, sort in ("text", "textarea")
        return {
            "type": sort, "label": tongues(data, "label"), "help": tongues(data, "help"),
            "required": data["required"], "evidence": tongues(data, "evidence"), "prefill": data["prefill"],
            "unit": tongues(data, "unit") if is_number else None,
            "min": plain(data["min"]) if is_number else None, "max": plain(data["max"]) if is_number else None,
            "max_length": data["max_length"] if is_text else None, "max_score": plain(data["max_score"]),
            "options": option_values(options) if sort in ("choice", "multichoice") else [],
            "bands": band_values(bands) if is_number else [], "show_if": self.condition(),
        }  # fmt: skip


def unchecked(form: QuestionEditForm) -> QuestionEditForm:
    """Return a form that shows what was typed and says nothing about it yet."""
    form._errors = ErrorDict()  # type: ignore[attr-defined]
    form.cleaned_data = {}
    return form


def _title(part: dict[str, Any]) -> str:
    return text(part.get("title")) or str(part["key"])


def _numbered(question: Question, body: Body) -> str:
    return f"{questionnaires.numbers(body).get(question['key'], '')} {text(question.get('label'))}"


def option_initial(question: Question) -> list[dict[str, Any]]:
    """Return the lines of a question's options for the formset."""
    rows = question.get("options", [])
    return [
        {"value": row.get("value"), "zh": (row.get("label") or {}).get("zh"), "en": (row.get("label") or {}).get("en"),
         "score": row.get("score")}
        for row in rows
    ]  # fmt: skip


def option_values(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the options as stored; lines without words are left out, a line without a code is numbered."""
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(lines, start=1):
        if line.get("zh") or line.get("en"):
            row = {
                "value": line.get("value") or f"o{number}",
                "label": {"zh": line.get("zh", ""), "en": line.get("en", "")},
            }
            score = plain(line.get("score"))
            rows.append(row if score is None else {**row, "score": score})
    return rows


def band_initial(question: Question) -> list[dict[str, Any]]:
    """Return the lines of a question's bands for the formset."""
    return [{"start": start, "points": points} for start, points in question.get("bands", [])]


def band_values(lines: list[dict[str, Any]]) -> list[list[Any]]:
    """Return the bands as stored, the lowest first."""
    rows = [[plain(row["start"]), plain(row.get("points")) or 0] for row in lines if row.get("start") is not None]
    return sorted(rows, key=lambda row: row[0])
