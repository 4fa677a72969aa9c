"""Hats: a person may be member of several enterprises, official and expert at once, and wears one at a time.

The chosen hat lies in the session; without a choice the last enterprise, then the office, then the expert's seat.
A hat only chooses what is shown first. What may be done is always `portal.permissions`' business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.errors import Denied
from portal.formats import listed
from portal.models import Invitation, Membership, Office, Organisation, Posting, Role

SESSION_KEY = "hat"


@dataclass(frozen=True)
class Hat:
    """What one is at present. Falsy for a person who belongs nowhere yet. `roles` are the roles under this hat."""

    kind: str = "none"
    organisation: Organisation | None = None
    office: Office | None = None
    label: str = ""
    roles: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return self.label

    def __bool__(self) -> bool:
        return self.kind != "none"

    @property
    def key(self) -> str:
        """Return the word that names this hat in a form: organisation-<number>, office-<slug> or expert."""
        if self.organisation:
            return f"organisation-{self.organisation.number}"
        return f"office-{self.office.slug}" if self.office else self.kind

    @property
    def is_official(self) -> bool:
        return self.kind in {"district", "city"}

    @property
    def role_label(self) -> str:
        """Return the roles in words, for the page of hats."""
        names = {**dict(Role.choices), **dict(Posting._meta.get_field("role").choices or [])}
        return listed(names.get(role, role) for role in sorted(self.roles))


NO_HAT = Hat()


def hats_for(user: Any) -> list[Hat]:
    """Return every hat the person may wear: enterprises by name, offices, the expert's seat."""
    if not user.is_authenticated or not user.is_active:
        return []
    standing = user.standing  # known anyway: it says which of the two need not be asked for
    found = [_of_membership(row) for row in _memberships(user)] if standing.roles else []
    by_office: dict[int, list[Posting]] = {}
    for posting in user.postings.open().select_related("office__district") if standing.postings else ():
        by_office.setdefault(posting.office_id, []).append(posting)
    found += [_of_office(postings) for postings in by_office.values()]
    if standing.is_expert:
        found.append(Hat(kind="expert", label=_("评审专家"), roles=frozenset({"expert"})))
    return found


def _memberships(user: Any) -> Any:
    return user.memberships.open().select_related("organisation__district").order_by("organisation__name")


def _of_membership(row: Membership) -> Hat:
    organisation = row.organisation
    return Hat("enterprise", organisation=organisation, label=organisation.name, roles=frozenset({row.role}))


def _of_office(postings: list[Posting]) -> Hat:
    office = postings[0].office
    return Hat(office.kind, office=office, label=str(office), roles=frozenset(row.role for row in postings))


def hat_of(request: HttpRequest) -> Hat:
    """Return the present hat, decided once per request; a hat lost meanwhile falls back to the next one."""
    if not hasattr(request, "_hat"):
        request._hat = _present(request)  # type: ignore[attr-defined]
    return request._hat  # type: ignore[attr-defined]


def _present(request: HttpRequest) -> Hat:
    hats = hats_for(request.user)
    chosen = request.session.get(SESSION_KEY, "")
    current = getattr(request.user, "current_organisation_id", None)
    for hat in hats:
        if hat.key == chosen:
            return hat
    for hat in hats:
        if hat.organisation and hat.organisation.pk == current:
            return hat
    officials = [hat for hat in hats if hat.is_official]
    return (officials or hats or [NO_HAT])[0]


def enterprise_of(request: HttpRequest, otherwise: Any) -> Organisation:
    """Return the enterprise one acts for; raises Denied with the sentence `otherwise` for everybody else."""
    organisation = hat_of(request).organisation
    if organisation is None:
        raise Denied(otherwise)
    return organisation


def wear(request: HttpRequest, key: str) -> Hat | None:
    """Put on one of the person's own hats and return it; None for a key that is not theirs."""
    for hat in hats_for(request.user):
        if hat.key == key:
            request.session[SESSION_KEY] = key
            request._hat = hat  # type: ignore[attr-defined]
            return hat
    return None


def invitation_count(user: Any) -> int:
    """Return how many open invitations wait for the person: hats they might wear."""
    return Invitation.objects.open().filter(email__iexact=user.email).count()
