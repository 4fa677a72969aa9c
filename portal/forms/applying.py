"""One section of a questionnaire as a Django form, and the small forms of an applicant."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import questionnaires
from portal.formats import listed
from portal.models import Answer, StoredFile, User
from portal.questionnaires import AnswerError, Question, text

PREFIX = "a"
LONG_LIST = 8
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"
WIDTHS = {"integer": "s", "decimal": "s", "money": "m", "date": "s"}
DATE_HINT = gettext_lazy("可以写 2023-04-07、2023/4/7 或 2023年4月7日。")
MONEY_HINT = gettext_lazy("可以带逗号粘贴，例如 120,000。")


class ManyFiles(forms.FileInput):
    """A file input that takes several files; read back as a list."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else [files[name]] if name in files else []


class QuestionField(forms.Field):
    """A field that cleans as its question says. A missing answer is the form's matter, because of show-if."""

    def __init__(self, question: Question, number: str) -> None:
        self.question = question
        super().__init__(
            label=f"{number} {text(question['label'])}",
            help_text=_help(question),
            required=bool(question.get("required")),
            widget=_widget(question),
        )

    def clean(self, value: Any) -> Any:
        try:
            return questionnaires.clean(self.question, value)
        except AnswerError as error:
            raise ValidationError(str(error.sentence)) from None


def _help(question: Question) -> str:
    own, evidence = text(question.get("help")), text(question.get("evidence"))
    if evidence:
        asked = _("佐证：%(what)s") % {"what": evidence}
        own = f"{own} {asked}".strip()
    hint = {"date": DATE_HINT, "money": MONEY_HINT}.get(question["type"])
    return f"{own} {hint}".strip() if hint else own


def _widget(question: Question) -> forms.Widget:
    kind = question["type"]
    if kind == "textarea":
        return forms.Textarea(attrs={"rows": 5})
    if kind in ("yesno", "choice", "multichoice"):
        return _choice_widget(question)
    if kind == "file":
        return ManyFiles(attrs={"multiple": True, "accept": ACCEPTED, "data-send": f"send-{question['key']}"})
    mode = {"integer": "numeric", "decimal": "decimal", "money": "decimal"}.get(kind)
    return forms.TextInput(attrs={"inputmode": mode} if mode else {"autocomplete": "off"})


def _choice_widget(question: Question) -> forms.Widget:
    if question["type"] == "yesno":
        return forms.RadioSelect(choices=[("yes", _("是")), ("no", _("否"))])
    choices = [(option["value"], text(option["label"])) for option in question["options"]]
    if question["type"] == "multichoice":
        return forms.CheckboxSelectMultiple(choices=choices)
    if len(choices) > LONG_LIST:
        return forms.Select(choices=[("", _("请选择")), *choices])
    return forms.RadioSelect(choices=choices)


