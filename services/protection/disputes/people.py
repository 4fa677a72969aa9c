"""Who may know of a dispute: readers are named, told, taken off, and replaced when the last of them has left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from portal import notifications
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import Membership, Organisation, User
from portal.organisations.people import owners_of
from portal.permissions import Permission, check
from services.protection.models import OverseasDispute
from services.protection.models.disputes import OverseasDisputeQuerySet

from .access import GONE, SUBJECT, link_of, locked, log, slot_of

PATH = "/disputes/unseen/"
MOST_TOLD = 20  # numbers in one notice; the page lists all


def named(organisation: Organisation, readers: Iterable[int]) -> list[int]:
    """Return the keys of the readers in order; raises RuleBroken unless all are members today."""
    wanted = set(readers)
    seats = Membership.objects.open().filter(organisation=organisation, user__in=wanted, user__is_active=True)
    if set(seats.values_list("user_id", flat=True)) != wanted:
        raise RuleBroken(_("只能指定本企业的现任成员。"), code="not_a_member")
    return sorted(wanted)


def tell_named(dispute: OverseasDispute, readers: Sequence[int], *, by: User) -> None:
    """Tell new readers that the dispute is theirs to see."""
    notifications.notify(
        "dispute_named",
        User.objects.filter(pk__in=readers),
        key=f"dispute:{dispute.number}:named:{now():%Y%m%d%H%M%S%f}",
        values={"person": by.name, "organisation": dispute.organisation.name},
        link=link_of(dispute),
        organisation=dispute.organisation,
    )


@transaction.atomic
def set_readers(
    dispute: OverseasDispute, *, readers: Iterable[int], responsible: int | None = None, by: User
) -> OverseasDispute:
    """Say who may know of it and who answers for it; dates and papers follow in the same transaction.

    Whoever says so stays a reader. Raises Denied; RuleBroken for people who are no members.
    """
    row = locked(dispute, by, is_open=False)
    present = set(row.readers)
    row.readers = named(row.organisation, [*readers, by.pk])
    keeper = responsible or row.responsible_id
    row.responsible_id = keeper if keeper in row.readers else by.pk
    row.version += 1
    row.updated_at = now()
    row.save(update_fields=["readers", "responsible", "version", "updated_at"])
    follow(row)
    added, gone = set(row.readers) - present, present - set(row.readers)
    log(row, "dispute.readers_changed", by=by, added=len(added), removed=len(gone))
    tell_named(row, sorted(added), by=by)
    return row


def follow(dispute: OverseasDispute) -> None:
    """Let dates and papers follow who may know of the dispute and who answers for it."""
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW_DATES, [dispute.readers, dispute.responsible_id, SUBJECT, dispute.number])
        cursor.execute(FOLLOW_FILES, [dispute.readers, dispute.organisation_id, slot_of(dispute)])


FOLLOW_DATES = """
UPDATE portal_deadline SET secrecy = 'named', readers = %s::bigint[], responsible_id = %s
WHERE subject_type = %s AND subject_number = %s
"""
FOLLOW_FILES = """
UPDATE portal_storedfile SET secrecy = 'named', readers = %s::bigint[]
WHERE organisation_id = %s AND application_id IS NULL AND slot = %s
"""


# --- those who leave ----------------------------------------------------------------------------------------------
def unseen(organisation: Organisation) -> OverseasDisputeQuerySet:
    """Return the disputes none of whose readers is an active member any more. Show nothing but their number."""
    seats = Membership.objects.open().filter(organisation=organisation, user__is_active=True)
    rows: OverseasDisputeQuerySet = OverseasDispute.objects.filter(organisation=organisation)
    return rows.exclude(readers__overlap=list(seats.values_list("user_id", flat=True))).only("number")


def tell_owner(organisation: Organisation, person: User) -> int:
    """Tell the owner which disputes lost their last reader with a person who left; return how many."""
    numbers = list(unseen(organisation).filter(readers__contains=[person.pk]).values_list("number", flat=True))
    if numbers:
        notifications.notify(
            "disputes_unseen",
            owners_of(organisation),
            key=f"disputes_unseen:{organisation.number}:{person.number}:{now():%Y-%m-%dT%H:%M}",
            values={
                "count": len(numbers),
                "numbers": " ".join(sorted(numbers)[:MOST_TOLD]),
                "person": person.name,
                "organisation": organisation.name,
            },
            link=PATH,
            organisation=organisation,
        )
    return len(numbers)


@transaction.atomic
def entrust(organisation: Organisation, *, number: str, reader: User, by: User) -> OverseasDispute:
    """Name a member as the reader of a dispute that nobody can see any more. For the owner alone.

    Raises Denied, also where somebody can see it: whether it exists is not the owner's to know. RuleBroken where the
    reader is no active member.
    """
    check(by, Permission.MANAGE_MEMBERS, organisation)
    found = unseen(organisation).select_for_update().filter(number=number).first()
    if found is None:
        raise Denied(GONE)
    readers = named(organisation, [reader.pk])
    row = OverseasDispute.objects.select_related("organisation").get(pk=found.pk)
    row.readers, row.responsible = readers, reader
    row.version += 1
    row.updated_at = now()
    row.save(update_fields=["readers", "responsible", "version", "updated_at"])
    follow(row)
    log(row, "dispute.entrusted", by=by)
    tell_named(row, readers, by=by)
    return row


def hand_over(organisation: Organisation, former: User, to: User, by: User) -> None:
    """Disputes name the same person as their dates, when a person hands over all of them."""
    rows = OverseasDispute.objects.own(by).filter(organisation=organisation, readers__contains=[to.pk])
    keys = list(rows.filter(responsible=former).values_list("pk", flat=True))
    OverseasDispute.objects.filter(pk__in=keys).update(responsible=to)
