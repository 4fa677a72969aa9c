"""Rights entered and changed by people of the enterprise: facts, status, burdens, who may know, and removal.

Values stay out of the log, because officials read it: the log names fields, the timeline (`RightEvent`, as visible as
its right) keeps from and to. `AFTER` is called with the keys of changed rights in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext_lazy as _

from patents import identities, statuses
from patents.models import Flag, LegalStatus, Right, RightEvent, RightKind
from portal import audit
from portal.clock import now, today
from portal.errors import Denied, RuleBroken
from portal.models import MOST_READERS, Deadline, Membership, Organisation, Secrecy, StoredFile, User
from portal.permissions import Permission, check

NUMBERS = ("application_number", "publication_number", "registration_number", "international_number")
DATES = ("filed_on", "published_on", "granted_on", "expires_on", "priority_on", "open_licence_from", "open_licence_to")
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2200, 12, 31)  # beyond: a slip of the keyboard, and no arithmetic
FACTS = frozenset(
    (
        *NUMBERS, *DATES, "route", "country", "title", "title_en", "abstract", "priority_number", "owners",
        "inventors", "agent", "main_ipc", "classes", "goods", "measures", "reduction", "reduction_from", "paid_year",
        "awards", "pledge_amount", "note",
    )
)  # fmt: skip
SECRET_FACTS = frozenset(["title", "measures"])
DEFAULTED = frozenset(["country", "route", "reduction"])  # never empty, and nothing about the secret
GONE = _("没有这件知识产权，或者它不对您公开。")
AFTER: list[Callable[[Sequence[int]], None]] = []


def changed(pks: Sequence[int]) -> None:
    """Tell those who follow rights (deadlines, grades) that these have changed. Inside the action's transaction."""
    for follow in AFTER:
        follow(pks)


def note_event(right: Right, kind: str, *, by: User | None, data: dict[str, Any] | None = None, **extra: Any) -> None:
    """Put something that happened today into the timeline of a right; `on`, `text`, `source` may be given."""
    RightEvent.objects.create(
        **{"right": right, "kind": kind, "on": today(), "data": data or {}, "created_by": by, **extra}
    )


def log(right: Right, action: str, *, by: User, **data: Any) -> None:
    """Write into the audit without a word of the right itself."""
    audit.record(("right", right.number), action, by=by, data=data, organisation_id=right.organisation_id)


def locked(right: Right, by: User, permission: Permission = Permission.EDIT_RIGHT) -> Right:
    """Return the row, locked, if this person may know of it and has the permission; raises Denied."""
    found = Right.objects.visible_to(by).select_for_update(of=("self",)).select_related("organisation")
    row: Right | None = found.filter(pk=right.pk).first()
    if row is None:
        raise Denied(GONE)
    check(by, permission, row.organisation)
    return row


# --- entering and changing ----------------------------------------------------------------------------------------
@transaction.atomic
def create(
    organisation: Organisation,
    *,
    kind: str,
    values: dict[str, Any],
    by: User,
    status: str = LegalStatus.PENDING,
    status_on: dt.date | None = None,
    status_source: str = "",
    secrecy: str = Secrecy.OPEN,
    readers: Iterable[int] = (),
) -> Right:
    """Enter a right and return it. `values` are FACTS. Raises Denied, or RuleBroken for a double or a bad value.

    A trade secret is for named persons, and so is what is not yet filed unless it is expressly opened to the members;
    whoever enters it can read it.
    """
    check(by, Permission.EDIT_RIGHT, organisation)
    if kind not in RightKind.values or set(values) - FACTS:
        raise RuleBroken(_("有不认识的类型或字段。"), code="unknown_field")
    if kind == RightKind.TRADE_SECRET and status == LegalStatus.PENDING:
        status = LegalStatus.GRANTED  # nobody examines a secret: it is one as long as it is kept
    _require_little(kind, values)
    secrecy = _least_secrecy(kind, status, secrecy)
    named = _named(organisation, [*readers, by.pk]) if secrecy == Secrecy.NAMED else []
    right = Right(
        organisation=organisation, kind=kind, status=status, status_on=status_on, status_source=status_source,
        secrecy=secrecy, readers=named, responsible=by, created_by=by, **values,
    )  # fmt: skip
    right.identity = _identity(right)
    _require_single(right, by)
    _save(right, None)
    note_event(right, "entered", by=by)
    log(right, "right.created", by=by, kind=kind if secrecy == Secrecy.OPEN else "")
    changed([right.pk])
    return right


