"""Writing an alert: a district proposes, the city adopts, drafts and changes it. What is published never changes.

Two authors never overwrite each other: whoever saves says which state they saw, and a newer one wins with a sentence.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, files, formats, notifications
from portal.clock import now, today
from portal.errors import RuleBroken
from portal.models import District, Posting, StoredFile, User, standing_of
from portal.permissions import Permission, check
from portal.procedures import clocks

from .checking import require_sound
from .models import Alert, AlertVersion

PREFIX = "FX"
SLOT = "alert"
MOST_FILES = 10
DESK = ("publisher", "administrator")  # the city roles that hold DRAFT_ALERT and APPROVE_ALERT; a test compares
Stage = AlertVersion.Stage
TEXTS = (
    "kind", "severity", "title", "title_en", "summary", "summary_en", "body", "body_en", "checklist", "sources",
    "change_note", "change_note_en", "confirm_days", "valid_from", "valid_to",
)  # fmt: skip
CRITERIA = (
    "countries", "right_kinds", "ipc", "nice", "industries", "keywords", "districts", "join", "needs_market",
    "verified_only",
)  # fmt: skip
COLUMNS = (*TEXTS, *CRITERIA)
LINKS = ("attachments", "cases", "laws")


@transaction.atomic
def propose(data: dict[str, Any], *, by: User, district: District | None = None) -> AlertVersion:
    """Propose an alert; the city decides. `data` are columns of AlertVersion as named in COLUMNS.

    `district` is the proposer's; without one the only district the person works for. Raises Denied, RuleBroken.
    """
    if district is None:
        own = standing_of(by).districts
        district = District.objects.get(code=own.pop()) if len(own) == 1 else None
    alert = _new_alert(by, district)
    check(by, Permission.PROPOSE_ALERT, alert)
    version = _first(alert, data, by, Stage.PROPOSED)
    audit.record(alert, "alert.proposed", by=by, data={"title": version.title})
    tell_desk("alert_desk_proposed", version, by=by)
    return version


@transaction.atomic
def start(data: dict[str, Any], *, by: User) -> AlertVersion:
    """Begin a draft of the city's own. Raises Denied, RuleBroken."""
    check(by, Permission.DRAFT_ALERT)
    alert = _new_alert(by, None)
    version = _first(alert, data, by, Stage.DRAFT)
    audit.record(alert, "alert.drafted", by=by, data={"title": version.title})
    return version


def _new_alert(by: User, district: District | None) -> Alert:
    number = clocks.next_number(PREFIX, today().year, digits=3)
    return Alert(number=number, district=district, created_at=now(), created_by=by)


def _first(alert: Alert, data: dict[str, Any], by: User, stage: str) -> AlertVersion:
    values = {name: data[name] for name in COLUMNS if name in data}
    require_sound(values)
    alert.save(force_insert=True)
    moment = alert.created_at
    version = AlertVersion.objects.create(
        alert=alert, stage=stage, author=by, created_at=moment, updated_at=moment, **values
    )
    _link(version, data)
    return version


def _link(version: AlertVersion, data: dict[str, Any]) -> None:
    for name in LINKS:
        if name in data:
            getattr(version, name).set(data[name])


@transaction.atomic
def change(version: AlertVersion, data: dict[str, Any], *, by: User) -> AlertVersion:
    """Change an open version; `version.lock` is the state the author saw. The last author may not approve it.

    Raises Denied; RuleBroken where it is not open to changes, or somebody saved meanwhile (`edited_meanwhile`).
    """
    seen = version.lock
    version = locked(version)
    require_author(version, by)
    require_stage(version, Stage.DRAFT, Stage.PROPOSED)
    if version.lock != seen:
        raise _late(version)
    return _write(version, data, by)


