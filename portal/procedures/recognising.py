"""What a recognition lives through: grant, mid-term check, acceptance, revocation, expiry."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, deadlines, kinds
from portal.clock import now, today
from portal.errors import RuleBroken
from portal.models import Application, Recognition, Status, User
from portal.permissions import Permission, check

from . import clocks, mover
from .tables import Verb

ACCEPTANCE_LEAD_MONTHS = 2


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the corresponding day `months` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def grant(application: Application) -> Recognition:
    """Create the recognition of an application that passed publicity, inside the caller's transaction."""
    kind = kinds.get(application.kind)
    months = application.call.validity_months
    granted_on = today()
    recognition = Recognition.objects.create(
        number=clocks.next_number(kind.certificate_prefix or f"{kind.prefix}R", granted_on.year),
        organisation=application.organisation,
        application=application,
        kind=application.kind,
        granted_on=granted_on,
        valid_until=add_months(granted_on, months) - dt.timedelta(days=1),
        midterm_due_on=add_months(granted_on, months // 2),
        acceptance_due_on=add_months(granted_on, max(1, months - ACCEPTANCE_LEAD_MONTHS)),
    )
    audit.record(recognition, "recognition.granted", by=None, data={"application": application.number})
    for code, day in (
        ("midterm", recognition.midterm_due_on),
        ("acceptance", recognition.acceptance_due_on),
        ("expiry", recognition.valid_until),
    ):
        _open(recognition, code, day)
    return recognition


def _open(recognition: Recognition, code: str, day: dt.date) -> None:
    deadlines.open_deadline(
        organisation=recognition.organisation,
        subject=("recognition", recognition.number),
        rule_code=f"recognition.{code}",
        owner="office",
        trigger_event="granted",
        trigger_on=recognition.granted_on,
        target_on=day,
    )


def _locked(recognition: Recognition) -> Recognition:
    return Recognition.objects.select_for_update().get(pk=recognition.pk)


@transaction.atomic
def record_midterm(recognition: Recognition, note: str, *, by: User) -> Recognition:
    """Record the mid-term check of a valid recognition."""
    recognition = _locked(recognition)
    check(by, Permission.SUPERVISE_RECOGNITION, recognition)
    if recognition.status != Recognition.Status.VALID or recognition.midterm_at is not None:
        raise RuleBroken(_("这项认定不能再记录中期检查。"), code="wrong_state")
    if not note.strip():
        raise RuleBroken(_("请写明检查结果。"), code="no_reason")
    recognition.midterm_at, recognition.midterm_by, recognition.midterm_note = now(), by, note.strip()
    recognition.save(update_fields=["midterm_at", "midterm_by", "midterm_note"])
    audit.record(recognition, "recognition.midterm", by=by, data={"note": note.strip()})
    deadlines.meet(("recognition", recognition.number), by=by, rule_code="recognition.midterm")
    return recognition


@transaction.atomic
def accept(recognition: Recognition, *, is_passed: bool, note: str, by: User) -> Recognition:
    """Record the acceptance: passed or failed. The application is closed."""
    recognition = _locked(recognition)
    check(by, Permission.SUPERVISE_RECOGNITION, recognition)
    if recognition.status != Recognition.Status.VALID:
        raise RuleBroken(_("这项认定已经验收或已失效。"), code="wrong_state")
    if not note.strip():
        raise RuleBroken(_("请写明验收意见。"), code="no_reason")
    recognition.status = Recognition.Status.ACCEPTED if is_passed else Recognition.Status.FAILED
    recognition.accepted_at, recognition.accepted_by, recognition.acceptance_note = now(), by, note.strip()
    recognition.save(update_fields=["status", "accepted_at", "accepted_by", "acceptance_note"])
    audit.record(recognition, "recognition.accepted" if is_passed else "recognition.failed", by=by, data={"note": note})
    subject = ("recognition", recognition.number)
    for code in ("midterm", "acceptance"):
        deadlines.meet(subject, by=by, rule_code=f"recognition.{code}")
    if not is_passed:
        deadlines.cancel(subject, reason=note.strip())
    _close(recognition, note.strip(), by)
    return recognition


@transaction.atomic
def revoke(recognition: Recognition, reason: str, *, by: User) -> Recognition:
    """Take a recognition back, with a reason that stays public."""
    recognition = _locked(recognition)
    check(by, Permission.DECIDE_CASE, recognition)
    if recognition.status not in (Recognition.Status.VALID, Recognition.Status.ACCEPTED):
        raise RuleBroken(_("这项认定已经失效。"), code="wrong_state")
    if not reason.strip():
        raise RuleBroken(_("请写明撤销的理由。"), code="no_reason")
    recognition.status, recognition.acceptance_note = Recognition.Status.REVOKED, reason.strip()
    recognition.save(update_fields=["status", "acceptance_note"])
    audit.record(recognition, "recognition.revoked", by=by, data={"reason": reason.strip()})
    deadlines.cancel(("recognition", recognition.number), reason=reason.strip())
    _close(recognition, reason.strip(), by)
    return recognition


def _close(recognition: Recognition, note: str, by: User | None) -> None:
    application = mover.locked(recognition.application)
    if application.status == Status.APPROVED:
        mover.move(application, Verb.CLOSE, by=by, note=note)


def expire() -> int:
    """Mark recognitions whose validity is over; return how many. One statement, safe to repeat."""
    over = Recognition.objects.valid().filter(valid_until__lt=today())
    done = 0
    for recognition in over[:500]:
        with transaction.atomic():
            row = Recognition.objects.select_for_update(skip_locked=True).valid().filter(pk=recognition.pk).first()
            if row is None:
                continue
            row.status = Recognition.Status.EXPIRED
            row.save(update_fields=["status"])
            audit.record(row, "recognition.expired")
            deadlines.cancel(("recognition", row.number), reason="expired")
            _close(row, str(_("有效期已满。")), None)
            done += 1
    return done
