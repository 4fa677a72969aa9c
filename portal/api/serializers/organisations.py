"""Enterprises and their people, as members see them; and what a district verifies."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal import registry, uscc
from portal.models import District, Role, Verification

from .common import OrganisationRef, PersonOut, PlaceOut, Plain

GIVEN = [choice for choice in Role.choices if choice[0] != Role.OWNER]
NUMBER_LENGTH = 10


def place(**options: Any) -> serializers.SlugRelatedField[District]:
    """Return a field that takes the code of a district."""
    return serializers.SlugRelatedField(
        slug_field="code", queryset=District.objects.all(), help_text=_("区划代码，例如 310112"), **options
    )


class Code(serializers.CharField):
    """A unified social credit code, in any width or case."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, help_text=_("统一社会信用代码"), **options)

    def to_internal_value(self, data: Any) -> Any:
        try:
            return uscc.validate(super().to_internal_value(data))
        except uscc.InvalidCode as error:
            raise serializers.ValidationError([str(registry.code_sentence(error))]) from None


class OrganisationLine(OrganisationRef):
    """An enterprise as a line."""

    kind = serializers.CharField()
    district = PlaceOut()
    is_verified = serializers.BooleanField()


class OrganisationOut(OrganisationLine):
    """One's own enterprise."""

    address = serializers.CharField()
    registered_on = serializers.DateField(allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    role = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=Role.choices))
    def get_role(self, organisation: Any) -> Any:
        return self.context["request"].user.standing.roles.get(organisation.pk)


class SupervisedOut(OrganisationLine):
    """An enterprise as its district or the city sees it."""

    address = serializers.CharField()
    registered_on = serializers.DateField(allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True)


class SupervisedAsked(Plain):
    """Filters of the enterprises."""

    q = serializers.CharField(max_length=60, required=False, help_text=_("名称或信用代码"))
    district = serializers.CharField(max_length=6, required=False, help_text=_("区划代码"))
    verified = serializers.BooleanField(required=False, allow_null=True, default=None)


class RegisterIn(Plain):
    """A new enterprise; one becomes its owner."""

    uscc = Code()
    name = serializers.CharField(max_length=200)
    district = place()
    address = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    registered_on = serializers.DateField(required=False, allow_null=True, default=None)


class MemberOut(Plain):
    """A person's place in the enterprise."""

    number = serializers.CharField()
    person = PersonOut(source="user")
    role = serializers.ChoiceField(choices=Role.choices)
    created_at = serializers.DateTimeField()


class RoleIn(Plain):
    """A role the owner may give."""

    role = serializers.ChoiceField(choices=GIVEN)


class HandOverIn(Plain):
    """Which member becomes the owner."""

    member = serializers.CharField(max_length=NUMBER_LENGTH, help_text=_("成员编号"))


class InviteIn(RoleIn):
    """Whom to invite, and as what."""

    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class InvitationOut(Plain):
    """An invitation. The link itself goes by e-mail only."""

    number = serializers.CharField()
    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class JoinIn(Plain):
    """Which enterprise one wants to join."""

    uscc = Code()
    message = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    asks_district = serializers.BooleanField(required=False, default=False, help_text=_("负责人已离职，请区里处理"))


class JoinOut(Plain):
    """A wish to join. The asker reads nothing of the enterprise but the code they wrote."""

    number = serializers.CharField()
    uscc = serializers.CharField()
    person = PersonOut(source="user")
    organisation = serializers.SerializerMethodField()
    message = serializers.CharField()
    asks_district = serializers.BooleanField()
    status = serializers.CharField()
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()

    @extend_schema_field(OrganisationRef(allow_null=True))
    def get_organisation(self, row: Any) -> Any:
        is_asker = row.user_id == self.context["request"].user.pk
        return None if is_asker else OrganisationRef(row.organisation).data


class JoinAnswerIn(Plain):
    """Accepted with a role, or refused with a reason."""

    is_accepted = serializers.BooleanField()
    role = serializers.ChoiceField(choices=Role.choices, required=False, default=Role.MEMBER)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class VerifyIn(Plain):
    """The licence to be looked at; without one the registry must know the enterprise under this name."""

    licence = serializers.CharField(
        max_length=NUMBER_LENGTH, required=False, allow_null=True, default=None, help_text=_("营业执照的文件编号")
    )


class LicenceIn(Plain):
    """The licence as a file."""

    file = serializers.FileField(max_length=200)


class VerificationOut(Plain):
    """A request that the district verify an enterprise."""

    number = serializers.CharField()
    organisation = OrganisationRef()
    district = PlaceOut(source="organisation.district")
    evidence = serializers.ChoiceField(choices=Verification.Evidence.choices)
    licence = serializers.CharField(source="licence.number", allow_null=True, default=None)
    status = serializers.ChoiceField(choices=Verification.Status.choices)
    created_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class VerificationAsked(Plain):
    """Filters of the verifications."""

    status = serializers.ChoiceField(choices=Verification.Status.choices, required=False)


class VerificationIn(Plain):
    """Verified, or refused with a reason."""

    is_verified = serializers.BooleanField()
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class MoveIn(Plain):
    """The new district and address."""

    district = place()
    address = serializers.CharField(max_length=400)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class MoveOut(Plain):
    """One change of district."""

    old = PlaceOut()
    new = PlaceOut()
    new_address = serializers.CharField()
    reason = serializers.CharField()
    changed_at = serializers.DateTimeField()
