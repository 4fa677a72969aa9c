"""What people set up for themselves: saved views of lists, private calendar feeds, and an enterprise's webhooks."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clock import now

from .deadlines import Deadline
from .people import Organisation, User, public_token, standing_of


class OwnRowsQuerySet(models.QuerySet[Any]):
    """Rows that belong to one person and to nobody else."""

    def visible_to(self, user: Any) -> OwnRowsQuerySet:
        return self.filter(user=user) if getattr(user, "is_authenticated", False) else self.none()


class SavedView(models.Model):
    """A list as one likes it: the page's route name and its query string, under a name."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=60)
    name = models.CharField(_("名称"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=now)

    objects = OwnRowsQuerySet.as_manager()

    class Meta:
        verbose_name = _("保存的视图")
        verbose_name_plural = _("保存的视图")
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


class CalendarFeed(models.Model):
    """A private iCalendar address of one person; only its hash is kept, and it can be revoked."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    label = models.CharField(_("用途"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = OwnRowsQuerySet.as_manager()

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")

    def __str__(self) -> str:
        return self.label


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, user: Any) -> WebhookQuerySet:
        """Limit to those of the enterprises one manages."""
        leading = [pk for pk, role in standing_of(user).roles.items() if role in {"owner", "manager"}]
        return self.filter(organisation__in=leading)

    def live(self) -> WebhookQuerySet:
        return self.filter(revoked_at=None)


class Webhook(models.Model):
    """An address of the enterprise's own system that is told of reminders, signed with the secret."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="webhooks", verbose_name=_("单位"))
    url = models.URLField(_("地址"), max_length=300)
    secret = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("系统对接")
        verbose_name_plural = _("系统对接")

    def __str__(self) -> str:
        return self.url


class WebhookCall(models.Model):
    """One message to one webhook: outbox row and dedupe key."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="calls")
    deadline = models.ForeignKey(Deadline, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=120)
    body = models.JSONField(default=dict)
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("对接消息")
        verbose_name_plural = _("对接消息")
        constraints = [models.UniqueConstraint(fields=["webhook", "key"], name="webhook_call_once")]
        indexes = [models.Index(fields=["next_at"], condition=Q(status="waiting"), name="webhook_outbox_idx")]

    def __str__(self) -> str:
        return self.key
