"""Invitations by e-mail into an enterprise, an office or the expert pool.

The token is derived from the number and the installation's secret, and only its hash is stored: the mail can be sent
again after a crash, and the database alone opens nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import smtplib

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from portal import audit, notifications, nudges
from portal.clock import local_date, now
from portal.errors import Denied, RuleBroken
from portal.models import Expert, Invitation, Membership, Office, OfficeRole, Organisation, Posting, Role, User
from portal.notifications import bilingual
from portal.permissions import Permission, check

VALID = dt.timedelta(days=14)
EXPERT = "expert"
BATCH = 100
MAX_ATTEMPTS = 8
REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
RETRY = dt.timedelta(minutes=10)


def token_of(invitation: Invitation) -> str:
    """Return the secret part of the invitation's address."""
    code = salted_hmac("portal.invitation", invitation.number, algorithm="sha256").hexdigest()[:40]
    return f"{invitation.number}-{code}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> Invitation | None:
    """Return the invitation of a token, whatever its state; None for a token that was never given out."""
    rows = Invitation.objects.select_related("organisation", "office__district", "created_by", "accepted_by")
    return rows.filter(token_hash=_hash(token)).first()


def role_label(role: str) -> object:
    """Return the word for a role of any of the three targets."""
    known = {**dict(Role.choices), **dict(OfficeRole.choices), EXPERT: _("评审专家")}
    return known.get(role, role)


def create(
    *,
    email: str,
    role: str,
    name: str = "",
    organisation: Organisation | None = None,
    office: Office | None = None,
    by: User,
) -> Invitation:
    """Write the invitation inside the caller's transaction; the caller has checked who, and writes the audit.

    An open one to the same address and target is replaced, so that only the newest link works.
    """
    email = email.strip().lower()
    same = Invitation.objects.open().filter(email=email, organisation=organisation, office=office, role=role)
    same.update(revoked_at=now())
    invitation = Invitation(
        email=email,
        name=name.strip(),
        organisation=organisation,
        office=office,
        role=role,
        created_by=by,
        created_at=now(),
        expires_at=now() + VALID,
        mail_next_at=now(),
    )
    invitation.token_hash = _hash(token_of(invitation))
    invitation.save(force_insert=True)
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    if person is not None:
        notifications.notify(
            "invited", [person], key=f"{invitation.number}:invited", values=_values(invitation),
            link="/invitations/",
        )  # fmt: skip
        invitation.mailed_at = now()
        invitation.save(update_fields=["mailed_at"])
    else:
        nudges.nudge("portal.tasks.deliver_invitations")
    return invitation


def _values(invitation: Invitation) -> dict[str, object]:
    office = invitation.office
    target: object = bilingual(_("专家库"))
    if invitation.organisation:
        target = invitation.organisation.name
    elif office:
        target = {"zh": office.name_zh, "en": office.name_en}
    return {
        "inviter": invitation.created_by.name,
        "target": target,
        "role": bilingual(role_label(invitation.role)),
        "until": local_date(invitation.expires_at).isoformat(),
    }


def _subject(invitation: Invitation) -> Organisation | tuple[str, str]:
    if invitation.organisation:
        return invitation.organisation
    return ("office", invitation.office.slug) if invitation.office else ("experts", "pool")


def state_of(invitation: Invitation) -> str:
    """Return open, accepted, revoked or expired."""
    if invitation.accepted_at:
        return "accepted"
    if invitation.revoked_at:
        return "revoked"
    return "open" if invitation.expires_at > now() else "expired"


@transaction.atomic
def accept(invitation: Invitation, *, by: User) -> Invitation:
    """Accept an invitation that was sent to one's own address: membership, posting or expert.

    Raises Denied for somebody else's, RuleBroken when it is not open any more or the place is taken already.
    """
    found = Invitation.objects.select_for_update(of=("self",)).select_related("organisation", "office", "created_by")
    invitation = found.get(pk=invitation.pk)
    _require_own(invitation, by)
    try:
        with transaction.atomic():
            _seat(invitation, by)
    except IntegrityError as error:
        raise RuleBroken(_("您已经在这个位置上。"), code="already_seated") from error
    invitation.accepted_at, invitation.accepted_by = now(), by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    by.forget_standing()
    data = {"invitation": invitation.number, "role": invitation.role, "inviter": invitation.created_by.name}
    audit.record(_subject(invitation), "invitation.accepted", by=by, data=data)
    notifications.notify(
        "invitation_accepted", [invitation.created_by], key=f"{invitation.number}:accepted",
        values={**_values(invitation), "person": by.name}, organisation=invitation.organisation,
    )  # fmt: skip
    return invitation


