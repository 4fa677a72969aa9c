"""An enterprise's people: their roles, their leaving, and who owns it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, handing_over, notifications
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import Membership, Organisation, Role, User
from portal.notifications import bilingual
from portal.permissions import Permission, check

from .joining import GIVEN_BY_OWNER
from .people import owners_of


def _locked(membership: Membership) -> Membership:
    # The enterprise's row is the lock of all its places: two changes of owner cannot cross.
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    membership = Membership.objects.select_related("organisation", "user").get(pk=membership.pk)
    if membership.ended_at is not None:
        raise RuleBroken(_("%(person)s 已不是成员。") % {"person": membership.user.name}, code="wrong_state")
    return membership


def _link(organisation: Organisation) -> str:
    return f"/organisations/{organisation.number}/members/"


@transaction.atomic
def change_role(membership: Membership, *, role: str, by: User) -> Membership:
    """Give a member another role (not that of the owner: see hand_over_ownership). Their sessions end."""
    check(by, Permission.MANAGE_MEMBERS, membership.organisation)
    membership = _locked(membership)
    if membership.role == Role.OWNER or role not in GIVEN_BY_OWNER:
        raise RuleBroken(_("负责人身份只能移交，不能直接修改。"), code="owner_is_handed_over")
    if membership.role == role:
        raise RuleBroken(_("%(person)s 已经是这个角色。") % {"person": membership.user.name}, code="same_role")
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    membership.user.end_sessions()
    data = {"person": membership.user.name, "from": before, "to": role}
    audit.record(membership.organisation, "organisation.role_changed", by=by, data=data)
    notifications.notify(
        "role_changed",
        [membership.user],
        key=f"{membership.number}:role:{now().isoformat()}",
        values={
            "organisation": membership.organisation.name, "role": bilingual(Role(role).label), "person": by.name,
        },
        link=_link(membership.organisation),
        organisation=membership.organisation,
    )  # fmt: skip
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by: User) -> Membership:
    """Leave (one's own place) or remove a member (the owner). The owner hands over first. Sessions end."""
    is_leaving = membership.user_id == by.pk
    if not is_leaving:
        check(by, Permission.MANAGE_MEMBERS, membership.organisation)
    membership = _locked(membership)
    if membership.role == Role.OWNER:
        raise RuleBroken(_("负责人须先移交负责人身份，再退出。"), code="owner_hands_over_first")
    organisation, person = membership.organisation, membership.user
    membership.ended_at = now()
    membership.save(update_fields=["ended_at"])
    if person.current_organisation_id == organisation.pk:
        person.current_organisation = None
        person.save(update_fields=["current_organisation"])
    person.end_sessions()
    data = {"person": person.name, "role": membership.role, "left": is_leaving}
    audit.record(organisation, "organisation.member_ended", by=by, data=data)
    template, people = ("member_left", list(owners_of(organisation))) if is_leaving else ("membership_ended", [person])
    values = {"organisation": organisation.name, "person": by.name}
    notifications.notify(template, people, key=f"{membership.number}:ended", values=values)
    handing_over.tell_owner(organisation, person)
    return membership


@transaction.atomic
def hand_over_ownership(organisation: Organisation, *, to: Membership, by: User) -> Membership:
    """Make another member the owner; the former owner stays as manager. Both are told, both sign in anew."""
    check(by, Permission.TRANSFER_OWNERSHIP, organisation)
    to = _locked(to)
    if to.organisation_id != organisation.pk:
        raise Denied(_("只能移交给本企业的成员。"), code="not_a_member")
    if to.user_id == by.pk or not to.user.is_active:
        raise RuleBroken(_("请选择另一位可以登录的成员。"), code="wrong_person")
    former = Membership.objects.open().get(organisation=organisation, role=Role.OWNER)
    former.role, to.role = Role.MANAGER, Role.OWNER
    former.save(update_fields=["role"])  # before the other: a database rule allows one owner at a time
    to.save(update_fields=["role"])
    for person in (former.user, to.user):
        person.end_sessions()
    by.forget_standing()
    audit.record(
        organisation, "organisation.ownership_handed_over", by=by, data={"from": former.user.name, "to": to.user.name}
    )
    moment, name = now().isoformat(), organisation.name
    notifications.notify(
        "ownership_received", [to.user], key=f"{to.number}:owner:{moment}",
        values={"organisation": name, "person": by.name}, link=_link(organisation), organisation=organisation,
    )  # fmt: skip
    notifications.notify(
        "role_changed", [former.user], key=f"{former.number}:role:{moment}",
        values={"organisation": name, "role": bilingual(Role.MANAGER.label), "person": by.name},
        link=_link(organisation), organisation=organisation,
    )  # fmt: skip
    return to


@transaction.atomic
def switch_organisation(organisation: Organisation, *, by: User) -> None:
    """Remember which of one's enterprises one works for. A preference: it gives no right, so nothing is audited."""
    if organisation.pk not in by.standing.roles:
        raise Denied(Permission.VIEW_ORGANISATION.value)
    by.current_organisation = organisation
    by.save(update_fields=["current_organisation"])
