"""One's own things, and stored files."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from portal import accounts, files, notifications, tokens
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers import account as side
from portal.api.serializers.common import FileOut, Nothing
from portal.models import ApiToken, Notification, StoredFile
from portal.permissions import has_second_factor
from portal.views.files import as_download

MOST_UNREAD = 1000


class Me(SignedIn):
    """The person who asks."""

    pagination_class = None

    @described(_("我是谁"), responses=forced_singular_serializer(side.MeOut), filters=False)
    def list(self, request: Request) -> Response:
        """The person behind the session or token: enterprises, offices, second factor, unread notifications."""
        user = self.me
        unread = Notification.objects.visible_to(user).unread()[:MOST_UNREAD].count()
        about = {
            "number": user.number,
            "name": user.name,
            "email": user.email,
            "language": user.language,
            "standing": user.standing,
            "has_second_factor": has_second_factor(user),
            "unread_notifications": unread,
            "memberships": user.memberships.open().select_related("organisation"),
            "postings": user.postings.open().select_related("office__district"),
        }
        return Response(self.shown(about, side.MeOut))


class Settings(SignedIn):
    """One's own settings."""

    pagination_class = None

    @described(_("我的设置"), responses=forced_singular_serializer(side.SettingsOut), filters=False)
    def list(self, request: Request) -> Response:
        """Name, telephone, language, look, mail, and the quiet hours in which reminders wait."""
        return Response(self.shown(self.me, side.SettingsOut))

    @described(_("修改我的设置"), request=side.SettingsIn, responses={200: side.SettingsOut})
    def create(self, request: Request) -> Response:
        """Change some of one's settings; a change of name is recorded."""
        present = {name: getattr(self.me, name) for name in accounts.FIELDS}
        wanted = {**present, **self.given(side.SettingsIn)}
        if bool(wanted["quiet_from"]) != bool(wanted["quiet_to"]):
            raise ValidationError({"quiet_to": [accounts.HALF_QUIET]})
        user = accounts.update_settings(self.me, values=wanted)
        return Response(self.shown(user, side.SettingsOut))


class Notifications(SignedIn):
    """The inbox."""

    page_order = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[Notification]:
        return Notification.objects.visible_to(self.me)

    @described(_("列出通知"), parameters=[side.UnreadAsked], responses=side.NotificationOut(many=True))
    def list(self, request: Request) -> Response:
        """The person's notifications, newest first, in their language."""
        rows = self.get_queryset()
        return self.page(rows.unread() if self.asked(side.UnreadAsked)["unread"] else rows, side.NotificationOut)  # type: ignore[attr-defined]

    @described(_("标为已读"), request=Nothing, responses=side.NotificationOut)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, number: str) -> Response:
        """Mark one notification as read."""
        notifications.mark_read(self.me, number=self.get_object().number)
        return Response(self.shown(self.get_object(), side.NotificationOut))

    @described(_("全部标为已读"), request=Nothing, responses=side.CountOut)
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        """Mark every notification as read."""
        return Response({"changed": notifications.mark_read(self.me)})


class Tokens(SignedIn):
    """One's personal tokens. They are made in the account pages, never by a token."""

    page_order = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[ApiToken]:
        return ApiToken.objects.filter(user=self.me)

    @described(_("列出我的令牌"), responses=side.TokenOut(many=True))
    def list(self, request: Request) -> Response:
        """One's tokens with scopes, end and last use; never the secret."""
        return self.page(self.get_queryset(), side.TokenOut)

    @described(_("撤销令牌"), request=Nothing, responses=side.TokenOut)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, number: str) -> Response:
        """End a token at once; also the one that is used for this request."""
        return Response(self.shown(tokens.revoke(self.get_object(), by=self.me), side.TokenOut))


class Files(SignedIn):
    """Stored files of visible cases and enterprises."""

    def get_queryset(self) -> QuerySet[StoredFile]:
        rows = StoredFile.objects.visible_to(self.me)
        return rows.select_related("application__organisation", "organisation")

    @described(_("查看文件信息"), responses=FileOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """Name, size, hash and the state of the safety check."""
        return Response(self.shown(self.get_object(), FileOut))

    @described(
        _("下载文件"),
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, description=_("文件内容"))},
    )
    @action(detail=True, methods=["get"])
    def content(self, request: Request, number: str) -> FileResponse:
        """The bytes, once the safety check is passed and, for officials, the conflict declaration made. Recorded."""
        file = self.get_object()
        return as_download(files.open_for(self.me, file), file.name, file.media_type)
