"""The dates of a dispute. What follows from a figure somebody has read opens a date that is reminded of.

A figure that awaits verification opens one that only stands there: nobody is reminded until a person confirms it or
states another day, with a reason. Both days stay visible. Rows: `Deadline` with subject_type "dispute".
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patents import arithmetic, catalogue
from patents.catalogue import Answer
from portal import formats, rules
from portal.clock import SHANGHAI, now, today
from portal.deadlines import MORNING
from portal.errors import Denied, RuleBroken
from portal.models import Deadline, RuleStatus, Secrecy, User
from portal.models.deadlines import DeadlineQuerySet
from portal.rules import RuleMissing
from services.protection.models import OverseasDispute

from .access import SUBJECT, link_of, locked, log
from .periods import ENTRIES, PREFIX, opened_by

STATED = f"{PREFIX}stated"
LADDER = (60, 30, 14, 7, 3, 1)  # days before the safe date
AUTO, OVER = "事项已更正", "纠纷已结束"  # why a row was cancelled by itself: it may come back
LATEST = dt.timedelta(days=3660)
MOST_STATED = 50
GONE = gettext_lazy("没有这个期限，或者它不对您公开。")
DONE_ALREADY = gettext_lazy("这个期限已经办结或取消。")
REASON = gettext_lazy("请写明依据，例如传票写明的日期或律师意见。")


def of_dispute(dispute: OverseasDispute) -> DeadlineQuerySet:
    """Return all its dates, those done and given up as well."""
    rows: DeadlineQuerySet = Deadline.objects.filter(subject_type=SUBJECT, subject_number=dispute.number)
    return rows


def code_of(rule_code: str) -> str:
    """Return us_answer for dispute.us_answer, stated for dispute.stated.3."""
    return rule_code.removeprefix(PREFIX).partition(".")[0]


def words(rule_code: str) -> Any:
    """Return what is to be done, in words."""
    entry = ENTRIES.get(code_of(rule_code))
    return entry.title if entry else gettext_lazy("文书写明的期限")


def is_unconfirmed(row: Deadline) -> bool:
    """Tell whether the date only stands there, because its figure awaits verification and nobody confirmed it."""
    return row.remind_days is None


# --- following the events -----------------------------------------------------------------------------------------
def follow(dispute: OverseasDispute) -> None:
    """Open, move and cancel the dates so that they fit the events. Inside the action's transaction; idempotent."""
    wanted = {
        (entry.rule_code, event.on): event.kind
        for event in dispute.events.all()
        for entry in opened_by(dispute, event.kind)
    }
    rows = list(of_dispute(dispute).exclude(rule_code__startswith=STATED).select_for_update().order_by("pk"))
    for row in rows:
        if _is_waiting(row) and (row.rule_code, row.trigger_on) not in wanted:
            _cancel(row, AUTO)
    known = {(row.rule_code, row.trigger_on): row for row in rows if row.cancelled_reason not in (AUTO, OVER)}
    for (rule_code, day), kind in wanted.items():
        found = answer_of(rule_code, day)
        row = known.get((rule_code, day)) or _new(dispute, rule_code, kind, day)
        if found is not None and _is_waiting(row):
            _compute(row, found)
            _fit(row, dispute)
            row.save()


def answer_of(rule_code: str, day: dt.date) -> Answer | None:
    """Return what the rules say of a period today; None where no row covers the day."""
    try:
        return catalogue.answer(ENTRIES[code_of(rule_code)], day)
    except (RuleMissing, KeyError, ValueError, OverflowError):
        return None


def _is_waiting(row: Deadline) -> bool:
    return row.met_at is None and row.cancelled_at is None


def _new(dispute: OverseasDispute, rule_code: str, kind: str, day: dt.date) -> Deadline:
    return Deadline(
        organisation_id=dispute.organisation_id,
        subject_type=SUBJECT,
        subject_number=dispute.number,
        rule_code=rule_code,
        owner="applicant",
        trigger_event=kind,
        trigger_on=day,
    )