@transaction.atomic
def change_some(version: AlertVersion, data: dict[str, Any], *, by: User) -> AlertVersion:
    """Change single columns while somebody types; `version.lock` is the state they saw.

    Two people at different columns both go on; only a column that another person changed since, to something else, is
    refused, and nothing is saved then. Raises Denied, RuleBroken (`edited_meanwhile`).
    """
    seen = version.lock
    version = locked(version)
    require_author(version, by)
    require_stage(version, Stage.DRAFT, Stage.PROPOSED)
    theirs = changed_by_others(version, seen, by)
    if any(name in theirs and getattr(version, name) != data[name] for name in COLUMNS if name in data):
        raise _late(version)
    return _write(version, data, by)


def changed_by_others(version: AlertVersion, seen: int, by: User) -> set[str]:
    """Return the columns that others changed since the state `seen`: the log says so."""
    rows = audit.history_of(version.alert).filter(action="alert.changed", data__edition=version.edition)
    later = rows.filter(data__lock__gt=seen).exclude(actor_id=by.pk)
    return {name for data in later.values_list("data", flat=True) for name in data["columns"]}


def _late(version: AlertVersion) -> RuleBroken:
    words = _("%(who)s 在 %(when)s 已保存过新的内容。为避免覆盖，您的修改没有保存；请核对后在新内容上再改。")
    values = {"who": version.author.name, "when": formats.moment(version.updated_at)}
    return RuleBroken(words % values, code="edited_meanwhile")


def _write(version: AlertVersion, data: dict[str, Any], by: User) -> AlertVersion:
    """Save what differs; a text that is saved as it stands is no change."""
    values = {name: data[name] for name in COLUMNS if name in data}
    require_sound({name: getattr(version, name) for name in COLUMNS} | values)
    changed = sorted(name for name, value in values.items() if getattr(version, name) != value)
    for name in changed:
        setattr(version, name, values[name])
    _link(version, data)
    touch(version, by, *changed)
    told = {"edition": version.edition, "columns": changed, "lock": version.lock}
    audit.record(version.alert, "alert.changed", by=by, data=told)
    return version


def touch(version: AlertVersion, by: User, *fields: str) -> None:
    """Save the named columns as a change by `by`: the next state of the text, and its author."""
    version.author, version.updated_at, version.lock = by, now(), version.lock + 1
    version.save(update_fields=[*fields, "author", "updated_at", "lock"])


@transaction.atomic
def adopt(version: AlertVersion, *, by: User) -> AlertVersion:
    """Take a district's proposal over as the city's draft: from here on its author is who adopts it."""
    version = locked(version)
    check(by, Permission.DRAFT_ALERT)
    require_stage(version, Stage.PROPOSED)
    version.stage = Stage.DRAFT
    touch(version, by, "stage")
    audit.record(version.alert, "alert.adopted", by=by, data={"title": version.title})
    tell([version.alert.created_by], "alert_desk_adopted", version, by=by)
    return version


@transaction.atomic
def drop(version: AlertVersion, *, reason: str, by: User) -> AlertVersion:
    """Give up a proposal or a draft, with the reason the proposer reads. The current edition, if any, stays."""
    version = locked(version)
    check(by, Permission.DRAFT_ALERT)
    require_stage(version, Stage.PROPOSED, Stage.DRAFT)
    close(version, require_words(reason), by=by)
    tell([version.alert.created_by], "alert_desk_dropped", version, by=by, reason=version.return_reason)
    return version


def close(version: AlertVersion, reason: str, *, by: User | None) -> None:
    """End an open version without publishing it; an alert that has no other is dropped with it."""
    alert = version.alert
    version.stage, version.return_reason, version.updated_at = Stage.DROPPED, reason, now()
    version.save(update_fields=["stage", "return_reason", "updated_at"])
    if alert.current_id is None:
        alert.status = Alert.Status.DROPPED
        alert.save(update_fields=["status"])
    audit.record(alert, "alert.dropped", by=by, data={"edition": version.edition, "reason": reason})


