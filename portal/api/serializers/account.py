"""One's own things: who one is, notifications, tokens."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal import notifications
from portal.models import Notification, OfficeRole, Role, User

from .common import OrganisationRef, PlaceOut, Plain


class MembershipLine(Plain):
    """One's place in an organisation."""

    organisation = OrganisationRef()
    role = serializers.ChoiceField(choices=Role.choices)


class PostingLine(Plain):
    """One's role in an office."""

    office = serializers.CharField(source="office.slug")
    district = PlaceOut(source="office.district", allow_null=True)
    role = serializers.ChoiceField(choices=OfficeRole.choices)


class MeOut(Plain):
    """Who one is and what one may wear."""

    number = serializers.CharField()
    name = serializers.CharField()
    email = serializers.EmailField()
    language = serializers.CharField()
    is_expert = serializers.BooleanField(source="standing.is_expert")
    has_second_factor = serializers.BooleanField(help_text=_("公务操作须先设置两步验证"))
    unread_notifications = serializers.IntegerField()
    memberships = MembershipLine(many=True)
    postings = PostingLine(many=True)


@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "nullable": True})
class QuietTime(serializers.TimeField):
    """The beginning or end of quiet hours: 22:00, or null for none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M"], allow_null=True, **options)


class SettingsOut(Plain):
    """How one is called and reached, how the portal looks and writes to one."""

    name = serializers.CharField()
    phone = serializers.CharField()
    language = serializers.CharField()
    theme = serializers.ChoiceField(choices=User.Theme.choices)
    text_size = serializers.ChoiceField(choices=User.TextSize.choices)
    mail_choice = serializers.ChoiceField(choices=User.MailChoice.choices)
    quiet_from = QuietTime()
    quiet_to = QuietTime()


class SettingsIn(Plain):
    """What shall change; the rest stays."""

    name = serializers.CharField(max_length=60, required=False)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, allow_blank=True)
    theme = serializers.ChoiceField(choices=User.Theme.choices, required=False)
    text_size = serializers.ChoiceField(choices=User.TextSize.choices, required=False)
    mail_choice = serializers.ChoiceField(choices=User.MailChoice.choices, required=False)
    quiet_from = QuietTime(required=False)
    quiet_to = QuietTime(required=False)


class NotificationOut(Plain):
    """One notification in the reader's language."""

    number = serializers.CharField()
    title = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()
    link = serializers.CharField()
    is_urgent = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)

    def get_title(self, notification: Notification) -> str:
        return notifications.wording(notification)[0]

    def get_text(self, notification: Notification) -> str:
        return notifications.wording(notification)[1]


class UnreadAsked(Plain):
    """Filters of the inbox."""

    unread = serializers.BooleanField(required=False, default=False)


class CountOut(Plain):
    """How many changed."""

    changed = serializers.IntegerField()


class TokenOut(Plain):
    """A personal token; its secret is shown only once, when it is made in the account pages."""

    number = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    scopes = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field({"type": "array", "items": {"type": "string", "enum": ["read", "write"]}})
    def get_scopes(self, token: Any) -> list[str]:
        return list(token.scopes)