def digest(value: Any) -> str:
    """Return a short mark of a value: enough to tell whether a person changed what they saw."""
    packed = json.dumps(None if questionnaires.is_empty(value) else value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(packed.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Row:
    """One question as the page shows it. `condition` is for the script, `hint` for those without it."""

    bound: forms.BoundField
    question: Question
    unit: str
    width: str
    source: str
    seen_name: str
    seen: str
    documents: list[StoredFile]
    condition: dict[str, str] | None
    hint: str

    @property
    def is_file(self) -> bool:
        return bool(self.question["type"] == "file")


class SectionForm(forms.Form):
    """Some questions of one section.

    `present` are the stored answers of the whole application by key; `documents` the stored files by number.
    With `is_final` a shown required question without an answer is an error; autosave leaves that out.
    """

    use_required_attribute = False
    error_css_class = "is-err"

    def __init__(
        self,
        questions: Iterable[tuple[str, Question]],
        present: Mapping[str, Answer],
        *,
        documents: Mapping[str, StoredFile] | None = None,
        is_final: bool = True,
        **kwargs: Any,
    ) -> None:
        self.present, self.documents, self.is_final = present, documents or {}, is_final
        self.stored = {key: answer.value for key, answer in present.items()}
        numbered = list(questions)
        here = {question["key"] for _number, question in numbered}
        self.questions = {
            question["key"]: question for _number, question in numbered if _may_show(question, here, self.stored)
        }
        initial = {key: self.stored.get(key) for key in self.questions}
        super().__init__(prefix=PREFIX, initial=initial, **kwargs)
        self.labels = {question["key"]: number for number, question in numbered}
        for number, question in numbered:
            if question["key"] in self.questions:
                self.fields[question["key"]] = QuestionField(question, number)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for key, question in self.questions.items():
            if not questionnaires.is_shown(question, self.answers):
                self.errors.pop(key, None)
            elif self.is_final and key not in self.errors and question.get("required") and self._lacks(question):
                self.add_error(key, _missing(question))
        return cleaned

    @property
    def answers(self) -> dict[str, Any]:
        """Return the stored answers with what was typed here over them."""
        typed = {key: self.cleaned_data[key] for key in self.questions if key in self.cleaned_data}
        return {**self.stored, **{k: v for k, v in typed.items() if self.questions[k]["type"] != "file"}}

    def _lacks(self, question: Question) -> bool:
        key = question["key"]
        if question["type"] == "file":
            return not self.stored.get(key) and not self.cleaned_data.get(key)
        return questionnaires.is_empty(self.cleaned_data.get(key))

    def typed(self) -> dict[str, Any]:
        """Return the valid answers of shown questions, files left out."""
        answers = self.answers
        return {
            key: self.cleaned_data[key]
            for key, question in self.questions.items()
            if question["type"] != "file" and key in self.cleaned_data and questionnaires.is_shown(question, answers)
        }

    def uploads(self) -> dict[str, list[Any]]:
        """Return the files chosen per file question."""
        return {
            key: self.cleaned_data[key]
            for key, question in self.questions.items()
            if question["type"] == "file" and self.cleaned_data.get(key)
        }

    def seen(self, key: str) -> tuple[int, str]:
        """Return (revision, mark of the value) that the person had before them when the page was made."""
        revision, _dot, mark = str(self.data.get(f"seen-{key}", "")).partition(".")
        return (int(revision) if revision.isdecimal() else 0), mark

    def changes(self, user: User) -> tuple[dict[str, Any], dict[str, int]]:
        """Return the answers to save and the revisions seen.

        An answer left as it was seen is not this person's: it never overwrites a newer one by somebody else. After a
        conflict `keep-<key>` says whose answer to keep, for the revision that was shown then.
        """
        values, revisions = {}, {}
        for key, value in self.typed().items():
            answer = self.present.get(key)
            revision, mark = self.seen(key)
            kept = str(self.data.get(f"keep-{key}", ""))
            if kept == "theirs":
                continue
            if kept.startswith("mine."):
                revision = int(kept[5:]) if kept[5:].isdecimal() else revision
            elif answer and answer.revision != revision and answer.updated_by_id != user.pk and digest(value) == mark:
                continue
            values[key], revisions[key] = value, revision
        return values, revisions

    def rows(self) -> list[Row]:
        """Return the questions in order, ready for the template."""
        return [self._row(key, question) for key, question in self.questions.items()]

    def _row(self, key: str, question: Question) -> Row:
        answer = self.present.get(key)
        value = answer.value if answer else None
        condition = question.get("show_if")
        numbers = value or [] if question["type"] == "file" else []
        here = condition if condition and condition["key"] in self.questions else None
        return Row(
            bound=self[key],
            question=question,
            unit=text(question.get("unit")) or (_("元") if question["type"] == "money" else ""),
            width=WIDTHS.get(question["type"], ""),
            source=source_words(answer.source) if answer and not self.is_bound else "",
            seen_name=f"seen-{key}",
            seen=self.data.get(f"seen-{key}") or f"{answer.revision if answer else 0}.{digest(value)}",
            documents=[self.documents[n] for n in numbers if n in self.documents],
            condition=_condition(here) if here else None,
            hint=_hint(here, self.questions) if here else "",
        )


def _may_show(question: Question, here: set[str], stored: dict[str, Any]) -> bool:
    """Return whether the page may need the question: its condition is decided here, or holds already."""
    condition = question.get("show_if")
    return not condition or condition["key"] in here or questionnaires.is_shown(question, stored)


def _missing(question: Question) -> str:
    if question["type"] == "file":
        return _("请上传文件。")
    if question["type"] in ("yesno", "choice", "multichoice"):
        return _("请选择一项。")
    return _("请填写这一项。")


def _condition(condition: dict[str, Any]) -> dict[str, str]:
    operator = next(name for name in questionnaires.OPERATORS if name in condition)
    return {"name": f"{PREFIX}-{condition['key']}", "operator": operator, "value": json.dumps(condition[operator])}


def _hint(condition: dict[str, Any], questions: Mapping[str, Question]) -> str:
    asked = questions[condition["key"]]
    label = text(asked["label"])
    if "equals" in condition or "in" in condition:
        wanted = condition.get("in") or [condition["equals"]]
        answers = listed(questionnaires.display(asked, value) for value in wanted)
        return _("仅当“%(question)s”选“%(answers)s”时填写") % {"question": label, "answers": answers}
    if "gte" in condition:
        return _("仅当“%(question)s”达到 %(least)s 时填写") % {"question": label, "least": condition["gte"]}
    return _("仅当填写了“%(question)s”时填写") % {"question": label}


def source_words(source: str) -> str:
    """Return where a prefilled answer comes from, in words; nothing for an answer somebody typed."""
    if not source:
        return ""
    if source.startswith("application:"):
        return _("沿用办件 %(number)s 的答案，可以修改") % {"number": source.partition(":")[2]}
    return _("来自企业资料，可以修改")


class Declaration(forms.Form):
    """The promise before handing in."""

    is_true = forms.BooleanField(
        label=gettext_lazy("本企业承诺：所填内容和所附材料真实、完整，愿意承担不实申报的责任。"),
        error_messages={"required": gettext_lazy("请先勾选承诺，再提交。")},
    )


class Withdrawal(forms.Form):
    """Why an application is withdrawn; may stay empty."""

    reason = forms.CharField(
        label=gettext_lazy("撤回原因"),
        help_text=gettext_lazy("受理机关会看到。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        required=False,
    )


class AppealForm(forms.Form):
    """Why a refusal should be looked at again."""

    text = forms.CharField(
        label=gettext_lazy("申诉理由"),
        help_text=gettext_lazy("写明您认为哪一点不符合事实或规定，可以引用已提交的材料。"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=5000,
        error_messages={"required": gettext_lazy("请写明申诉理由。")},
    )


class MessageForm(forms.Form):
    """A line to the office inside a case."""

    text = forms.CharField(
        label=gettext_lazy("留言"),
        help_text=gettext_lazy("经办和本企业成员都能看到，会留在办件记录里。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": gettext_lazy("请先写下留言。")},
    )
