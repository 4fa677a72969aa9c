"""The emergency back office: to look, hardly ever to change. The portal's own pages are where work is done."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest

from portal.models import (
    ApiToken,
    Application,
    AuditAnchor,
    AuditEvent,
    Call,
    District,
    Installation,
    Invitation,
    JoinRequest,
    Membership,
    Notification,
    Office,
    Organisation,
    Posting,
    User,
    Verification,
)

# Sign-in by the portal's own page: with its rate limits and the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class ReadOnly(admin.ModelAdmin):
    """Rows to look at. Every change goes through the actions, which check, log and tell."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnly):
    """People. Hashes are left out; who may sign in can be changed when nobody else can do it."""

    list_display = ["email", "name", "is_active", "is_staff", "date_joined"]
    search_fields = ["email", "name"]
    fields = ["number", "email", "name", "phone", "is_active", "is_staff", "is_superuser", "date_joined", "last_login"]
    readonly_fields = ["number", "email", "name", "phone", "is_superuser", "date_joined", "last_login"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    """The log: the database refuses changes as well."""

    list_display = ["at", "actor_name", "action", "subject_type", "subject_id"]
    list_filter = ["subject_type"]
    search_fields = ["subject_id", "actor_name"]


@admin.register(Organisation)
class OrganisationAdmin(ReadOnly):
    list_display = ["name", "uscc", "district", "verified_at"]
    list_filter = ["district"]
    search_fields = ["name", "uscc"]


@admin.register(ApiToken, Invitation)
class SecretAdmin(ReadOnly):
    exclude = ["token_hash"]


admin.site.register(
    [
        AuditAnchor,
        Application,
        Call,
        District,
        Installation,
        JoinRequest,
        Membership,
        Notification,
        Office,
        Posting,
        Verification,
    ],
    ReadOnly,
)