@transaction.atomic
def update(right: Right, *, values: dict[str, Any], version: int, by: User) -> Right:
    """Change facts of a right that somebody looked at in `version`; from and to go into the timeline.

    Raises Denied, or RuleBroken where somebody else changed it meanwhile or the number is another right's.
    """
    right = locked(right, by)
    if right.version != version:
        raise RuleBroken(_("别人刚刚修改过这件知识产权。请刷新后再改。"), code="stale")
    if set(values) - FACTS:
        raise RuleBroken(_("有不认识的类型或字段。"), code="unknown_field")
    if values.get("reduction", right.reduction) != right.reduction:
        values = {"reduction_from": None, **values}  # a year belongs to the share it was approved with
    new = {name: value for name, value in values.items() if getattr(right, name) != value}
    if not new:
        return right
    _require_little(right.kind, new)
    difference = {name: {"from": plain(getattr(right, name)), "to": plain(value)} for name, value in new.items()}
    for name, value in new.items():
        setattr(right, name, value)
    if {*NUMBERS, "country", "title"} & set(new):
        right.identity = _identity(right)
        _require_single(right, by)
    _save(right, [*new, "identity"])
    note_event(right, "changed", by=by, data=difference)
    log(right, "right.updated", by=by, fields=sorted(new))
    follow_right([right.pk])
    changed([right.pk])
    return right


@transaction.atomic
def change_status(
    right: Right, *, status: str, on: dt.date, source: str, by: User, is_correction: bool = False
) -> Right:
    """Set the legal status with its day and source. A correction may set any status, because the register's word wins.

    Raises Denied, RuleBroken for a step the law does not know, a day to come, or no source.
    """
    right = locked(right, by)
    if not source.strip():
        raise RuleBroken(_("请写明状态的来源，例如登记簿查询或通知书编号。"), code="source_missing")
    if on > today():
        raise RuleBroken(_("状态日期不能晚于今天。"), code="future")
    if not is_correction and not statuses.may_follow(right.status, status):
        raise RuleBroken(
            _("“%(present)s”之后不会是“%(wanted)s”。如果登记簿这样写，请选择“按登记簿更正”。")
            % {"present": LegalStatus(right.status).label, "wanted": LegalStatus(status).label},
            code="wrong_state",
        )
    data = {"status": {"from": right.status, "to": status}, "is_correction": is_correction}
    right.status, right.status_on, right.status_source = status, on, source.strip()
    right.ended_on = on if status in statuses.ENDED else None
    if status == LegalStatus.GRANTED and right.granted_on is None:
        right.granted_on = on
    if status == LegalStatus.DRAFT and right.secrecy == Secrecy.OPEN:
        right.secrecy = Secrecy.INTERNAL
    _save(right, ["status", "status_on", "status_source", "ended_on", "granted_on", "secrecy"])
    note_event(right, "status", by=by, data=data, on=on, source=right.status_source)
    log(right, "right.status_changed", by=by, **data if right.secrecy == Secrecy.OPEN else {})
    follow_right([right.pk])
    changed([right.pk])
    return right


@transaction.atomic
def set_flags(right: Right, *, flags: Iterable[str], by: User) -> Right:
    """Set what rests on a right: pledge, licences, preservation, suspension."""
    right = locked(right, by)
    wanted = sorted(set(flags))
    if set(wanted) - set(Flag.values):
        raise RuleBroken(_("没有这种权利负担。"), code="unknown_field")
    if wanted == sorted(right.flags):
        return right
    data = {"flags": {"from": right.flags, "to": wanted}}
    right.flags = wanted
    _save(right, ["flags"])
    note_event(right, "changed", by=by, data=data)
    log(right, "right.updated", by=by, fields=["flags"])
    changed([right.pk])
    return right


@transaction.atomic
def set_secrecy(right: Right, *, secrecy: str, readers: Iterable[int] = (), by: User) -> Right:
    """Say who may know of a right; its dates and papers follow in the same transaction.

    Narrowing is for everybody who maintains it, opening for owner and manager. Readers must be members; whoever says
    so stays one of them. Raises Denied, RuleBroken.
    """
    right = locked(right, by)
    order = list(Secrecy.values)
    if order.index(secrecy) < order.index(right.secrecy):
        check(by, Permission.STEER_RIGHT, right.organisation)
    if secrecy != _least_secrecy(right.kind, right.status, secrecy):
        raise RuleBroken(_("商业秘密只给指定人员看；还没有申请的发明不能对主管部门公开。"), code="too_open")
    named = _named(right.organisation, [*readers, by.pk]) if secrecy == Secrecy.NAMED else []
    data = {"secrecy": {"from": right.secrecy, "to": secrecy}, "readers": {"from": right.readers, "to": named}}
    right.secrecy, right.readers = secrecy, named
    _save(right, ["secrecy", "readers"])
    note_event(right, "secrecy", by=by, data=data)
    log(right, "right.secrecy_changed", by=by)
    follow_right([right.pk])
    return right


@transaction.atomic
def remove(right: Right, *, reason: str, by: User) -> None:
    """Delete a record that was entered by mistake. A right that has ended keeps its record: change its status."""
    right = locked(right, by, Permission.STEER_RIGHT)
    if not reason.strip():
        raise RuleBroken(_("请写明为什么删除。"), code="reason_missing")
    if right.money.exists():
        raise RuleBroken(_("这件知识产权已有收支记录，不能删除。请改为更正法律状态。"), code="has_money")
    if StoredFile.objects.filter(organisation=right.organisation, slot=f"right:{right.number}").exists():
        raise RuleBroken(_("这件知识产权已有文件，不能删除。请改为更正法律状态。"), code="has_files")
    Deadline.objects.filter(subject_type="right", subject_number=right.number).delete()
    log(right, "right.deleted", by=by, **{"reason": reason.strip()[:300]} if right.secrecy == Secrecy.OPEN else {})
    Right.objects.filter(pk=right.pk).delete()


