"""What comes after the decision: publicity notices, objections, appeals, recognitions."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clock import now

from .people import Organisation, User, public_token
from .procedures import Application


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def open(self) -> ObjectionQuerySet:
        return self.filter(decided_at=None)

    def visible_to(self, user: Any) -> ObjectionQuerySet:
        return self.filter(application__in=Application.objects.visible_to(user))


class Objection(models.Model):
    """Somebody's signed objection during publicity. While one is open the final state is blocked."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    application = models.ForeignKey(Application, models.PROTECT, related_name="objections")
    name = models.CharField(_("姓名或单位"), max_length=120)
    contact = models.CharField(_("联系方式"), max_length=200)
    text = models.TextField(_("异议内容"))
    created_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    is_upheld = models.BooleanField(null=True)
    reason = models.TextField(_("处理意见"), blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("异议")
        verbose_name_plural = _("异议")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, is_upheld=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_upheld__isnull=False),
                name="objection_decided",
            )
        ]

    def __str__(self) -> str:
        return self.number


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> AppealQuerySet:
        return self.filter(decided_at=None)

    def visible_to(self, user: Any) -> AppealQuerySet:
        return self.filter(application__in=Application.objects.visible_to(user))


class Appeal(models.Model):
    """The applicant's request that a refusal be looked at again, by somebody who had no part in it."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    application = models.ForeignKey(Application, models.PROTECT, related_name="appeals")
    text = models.TextField(_("申诉理由"))
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    is_upheld = models.BooleanField(null=True)
    reason = models.TextField(_("答复"), blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("申诉")
        verbose_name_plural = _("申诉")
        constraints = [
            models.UniqueConstraint(fields=["application"], condition=Q(decided_at=None), name="appeal_one_open")
        ]

    def __str__(self) -> str:
        return self.number


class RecognitionQuerySet(models.QuerySet["Recognition"]):
    def valid(self) -> RecognitionQuerySet:
        return self.filter(status__in=[Recognition.Status.VALID, Recognition.Status.ACCEPTED])

    def visible_to(self, user: Any) -> RecognitionQuerySet:
        """Recognitions are public; revoked and expired ones stay with their end."""
        return self.all()


class Recognition(models.Model):
    """A granted title with its validity, mid-term check and acceptance."""

    class Status(models.TextChoices):
        VALID = "valid", _("有效")
        ACCEPTED = "accepted", _("验收通过")
        FAILED = "failed", _("验收未通过")
        EXPIRED = "expired", _("已到期")
        REVOKED = "revoked", _("已撤销")

    number = models.CharField(_("证书编号"), max_length=24, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="recognitions", verbose_name=_("企业"))
    application = models.OneToOneField(Application, models.PROTECT, related_name="recognition")
    kind = models.CharField(_("事项"), max_length=40)
    status = models.CharField(_("状态"), max_length=8, choices=Status.choices, default=Status.VALID)
    granted_on = models.DateField(_("认定日期"))
    valid_until = models.DateField(_("有效期至"))
    midterm_due_on = models.DateField(_("中期检查期限"))
    midterm_at = models.DateTimeField(null=True, blank=True)
    midterm_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    midterm_note = models.TextField(blank=True)
    acceptance_due_on = models.DateField(_("验收期限"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    acceptance_note = models.TextField(blank=True)
    certificate = models.ForeignKey("StoredFile", models.PROTECT, null=True, blank=True, related_name="+")

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("认定")
        verbose_name_plural = _("认定")
        ordering = ["-granted_on", "-id"]
        indexes = [
            models.Index(fields=["kind", "status", "-granted_on", "-id"], name="recognition_list_idx"),
            models.Index(fields=["organisation"], name="recognition_org_idx"),
        ]

    def __str__(self) -> str:
        return self.number