@transaction.atomic
def decline(invitation: Invitation, *, by: User) -> Invitation:
    """Say no to an invitation that was sent to one's own address; who invited is told. Raises Denied, RuleBroken."""
    found = Invitation.objects.select_for_update(of=("self",)).select_related("organisation", "office", "created_by")
    invitation = found.get(pk=invitation.pk)
    _require_own(invitation, by)
    invitation.revoked_at = now()
    invitation.save(update_fields=["revoked_at"])
    audit.record(_subject(invitation), "invitation.declined", by=by, data={"invitation": invitation.number})
    notifications.notify(
        "invitation_declined", [invitation.created_by], key=f"{invitation.number}:declined",
        values={**_values(invitation), "person": by.name}, organisation=invitation.organisation,
    )  # fmt: skip
    return invitation


def _require_own(invitation: Invitation, by: User) -> None:
    if not EmailAddress.objects.filter(user=by, email__iexact=invitation.email, verified=True).exists():
        raise Denied(_("这份邀请发给另一个邮箱。请用收到邀请的邮箱登录。"), code="other_address")
    if state_of(invitation) != "open":
        raise RuleBroken(_("邀请已失效，请让对方重新邀请。"), code="wrong_state")


def _seat(invitation: Invitation, user: User) -> None:
    if invitation.organisation:
        Membership.objects.create(organisation=invitation.organisation, user=user, role=invitation.role)
    elif invitation.office:
        Posting.objects.create(office=invitation.office, user=user, role=invitation.role)
    else:
        Expert.objects.create(user=user)


@transaction.atomic
def join_with(invitation: Invitation, *, name: str, password: str) -> User:
    """Make an account for the invited address and accept: whoever holds the link reads that mailbox."""
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise RuleBroken(_("这个邮箱已有账户，请先登录，再接受邀请。"), code="has_account")
    user = User.objects.create_user(invitation.email, password, name=name.strip())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    audit.record(user, "user.created", by=user, data={"invitation": invitation.number})
    accept(invitation, by=user)
    return user


@transaction.atomic
def revoke(invitation: Invitation, *, by: User) -> Invitation:
    """Take an open invitation back. Raises Denied, and RuleBroken when it is not open any more."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("organisation", "office")
    invitation = rows.get(pk=invitation.pk)
    check(
        by, Permission.MANAGE_MEMBERS if invitation.organisation else Permission.MANAGE_PEOPLE, invitation.organisation
    )
    if state_of(invitation) != "open":
        raise RuleBroken(_("邀请已被接受、撤销或过期。"), code="wrong_state")
    invitation.revoked_at = now()
    invitation.save(update_fields=["revoked_at"])
    data = {"invitation": invitation.number, "email": invitation.email}
    audit.record(_subject(invitation), "invitation.revoked", by=by, data=data)
    return invitation


def deliver(*, limit: int = BATCH) -> int:
    """Mail the invitations to people without an account; return how many went out. Safe to run twice at once."""
    sent = 0
    due = Invitation.objects.open().filter(mailed_at=None, mail_attempts__lt=MAX_ATTEMPTS, mail_next_at__lte=now())
    for pk in list(due.order_by("mail_next_at", "pk").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            rows = Invitation.objects.select_for_update(skip_locked=True, of=("self",))
            row = rows.select_related("organisation", "office", "created_by").filter(pk=pk, mailed_at=None).first()
            if row is None:
                continue
            error = _send(row)
        if error is not None and not isinstance(error, REFUSED):
            break  # the server is away: the others wait for the next run
        sent += error is None
    return sent


def _send(invitation: Invitation) -> OSError | None:
    """Send and stamp; return the error instead where it could not be sent, and when to try again is noted."""
    try:
        _message(invitation).send()
    except OSError as error:
        invitation.mail_attempts += 1
        invitation.mail_next_at = now() + RETRY * invitation.mail_attempts
        invitation.save(update_fields=["mail_attempts", "mail_next_at"])
        return error
    invitation.mailed_at = now()
    invitation.save(update_fields=["mailed_at"])
    return None


def _message(invitation: Invitation) -> EmailMessage:
    # The language of somebody without an account is unknown: the mail says everything in both.
    link = f"{settings.PUBLIC_URL}/invitations/{token_of(invitation)}/"
    parts = []
    for language, key in (("zh-hans", "zh"), ("en", "en")):
        with translation.override(language):
            values = {k: v[key] if isinstance(v, dict) else v for k, v in _values(invitation).items()}
            parts.append(render_to_string("email/invitation.txt", {**values, "link": link, "name": invitation.name}))
    values = {k: v["zh"] if isinstance(v, dict) else v for k, v in _values(invitation).items()}
    with translation.override("zh-hans"):
        subject = str(notifications.NOTICES["invited"].title) % values
    headers = {"Message-ID": f"<{invitation.number}.invitation@{settings.MAIL_DOMAIN}>"}
    return EmailMessage(subject, "\n\n".join(parts), to=[invitation.email], headers=headers)
