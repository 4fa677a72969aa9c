"""One row is inbox entry, outbox entry and dedupe key."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clock import now

from .people import Organisation, User, database_token, public_token


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: Any) -> NotificationQuerySet:
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(recipient=user)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)

    def outbox(self) -> NotificationQuerySet:
        return self.filter(mail_status=Notification.Mail.WAITING)


class Notification(models.Model):
    """Something one person must know. The text is a named template in two languages; the row holds its values."""

    class Mail(models.TextChoices):
        NOT_WANTED = "not_wanted", _("不发邮件")
        WAITING = "waiting", _("待发送")
        DIGEST = "digest", _("待汇总")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")

    number = models.CharField(_("编号"), max_length=16, unique=True, default=public_token, db_default=database_token())
    recipient = models.ForeignKey(User, models.CASCADE, related_name="notifications", verbose_name=_("收件人"))
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    template = models.CharField(_("模板"), max_length=60)
    values = models.JSONField(_("内容"), default=dict)
    link = models.CharField(_("链接"), max_length=300, blank=True)
    key = models.CharField(_("去重键"), max_length=200)
    is_urgent = models.BooleanField(_("需要处理"), default=False)
    created_at = models.DateTimeField(_("时间"), default=now)
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)
    mail_status = models.CharField(_("邮件"), max_length=10, choices=Mail.choices, default=Mail.WAITING)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_next_at = models.DateTimeField(default=now)
    mail_sent_at = models.DateTimeField(null=True, blank=True)
    mail_error = models.CharField(max_length=200, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notification_once")]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notification_inbox_idx"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notification_unread_idx"),
            models.Index(fields=["mail_next_at"], condition=Q(mail_status="waiting"), name="notification_outbox_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.recipient_id}"


class AccountMailQuerySet(models.QuerySet["AccountMail"]):
    def waiting(self) -> AccountMailQuerySet:
        return self.filter(sent_at=None, given_up_at=None)


class AccountMail(models.Model):
    """A mail with a secret link (confirm an address, forgotten password). `sealed` is blanked once it is sent."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    email = models.EmailField(_("电子邮箱"))
    template = models.CharField(_("模板"), max_length=100)
    sealed = models.TextField(blank=True)
    created_at = models.DateTimeField(_("时间"), default=now)
    next_at = models.DateTimeField(default=now)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = AccountMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("账户邮件")
        verbose_name_plural = _("账户邮件")
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None, given_up_at=None) | Q(sealed=""), name="account_mail_blank_when_over"
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(sent_at=None, given_up_at=None), name="account_mail_due_idx")
        ]

    def __str__(self) -> str:
        return self.number
