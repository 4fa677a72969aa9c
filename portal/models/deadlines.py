"""Deadlines: computed once from rules, reminded by one sweep."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clock import now, today

from .people import Organisation, User, database_token, public_token
from .secrecy import Secrecy, may_know


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> DeadlineQuerySet:
        return self.filter(met_at=None, cancelled_at=None)

    def overdue(self) -> DeadlineQuerySet:
        return self.open().filter(legal_on__lt=today())

    def visible_to(self, user: Any) -> DeadlineQuerySet:
        """Limit to what this person may know of: see `may_know`. An agency sees the dates of its mandates."""
        return self.filter(may_know(user, agency="agency"))


class Deadline(models.Model):
    """One date somebody must keep. `subject_type`/`subject_number` name the asset or case it belongs to."""

    # Every write of a row writes all its indexes, and reminders and recomputations write by the hundred thousand: no
    # index stands here that no list asks for.
    number = models.CharField(_("编号"), max_length=16, default=public_token, db_default=database_token())
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="deadlines", verbose_name=_("单位"), db_index=False
    )
    subject_type = models.CharField(_("对象类别"), max_length=40)
    subject_number = models.CharField(_("对象编号"), max_length=40)
    rule_code = models.CharField(_("规则"), max_length=80)
    owner = models.CharField(_("由谁办理"), max_length=10)
    trigger_event = models.CharField(_("起算事项"), max_length=60)
    trigger_on = models.DateField(_("起算日"))
    delivery_mode = models.CharField(_("送达方式"), max_length=20, blank=True)
    target_on = models.DateField(_("建议日"))
    legal_on = models.DateField(_("法定日"))
    grace_on = models.DateField(_("宽限届满日"), null=True, blank=True)
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2, null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    is_provisional = models.BooleanField(_("推算，待确认"), default=False)
    delivered_on = models.DateField(_("送达日"), null=True, blank=True)
    nominal_on = models.DateField(_("顺延前届满日"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    bands = models.JSONField(_("滞纳金各档"), default=list, blank=True)  # [{"from", "to", "surcharge"}]
    title = models.CharField(_("对象名称"), max_length=300, blank=True)
    link = models.CharField(_("链接"), max_length=200, blank=True)
    needs_evidence = models.BooleanField(_("办结须有凭证"), default=False)
    met_evidence = models.CharField(_("凭证"), max_length=200, blank=True)
    # Who is told. `remind_days` is the whole ladder as days; a row with one is swept by one statement.
    responsible = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("负责人"), db_index=False
    )
    backup = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("备用联系人"), db_index=False
    )
    agency = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("受托机构"),
        db_index=False,
    )  # fmt: skip
    remind_days = ArrayField(models.DateField(), verbose_name=_("提醒日"), null=True, blank=True)
    secrecy = models.CharField(_("可见范围"), max_length=8, choices=Secrecy.choices, default=Secrecy.OPEN)
    readers = ArrayField(models.BigIntegerField(), verbose_name=_("指定人员"), default=list, blank=True)
    computed_at = models.DateTimeField(_("推算时间"), default=now)
    remind_at = models.DateTimeField(_("下次提醒"), null=True, blank=True)
    reminded_step = models.PositiveSmallIntegerField(_("已提醒到第几级"), default=0)
    created_at = models.DateTimeField(default=now)
    met_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    met_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("完成人"), db_index=False
    )
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    cancelled_reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    # While overridden, `legal_on` and `target_on` follow the stated date and this keeps the computed one.
    computed_on = models.DateField(_("推算的法定日"), null=True, blank=True)
    # Likewise for a fee and late windows that a notice states: `amount` and `bands` follow it, these were computed.
    computed_amount = models.DecimalField(_("推算的金额"), max_digits=12, decimal_places=2, null=True, blank=True)
    computed_bands = models.JSONField(_("推算的各档"), null=True, blank=True)
    overridden_on = models.DateField(_("官方或人工日期"), null=True, blank=True)
    overridden_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    overridden_reason = models.CharField(max_length=300, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("期限")
        verbose_name_plural = _("期限")
        constraints = [
            models.UniqueConstraint(fields=["number"], name="deadline_number_once"),
            models.UniqueConstraint(
                fields=["subject_type", "subject_number", "rule_code", "trigger_on"],
                condition=Q(met_at=None, cancelled_at=None),
                name="deadline_one_open",
            ),
            models.CheckConstraint(
                condition=Q(overridden_on=None) | (Q(overridden_by__isnull=False) & ~Q(overridden_reason="")),
                name="deadline_override_who_and_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["remind_at"],
                condition=Q(met_at=None, cancelled_at=None, remind_at__isnull=False),
                name="deadline_remind_idx",
            ),
            models.Index(
                fields=["organisation", "target_on", "id"],
                # What counts ask of a row, and who may know of it: they read the index alone.
                include=["legal_on", "subject_type", "secrecy", "readers"],
                condition=Q(met_at=None, cancelled_at=None),
                name="deadline_org_open_idx",
            ),
            models.Index(fields=["subject_type", "subject_number"], name="deadline_subject_idx"),
            models.Index(
                fields=["target_on", "id"],
                include=["subject_type"],  # counts of a month are read from the index alone
                condition=Q(met_at=None, cancelled_at=None, secrecy="open"),
                name="deadline_open_list_idx",
            ),
            models.Index(
                fields=["responsible", "target_on"],
                condition=Q(met_at=None, cancelled_at=None, responsible__isnull=False),
                name="deadline_responsible_idx",
            ),
            models.Index(
                fields=["backup"],
                condition=Q(met_at=None, cancelled_at=None, backup__isnull=False),
                name="deadline_backup_idx",
            ),
            models.Index(fields=["agency"], condition=Q(agency__isnull=False), name="deadline_agency_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_number} {self.rule_code} {self.legal_on}"

    @property
    def address(self) -> str:
        """The page of this date: its own where it is a right's, else that of what it belongs to."""
        return f"/dates/{self.number}/" if self.subject_type == "right" or not self.link else self.link
