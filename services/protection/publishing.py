"""From draft to the world and back: review, publication by a second person, correction, withdrawal, expiry.

Every action locks the alert first. The database refuses a publication by its own author as well (alert_two_persons).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, files, formats, nudges
from portal.clock import SHANGHAI, now, today
from portal.errors import Denied, RuleBroken
from portal.models import User
from portal.permissions import Permission, Verdict, can, check

from .checking import problems
from .drafting import (
    COLUMNS,
    LINKS,
    adopt,
    attach,
    change,
    change_some,
    close,
    detach,
    drop,
    locked,
    propose,
    require_stage,
    require_words,
    start,
    tell,
    tell_desk,
)
from .models import Alert, AlertVersion

__all__ = [
    "adopt", "approve", "attach", "change", "change_some", "correct", "detach", "drop", "expire_due", "may_approve",
    "propose", "publish_due", "send_back", "start", "submit", "withdraw",
]  # fmt: skip
BATCH = 200
FARTHEST = dt.timedelta(days=180)
DELIVER = "services.protection.tasks.deliver_alerts"
Stage = AlertVersion.Stage


@transaction.atomic
def submit(version: AlertVersion, *, by: User) -> AlertVersion:
    """Hand a draft to review. Raises Denied; RuleBroken with everything that must be mended first."""
    version = locked(version)
    check(by, Permission.DRAFT_ALERT)
    require_stage(version, Stage.DRAFT)
    _require_whole(version)
    version.stage, version.submitted_at, version.updated_at = Stage.IN_REVIEW, now(), now()
    version.return_reason = ""
    version.save(update_fields=["stage", "submitted_at", "updated_at", "return_reason"])
    audit.record(version.alert, "alert.submitted", by=by, data={"edition": version.edition})
    tell_desk("alert_desk_in_review", version, by=by)
    return version


def _require_whole(version: AlertVersion) -> None:
    faults = problems(version)
    if faults:
        words = _("还不能送复核或发布：%(faults)s。")
        raise RuleBroken(words % {"faults": formats.strung(faults)}, code="incomplete")


@transaction.atomic
def send_back(version: AlertVersion, *, reason: str, by: User) -> AlertVersion:
    """Give a version back to its author with the reason; one that waits for its moment is stopped by this, too."""
    version = locked(version)
    check(by, Permission.APPROVE_ALERT)
    require_stage(version, Stage.IN_REVIEW, Stage.SCHEDULED)
    version.return_reason = require_words(reason)
    version.stage, version.reviewer, version.reviewed_at = Stage.DRAFT, None, None
    version.publish_at, version.updated_at = None, now()
    fields = ["stage", "reviewer", "reviewed_at", "return_reason", "publish_at", "updated_at"]
    version.save(update_fields=fields)
    audit.record(version.alert, "alert.returned", by=by, data={"edition": version.edition, "reason": reason})
    tell([version.author], "alert_desk_returned", version, by=by, reason=version.return_reason)
    return version


def may_approve(version: AlertVersion, user: User) -> Verdict:
    """Return whether this person may approve this version: one of the desk, and not its author."""
    verdict = can(user, Permission.APPROVE_ALERT)
    if verdict and version.author_id == user.pk:
        return Verdict(False, _("您是最后的起草人，须由另一位发布人复核后发布。"))
    return verdict


@transaction.atomic
def approve(version: AlertVersion, *, by: User, publish_at: dt.datetime | None = None) -> AlertVersion:
    """Publish a reviewed version now, or at `publish_at`. Raises Denied for its author, RuleBroken for a second one."""
    version = locked(version)
    verdict = may_approve(version, by)
    if not verdict:
        check(by, Permission.APPROVE_ALERT)
        raise Denied(verdict.why, code="own_draft")
    require_stage(version, Stage.IN_REVIEW)
    _require_whole(version)
    version.reviewer, version.reviewed_at, version.updated_at = by, now(), now()
    if publish_at is None or publish_at <= version.reviewed_at:
        _publish(version, by=by)
        return version
    _require_moment(version, publish_at)
    version.stage, version.publish_at = Stage.SCHEDULED, publish_at
    version.save(update_fields=["stage", "reviewer", "reviewed_at", "publish_at", "updated_at"])
    moment = publish_at.isoformat(timespec="minutes")
    audit.record(version.alert, "alert.scheduled", by=by, data={"edition": version.edition, "at": moment})
    tell([version.author], "alert_desk_scheduled", version, by=by, moment=f"{formats.local(publish_at):%Y-%m-%d %H:%M}")
    return version


def _require_moment(version: AlertVersion, moment: dt.datetime) -> None:
    if moment > now() + FARTHEST:
        raise RuleBroken(_("定时发布最多提前 %(days)s 天。") % {"days": FARTHEST.days}, code="publish_at")
    if version.valid_to and moment.astimezone(SHANGHAI).date() > version.valid_to:
        raise RuleBroken(_("发布时间在有效期结束之后，请先修改有效期。"), code="publish_at")


def _publish(version: AlertVersion, *, by: User | None) -> None:
    """Make a version the current edition; runs inside the action that locked the alert."""
    alert, moment = version.alert, now()
    before = AlertVersion.objects.filter(pk=alert.current_id).first() if alert.current_id else None
    if before is not None:
        AlertVersion.objects.filter(pk=before.pk).update(stage=Stage.SUPERSEDED)
        files.make_private(before.attachments.all(), by=by)
    version.stage, version.published_at, version.publish_at = Stage.PUBLISHED, moment, None
    version.updated_at = moment
    fields = ["stage", "published_at", "publish_at", "reviewer", "reviewed_at", "updated_at"]
    version.save(update_fields=fields)
    files.make_public(version.attachments.all(), by=by)
    alert.current, alert.status = version, Alert.Status.PUBLISHED
    alert.published_at, alert.match_after = alert.published_at or moment, moment
    alert.save(update_fields=["current", "status", "published_at", "match_after"])
    people = {person.pk: person for person in (version.author, alert.created_by)}
    data = {"edition": version.edition, "title": version.title, "author": version.author.name}
    audit.record(alert, "alert.published", by=by, data={**data, "reviewer": version.reviewer.name})  # type: ignore[union-attr]
    tell(list(people.values()), "alert_desk_published", version, by=by)
    nudges.nudge(DELIVER)


def publish_due(*, limit: int = BATCH) -> int:
    """Publish what was approved for a moment that has come; return how many. Safe to run twice at once."""
    due = AlertVersion.objects.filter(stage=Stage.SCHEDULED, publish_at__lte=now()).order_by("publish_at", "pk")
    return _each(list(due[:limit]), _publish_scheduled)


def _publish_scheduled(row: AlertVersion) -> bool:
    version = locked(row)
    if version.stage != Stage.SCHEDULED or version.publish_at is None or version.publish_at > now():
        return False
    _publish(version, by=None)
    return True


@transaction.atomic
def correct(alert: Alert, *, by: User) -> AlertVersion:
    """Begin the next edition as a copy of the current one; until it is published the current one stays."""
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    check(by, Permission.DRAFT_ALERT)
    _require_status(alert, Alert.Status.PUBLISHED, Alert.Status.EXPIRED)
    open_one = alert.versions.filter(stage__in=AlertVersion.OPEN).select_related("author").first()
    if open_one is not None:
        words = _("%(who)s 已经在编写第 %(edition)s 版。请先完成或放弃那一版。")
        raise RuleBroken(words % {"who": open_one.author.name, "edition": open_one.edition}, code="open_version")
    current, moment = alert.current, now()
    values = {name: getattr(current, name) for name in COLUMNS} | {"change_note": "", "change_note_en": ""}
    edition = alert.versions.order_by("-edition").values_list("edition", flat=True)[0] + 1
    version = AlertVersion.objects.create(
        alert=alert, edition=edition, stage=Stage.DRAFT, author=by, created_at=moment, updated_at=moment, **values
    )
    for name in LINKS:
        getattr(version, name).set(getattr(current, name).all())
    audit.record(alert, "alert.correction_begun", by=by, data={"edition": edition})
    return version


@transaction.atomic
def withdraw(alert: Alert, *, reason: str, reason_en: str, by: User) -> Alert:
    """Withdraw a published alert. It stays readable as withdrawn, with the reason; an open edition ends with it."""
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    check(by, Permission.APPROVE_ALERT)
    _require_status(alert, Alert.Status.PUBLISHED, Alert.Status.EXPIRED)
    reason, reason_en = require_words(reason), require_words(reason_en)
    for version in alert.versions.filter(stage__in=AlertVersion.OPEN):
        version.alert = alert
        close(version, reason, by=by)
    alert.status, alert.withdrawn_at, alert.withdrawn_by = Alert.Status.WITHDRAWN, now(), by
    alert.withdrawn_reason, alert.withdrawn_reason_en = reason, reason_en
    alert.match_after = alert.withdrawn_at  # those who were told are told of this, too
    alert.save(
        update_fields=[
            "status", "withdrawn_at", "withdrawn_by", "withdrawn_reason", "withdrawn_reason_en", "match_after",
        ]
    )  # fmt: skip
    audit.record(alert, "alert.withdrawn", by=by, data={"reason": reason})
    nudges.nudge(DELIVER)
    return alert


def _require_status(alert: Alert, *statuses: str) -> None:
    if alert.status not in statuses:
        words = _("%(number)s 现在是“%(status)s”，不能这样办理。")
        values = {"number": alert.number, "status": alert.get_status_display()}
        raise RuleBroken(words % values, code="wrong_state")


def expire_due(*, limit: int = BATCH) -> int:
    """Close alerts whose period has ended; return how many. They stay readable as expired."""
    due = Alert.objects.valid().filter(current__valid_to__lt=today()).order_by("pk")
    return _each(list(due[:limit]), _expire)


def _expire(row: Alert) -> bool:
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=row.pk)
    last = alert.current.valid_to if alert.current else None
    if alert.status != Alert.Status.PUBLISHED or last is None or last >= today():
        return False
    alert.status, alert.match_after = Alert.Status.EXPIRED, None
    alert.save(update_fields=["status", "match_after"])
    audit.record(alert, "alert.expired", data={"valid_to": last.isoformat()})
    return True


def _each(rows: list[Any], act: Callable[[Any], bool]) -> int:
    done = 0
    for row in rows:
        with transaction.atomic():  # one of its own for each: a death in one leaves it to be done
            done += act(row)
    return done
