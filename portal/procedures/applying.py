"""The applicant's actions: open, answer, submit, undo, resubmit, withdraw, appeal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import audit, questionnaires, rules
from portal.clock import now, today
from portal.errors import RuleBroken
from portal.formats import listed, strung
from portal.kinds import Finding
from portal.models import (
    Answer,
    Appeal,
    Application,
    Call,
    CorrectionItem,
    Organisation,
    Status,
    StoredFile,
    Submission,
    User,
)
from portal.permissions import Permission, check

from . import assigning, clocks, mover
from .tables import UNDO_RULE, Verb


@transaction.atomic
def open_application(call: Call, organisation: Organisation, *, by: User) -> Application:
    """Begin a draft under an open call, prefilled with what the portal knows; return it.

    Returns the live application where there already is one: nobody fills in the same form twice.
    Raises Denied, or RuleBroken when the call is closed, out of district, or an eligibility rule bars it.
    """
    check(by, Permission.FILL_APPLICATION, organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    present = Application.objects.filter(call=call, organisation=organisation).exclude(status=Status.WITHDRAWN).first()
    if present is not None:
        return present
    _require_open(call)
    if call.district_id and call.district_id != organisation.district_id:
        raise RuleBroken(_("本批次只面向所在区的企业。"), code="other_district")
    _require_eligible(eligibility(call, organisation))
    kind = mover.kinds.get(call.kind)
    application = Application.objects.create(
        number=clocks.next_number(kind.prefix, today().year),
        call=call,
        kind=call.kind,
        organisation=organisation,
        office_district=organisation.district,
        created_by=by,
        created_at=now(),
        updated_at=now(),
    )
    _prefill(application, by)
    audit.record(application, "application.opened", by=by, data={"call": call.number})
    return application


def eligibility(call: Call, organisation: Organisation) -> list[Finding]:
    """Return the verdict of every eligibility rule of the call's kind, with evidence."""
    return mover.kinds.get(call.kind).eligibility(organisation)


def _require_open(call: Call) -> None:
    if not call.is_open:
        raise RuleBroken(_("申报窗口没有开放。请查看正在申报的批次。"), code="call_closed")


def _require_eligible(findings: list[Finding]) -> None:
    failed = [str(finding.label) for finding in findings if finding.blocks and finding.is_met is False]
    if failed:
        raise RuleBroken(_("资格预检未通过：%(rules)s。") % {"rules": strung(failed)}, code="not_eligible")


def _prefill(application: Application, by: User) -> None:
    """Fill what is known: last year's answers first, the enterprise record over them."""
    body = application.call.questionnaire.body
    known: dict[str, tuple[Any, str]] = {}
    last = (
        Application.objects.filter(organisation=application.organisation, kind=application.kind)
        .exclude(pk=application.pk)
        .exclude(submitted_at=None)
        .order_by("-submitted_at")
        .first()
    )
    if last is not None:
        for answer in last.answers.all():
            known[answer.key] = (answer.value, f"application:{last.number}")
    record = mover.kinds.get(application.kind).prefill(application.organisation)
    for _part, question in questionnaires.questions(body):
        found = record.get(question.get("prefill", ""))
        if found is not None and not questionnaires.is_empty(found.value):
            known[question["key"]] = (found.value, found.source)
    wanted = {question["key"]: question for _part, question in questionnaires.questions(body)}
    rows = []
    for key, (value, source) in known.items():
        if key in wanted and wanted[key]["type"] != "file":
            try:
                cleaned = questionnaires.clean(wanted[key], value)
            except questionnaires.AnswerError:
                continue
            rows.append(Answer(application=application, key=key, value=cleaned, source=source, updated_by=by))
    Answer.objects.bulk_create(rows)


def answers_of(application: Application) -> dict[str, Any]:
    """Return {question key: value} as it is now."""
    return dict(application.answers.values_list("key", "value"))


def revisions_of(application: Application) -> dict[str, int]:
    """Return {question key: revision}; a form sends it back so that two people notice each other."""
    return dict(application.answers.values_list("key", "revision"))


def may_edit(application: Application, key: str) -> bool:
    """Return whether one question is unlocked now: all in a draft, the marked ones in a correction."""
    if application.status == Status.DRAFT:
        return True
    return application.status == Status.RETURNED and _open_items(application).filter(key=key).exists()


def _open_items(application: Application) -> Any:
    return CorrectionItem.objects.filter(request__application=application, request__answered_at=None)


class Conflict(RuleBroken):
    """Somebody else changed the same answers meanwhile; `keys` names them."""

    code = "edited_meanwhile"

    def __init__(self, keys: list[str], who: str) -> None:
        self.keys = keys
        super().__init__(
            _("%(who)s 刚刚修改了这里的 %(count)s 项回答，您的修改还没有保存。请比较后再保存。")
            % {"who": who, "count": len(keys)}
        )


