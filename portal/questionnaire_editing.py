"""Versions of a questionnaire: begin, copy, change, take back, publish and retire. A published version never changes.

Every change names the revision its maker saw; an older one is refused with who did what when, so that two people do
not overwrite each other unawares. The last edits can be taken back until the version is published.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portal import audit, kinds, questionnaire_checks, questionnaires
from portal import questionnaire_shapes as shapes
from portal.clock import now
from portal.errors import RuleBroken
from portal.formats import clock_time
from portal.makers import check_maker
from portal.models import District, Questionnaire, QuestionnaireEdit, User
from portal.questionnaire_checks import Fault
from portal.vocabulary_questions import VERBS

KEPT_EDITS = 20
UNDONE = "undo"
EDITS: dict[str, Callable[..., str]] = {
    "add_section": shapes.add_section,
    "change_section": shapes.change_section,
    "move_section": shapes.move_section,
    "delete_section": shapes.delete_section,
    "add_question": shapes.add_question,
    "change_question": shapes.change_question,
    "move_question": shapes.move_question,
    "copy_question": shapes.copy_question,
    "delete_question": shapes.delete_question,
}


class EditedMeanwhile(RuleBroken):
    """Somebody else changed the draft; `edits` are theirs, the newest last, `revision` is the present one."""

    code = "edited_meanwhile"

    def __init__(self, edits: list[QuestionnaireEdit], revision: int) -> None:
        self.edits, self.revision = edits, revision
        values = {"who": "—", "time": "—", "what": "—"}
        if edits:
            last = edits[-1]
            what = f"{VERBS.get(last.verb, last.verb)} {last.key}".strip()
            values = {"who": str(last.by), "time": clock_time(last.at), "what": what}
        super().__init__(
            _("%(who)s 在 %(time)s 改过这份草稿（%(what)s），您的修改还没有保存。请核对后再保存。") % values
        )


@transaction.atomic
def create(
    *, code: str, title: dict[str, str], host: District | None, source: Questionnaire | None = None, by: User
) -> Questionnaire:
    """Begin a new questionnaire as a draft, empty or with the content of any version one may see.

    `title` is {"zh", "en"}. Raises Denied, RuleBroken where the code is taken.
    """
    made = Questionnaire(
        code=code, title_zh=title["zh"], title_en=title["en"], host=host, created_at=now(),
        body=copy.deepcopy(source.body) if source else {"sections": []},
    )  # fmt: skip
    check_maker(by, made)
    if Questionnaire.objects.filter(code=code).exists():
        raise RuleBroken(
            _("代码 %(code)s 已被使用。要改已有的问卷，请复制为新版本。") % {"code": code}, code="code_taken"
        )
    made.save(force_insert=True)
    audit.record(subject(made), "questionnaire.created", by=by, data={"from": str(source) if source else ""})
    return made


@transaction.atomic
def clone(questionnaire: Questionnaire, *, by: User) -> Questionnaire:
    """Make the next version as a draft; one draft per code at a time. Raises Denied, RuleBroken."""
    check_maker(by, questionnaire)
    versions = Questionnaire.objects.select_for_update().filter(code=questionnaire.code)
    draft = versions.filter(status=Questionnaire.Status.DRAFT).first()
    if draft is not None:
        raise RuleBroken(_("已有第 %(version)s 版草稿，请先发布它。") % {"version": draft.version}, code="draft_exists")
    newest = Questionnaire.objects.filter(code=questionnaire.code).aggregate(newest=Max("version"))["newest"]
    made = Questionnaire.objects.create(
        code=questionnaire.code,
        version=newest + 1,
        title_zh=questionnaire.title_zh,
        title_en=questionnaire.title_en,
        body=copy.deepcopy(questionnaire.body),
        is_sample=questionnaire.is_sample,
        host=questionnaire.host,
        created_at=now(),
    )
    audit.record(subject(made), "questionnaire.cloned", by=by, data={"from": questionnaire.version})
    return made


@transaction.atomic
def edit(questionnaire: Questionnaire, verb: str, *, revision: int, by: User, **arguments: Any) -> str:
    """Do one of EDITS to a draft; `arguments` are those of its function. Returns the key it worked on.

    Raises Denied, EditedMeanwhile, RuleBroken.
    """
    draft = _locked_draft(questionnaire, by)
    _require_seen(draft, revision)
    before = copy.deepcopy(draft.body)
    key = EDITS[verb](draft.body, **arguments)
    _keep(draft, verb, key, {"body": before}, by)
    draft.save(update_fields=["body", "revision"])
    return key


@transaction.atomic
def rename(questionnaire: Questionnaire, values: dict[str, Any], *, revision: int, by: User) -> Questionnaire:
    """Change a draft's titles and whether it is a sample: {"title_zh", "title_en", "is_sample"}."""
    draft = _locked_draft(questionnaire, by)
    _require_seen(draft, revision)
    before = {name: getattr(draft, name) for name in values}
    for name, value in values.items():
        setattr(draft, name, value)
    _keep(draft, "rename", "", before, by)
    draft.save(update_fields=[*values, "revision"])
    return draft


