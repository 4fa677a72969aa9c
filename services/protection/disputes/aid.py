"""Help with a dispute abroad: asked by the enterprise, taken by the city, advised by an expert, answered, closed.

Until a request is taken the desk reads what was asked and by whom. The file itself opens to the official who declares
no interest and takes it, and to the expert who declares none; it shuts again when the enterprise takes its request
back. Papers never leave the enterprise by this way: it hands over itself what it wants to.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from portal import notifications
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import Expert, Membership, Posting, User
from portal.permissions import Permission, check
from services.protection.models import DisputeAid, OverseasDispute
from services.protection.models.disputes import HELPING_ROLES

from .access import link_of, locked, log

GONE = _("没有这个援助申请，或者它不由您办理。")
NOT_OPEN = _("这个援助申请已经办结或撤回。")
NOT_YOURS = _("这个援助申请由另一位经办办理。")
INTEREST = _("与任何一方有利益关系的，不能受理。请由另一位经办办理。")
MOST_EXPERTS = 50


def link_to(aid: DisputeAid) -> str:
    """Return the address of a request at the desk."""
    return f"/dispute-aid/{aid.number}/"


def _tell(template: str, aid: DisputeAid, people: Any, *, link: str = "", **values: Any) -> None:
    dispute = aid.dispute
    known = {"organisation": dispute.organisation.name, "country": dispute.country.both("name"), **values}
    key = f"aid:{aid.number}:{template}:{now():%Y%m%d%H%M%S%f}"
    notifications.notify(template, people, key=key, values=known, link=link or link_to(aid))


def _readers(dispute: OverseasDispute) -> QuerySet[User]:
    """Return the readers who are members today."""
    seats = Membership.objects.open().filter(organisation=dispute.organisation_id, user__in=dispute.readers)
    return User.objects.filter(pk__in=seats.values("user"), is_active=True)


# --- the enterprise -----------------------------------------------------------------------------------------------
@transaction.atomic
def ask(dispute: OverseasDispute, *, text: str, by: User) -> DisputeAid:
    """Ask the city for help; its desk is told at once. Raises Denied, RuleBroken while another request is open."""
    row = locked(dispute, by)
    if not text.strip():
        raise RuleBroken(_("请写明需要什么帮助。"), code="text_missing")
    try:
        with transaction.atomic():
            aid = DisputeAid.objects.create(dispute=row, text=text.strip()[:1000], asked_by=by)
    except IntegrityError as error:
        raise RuleBroken(_("已经申请过援助，请等待答复；也可以先撤回再重新申请。"), code="double") from error
    log(row, "aid.asked", by=by, aid=aid.number)
    desk = Posting.objects.open().filter(office__kind="city", role__in=HELPING_ROLES)
    _tell("aid_asked", aid, User.objects.filter(pk__in=desk.values("user"), is_active=True))
    return aid


@transaction.atomic
def withdraw(dispute: OverseasDispute, *, by: User) -> DisputeAid:
    """Take the open request back: officials and experts see the file no more from this moment."""
    row = locked(dispute, by, is_open=False)
    aid = row.aids.open().select_for_update().first()
    if aid is None:
        raise RuleBroken(_("没有等待办理的援助申请。"), code="wrong_state")
    aid.withdrawn_at = now()
    aid.save(update_fields=["withdrawn_at"])
    log(row, "aid.withdrawn", by=by, aid=aid.number)
    helpers = [person for person in (aid.officer, aid.expert) if person]
    _tell("aid_withdrawn", aid, helpers, link="/dispute-aid/")
    return aid


# --- the city's desk ----------------------------------------------------------------------------------------------
def _locked(aid: DisputeAid, by: User) -> DisputeAid:
    """Lock the dispute, then its request; raises Denied where it is not known to this person."""
    found = DisputeAid.objects.visible_to(by).filter(pk=aid.pk).first()
    if found is None:
        raise Denied(GONE)
    OverseasDispute.objects.select_for_update().get(pk=found.dispute_id)
    rows = DisputeAid.objects.select_for_update(of=("self",)).select_related(
        "dispute__organisation", "dispute__country", "officer", "expert"
    )
    row: DisputeAid = rows.get(pk=found.pk)
    if not row.is_open:
        raise RuleBroken(NOT_OPEN, code="wrong_state")
    return row


def _handled(aid: DisputeAid, by: User) -> DisputeAid:
    check(by, Permission.HELP_ABROAD)
    row = _locked(aid, by)
    if row.officer_id != by.pk:
        raise Denied(NOT_YOURS)
    return row


def is_orphaned(aid: DisputeAid) -> bool:
    """Tell whether the official who took it is at the desk no more."""
    desk = Posting.objects.open().filter(user=aid.officer_id, office__kind="city", role__in=HELPING_ROLES)
    return aid.officer_id is not None and not desk.filter(user__is_active=True).exists()


@transaction.atomic
def take(aid: DisputeAid, *, has_no_interest: bool, by: User) -> DisputeAid:
    """Take a request on, having declared no interest: the file opens. RuleBroken where a colleague was faster."""
    check(by, Permission.HELP_ABROAD)
    row = _locked(aid, by)
    if row.officer_id is not None and not is_orphaned(row):
        name = row.officer.name if row.officer else ""
        raise RuleBroken(_("%(name)s 已经受理。") % {"name": name}, code="taken")
    members = Membership.objects.open().filter(organisation=row.dispute.organisation_id, user=by)
    if not has_no_interest or members.exists():
        raise RuleBroken(INTEREST, code="interest")
    row.officer, row.taken_at = by, now()
    row.save(update_fields=["officer", "taken_at"])
    log(row.dispute, "aid.taken", by=by, aid=row.number)
    _tell("aid_taken", row, _readers(row.dispute), link=link_of(row.dispute), person=by.name)
    return row


@transaction.atomic
def release(aid: DisputeAid, *, by: User) -> DisputeAid:
    """Give a request back to the desk; the official reads the file no more."""
    row = _handled(aid, by)
    row.officer, row.taken_at = None, None
    row.save(update_fields=["officer", "taken_at"])
    log(row.dispute, "aid.released", by=by, aid=row.number)
    return row


def candidates(aid: DisputeAid, text: str = "") -> list[Expert]:
    """Return available experts, those whose fields name the matter first, then those with the least to do.

    Nobody of the enterprise or employed by it, and nobody who declared an interest. `text` narrows by field or name.
    """
    dispute = aid.dispute
    inside = Membership.objects.filter(organisation=dispute.organisation_id, ended_at=None).values("user")
    rows = Expert.objects.filter(is_available=True, user__is_active=True).exclude(user__in=inside)
    rows = rows.exclude(employer_uscc=dispute.organisation.uscc).exclude(user__in=aid.refused)
    if text:
        rows = rows.filter(Q(fields__icontains=text) | Q(user__name__icontains=text))
    words = [dispute.country.name, str(dispute.get_right_kind_display()), "海外"]
    fits: Any = Value(0)
    for word in words:
        fits = fits + Case(When(fields__icontains=word, then=1), default=0, output_field=IntegerField())
    busy = Count(
        "user__aids_advised", filter=Q(user__aids_advised__closed_at=None, user__aids_advised__withdrawn_at=None)
    )
    rows = rows.annotate(fit=fits, busy=busy).select_related("user")
    return list(rows.order_by(F("fit").desc(), "busy", "pk")[:MOST_EXPERTS])


@transaction.atomic
def match(aid: DisputeAid, *, expert: User, by: User) -> DisputeAid:
    """Ask an expert of the pool to advise; they declare first whether they have an interest."""
    row = _handled(aid, by)
    if expert.pk not in {one.user_id for one in candidates(row, expert.name)}:
        raise RuleBroken(_("这位专家现在不能受邀，或者与企业有关。请选择另一位。"), code="wrong_expert")
    row.expert, row.matched_at, row.declared_at = expert, now(), None
    row.save(update_fields=["expert", "matched_at", "declared_at"])
    log(row.dispute, "aid.matched", by=by, aid=row.number, expert=expert.number)
    _tell("aid_matched", row, [expert])
    return row


@transaction.atomic
def answer(aid: DisputeAid, *, text: str, by: User) -> DisputeAid:
    """Answer the enterprise; may be said again, better, until it is closed."""
    row = _handled(aid, by)
    if not text.strip():
        raise RuleBroken(_("请写答复。"), code="text_missing")
    row.answer, row.answered_at = text.strip(), now()
    row.save(update_fields=["answer", "answered_at"])
    log(row.dispute, "aid.answered", by=by, aid=row.number)
    _tell("aid_answered", row, _readers(row.dispute), link=link_of(row.dispute), person=by.name)
    return row


@transaction.atomic
def close(aid: DisputeAid, *, by: User) -> DisputeAid:
    """Close an answered request: the expert reads the file no more."""
    row = _handled(aid, by)
    if not row.answer:
        raise RuleBroken(_("请先答复企业，再办结。"), code="unanswered")
    row.closed_at = now()
    row.save(update_fields=["closed_at"])
    log(row.dispute, "aid.closed", by=by, aid=row.number)
    _tell("aid_closed", row, _readers(row.dispute), link=link_of(row.dispute))
    return row


# --- the expert ---------------------------------------------------------------------------------------------------
def _advised(aid: DisputeAid, by: User) -> DisputeAid:
    row = _locked(aid, by)
    if row.expert_id != by.pk:
        raise Denied(GONE)
    return row


@transaction.atomic
def declare(aid: DisputeAid, *, has_interest: bool, by: User) -> DisputeAid:
    """Declare whether one has an interest: without one the file opens, with one the official looks for another."""
    row = _advised(aid, by)
    if row.declared_at:
        raise RuleBroken(_("您已经声明过。"), code="wrong_state")
    if has_interest:
        row.expert, row.matched_at, row.refused = None, None, sorted({*row.refused, by.pk})
    else:
        row.declared_at = now()
    row.save(update_fields=["expert", "matched_at", "refused", "declared_at"])
    log(row.dispute, "aid.declared", by=by, aid=row.number, has_interest=has_interest)
    if has_interest and row.officer:
        _tell("aid_refused", row, [row.officer], person=by.name)
    return row


@transaction.atomic
def advise(aid: DisputeAid, *, text: str, by: User) -> DisputeAid:
    """Write the expert's opinion for the official. Raises RuleBroken before the declaration."""
    row = _advised(aid, by)
    if row.declared_at is None:
        raise RuleBroken(_("请先声明有无利益关系。"), code="undeclared")
    if not text.strip():
        raise RuleBroken(_("请写意见。"), code="text_missing")
    row.opinion, row.opinion_at = text.strip(), now()
    row.save(update_fields=["opinion", "opinion_at"])
    log(row.dispute, "aid.advised", by=by, aid=row.number)
    if row.officer:
        _tell("aid_advised", row, [row.officer], person=by.name)
    return row