# --- attachments --------------------------------------------------------------------------------------------------
@transaction.atomic
def attach(version: AlertVersion, uploaded: File, *, by: User) -> StoredFile:
    """Add a file to an open version; it is everybody's from the publication on. Raises Denied, RuleBroken."""
    version = locked(version)
    require_author(version, by)
    require_stage(version, Stage.DRAFT, Stage.PROPOSED)
    if version.attachments.count() >= MOST_FILES:
        raise RuleBroken(_("一条提示最多 %(limit)s 个附件。") % {"limit": MOST_FILES}, code="file_too_many")
    file = files.attach(uploaded, slot=SLOT, by=by, is_for_city=True)
    version.attachments.add(file)
    touch(version, by)
    audit.record(version.alert, "alert.file_added", by=by, data={"file": file.number, "name": file.name})
    return file


@transaction.atomic
def detach(version: AlertVersion, file: StoredFile, *, by: User) -> AlertVersion:
    """Take a file from an open version. The file itself stays, as earlier editions may show it."""
    version = locked(version)
    require_author(version, by)
    require_stage(version, Stage.DRAFT, Stage.PROPOSED)
    version.attachments.remove(file)
    touch(version, by)
    audit.record(version.alert, "alert.file_removed", by=by, data={"file": file.number, "name": file.name})
    return version


# --- what every action of the desk asks -----------------------------------------------------------------------------
def locked(version: AlertVersion) -> AlertVersion:
    """Return the version as it is now, its alert locked: one action on an alert at a time."""
    rows = Alert.objects.select_for_update(of=("self",)).select_related("district", "created_by")
    alert = rows.get(pk=version.alert_id)
    found = AlertVersion.objects.select_related("author", "reviewer").get(pk=version.pk)
    found.alert = alert
    return found


def require_author(version: AlertVersion, by: User) -> None:
    """Raise Denied unless the person may write on it: the city, and the proposer's side while it is a proposal."""
    if version.stage == Stage.PROPOSED and not is_city_author(by):
        check(by, Permission.PROPOSE_ALERT, version.alert)
    else:
        check(by, Permission.DRAFT_ALERT)


def is_city_author(user: Any) -> bool:
    """Return whether a city posting lets the person draft, a second factor aside."""
    return any(("city", "", role) in standing_of(user).postings for role in DESK)


def require_stage(version: AlertVersion, *stages: str) -> None:
    """Raise RuleBroken unless the version stands where the action begins; says where it stands and who moved it."""
    if version.stage in stages:
        return
    who = version.reviewer or version.author
    words = _("%(number)s 第 %(edition)s 版现在是“%(stage)s”（%(who)s，%(when)s），不能这样办理。请刷新页面。")
    values = {
        "number": version.alert.number,
        "edition": version.edition,
        "stage": version.get_stage_display(),
        "who": who.name,
        "when": formats.moment(version.reviewed_at or version.updated_at),
    }
    raise RuleBroken(words % values, code="wrong_state")


def require_words(reason: str) -> str:
    """Return the reason without blanks; raises RuleBroken where there is none."""
    if not reason.strip():
        raise RuleBroken(_("请写明理由。"), code="reason_missing")
    return reason.strip()


# --- telling the desk -----------------------------------------------------------------------------------------------
def desk_people() -> list[User]:
    """Return everybody who may draft and approve: the city's publishers and administrators."""
    rows = Posting.objects.open().filter(office__kind="city", role__in=DESK, user__is_active=True)
    return [posting.user for posting in rows.select_related("user")]


def tell_desk(template: str, version: AlertVersion, *, by: User, **values: Any) -> None:
    """Tell the city's publishers and administrators, but not the person who acts."""
    tell(desk_people(), template, version, by=by, **values)


def tell(people: list[User], template: str, version: AlertVersion, *, by: User | None, **values: Any) -> None:
    """Tell some people of a step of a version, once per step; never the person who took it."""
    moment: dt.datetime = now()
    notifications.notify(
        template,
        [person for person in people if by is None or person.pk != by.pk],
        key=f"{template}:{version.alert_id}:{version.edition}:{moment:%Y%m%d%H%M%S%f}",
        values={
            "number": version.alert.number,
            "title": version.both("title"),
            "person": by.name if by else "",
            **values,
        },
        link=f"/alert-desk/{version.alert.number}/",
    )
