"""What is written into a case: talk with the enterprise, and the office's private thread with mentions."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal import audit, notifications
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import Application, Message, Posting, Status, User
from portal.models.people import CASE_ROLES
from portal.permissions import Permission, check

from . import mover
from .reviewing import require_gate


def colleagues(application: Application, *, besides: User | None = None) -> QuerySet[User]:
    """Return who may be mentioned in the private thread: officials who see the case, free of any tie."""
    place = Q(office__kind="city", role__in=CASE_ROLES["city"])
    place |= Q(office__district=application.office_district_id, role__in=CASE_ROLES["district"])
    people = User.objects.filter(pk__in=Posting.objects.open().filter(place).values("user"), is_active=True)
    barred = application.assignments.filter(has_conflict=True).values("user")
    members = User.objects.filter(
        memberships__organisation=application.organisation_id, memberships__ended_at=None
    ).values("pk")
    people = people.exclude(pk__in=barred).exclude(pk__in=members)
    return (people.exclude(pk=besides.pk) if besides else people).order_by("name", "pk")


@transaction.atomic
def write_message(
    application: Application, text: str, *, is_internal: bool = False, mentions: Iterable[User] = (), by: User
) -> Message:
    """Write into the case: to the other side, or to the office's private thread, where colleagues can be mentioned.

    Raises Denied, RuleBroken.
    """
    application = mover.locked(application)
    side = mover.side_of(application, by)
    permission = Permission.VIEW_ORGANISATION if side == mover.Side.APPLICANT else Permission.VIEW_CASE
    check(by, permission, application)
    if side == mover.Side.OFFICE:
        if not by.standing.is_official:  # an expert has a seat, but no part in the office's talk
            raise Denied(Permission.VIEW_CASE.value)
        require_gate(by, application)
    if not text.strip():
        raise RuleBroken(_("请先写下留言。"), code="no_text")
    if application.status == Status.DRAFT:
        raise RuleBroken(_("提交后才能在办件里留言。"), code="wrong_state")
    is_internal = is_internal and side == mover.Side.OFFICE
    people = _mentioned(application, mentions, is_internal=is_internal)
    message = Message.objects.create(
        application=application, at=now(), by=by, by_side=side, text=text.strip(), is_internal=is_internal
    )
    message.mentions.set(people)
    data = {"internal": is_internal, "mentions": [person.name for person in people]}
    audit.record(application, "application.message", by=by, data=data)
    _tell(message, application, people, by)
    return message


def _mentioned(application: Application, mentions: Iterable[User], *, is_internal: bool) -> list[User]:
    people = list(mentions)
    if people and not is_internal:
        raise RuleBroken(_("只有内部便笺可以提到同事；企业看得到的留言不行。"), code="not_internal")
    known = set(colleagues(application).filter(pk__in=[person.pk for person in people]).values_list("pk", flat=True))
    if any(person.pk not in known for person in people):
        raise RuleBroken(_("只能提到能看这件办件、没有利益关系的同事。"), code="not_a_colleague")
    return people


def _tell(message: Message, application: Application, people: list[User], by: User) -> None:
    values = {**mover.facts(application, by), "text": message.text[:200]}
    key = f"message:{message.pk}"
    if message.by_side == mover.Side.APPLICANT:
        mover.tell_office(application, "message_to_office", key=key, values=values, besides=by)
    elif not message.is_internal:
        mover.tell_applicant(application, "message_to_applicant", key=key, values=values)
    else:
        link = f"/cases/{application.number}/?part=messages"
        told = [person for person in people if person.pk != by.pk]
        notifications.notify("note_mention", told, key=f"{key}:mention", values=values, link=link)
