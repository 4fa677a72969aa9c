"""Coming into an enterprise that has its record: asking to join, being answered, being invited.

The person who asks learns nothing of the enterprise before the answer: not its name, not whether it has an owner.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, handing_over, invitations, notifications, uscc
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import Invitation, JoinRequest, Membership, OfficeRole, Organisation, Role, User
from portal.notifications import bilingual
from portal.permissions import Permission, check

from .people import officials_of, owners_of

GIVEN_BY_OWNER = (Role.MANAGER, Role.MEMBER, Role.VIEWER)


def is_owner_gone(organisation: Organisation) -> bool:
    """Whether nobody owns the enterprise, or its owner may not sign in any more."""
    return not owners_of(organisation).exists()


@transaction.atomic
def request_join(*, code: str, message: str = "", asks_district: bool = False, by: User) -> JoinRequest:
    """Ask to join the enterprise of a credit code; its owner is told, and the district where it must help.

    Raises RuleBroken: no such record, already a member, already asked.
    """
    organisation = Organisation.objects.select_for_update().filter(uscc=uscc.normalise(code)).first()
    if organisation is None:
        raise RuleBroken(_("这个信用代码还没有注册，您可以直接登记。"), code="not_registered")
    if Membership.objects.open().filter(organisation=organisation, user=by).exists():
        raise RuleBroken(_("您已经是这家企业的成员。"), code="already_member")
    if JoinRequest.objects.open().filter(organisation=organisation, user=by).exists():
        raise RuleBroken(_("您已经申请加入，请等待答复。"), code="already_asked")
    request = JoinRequest.objects.create(
        organisation=organisation,
        user=by,
        uscc=organisation.uscc,
        message=message.strip()[:300],
        asks_district=asks_district,
    )
    data = {"request": request.number, "person": by.name, "asks_district": asks_district}
    audit.record(organisation, "organisation.join_requested", by=by, data=data)
    _tell_of_request(request)
    return request


def _tell_of_request(request: JoinRequest) -> None:
    organisation = request.organisation
    values = {
        "person": f"{request.user.name} ({request.user.email})",
        "organisation": organisation.name,
        "message": request.message or "—",
    }
    notifications.notify(
        "join_requested",
        owners_of(organisation),
        key=f"{request.number}:join",
        values=values,
        link=f"/organisations/{organisation.number}/members/",
        organisation=organisation,
    )
    if request.asks_district or is_owner_gone(organisation):
        notifications.notify(
            "join_requested_district",
            officials_of(organisation.district, OfficeRole.SUPERVISOR),
            key=f"{request.number}:join:district",
            values=values,
            link="/join/district/",
        )


def _locked(request: JoinRequest) -> JoinRequest:
    found = JoinRequest.objects.select_for_update(of=("self",)).select_related("organisation__district", "user")
    request = found.get(pk=request.pk)
    if request.status != JoinRequest.Status.OPEN:
        who = request.decided_by.name if request.decided_by else request.user.name
        status = JoinRequest.Status(request.status).label
        raise RuleBroken(_("%(who)s 已经处理：%(status)s。") % {"who": who, "status": status}, code="wrong_state")
    return request


@transaction.atomic
def answer_join_request(
    request: JoinRequest, *, is_accepted: bool, role: str = Role.MEMBER, reason: str = "", by: User
) -> JoinRequest:
    """Accept with a role, or refuse with a reason.

    The owner answers; the district's supervisor does where the person said the owner has left, or there is none. Only
    the district may make somebody the owner: whoever was it before leaves. Raises Denied, RuleBroken.
    """
    check(by, Permission.RESOLVE_JOIN_REQUEST, request.organisation)
    request = _locked(request)
    organisation = request.organisation
    is_owner = by.standing.roles.get(organisation.pk) == Role.OWNER
    if not is_owner and not (request.asks_district or is_owner_gone(organisation)):
        raise Denied(_("这家企业有负责人，加入申请由负责人答复。"), code="owner_answers")
    if is_accepted and role not in (GIVEN_BY_OWNER if is_owner else Role.values):
        raise RuleBroken(_("请选择一个可以给予的角色。"), code="wrong_role")
    if not is_accepted and not reason.strip():
        raise RuleBroken(_("请写明不同意的理由，对方会看到。"), code="reason_missing")
    request.status = JoinRequest.Status.ACCEPTED if is_accepted else JoinRequest.Status.REFUSED
    request.decided_at, request.decided_by, request.reason = now(), by, reason.strip()[:300]
    request.save(update_fields=["status", "decided_at", "decided_by", "reason"])
    if is_accepted:
        _seat(organisation, request.user, role, by)
    data = {"request": request.number, "person": request.user.name, "status": request.status, "role": role}
    audit.record(organisation, "organisation.join_answered", by=by, data={**data, "reason": request.reason})
    _tell_of_answer(request, role)
    return request


def _seat(organisation: Organisation, user: User, role: str, by: User) -> None:
    gone: list[User] = []
    if role == Role.OWNER:
        for former in Membership.objects.open().filter(organisation=organisation, role=Role.OWNER):
            former.ended_at = now()
            former.save(update_fields=["ended_at"])
            former.user.end_sessions()
            gone.append(former.user)
            audit.record(organisation, "organisation.member_ended", by=by, data={"person": former.user.name})
            values = {"organisation": organisation.name, "person": by.name}
            notifications.notify("membership_ended", [former.user], key=f"{former.number}:ended", values=values)
    Membership.objects.create(organisation=organisation, user=user, role=role)
    user.forget_standing()
    for person in gone:
        handing_over.tell_owner(organisation, person)


def _tell_of_answer(request: JoinRequest, role: str) -> None:
    key = f"{request.number}:answer"
    if request.status == JoinRequest.Status.REFUSED:
        notifications.notify("join_refused", [request.user], key=key, values={"reason": request.reason}, link="/join/")
        return
    values: dict[str, Any] = {"organisation": request.organisation.name, "role": bilingual(Role(role).label)}
    notifications.notify(
        "join_accepted", [request.user], key=key, values=values, link="/home/", organisation=request.organisation
    )


@transaction.atomic
def withdraw_join(request: JoinRequest, *, by: User) -> JoinRequest:
    """Take one's own request back."""
    if request.user_id != by.pk:
        raise Denied(_("只有申请人可以撤回。"))
    request = _locked(request)
    request.status, request.decided_at, request.decided_by = JoinRequest.Status.WITHDRAWN, now(), by
    request.save(update_fields=["status", "decided_at", "decided_by"])
    audit.record(request.organisation, "organisation.join_withdrawn", by=by, data={"request": request.number})
    return request


@transaction.atomic
def invite_member(organisation: Organisation, *, email: str, role: str, name: str = "", by: User) -> Invitation:
    """Invite somebody by e-mail as manager, member or viewer. Raises Denied, RuleBroken."""
    check(by, Permission.MANAGE_MEMBERS, organisation)
    if role not in GIVEN_BY_OWNER:
        raise RuleBroken(_("请选择一个可以给予的角色。"), code="wrong_role")
    if Membership.objects.open().filter(organisation=organisation, user__email__iexact=email.strip()).exists():
        raise RuleBroken(_("这个邮箱的主人已经是成员。"), code="already_member")
    invitation = invitations.create(email=email, name=name, role=role, organisation=organisation, by=by)
    data = {"invitation": invitation.number, "email": invitation.email, "role": role}
    audit.record(organisation, "organisation.member_invited", by=by, data=data)
    return invitation