@transaction.atomic
def save_answers(
    application: Application, values: dict[str, Any], *, revisions: dict[str, int], by: User
) -> Application:
    """Save cleaned answers of unlocked questions; unchanged ones are left alone.

    `revisions` is what the person saw per key (0 or absent: nothing yet). Raises Conflict when another person's
    answer to a changed question is newer and different, RuleBroken when a question is locked, Denied.
    """
    application = mover.locked(application)
    check(by, Permission.FILL_APPLICATION, application)
    present = {answer.key: answer for answer in application.answers.select_related("updated_by")}
    changed = {key: value for key, value in values.items() if _differs(present.get(key), value)}
    locked = [key for key in changed if not may_edit(application, key)]
    if locked:
        raise RuleBroken(_("办件已提交或这些问题没有开放补正，不能修改。"), code="locked")
    stale = [
        key
        for key in changed
        if key in present and present[key].revision != revisions.get(key, 0) and present[key].updated_by_id != by.pk
    ]
    if stale:
        raise Conflict(stale, str(present[stale[0]].updated_by))
    for key, value in changed.items():
        _save_answer(application, present.get(key), key, value, by)
    if changed:
        Application.objects.filter(pk=application.pk).update(updated_at=now())
        _mark_answered(application, list(changed))
        audit.record(application, "application.answers_saved", by=by, data={"keys": sorted(changed)})
    return application


def _differs(present: Answer | None, value: Any) -> bool:
    return (present.value if present else None) != value


def _save_answer(application: Application, present: Answer | None, key: str, value: Any, by: User) -> None:
    if present is None:
        Answer.objects.create(application=application, key=key, value=value, updated_by=by, updated_at=now())
        return
    present.value, present.source, present.updated_by, present.updated_at = value, "", by, now()
    present.revision += 1
    present.save(update_fields=["value", "source", "updated_by", "updated_at", "revision"])


def _mark_answered(application: Application, keys: list[str]) -> None:
    _open_items(application).filter(key__in=keys).update(is_answered=True)


@transaction.atomic
def reply_to_correction(item: CorrectionItem, reply: str, *, by: User) -> CorrectionItem:
    """Answer a marked question in words, with or without changing the answer itself."""
    application = mover.locked(item.request.application)
    check(by, Permission.FILL_APPLICATION, application)
    if application.status != Status.RETURNED or item.request.answered_at is not None:
        raise RuleBroken(_("补正已经提交，不能再修改说明。"), code="locked")
    item.reply = reply.strip()
    item.is_answered = bool(item.reply) or _is_changed(application, item)
    item.save(update_fields=["reply", "is_answered"])
    audit.record(application, "application.correction_replied", by=by, data={"key": item.key})
    return item


def _is_changed(application: Application, item: CorrectionItem) -> bool:
    return bool(answers_of(application).get(item.key) != item.old_value)


def obstacles(application: Application, *, by: User | None = None) -> list[questionnaires.Problem]:
    """Return everything that stands in the way of submitting; empty where it may be handed in."""
    answers, body = answers_of(application), application.call.questionnaire.body
    found = questionnaires.missing(body, answers)
    pending = StoredFile.objects.filter(application=application).exclude(status=StoredFile.Status.CLEAN)
    unsafe = set(pending.values_list("number", flat=True))
    for part, question in questionnaires.questions(body):
        if question["type"] == "file" and unsafe & set(answers.get(question["key"]) or []):
            sentence = _("“%(label)s”里有文件还没有通过安全检查。") % {"label": questionnaires.text(question["label"])}
            found.append(questionnaires.Problem(part["key"], question["key"], sentence))
    if not application.organisation.is_verified:
        found.append(questionnaires.Problem("", "", _("企业还没有通过所在区核实。核实后才能提交，已填内容会保留。")))
    return found


@transaction.atomic
def submit(application: Application, *, by: User) -> Application:
    """Hand in a complete draft: freeze a submission, start the district's clock, give it to an officer."""
    application = mover.locked(application)
    check(by, Permission.SUBMIT_APPLICATION, application)
    mover.require(application, Verb.SUBMIT)
    _require_open(application.call)
    _require_eligible(eligibility(application.call, application.organisation))
    problems = obstacles(application)
    if problems:
        sentence = _("还不能提交：%(problem)s") % {"problem": problems[0].sentence}
        raise RuleBroken(sentence, code="incomplete")
    mover.kind_of(application).guard(application)
    submission = _freeze(application, by)
    district = application.organisation.district
    officer = application.officer or assigning.least_loaded(application, district.code)
    application = mover.move(
        application,
        Verb.SUBMIT,
        by=by,
        data={"submission": submission.sequence, "officer": officer.name if officer else ""},
        submitted_at=now(),
        submitted_by=by,
        stage=clocks.first_stage(application.call),
        office_district=district,
        officer=officer,
    )
    assigning.seat(application, by=None, is_automatic=True)
    return application


