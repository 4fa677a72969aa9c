"""What an official compares: one submission with another, a score with its maximum."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from portal import questionnaires
from portal.formats import listed
from portal.models import (
    Application,
    CorrectionItem,
    Review,
    StoredFile,
    Submission,
)
from portal.questionnaires import Question, text


@dataclass
class Difference:
    """One question that changed or was to be corrected, with what was said about it."""

    key: str
    label: str
    old: str | None
    new: str | None
    item: CorrectionItem | None = None
    files: list[StoredFile] = field(default_factory=list)


def differences(application: Application, since: int, submissions: list[Submission]) -> list[Difference]:
    """Return what changed from submission number `since` to the latest one, and every item of the last correction."""
    body = application.call.questionnaire.body
    by_number = {row.sequence: row for row in submissions}
    if since not in by_number or not submissions:
        return []
    old, new = by_number[since], submissions[-1]
    items = _items(application)
    changed = {change.question["key"]: change for change in questionnaires.diff(body, old.answers, new.answers)}
    rows = []
    for _part, question in questionnaires.questions(body):
        key = question["key"]
        if key not in changed and key not in items:
            continue
        before, after = old.answers.get(key), new.answers.get(key)
        is_changed = key in changed
        rows.append(
            Difference(
                key,
                text(question["label"]),
                words(question, before, old.files) if is_changed else None,
                words(question, after, new.files) if is_changed else None,
                items.get(key),
            )
        )
    return rows


def _items(application: Application) -> dict[str, CorrectionItem]:
    request = application.corrections.exclude(answered_at=None).order_by("-sequence").first()
    return {item.key: item for item in request.items.select_related("request")} if request else {}


def words(question: Question, value: Any, files: dict[str, Any]) -> str:
    """Return an answer in words; files by name and version."""
    if question["type"] != "file" or questionnaires.is_empty(value):
        return questionnaires.display(question, value)
    return listed(_file_words(files.get(number)) for number in value)


def _file_words(known: dict[str, Any] | None) -> str:
    if known is None:
        return _("文件")
    return _("%(name)s（第 %(version)s 版）") % {"name": known["name"], "version": known["version"]}


def answer_sheet(application: Application, answers: dict[str, Any], changed: set[str]) -> list[dict[str, Any]]:
    """Return the whole questionnaire as sections of {label, shown, files, is_changed}; hidden questions left out."""
    files = {row.number: row for row in application.files.all()}
    sheet = []
    for part in questionnaires.sections(application.call.questionnaire.body):
        rows = [
            {
                "label": text(question["label"]),
                "shown": questionnaires.display(question, answers.get(question["key"])),
                "files": _files(question, answers.get(question["key"]), files),
                "is_changed": question["key"] in changed,
            }
            for question in part["questions"]
            if questionnaires.is_shown(question, answers)
        ]
        sheet.append({"key": part["key"], "title": text(part["title"]), "rows": rows})
    return sheet


def _files(question: Question, value: Any, files: dict[str, StoredFile]) -> list[StoredFile]:
    return [files[number] for number in value or [] if number in files] if question["type"] == "file" else []


def bars(application: Application, answers: dict[str, Any]) -> dict[str, Any]:
    """Return the self-score as bars with its total; the weights are a sample."""
    table = questionnaires.score(application.call.questionnaire.body, answers)
    items = [
        {
            "label": row.title,
            "value": row.points,
            "total": row.out_of,
            "note": f"{row.out_of:g}",
            "text": f"{row.points:g}",
        }
        for row in table
    ]
    total, out_of = sum(row.points for row in table), sum(row.out_of for row in table)
    return {"items": items, "total": f"{total:g}", "out_of": f"{out_of:g}"}


def sheet_rows(application: Application, review: Review) -> list[dict[str, Any]]:
    """Return the points of a score sheet per criterion, as bars."""
    return [
        {
            "label": text(row["label"]),
            "value": float(review.scores.get(row["key"]) or 0),
            "total": row["max"],
            "note": f"{row['max']:g}",
            "text": f"{float(review.scores.get(row['key']) or 0):g}",
        }
        for row in application.call.criteria
    ]
