"""Batch reports and exports as rows."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.clock import now

from .files import StoredFile
from .people import User, public_token


class ReportRunQuerySet(models.QuerySet["ReportRun"]):
    def visible_to(self, user: Any) -> ReportRunQuerySet:
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(created_by=user)


class ReportRun(models.Model):
    """One wish for a report: what, by whom, how far, and the file that came of it."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")

    class Format(models.TextChoices):
        XLSX = "xlsx", "XLSX"
        CSV = "csv", "CSV"
        PDF = "pdf", "PDF"

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    report = models.CharField(_("报表"), max_length=60)
    parameters = models.JSONField(default=dict)
    format = models.CharField(_("格式"), max_length=4, choices=Format.choices)
    language = models.CharField(max_length=10, default="zh-hans")
    status = models.CharField(_("状态"), max_length=8, choices=Status.choices, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    row_count = models.PositiveIntegerField(null=True)
    as_of = models.DateTimeField(default=now)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="report_runs")
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    error = models.CharField(max_length=300, blank=True)

    objects = ReportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("报表任务")
        verbose_name_plural = _("报表任务")
        indexes = [models.Index(fields=["created_by", "-created_at"], name="report_run_user_idx")]

    def __str__(self) -> str:
        return self.number
