"""Versions of a questionnaire: clone a new draft, change its texts, publish it. A published version never changes."""

from __future__ import annotations

import copy
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portal import audit, questionnaires
from portal.clock import now
from portal.errors import RuleBroken
from portal.models import Questionnaire, User
from portal.permissions import Permission, check

TEXTS = ("label", "help")


@transaction.atomic
def clone(questionnaire: Questionnaire, *, by: User) -> Questionnaire:
    """Make the next version as a draft; one draft per code at a time. Raises Denied, RuleBroken."""
    check(by, Permission.MANAGE_CALLS)
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
        created_at=now(),
    )
    audit.record(_subject(made), "questionnaire.cloned", by=by, data={"from": questionnaire.version})
    return made


@transaction.atomic
def change_question(questionnaire: Questionnaire, key: str, values: dict[str, Any], *, by: User) -> Questionnaire:
    """Change the words and points of one question of a draft.

    `values`: label and help as {"zh", "en"}, required, scores {option value: points}. Raises Denied, RuleBroken.
    """
    check(by, Permission.MANAGE_CALLS)
    questionnaire = _locked_draft(questionnaire)
    question = questionnaires.find(questionnaire.body, key)
    if question is None:
        raise RuleBroken(_("问卷里没有问题 %(key)s。") % {"key": key}, code="unknown_question")
    for name in TEXTS:
        if name in values:
            question[name] = values[name]
    question["required"] = bool(values.get("required"))
    for option in question.get("options", []):
        if option["value"] in values.get("scores", {}):
            option["score"] = values["scores"][option["value"]]
    questionnaire.save(update_fields=["body"])
    audit.record(_subject(questionnaire), "questionnaire.changed", by=by, data={"key": key})
    return questionnaire


@transaction.atomic
def publish(questionnaire: Questionnaire, *, by: User) -> Questionnaire:
    """Publish a draft version. Raises RuleBroken with the first faults."""
    check(by, Permission.MANAGE_CALLS)
    questionnaire = _locked_draft(questionnaire)
    faults = questionnaires.check_body(questionnaire.body)
    if faults:
        raise RuleBroken(_("还不能发布：%(faults)s") % {"faults": " ".join(map(str, faults[:5]))}, code="incomplete")
    questionnaire.status, questionnaire.published_at = Questionnaire.Status.PUBLISHED, now()
    questionnaire.published_by = by
    questionnaire.save(update_fields=["status", "published_at", "published_by"])
    audit.record(_subject(questionnaire), "questionnaire.published", by=by)
    return questionnaire


def _locked_draft(questionnaire: Questionnaire) -> Questionnaire:
    row = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if row.status != Questionnaire.Status.DRAFT:
        raise RuleBroken(_("这个版本已经发布，不能再改。请复制为新版本。"), code="wrong_state")
    return row


def _subject(questionnaire: Questionnaire) -> tuple[str, str]:
    return "questionnaire", f"{questionnaire.code}.{questionnaire.version}"
