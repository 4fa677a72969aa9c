"""Bulk decisions: plan, confirm, carry out file by file, undo, release together by a second person.

The rows are the truth: the worker takes one item after the other under its lock and decides or releases it in a
transaction of its own, through the same actions as a single case. Killed anywhere and started again, it goes on with
what is left; several workers share the items.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal import audit, bulk_plan, notifications, nudges, procedures
from portal.clock import now
from portal.errors import Denied, PortalError, RuleBroken
from portal.formats import moment
from portal.models import Application, Assignment, BulkDecision, BulkItem, Call, HeldDecision, User
from portal.permissions import Permission, check
from portal.procedures import holding

log = structlog.get_logger(__name__)

MOST = 500
MAX_ATTEMPTS = 3
LONGEST_WAIT = dt.timedelta(days=90)
SWEEP = "portal.tasks.run_bulk"
State, ItemState = BulkDecision.State, BulkItem.State


# --- planning -----------------------------------------------------------------------------------------------------
@transaction.atomic
def propose(applications: Iterable[Application], *, is_approved: bool, reason: str, by: User) -> BulkDecision:
    """Begin a plan over chosen cases, in their order; nothing is decided yet. Raises Denied, RuleBroken."""
    check(by, Permission.DECIDE_CASE)
    chosen = list(dict.fromkeys(application.pk for application in applications))
    if not chosen:
        raise RuleBroken(_("请先选择办件。"), code="nothing_chosen")
    if len(chosen) > MOST:
        raise RuleBroken(_("一次最多 %(most)s 件，请缩小筛选范围。") % {"most": MOST}, code="too_many")
    bulk = BulkDecision.objects.create(
        is_approved=is_approved, reason=reason.strip(), created_by=by, created_at=now(),
        language=translation.get_language() or notifications.LANGUAGE,
    )  # fmt: skip
    BulkItem.objects.bulk_create(
        BulkItem(bulk=bulk, application_id=pk, position=position) for position, pk in enumerate(chosen, start=1)
    )
    audit.record(bulk, "bulk.planned", by=by, data={"files": len(chosen)})
    return bulk


@transaction.atomic
def change(
    bulk: BulkDecision,
    *,
    is_approved: bool,
    reason: str,
    individual: dict[str, tuple[bool | None, str]],
    dropped: Iterable[str] = (),
    by: User,
) -> BulkDecision:
    """Change a plan: the common decision, single ones by case number (decision or None, reason), files taken out."""
    bulk = _own(bulk, by)
    _require(bulk, State.PLANNED)
    bulk.is_approved, bulk.reason = is_approved, reason.strip()
    bulk.save(update_fields=["is_approved", "reason"])
    bulk.items.filter(application__number__in=list(dropped)).delete()
    items = list(bulk.items.select_related("application"))
    for item in items:
        item.is_approved, item.reason = individual.get(item.application.number, (None, ""))
    BulkItem.objects.bulk_update(items, ["is_approved", "reason"])
    if not items:
        raise RuleBroken(_("计划里至少要有一件办件。"), code="nothing_chosen")
    return bulk


@transaction.atomic
def confirm(bulk: BulkDecision, *, seen: str, has_declared: bool, by: User) -> BulkDecision:
    """Set the plan going exactly as it was `seen`. `has_declared`: no interest in any of the enterprises listed.

    The caller has checked a fresh second factor. Raises Denied, RuleBroken when the plan changed or was confirmed.
    """
    bulk = _own(bulk, by)
    _require(bulk, State.PLANNED)
    # The calls' rows are the lock: two plans over the same files cannot both be confirmed.
    calls = Call.objects.filter(applications__bulk_items__bulk=bulk).order_by("pk").values_list("pk", flat=True)
    list(Call.objects.select_for_update().filter(pk__in=list(calls)).order_by("pk"))
    plan = bulk_plan.plan(bulk, by=by, has_declared=has_declared)
    if plan.undeclared:
        words = _("还有 %(count)s 件没有声明利益关系：请勾选声明，或把有利益关系的移出。")
        raise RuleBroken(words % {"count": plan.undeclared}, code="undeclared")
    if plan.seen != seen:
        raise RuleBroken(_("办件在您查看计划之后有变化。请核对新的计划，再确认。"), code="plan_changed")
    if not plan.decided:
        raise RuleBroken(_("计划里没有可以决定的办件。"), code="nothing_to_do")
    refused = []
    for line in plan.refused:
        line.item.state, line.item.why, line.item.at = ItemState.REFUSED, str(line.why)[:400], now()
        refused.append(line.item)
    BulkItem.objects.bulk_update(refused, ["state", "why", "at"])
    bulk.items.filter(state=ItemState.PLANNED).update(state=ItemState.WAITING)
    bulk.state, bulk.confirmed_at, bulk.has_declared = State.RUNNING, now(), has_declared
    bulk.save(update_fields=["state", "confirmed_at", "has_declared"])
    data = {"files": len(plan.decided), "refused": len(refused), "plan": seen, "declared": has_declared}
    audit.record(bulk, "bulk.confirmed", by=by, data=data)
    nudges.nudge(SWEEP)
    return bulk


@transaction.atomic
def drop(bulk: BulkDecision, *, by: User) -> BulkDecision:
    """Give a plan up that was not confirmed."""
    bulk = _own(bulk, by)
    _require(bulk, State.PLANNED)
    bulk.state = State.DROPPED
    bulk.save(update_fields=["state"])
    audit.record(bulk, "bulk.dropped", by=by)
    return bulk


@transaction.atomic
def gather(call: Call, *, by: User) -> BulkDecision:
    """Put the embargoed single decisions of a call together, so that a second person can release them at once."""
    check(by, Permission.DECIDE_CASE)
    loose = list(HeldDecision.objects.loose().filter(application__call=call).order_by("at", "pk")[:MOST])
    if not loose:
        raise RuleBroken(_("这个批次没有待发布的决定。"), code="nothing_chosen")
    try:
        with transaction.atomic():
            bulk = _gathered(loose, by)
    except IntegrityError as error:
        raise RuleBroken(_("另一位负责人刚刚汇总了这些决定。请刷新后再看。"), code="wrong_state") from error
    audit.record(bulk, "bulk.gathered", by=by, data={"call": call.number, "files": len(loose)})
    return bulk


def _gathered(loose: list[HeldDecision], by: User) -> BulkDecision:
    bulk = BulkDecision.objects.create(
        state=State.HELD, created_by=by, created_at=now(), confirmed_at=now(), finished_at=now(),
        language=translation.get_language() or notifications.LANGUAGE,
    )  # fmt: skip
    BulkItem.objects.bulk_create(
        BulkItem(
            bulk=bulk, application_id=row.application_id, position=position, state=ItemState.HELD, decision=row,
            is_approved=row.is_approved, reason=row.reason, at=row.at,
        )
        for position, row in enumerate(loose, start=1)
    )  # fmt: skip
    return bulk


def _locked(bulk: BulkDecision) -> BulkDecision:
    # Nothing is joined: whoever waited for the lock would read the second person from before the wait.
    return BulkDecision.objects.select_for_update().get(pk=bulk.pk)


def _own(bulk: BulkDecision, by: User) -> BulkDecision:
    bulk = _locked(bulk)
    check(by, Permission.DECIDE_CASE)
    if bulk.created_by_id != by.pk:
        raise Denied(_("只有创建这次批量决定的人可以这样办理。"), code="not_own")
    return bulk


def _require(bulk: BulkDecision, *states: str) -> None:
    if bulk.state not in states:
        raise RuleBroken(_already(bulk), code="wrong_state")


def _already(bulk: BulkDecision) -> str:
    """Return who did what when with a bulk decision."""
    second = bulk.release_by is not None
    return _("%(who)s 已于 %(when)s 办理批量决定 %(number)s，现在是“%(state)s”。请刷新后再看。") % {
        "who": bulk.release_by if second else bulk.created_by,
        "when": moment(bulk.released_at or (bulk.release_at if second else bulk.confirmed_at) or bulk.created_at),
        "number": bulk.number,
        "state": State(bulk.state).label,
    }


# --- undo and release ---------------------------------------------------------------------------------------------
@transaction.atomic
def undo(bulk: BulkDecision, *, numbers: Iterable[str] | None = None, by: User) -> int:
    """Take single files back, or all of them, until the release; return how many. They can be decided anew."""
    bulk = _own(bulk, by)
    _require(bulk, State.RUNNING, State.HELD)
    items = bulk.items.select_for_update(of=("self",)).filter(state__in=bulk_plan.LIVE)
    if numbers is not None:
        items = items.filter(application__number__in=list(numbers))
    taken = list(items.select_related("application", "decision__application").order_by("position"))
    if not taken:
        raise RuleBroken(_("没有可以撤销的办件：它们已经撤销、没有决定或已经发布。"), code="nothing_to_undo")
    for item in taken:
        if item.decision is not None:
            holding.undo(item.decision, by=by)
        item.state, item.at = ItemState.UNDONE, now()
        item.save(update_fields=["state", "at"])
    audit.record(bulk, "bulk.undone", by=by, data={"files": [item.application.number for item in taken]})
    _finish_deciding(bulk)
    return len(taken)


@transaction.atomic
def undo_one(decision: HeldDecision, *, by: User) -> None:
    """Take one held decision back, whether it stands alone or in a bulk decision."""
    item = BulkItem.objects.filter(decision=decision).select_related("bulk", "application").first()
    if item is None:
        holding.undo(decision, by=by)
    else:
        undo(item.bulk, numbers=[item.application.number], by=by)


def held_seal(bulk: BulkDecision, *, is_locking: bool = False) -> str:
    """Return the hash over every decision that waits for the release: the release is bound to it."""
    rows = HeldDecision.objects.held().filter(item__bulk=bulk, item__state=ItemState.HELD).order_by("pk")
    rows = rows.select_for_update(of=("self",)) if is_locking else rows
    return hashlib.sha256("".join(holding.seal(row) for row in rows).encode()).hexdigest()


@transaction.atomic
def ask_release(
    bulk: BulkDecision, *, seen: str, at: dt.datetime | None = None, has_declared: bool = False, by: User
) -> BulkDecision:
    """Release everything together, at once or at a moment; by somebody who decided none of it.

    Where a call asks for a countersignature the releaser gives it, after declaring no interest in the enterprises.
    The caller has checked a fresh second factor. Raises Denied, RuleBroken; of two people at once one wins.
    """
    bulk = _locked(bulk)
    check(by, Permission.DECIDE_CASE)
    _require(bulk, State.HELD)
    held = bulk.items.filter(state=ItemState.HELD)
    if bulk.created_by_id == by.pk or held.filter(decision__by=by).exists():
        raise Denied(_("发布须由作出决定以外的人完成。"), code="own_decision")
    _require_disinterested(held, by)
    if not held.exists():
        raise RuleBroken(_("没有待发布的决定。"), code="nothing_to_do")
    moment_of = max(at or now(), now())
    if moment_of > now() + LONGEST_WAIT:
        raise RuleBroken(_("发布时间最迟在 90 天之内。"), code="too_late")
    if held.filter(application__call__needs_countersign=True).exists():
        _declare_all(held, has_declared, by)
    if held_seal(bulk, is_locking=True) != seen:
        raise RuleBroken(_("决定在您查看之后有变化。请核对后再发布。"), code="changed_meanwhile")
    bulk.state, bulk.release_by, bulk.release_at = State.RELEASING, by, moment_of
    bulk.save(update_fields=["state", "release_by", "release_at"])
    data = {"files": held.count(), "seal": seen, "at": moment_of.isoformat()}
    audit.record(bulk, "bulk.release_asked", by=by, data=data)
    nudges.nudge(SWEEP)
    return bulk


def _require_disinterested(held: Any, by: User) -> None:
    conflicts = Assignment.objects.filter(user=by, has_conflict=True).values("application")
    mine = held.filter(application__organisation__in=list(by.standing.roles)) | held.filter(application__in=conflicts)
    item = mine.select_related("application").first()
    if item is not None:
        words = _("您与办件 %(number)s 的企业有利益关系，须由另一人发布。")
        raise Denied(words % {"number": item.application.number}, code="conflict_gate")


def _declare_all(held: Any, has_declared: bool, by: User) -> None:
    """Declare no interest for whoever countersigns by releasing, where it was not declared before."""
    known = Assignment.objects.filter(user=by, declared_at__isnull=False).values("application")
    missing = held.exclude(application__in=known).select_related("application").order_by("position")
    if not has_declared and missing.exists():
        raise RuleBroken(_("发布即复核：请声明与所列企业都没有利益关系。"), code="undeclared")
    for item in missing:
        procedures.declare(item.application, has_conflict=False, by=by)


@transaction.atomic
def call_off_release(bulk: BulkDecision, *, by: User) -> BulkDecision:
    """Take a release back whose moment has not come."""
    bulk = _locked(bulk)
    check(by, Permission.DECIDE_CASE)
    _require(bulk, State.RELEASING)
    if by.pk not in (bulk.created_by_id, bulk.release_by_id):
        raise Denied(_("只有创建人或发布人可以撤回发布。"), code="not_own")
    if bulk.release_at is None or bulk.release_at <= now():
        raise RuleBroken(_("发布已经开始，不能撤回。"), code="too_late")
    bulk.state, bulk.release_at, bulk.release_by = State.HELD, None, None
    bulk.save(update_fields=["state", "release_at", "release_by"])
    audit.record(bulk, "bulk.release_called_off", by=by)
    return bulk


# --- the worker's side --------------------------------------------------------------------------------------------
def sweep(*, limit: int = 2 * MOST) -> int:
    """Carry on with what is confirmed and release what is due; return how many files were settled."""
    done = 0
    for bulk in BulkDecision.objects.filter(state=State.RUNNING).order_by("confirmed_at", "pk"):
        done += _each(bulk, ItemState.WAITING, _decide, limit - done)
        _finish(bulk, _finish_deciding)
    due = BulkDecision.objects.filter(state=State.RELEASING, release_at__lte=now())
    for bulk in due.order_by("release_at", "pk"):
        done += _each(bulk, ItemState.HELD, _release, limit - done)
        _finish(bulk, _finish_release)
    return done


def _each(bulk: BulkDecision, state: str, act: Callable[[BulkItem], None], limit: int) -> int:
    waiting = list(bulk.items.filter(state=state).order_by("position").values_list("pk", flat=True)[: max(0, limit)])
    with translation.override(bulk.language):
        return sum(_settle(pk, state, act) for pk in waiting)


def _settle(pk: int, state: str, act: Callable[[BulkItem], None]) -> bool:
    """Do one item under its lock; return whether it was ours to do. A refusal becomes its sentence."""
    try:
        with transaction.atomic():
            item = (
                BulkItem.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("bulk__created_by", "bulk__release_by", "application", "decision__application")
                .filter(pk=pk, state=state)
                .first()
            )
            if item is None:
                return False
            item.why, item.at = "", now()
            act(item)
            item.save(update_fields=["state", "decision", "why", "at"])
        return True
    except DatabaseError:
        raise  # the connection died: the item waits for the next worker
    except Exception as error:
        log.exception("bulk_item_failed", item=pk)
        return _count_failure(pk, state, type(error).__name__)


@transaction.atomic
def _count_failure(pk: int, state: str, error: str) -> bool:
    """Try an item that broke again, up to MAX_ATTEMPTS; then it is left with a sentence."""
    BulkItem.objects.filter(pk=pk, state=state).update(attempts=F("attempts") + 1)
    spent = BulkItem.objects.filter(pk=pk, state=state, attempts__gte=MAX_ATTEMPTS)
    words = str(_("系统多次没有办成（%(error)s），请单独办理。") % {"error": error})[:400]
    into = ItemState.REFUSED if state == ItemState.WAITING else ItemState.FAILED
    return bool(spent.update(state=into, why=words, at=now()))


def _decide(item: BulkItem) -> None:
    bulk, by = item.bulk, item.bulk.created_by
    try:
        with transaction.atomic():
            if bulk.has_declared and not _has_declared(item.application, by):
                procedures.declare(item.application, has_conflict=False, by=by)
            procedures.decide(
                item.application,
                is_approved=bulk.is_approved if item.is_approved is None else item.is_approved,
                reason=item.reason or bulk.reason,
                by=by,
                is_held=True,
            )
    except PortalError as refused:
        item.state, item.why = ItemState.REFUSED, str(refused)[:400]
    else:
        item.state, item.decision = ItemState.HELD, holding.present(item.application)


def _has_declared(application: Application, by: User) -> bool:
    return application.assignments.filter(user=by, declared_at__isnull=False).exists()


def _release(item: BulkItem) -> None:
    decision, by = item.decision, item.bulk.release_by
    assert decision is not None and by is not None  # noqa: S101 - constraints of the tables
    try:
        with transaction.atomic():
            holding.release(decision, by=by)
    except PortalError as refused:
        item.state, item.why = ItemState.FAILED, str(refused)[:400]
        if decision.state == HeldDecision.State.HELD:
            holding.give_up(decision, str(refused), by=by)
    else:
        item.state = ItemState.RELEASED


@transaction.atomic
def _finish(bulk: BulkDecision, finish: Callable[[BulkDecision], None]) -> None:
    finish(_locked(bulk))


def _finish_deciding(bulk: BulkDecision) -> None:
    if bulk.state not in (State.RUNNING, State.HELD) or bulk.items.filter(state=ItemState.WAITING).exists():
        return
    was_running, counts = bulk.state == State.RUNNING, bulk_plan.tally(bulk)
    bulk.state = State.HELD if counts[ItemState.HELD] else State.DROPPED
    bulk.finished_at = bulk.finished_at or now()
    bulk.save(update_fields=["state", "finished_at"])
    if was_running:
        data = {"held": counts[ItemState.HELD], "refused": counts[ItemState.REFUSED]}
        audit.record(bulk, "bulk.decided", by=bulk.created_by, data=data)
        _tell(bulk, "bulk_decided", [bulk.created_by], counts)


def _finish_release(bulk: BulkDecision) -> None:
    if bulk.state != State.RELEASING or bulk.items.filter(state=ItemState.HELD).exists():
        return
    counts = bulk_plan.tally(bulk)
    bulk.state, bulk.released_at = State.RELEASED, now()
    bulk.save(update_fields=["state", "released_at"])
    data = {"released": counts[ItemState.RELEASED], "failed": counts[ItemState.FAILED]}
    audit.record(bulk, "bulk.released", by=bulk.release_by, data=data)
    _tell(bulk, "bulk_released", [bulk.created_by, bulk.release_by], counts)


def _tell(bulk: BulkDecision, template: str, people: Iterable[Any], counts: dict[str, int]) -> None:
    values = {
        "number": bulk.number, "held": counts[ItemState.HELD], "refused": counts[ItemState.REFUSED],
        "released": counts[ItemState.RELEASED], "failed": counts[ItemState.FAILED],
    }  # fmt: skip
    key = f"bulk:{bulk.number}:{template}"
    notifications.notify(template, people, key=key, values=values, link=f"/bulk-decisions/{bulk.number}/")