def _fit(row: Deadline, dispute: OverseasDispute) -> None:
    """Let a date follow what the dispute says: who may know, who answers, what it is called."""
    row.secrecy, row.readers, row.responsible_id = Secrecy.NAMED, dispute.readers, dispute.responsible_id
    row.title, row.link = dispute.title, link_of(dispute)


def _compute(row: Deadline, found: Answer) -> None:
    reckoning = found.reckoning
    row.nominal_on, row.basis = reckoning.nominal_on, found.basis[:300]
    if row.overridden_on is not None:
        row.computed_on = reckoning.legal_on
        return
    row.legal_on, row.target_on = reckoning.legal_on, reckoning.target_on
    row.is_provisional = not found.is_trusted or reckoning.is_provisional
    row.computed_at = now()
    _remind(row) if found.is_trusted else _keep_quiet(row)


def _remind(row: Deadline) -> None:
    days = {row.target_on - dt.timedelta(days=count) for count in LADDER} | {row.legal_on + dt.timedelta(days=1)}
    ladder = sorted(days)
    row.remind_days = ladder
    moments = (dt.datetime.combine(day, MORNING, tzinfo=SHANGHAI) for day in ladder)
    row.remind_at = next((moment for moment in moments if moment > now()), None)


def _keep_quiet(row: Deadline) -> None:
    row.remind_days, row.remind_at = None, None


def _cancel(row: Deadline, reason: str) -> None:
    row.cancelled_at, row.cancelled_reason, row.remind_at = now(), reason, None
    row.save(update_fields=["cancelled_at", "cancelled_reason", "remind_at"])


def stop(dispute: OverseasDispute) -> None:
    """Give up all open dates, because the dispute has ended."""
    of_dispute(dispute).open().update(cancelled_at=now(), cancelled_reason=OVER, remind_at=None)


