"""Offices and people as the city's administrators see them, and invitations."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal import invitations
from portal.models import Expert, Invitation, Office, OfficeRole, Role

from .common import OrganisationRef, PersonOut, PlaceOut, Plain
from .organisations import Code

VIEWS = ["all", "officials", "experts", "inactive"]


class AdministeredOfficeOut(Plain):
    """An office with both its names."""

    slug = serializers.CharField()
    kind = serializers.CharField()
    district = PlaceOut(allow_null=True)
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    phone = serializers.CharField()
    address = serializers.CharField()


class OfficeIn(Plain):
    """How an office is called and reached."""

    name_zh = serializers.CharField(max_length=60)
    name_en = serializers.CharField(max_length=90)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    address = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class OfficialIn(Plain):
    """Whom to invite into an office, and as what."""

    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    role = serializers.ChoiceField(choices=OfficeRole.choices)


class ExpertInviteIn(Plain):
    """Whom to invite into the expert pool."""

    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class OfficeRef(Plain):
    """An office as a line of something else."""

    slug = serializers.CharField()
    name = serializers.CharField(source="__str__")


class PostingOut(Plain):
    """Somebody's role in an office."""

    number = serializers.CharField()
    office = OfficeRef()
    person = PersonOut(source="user")
    role = serializers.ChoiceField(choices=OfficeRole.choices)
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class PostIn(Plain):
    """A role in an office."""

    office = serializers.SlugRelatedField(
        slug_field="slug", queryset=Office.objects.all(), help_text=_("办公室标识，例如 minhang")
    )
    role = serializers.ChoiceField(choices=OfficeRole.choices)


class ExpertOut(Plain):
    """What the pool says of an expert."""

    employer = serializers.CharField()
    employer_uscc = serializers.CharField()
    fields_of_work = serializers.CharField(source="fields")
    is_available = serializers.BooleanField()


class ExpertIn(Plain):
    """What the pool shall say of an expert; the employer's code keeps experts away from their employer's cases."""

    employer = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    employer_uscc = Code(required=False, allow_blank=True, default="")
    fields_of_work = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class AvailableIn(Plain):
    """Whether the expert may be drawn."""

    is_available = serializers.BooleanField()


class LeavingIn(Plain):
    """Why somebody may sign in no more."""

    reason = serializers.CharField(max_length=300)


class MembershipRef(Plain):
    """A person's place in an enterprise."""

    organisation = OrganisationRef()
    role = serializers.ChoiceField(choices=Role.choices)


class AccountLine(PersonOut):
    """A person with an account."""

    email = serializers.EmailField()
    is_active = serializers.BooleanField()
    postings = PostingOut(many=True, source="shown_postings")
    memberships = MembershipRef(many=True, source="shown_memberships")
    expert = serializers.SerializerMethodField()

    def get_expert(self, user: Any) -> dict[str, Any] | None:
        expert: Expert | None = getattr(user, "expert", None)
        return None if expert is None else dict(ExpertOut(expert).data)


class PeopleAsked(Plain):
    """Filters of the people."""

    q = serializers.CharField(max_length=100, required=False, default="", help_text=_("姓名或邮箱"))
    view = serializers.ChoiceField(choices=VIEWS, required=False, default="officials")


class AnyInvitationOut(Plain):
    """An invitation into an enterprise, an office or the expert pool. The link itself goes by e-mail only."""

    number = serializers.CharField()
    email = serializers.EmailField()
    name = serializers.CharField()
    organisation = serializers.CharField(source="organisation.name", allow_null=True, default=None)
    office = OfficeRef(allow_null=True)
    role = serializers.CharField()
    state = serializers.SerializerMethodField(help_text=_("open、accepted、revoked 或 expired"))
    inviter = serializers.CharField(source="created_by.name")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()

    def get_state(self, invitation: Invitation) -> str:
        return invitations.state_of(invitation)
