"""Offices and their people: invited, posted and released by the city's administrators."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, handing_over, invitations, notifications
from portal.clock import now
from portal.errors import RuleBroken
from portal.models import Expert, Invitation, Membership, Office, OfficeRole, Posting, Role, User
from portal.notifications import bilingual
from portal.permissions import Permission, check
from portal.procedures import transferring

HANDLING = (OfficeRole.OFFICER, OfficeRole.SUPERVISOR)
CITY_ONLY = (OfficeRole.PUBLISHER, OfficeRole.ADMINISTRATOR)


def _require_role(office: Office, role: str) -> None:
    if role not in OfficeRole.values or (office.kind == Office.Kind.DISTRICT and role in CITY_ONLY):
        raise RuleBroken(_("这个角色只设在市级办公室。"), code="wrong_role")


def _require_other(user: User, by: User) -> None:
    """Nobody raises themselves: a second administrator does it, and the log shows both names."""
    if user.pk == by.pk:
        raise RuleBroken(_("不能给自己任职，请由另一位管理员办理。"), code="own_posting")


def _words(office: Office) -> dict[str, str]:
    return {"zh": office.name_zh, "en": office.name_en}


@transaction.atomic
def update_office(
    office: Office, *, name_zh: str, name_en: str, phone: str = "", address: str = "", by: User
) -> Office:
    """Change an office's names and how to reach it."""
    check(by, Permission.MANAGE_PEOPLE)
    office = Office.objects.select_for_update(of=("self",)).get(pk=office.pk)
    if not name_zh.strip() or not name_en.strip():
        raise RuleBroken(_("请填写中文名和英文名。"), code="name_missing")
    new = {"name_zh": name_zh.strip(), "name_en": name_en.strip(), "phone": phone.strip(), "address": address.strip()}
    changed = {key: [getattr(office, key), value] for key, value in new.items() if getattr(office, key) != value}
    for key, value in new.items():
        setattr(office, key, value)
    office.save(update_fields=list(new))
    audit.record(("office", office.slug), "office.updated", by=by, data=changed)
    return office


@transaction.atomic
def invite_official(office: Office, *, email: str, role: str, name: str = "", by: User) -> Invitation:
    """Invite somebody by e-mail into an office. Raises Denied, RuleBroken."""
    check(by, Permission.MANAGE_PEOPLE)
    _require_role(office, role)
    person = User.objects.filter(email__iexact=email.strip()).first()
    if person is not None:
        _require_other(person, by)
        if Posting.objects.open().filter(office=office, user=person, role=role).exists():
            raise RuleBroken(_("这个邮箱的主人已在此任职。"), code="already_seated")
    invitation = invitations.create(email=email, name=name, role=role, office=office, by=by)
    data = {"invitation": invitation.number, "email": invitation.email, "role": role}
    audit.record(("office", office.slug), "office.official_invited", by=by, data=data)
    return invitation


@transaction.atomic
def post(user: User, *, office: Office, role: str, by: User) -> Posting:
    """Give somebody with an account a role in an office; they are told and sign in anew."""
    check(by, Permission.MANAGE_PEOPLE)
    _require_role(office, role)
    _require_other(user, by)
    if not user.is_active:
        raise RuleBroken(_("这位人员已停用。"), code="inactive")
    try:
        with transaction.atomic():
            posting = Posting.objects.create(office=office, user=user, role=role)
    except IntegrityError as error:
        raise RuleBroken(_("这位人员已有这个任职。"), code="already_seated") from error
    user.end_sessions()
    data = {"office": office.slug, "role": role, "person": user.name}
    audit.record(user, "user.posted", by=by, data=data)
    notifications.notify(
        "posted",
        [user],
        key=f"{posting.number}:posted",
        values={"office": _words(office), "role": bilingual(OfficeRole(role).label), "person": by.name},
        link="/home/",
    )
    return posting


@transaction.atomic
def end_posting(posting: Posting, *, by: User) -> Posting:
    """End a role in an office. Their open cases go back to the queue, their sessions end.

    Nobody ends their own administrator's role, and the city never loses its last administrator.
    """
    check(by, Permission.MANAGE_PEOPLE)
    _require_administrators(posting, by)
    found = Posting.objects.select_for_update(of=("self",))
    posting = found.select_related("office__district", "user").get(pk=posting.pk)
    if posting.ended_at is not None:
        raise RuleBroken(_("这个任职已经结束。"), code="wrong_state")
    posting.ended_at = now()
    posting.save(update_fields=["ended_at"])
    released = _release(posting, by)
    posting.user.end_sessions()
    data = {"office": posting.office.slug, "role": posting.role, "person": posting.user.name, "cases": released}
    audit.record(posting.user, "user.posting_ended", by=by, data=data)
    notifications.notify(
        "posting_ended",
        [posting.user],
        key=f"{posting.number}:ended",
        values={
            "office": _words(posting.office),
            "role": bilingual(OfficeRole(posting.role).label),
            "person": by.name,
        },
    )
    return posting


