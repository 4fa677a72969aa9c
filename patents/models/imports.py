"""Imports of rights: the file, what its columns mean, a verdict per row, and the job that takes the good ones in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.clock import now
from portal.models import Organisation, User, public_token, standing_of

from .rights import Right


class ImportMapping(models.Model):
    """What an enterprise last said the columns of such a file mean; found again by the signature of its header."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    updated_at = models.DateTimeField(default=now)
    updated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "signature"], name="import_mapping_once")]

    def __str__(self) -> str:
        return self.signature


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: Any) -> ImportRunQuerySet:
        """Limit to imports of one's own enterprises."""
        return self.filter(organisation__in=list(standing_of(user).roles))


class ImportRun(models.Model):
    """One file on its way in. The bytes lie under `key` like any upload and are never opened by name."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("已上传")
        CHECKING = "checking", _("核对中")
        READY = "ready", _("待确认")
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("导入中")
        DONE = "done", _("已导入")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已放弃")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="imports", verbose_name=_("单位"))
    name = models.CharField(_("文件名"), max_length=120)
    key = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    format = models.CharField(_("格式"), max_length=20, blank=True)
    header = models.JSONField(default=list)
    log_label = ""  # officials read the log
    header_row = models.PositiveIntegerField(default=0)
    samples = models.JSONField(default=list)
    signature = models.CharField(max_length=64, blank=True)
    mapping = models.JSONField(default=dict)
    takes_good_rows = models.BooleanField(_("只导入合格的行"), default=False)
    status = models.CharField(_("状态"), max_length=9, choices=Status.choices, default=Status.UPLOADED)
    row_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    # Of the rights taken in: of how many the dates are open. Begins again when the run was interrupted.
    dated_count = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        indexes = [models.Index(fields=["organisation", "-created_at"], name="import_run_idx")]

    def __str__(self) -> str:
        return self.number


class Verdict(models.TextChoices):
    """What will happen to a row."""

    NEW = "new", _("新增")
    CHANGED = "changed", _("有变化")
    UNCHANGED = "unchanged", _("无变化")
    DUPLICATE = "duplicate", _("文件内重复")
    FOREIGN = "foreign", _("权利人不符")
    BAD = "bad", _("有错误")


class ImportRow(models.Model):
    """One row of the file: what it says, and what will be done with it. Filled by COPY, judged by one statement."""

    # Rows come and go by the hundred thousand: no constraint of the database is checked for each of them.
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", db_constraint=False, db_index=False)
    position = models.PositiveIntegerField(_("行号"))
    identity = models.CharField(max_length=60, blank=True)
    values = models.JSONField(default=dict)
    verdict = models.CharField(_("结论"), max_length=9, choices=Verdict.choices, blank=True)
    changes = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    right = models.ForeignKey(Right, models.SET_NULL, null=True, related_name="+", db_constraint=False)
    is_included = models.BooleanField(_("仍然导入"), default=False)
    is_done = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="import_row_once")]
        indexes = [models.Index(fields=["run", "verdict", "position"], name="import_row_verdict_idx")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.position}"