def follow_right(pks: Sequence[int]) -> None:
    """Let dates and papers of rights follow what the rights say: who may know, who answers, what they are called."""
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW_DATES, [list(pks)])
        cursor.execute(FOLLOW_FILES, [list(pks)])


FOLLOW_DATES = """
UPDATE portal_deadline AS due SET secrecy = held.secrecy, readers = held.readers, title = left(held.title, 300),
    responsible_id = held.responsible_id, backup_id = held.backup_id, agency_id = held.agency_id
FROM patents_right AS held
WHERE held.id = ANY(%s) AND due.subject_type = 'right' AND due.subject_number = held.number
"""
FOLLOW_FILES = """
UPDATE portal_storedfile AS file SET secrecy = held.secrecy, readers = held.readers, agency_id = held.agency_id
FROM patents_right AS held
WHERE held.id = ANY(%s) AND file.application_id IS NULL AND file.organisation_id = held.organisation_id
    AND file.slot = 'right:' || held.number
"""


# --- what must hold -----------------------------------------------------------------------------------------------
def _save(right: Right, fields: list[str] | None) -> None:
    """Store a row after the model's own checks; a number taken meanwhile is a broken rule, not a crash."""
    right.updated_at = now()
    if fields is not None:
        right.version += 1
    if any(day and not FIRST_DAY <= day <= LAST_DAY for day in (getattr(right, name) for name in DATES)):
        raise RuleBroken(_("日期应在 1900 年到 2200 年之间，请核对年份。"), code="bad_value")
    try:
        right.clean_fields(exclude=[field.name for field in Right._meta.fields if field.name not in FACTS])
        with transaction.atomic():
            right.save(update_fields=[*fields, "version", "updated_at"] if fields is not None else None)
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages), code="bad_value") from error
    except IntegrityError as error:
        raise RuleBroken(TAKEN, code="duplicate") from error


def _require_little(kind: str, values: dict[str, Any]) -> None:
    """Of a trade secret only its name and how it is kept are written down: what is not there cannot leak."""
    if kind == RightKind.TRADE_SECRET and any(values[name] for name in set(values) - SECRET_FACTS - DEFAULTED):
        raise RuleBroken(_("商业秘密只登记名称和保密措施，不要写其他内容。"), code="too_much")


def _least_secrecy(kind: str, status: str, wanted: str) -> str:
    if kind == RightKind.TRADE_SECRET:
        return Secrecy.NAMED
    if status == LegalStatus.DRAFT and wanted == Secrecy.OPEN:
        return Secrecy.NAMED  # undisclosed: colleagues see it only where somebody says so
    return wanted


def _named(organisation: Organisation, readers: Iterable[int]) -> list[int]:
    wanted = set(readers)
    members = Membership.objects.open().filter(organisation=organisation, user__in=wanted, user__is_active=True)
    if set(members.values_list("user_id", flat=True)) != wanted:
        raise RuleBroken(_("只能指定本企业的现任成员。"), code="not_a_member")
    if len(wanted) > MOST_READERS:
        text = _("最多指定 %(count)s 人。给更多人看的，请改为“仅本企业成员”。")
        raise RuleBroken(text % {"count": MOST_READERS}, code="too_many")
    return sorted(wanted)


def _keys(right: Right) -> list[str]:
    known = {name: getattr(right, name) for name in NUMBERS}
    return identities.keys(kind=right.kind, country=right.country, title=right.title, **known)


def _identity(right: Right) -> str:
    return next(iter(_keys(right)), "")


TAKEN = _("这个号码在本企业的台账里已有一件。")


def twin_of(right: Right) -> Right | None:
    """Return the other right of the enterprise that has one of this right's numbers, whoever may see it."""
    keys = _keys(right)
    others = Right.objects.filter(organisation=right.organisation, identity__in=keys).exclude(pk=right.pk)
    return others.first() if keys else None


def _require_single(right: Right, by: User) -> None:
    twin = twin_of(right)
    if twin is None:
        return
    if Right.objects.visible_to(by).filter(pk=twin.pk).exists():
        raise RuleBroken(
            _("这个号码在本企业的台账里已有一件：%(title)s（编号 %(number)s）。")
            % {"title": twin.title, "number": twin.number},
            code="duplicate",
        )
    raise RuleBroken(_("这个号码在本企业的台账里已有一件，它不对您公开。请联系企业负责人。"), code="duplicate")


def plain(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    if isinstance(value, models.Model):
        return getattr(value, "number", None) or str(value)
    return value if value is None or isinstance(value, bool | int | list) else str(value)
