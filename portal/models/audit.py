"""The log that cannot be changed: append-only rows, hash-chained per subject, sealed together by anchors."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .people import standing_of

OVERSIGHT = {("city", "", "administrator"), ("city", "", "auditor")}


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, user: Any) -> AuditEventQuerySet:
        """Limit to: everything for the city's administrators and auditors; members read of their enterprise itself.

        Events of a case stay out: they name what the office does in private.
        """
        standing = standing_of(user)
        if standing.postings & OVERSIGHT:
            return self
        own = Q(subject_type__in=["organisation", "profile"], organisation_id__in=list(standing.roles))
        return self.filter(own)


class AuditEvent(models.Model):
    """One thing that happened. No foreign keys: names are copied, so the row outlives what it speaks of."""

    subject_type = models.CharField(_("对象类别"), max_length=40)
    subject_id = models.CharField(_("对象编号"), max_length=40)
    subject_label = models.CharField(_("对象"), max_length=200, blank=True)
    organisation_id = models.BigIntegerField(_("单位"), null=True)
    sequence = models.PositiveIntegerField(_("对象内序号"))
    at = models.DateTimeField(_("时间"))
    actor_id = models.BigIntegerField(_("人员"), null=True)
    actor_name = models.CharField(_("姓名"), max_length=100)
    action = models.CharField(_("动作"), max_length=60)
    data = models.JSONField(_("内容"), default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id", "sequence"], name="audit_sequence_once")
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_at_idx"),
            models.Index(fields=["actor_id", "-at"], name="audit_actor_idx"),
            models.Index(fields=["organisation_id", "-at"], name="audit_organisation_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id} #{self.sequence} {self.action}"


class AuditAnchor(models.Model):
    """A periodic seal over all rows up to `last_event_id`, chained to the seal before it."""

    sealed_at = models.DateTimeField(_("封存时间"))
    first_event_id = models.BigIntegerField()
    last_event_id = models.BigIntegerField(unique=True)
    event_count = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("封存点")
        verbose_name_plural = _("封存点")

    def __str__(self) -> str:
        return f"≤{self.last_event_id}"