@transaction.atomic
def change_question(questionnaire: Questionnaire, key: str, values: dict[str, Any], *, by: User) -> Questionnaire:
    """Change the words and points of one question of a draft, whatever else has been changed meanwhile.

    `values`: label and help as {"zh", "en"}, required, scores {option value: points}. Raises Denied, RuleBroken.
    """
    draft = _locked_draft(questionnaire, by)
    question = questionnaires.find(draft.body, key) or {}
    scores = values.get("scores", {})
    options = [{**row, "score": scores.get(row["value"], row.get("score"))} for row in question.get("options", [])]
    plain = {name: values[name] for name in ("label", "help", "required") if name in values}
    edit(draft, "change_question", key=key, values={**plain, "options": options}, revision=draft.revision, by=by)
    draft.refresh_from_db()
    return draft


@transaction.atomic
def undo(questionnaire: Questionnaire, *, revision: int, by: User) -> QuestionnaireEdit:
    """Take the newest edit back and return it. Raises RuleBroken where there is none left."""
    draft = _locked_draft(questionnaire, by)
    _require_seen(draft, revision)
    last = draft.edits.exclude(verb=UNDONE).order_by("-revision").first()
    if last is None:
        raise RuleBroken(_("没有可以撤销的修改。"), code="nothing_to_undo")
    for name, value in last.before.items():
        setattr(draft, name, value)
    QuestionnaireEdit.objects.filter(pk=last.pk).delete()
    _keep(draft, UNDONE, last.key, {}, by)
    draft.save(update_fields=[*last.before, "revision"])
    return last


@transaction.atomic
def publish(questionnaire: Questionnaire, *, by: User) -> Questionnaire:
    """Publish a draft version. Raises RuleBroken with the first faults."""
    draft = _locked_draft(questionnaire, by)
    found = faults(draft)
    if found:
        raise RuleBroken(_("还不能发布：%(faults)s") % {"faults": " ".join(map(str, found[:5]))}, code="incomplete")
    draft.status, draft.published_at, draft.published_by = Questionnaire.Status.PUBLISHED, now(), by
    draft.save(update_fields=["status", "published_at", "published_by"])
    draft.edits.all().delete()
    audit.record(subject(draft), "questionnaire.published", by=by)
    return draft


@transaction.atomic
def retire(questionnaire: Questionnaire, *, by: User) -> Questionnaire:
    """Take a published version out of use for new calls; calls that have it keep it. Raises Denied, RuleBroken."""
    row = Questionnaire.objects.select_for_update(of=("self",)).get(pk=questionnaire.pk)
    check_maker(by, row)
    if row.status != Questionnaire.Status.PUBLISHED:
        raise RuleBroken(_("只有已发布的版本可以停用。"), code="wrong_state")
    row.status, row.retired_at, row.retired_by = Questionnaire.Status.RETIRED, now(), by
    row.save(update_fields=["status", "retired_at", "retired_by"])
    audit.record(subject(row), "questionnaire.retired", by=by)
    return row


def faults(questionnaire: Questionnaire) -> list[Fault]:
    """Return everything that must be mended before publishing."""
    found = questionnaire_checks.check(questionnaire.body, prefills=kinds.prefills())
    if not (questionnaire.title_zh.strip() and questionnaire.title_en.strip()):
        found.insert(0, Fault("", "", _("问卷标题缺少一种文字。")))
    return found


def subject(questionnaire: Questionnaire) -> tuple[str, str]:
    """Return what the audit calls a version."""
    return "questionnaire", f"{questionnaire.code}.{questionnaire.version}"


def _locked_draft(questionnaire: Questionnaire, by: User) -> Questionnaire:
    row = Questionnaire.objects.select_for_update(of=("self",)).get(pk=questionnaire.pk)
    check_maker(by, row)
    if row.status != Questionnaire.Status.DRAFT:
        raise RuleBroken(_("这个版本已经发布，不能再改。请复制为新版本。"), code="wrong_state")
    return row


def _require_seen(draft: Questionnaire, revision: int) -> None:
    if draft.revision != revision:
        edits = draft.edits.filter(revision__gt=revision).select_related("by").order_by("revision")
        raise EditedMeanwhile(list(edits), draft.revision)


def _keep(draft: Questionnaire, verb: str, key: str, before: dict[str, Any], by: User) -> None:
    draft.revision += 1
    QuestionnaireEdit.objects.create(
        questionnaire=draft, revision=draft.revision, verb=verb, key=key, before=before, at=now(), by=by
    )
    draft.edits.filter(revision__lte=draft.revision - KEPT_EDITS).delete()
    audit.record(subject(draft), "questionnaire.changed", by=by, data={"verb": verb, "key": key})