def _require_administrators(posting: Posting, by: User) -> None:
    if posting.role != OfficeRole.ADMINISTRATOR or posting.office.kind != Office.Kind.CITY:
        return
    if posting.user_id == by.pk:
        raise RuleBroken(_("不能结束自己的管理员任职，请由另一位管理员办理。"), code="own_administrator")
    # All rows are locked: two administrators who end each other at once would leave none.
    rows = (
        Posting.objects.select_for_update(of=("self",))
        .open()
        .filter(office__kind=Office.Kind.CITY, role=OfficeRole.ADMINISTRATOR, user__is_active=True)
    )
    if [row.pk for row in rows.order_by("pk")] == [posting.pk]:
        raise RuleBroken(_("这是最后一位管理员。"), code="last_administrator")


def _release(posting: Posting, by: User) -> list[str]:
    district = posting.office.district
    if district is None or posting.role not in HANDLING:
        return []
    same = Posting.objects.open().filter(user=posting.user, office=posting.office, role__in=HANDLING)
    return [] if same.exists() else transferring.release_cases(posting.user, district=district, by=by)


@transaction.atomic
def invite_expert(*, email: str, name: str = "", by: User) -> Invitation:
    """Invite somebody by e-mail into the expert pool."""
    check(by, Permission.MANAGE_PEOPLE)
    if Expert.objects.filter(user__email__iexact=email.strip()).exists():
        raise RuleBroken(_("这个邮箱的主人已在专家库中。"), code="already_seated")
    invitation = invitations.create(email=email, name=name, role=invitations.EXPERT, by=by)
    data = {"invitation": invitation.number, "email": invitation.email}
    audit.record(("experts", "pool"), "expert.invited", by=by, data=data)
    return invitation


@transaction.atomic
def add_expert(user: User, *, employer: str = "", fields: str = "", employer_uscc: str = "", by: User) -> Expert:
    """Put somebody with an account into the expert pool, or correct what the pool says of them."""
    check(by, Permission.MANAGE_PEOPLE)
    values = {"employer": employer.strip(), "fields": fields.strip(), "employer_uscc": employer_uscc.strip()}
    expert, is_new = Expert.objects.update_or_create(user=user, defaults=values)
    user.forget_standing()
    audit.record(user, "expert.added" if is_new else "expert.updated", by=by, data=values)
    if is_new:
        notifications.notify(
            "expert_added", [user], key=f"expert:{expert.pk}:added", values={"person": by.name}, link="/home/"
        )
    return expert


@transaction.atomic
def set_availability(expert: Expert, *, is_available: bool, by: User) -> Expert:
    """Let an expert be drawn, or not for the time being."""
    check(by, Permission.MANAGE_PEOPLE)
    expert = Expert.objects.select_for_update(of=("self",)).select_related("user").get(pk=expert.pk)
    if expert.is_available == is_available:
        raise RuleBroken(_("专家已经是这个状态。"), code="same_state")
    expert.is_available = is_available
    expert.save(update_fields=["is_available"])
    audit.record(expert.user, "expert.availability", by=by, data={"is_available": is_available})
    return expert


@transaction.atomic
def deactivate_user(user: User, *, reason: str, by: User) -> User:
    """Let somebody sign in no more: sessions and tokens end at once, what they did stays. They are not told."""
    check(by, Permission.MANAGE_PEOPLE)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk == by.pk:
        raise RuleBroken(_("不能停用自己。"), code="own_account")
    if not user.is_active:
        raise RuleBroken(_("这位人员已停用。"), code="wrong_state")
    if not reason.strip():
        raise RuleBroken(_("请写明停用的理由。"), code="reason_missing")
    for posting in user.postings.open().select_related("office"):
        _require_administrators(posting, by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    user.end_sessions()
    user.api_tokens.live().update(revoked_at=now())
    owned = Membership.objects.open().filter(user=user, role=Role.OWNER).values_list("organisation__number", flat=True)
    for seat in Membership.objects.open().filter(user=user).select_related("organisation"):
        handing_over.tell_owner(seat.organisation, user)
    audit.record(user, "user.deactivated", by=by, data={"reason": reason.strip()[:300], "owner_of": list(owned)})
    return user


@transaction.atomic
def reactivate_user(user: User, *, by: User) -> User:
    """Let somebody sign in again."""
    check(by, Permission.MANAGE_PEOPLE)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        raise RuleBroken(_("这位人员没有停用。"), code="wrong_state")
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(user, "user.reactivated", by=by)
    return user