def recompute_all() -> int:
    """Let the dates of all open disputes follow the rules as they are now; return how many disputes. Safe to repeat."""
    done = 0
    for pk in list(OverseasDispute.objects.open().order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            row = OverseasDispute.objects.open().select_for_update(skip_locked=True).filter(pk=pk).first()
            if row is not None:
                follow(row)
                done += 1
    return done


# --- what a person says of a date -----------------------------------------------------------------------------------
def _locked(deadline: Deadline, by: User) -> tuple[Deadline, OverseasDispute]:
    """Lock the dispute, then its date: the order of every action here."""
    known = OverseasDispute.objects.own(by).filter(number=deadline.subject_number).first()
    if known is None or deadline.subject_type != SUBJECT:
        raise Denied(GONE)
    found = locked(known, by, is_open=False)
    row = of_dispute(found).select_for_update().get(pk=deadline.pk)
    if not _is_waiting(row):
        raise RuleBroken(DONE_ALREADY, code="wrong_state")
    return row, found


@transaction.atomic
def confirm(deadline: Deadline, *, on: dt.date, reason: str, by: User) -> Deadline:
    """Let a day hold that a person answers for: the computed one, or another. The computed one stays beside it.

    From now on it is reminded of. Raises Denied, RuleBroken without a reason or for a day before the event.
    """
    row, dispute = _locked(deadline, by)
    if not reason.strip():
        raise RuleBroken(REASON, code="reason_missing")
    _require_day(on, row.trigger_on)
    if row.overridden_on is None:
        row.computed_on = row.legal_on
    row.overridden_on, row.overridden_by, row.overridden_reason = on, by, reason.strip()[:300]
    row.legal_on, row.target_on, row.is_provisional = on, rules.calendar().last_workday(on), False
    _remind(row)
    row.save()
    log(dispute, "dispute.date_confirmed", by=by, rule=row.rule_code, computed=str(row.computed_on), stated=str(on))
    return row


def _require_day(on: dt.date, trigger_on: dt.date) -> None:
    if not trigger_on <= on <= today() + LATEST:
        raise RuleBroken(_("日期不能早于起算日，也不能晚于十年以后。"), code="wrong_day")


@transaction.atomic
def state(dispute: OverseasDispute, *, what: str, on: dt.date, reason: str, by: User) -> Deadline:
    """Enter a day that a summons or notice states and no rule here computes; it is reminded of. Raises as `confirm`."""
    found = locked(dispute, by)
    if not reason.strip() or not what.strip():
        raise RuleBroken(REASON, code="reason_missing")
    _require_day(on, found.served_on)
    count = of_dispute(found).filter(rule_code__startswith=STATED).count()
    if count >= MOST_STATED:
        raise RuleBroken(_("一件纠纷最多登记 %(most)s 个写明的期限。") % {"most": MOST_STATED}, code="too_many")
    made = _new(found, f"{STATED}.{count + 1}", "stated", found.served_on)
    _fit(made, found)
    made.title = f"{what.strip()[:120]}（{found.title}）"
    made.legal_on, made.target_on = on, rules.calendar().last_workday(on)
    made.overridden_on, made.overridden_by, made.overridden_reason = on, by, reason.strip()[:300]
    _remind(made)
    made.save()
    log(found, "dispute.date_stated", by=by, stated=str(on))
    return made


@transaction.atomic
def meet(deadline: Deadline, *, on: dt.date, note: str = "", by: User) -> Deadline:
    """Mark a date as kept. Raises Denied, RuleBroken for a day to come."""
    row, dispute = _locked(deadline, by)
    if not row.trigger_on <= on <= today():
        raise RuleBroken(_("办结日不能早于起算日，也不能晚于今天。"), code="wrong_day")
    row.met_at, row.met_by, row.remind_at = now(), by, None
    row.met_evidence = formats.said([formats.day(on), note.strip()])[:200]
    row.save(update_fields=["met_at", "met_by", "remind_at", "met_evidence"])
    log(dispute, "dispute.date_met", by=by, rule=row.rule_code, on=str(on))
    return row


@transaction.atomic
def set_aside(deadline: Deadline, *, reason: str, by: User) -> Deadline:
    """Say that a date need not be kept: it does not come back by itself."""
    row, dispute = _locked(deadline, by)
    if not reason.strip() or reason.strip() in (AUTO, OVER):
        raise RuleBroken(_("请写明为什么不需要办理。"), code="reason_missing")
    _cancel(row, reason.strip()[:200])
    log(dispute, "dispute.date_set_aside", by=by, rule=row.rule_code)
    return row


# --- in words -----------------------------------------------------------------------------------------------------
def explained(row: Deadline) -> dict[str, Any]:
    """Return the arithmetic as sentences, the law, the source and how sure the figure is; `moved` where it changed."""
    found = answer_of(row.rule_code, row.trigger_on)
    sentences = arithmetic.sentences(found) if found else []
    if row.overridden_on:
        sentences.append(_stated(row))
    elif found is None:
        sentences.append(_("规则已经更改，无法重现推算过程。"))
    return {
        "sentences": sentences,
        "law": found.basis if found else "",
        "source": found.source if found else "",
        "status": found.status if found else RuleStatus.VERIFIED,
        "is_trusted": bool(found and found.is_trusted),
        "missed": ENTRIES[code_of(row.rule_code)].missed if found else "",
    }


def _stated(row: Deadline) -> str:
    values = {
        "stated": formats.day(row.overridden_on),
        "computed": formats.day(row.computed_on),
        "reason": row.overridden_reason,
        "who": row.overridden_by.name if row.overridden_by else "",
    }
    if row.computed_on is None:
        return _("%(who)s登记：%(stated)s。依据：%(reason)s。") % values
    if row.computed_on == row.overridden_on:
        return _("%(who)s核对后确认按推算的 %(stated)s 办理。依据：%(reason)s。") % values
    return _("%(who)s改为按 %(stated)s 办理；推算的是 %(computed)s。依据：%(reason)s。") % values