def _freeze(application: Application, by: User) -> Submission:
    answers = answers_of(application)
    numbers = [number for value in answers.values() if isinstance(value, list) for number in value]
    files = StoredFile.objects.filter(application=application, number__in=numbers)
    return Submission.objects.create(
        application=application,
        sequence=application.submissions.count() + 1,
        answers=answers,
        files={f.number: {"name": f.name, "version": f.version, "sha256": f.sha256, "size": f.size} for f in files},
        at=now(),
        by=by,
    )


def undo_until(application: Application) -> dt.datetime:
    """Return the moment until which a submission can be taken back."""
    return (application.submitted_at or application.created_at) + dt.timedelta(minutes=rules.value(UNDO_RULE))


@transaction.atomic
def undo_submission(application: Application, *, by: User) -> Application:
    """Take a submission back within the undo window, before an officer has taken the case."""
    application = mover.locked(application)
    check(by, Permission.SUBMIT_APPLICATION, application)
    mover.require(application, Verb.UNDO)
    if undo_until(application) < now():
        raise RuleBroken(_("撤销提交的时间已过。可以撤回申报。"), code="too_late")
    return mover.move(application, Verb.UNDO, by=by, submitted_at=None, submitted_by=None, stage="", due_on=None)


@transaction.atomic
def resubmit(application: Application, *, by: User) -> Application:
    """Hand the correction in; every marked question must have been answered. The office's clock resumes tomorrow."""
    application = mover.locked(application)
    check(by, Permission.SUBMIT_APPLICATION, application)
    mover.require(application, Verb.RESUBMIT)
    request = application.corrections.get(answered_at=None)
    left = list(request.items.filter(is_answered=False).values_list("key", flat=True))
    problems = obstacles(application)
    if left or problems:
        raise RuleBroken(_resubmit_hint(application, left, problems), code="incomplete")
    request.answered_at, request.answered_by = now(), by
    request.save(update_fields=["answered_at", "answered_by"])
    submission = _freeze(application, by)
    return mover.move(
        application,
        Verb.RESUBMIT,
        by=by,
        data={"submission": submission.sequence},
        values={"count": request.items.count()},
    )


def _resubmit_hint(application: Application, left: list[str], problems: list[questionnaires.Problem]) -> object:
    if not left:
        return _("还不能提交：%(problem)s") % {"problem": problems[0].sentence}
    body = application.call.questionnaire.body
    names = listed(questionnaires.text((questionnaires.find(body, key) or {}).get("label", key)) for key in left)
    return _("还不能提交：%(names)s 还未修改。改好后按钮会变为可用。") % {"names": names}


@transaction.atomic
def withdraw(application: Application, *, reason: str = "", by: User) -> Application:
    """Withdraw from any state before the final one. The enterprise may apply again while the call is open."""
    application = mover.locked(application)
    check(by, Permission.SUBMIT_APPLICATION, application)
    return mover.move(application, Verb.WITHDRAW, by=by, note=reason.strip(), stage="", due_on=None)


@transaction.atomic
def appeal(application: Application, text: str, *, by: User) -> Appeal:
    """Ask for a refusal to be looked at again by somebody who had no part in it, within the call's limit."""
    application = mover.locked(application)
    check(by, Permission.SUBMIT_APPLICATION, application)
    mover.require(application, Verb.REOPEN)
    last_day = clocks.appeal_due_on(application)
    if last_day is None or today() > last_day:
        raise RuleBroken(_("申诉期限已过。"), code="too_late")
    if application.appeals.exists():
        raise RuleBroken(_("本件已经申诉过一次，请等待或查看答复。"), code="appealed")
    if not text.strip():
        raise RuleBroken(_("请写明申诉理由。"), code="no_text")
    due_on = rules.calendar().add_workdays(today(), clocks.limit(application.call, "appeal"))
    made = Appeal.objects.create(application=application, text=text.strip(), created_by=by, due_on=due_on)
    audit.record(application, "application.appealed", by=by, data={"appeal": made.number})
    people = mover.posted(Q(postings__office__kind="city"), ["supervisor"])
    values = {**mover.facts(application, by), "due": due_on.isoformat()}
    link = f"/cases/{application.number}/"
    mover.notifications.notify("office_appeal", people, key=f"appeal:{made.number}", values=values, link=link)
    return made
