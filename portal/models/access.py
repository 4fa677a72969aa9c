"""Access by program: personal tokens and idempotency keys, and the one-row installation record."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clock import now

from .people import User, public_token


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self) -> ApiTokenQuerySet:
        return self.filter(revoked_at=None, expires_at__gt=now())


class ApiToken(models.Model):
    """A personal token. Only its hash is kept; `scopes` is a list of 'read' and 'write'."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    label = models.CharField(_("用途"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(_("失效时间"))
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")

    def __str__(self) -> str:
        return self.number


class IdempotencyKey(models.Model):
    """A client's key for one POST and what it was answered, so that a repeat changes nothing."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    path = models.CharField(max_length=300)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=now)
    response_status = models.PositiveSmallIntegerField(null=True)
    response_location = models.CharField(max_length=300, blank=True)
    response_body = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age_idx")]

    def __str__(self) -> str:
        return self.key


class Installation(models.Model):
    """The single row that says what this installation is. The demo mark lives here."""

    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="installation_single_row")]

    def __str__(self) -> str:
        return "demo" if self.is_demo else "live"
