"""City and districts at work together: meetings, and tasks with each district's share (guideline, safeguard 1)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clock import now, today

from .figures import OfficialQuerySet
from .files import StoredFile
from .people import District, User, public_token, standing_of


class Meeting(models.Model):
    """One meeting of the city and its districts: agenda before, minutes after, measures promised as tasks."""

    number = models.CharField(_("编号"), max_length=20, unique=True)
    title = models.CharField(_("会议名称"), max_length=160)
    held_on = models.DateField(_("日期"))
    agenda = models.TextField(_("议程"), max_length=6000)
    minutes = models.TextField(_("纪要"), blank=True, max_length=20000)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=now)

    objects = OfficialQuerySet.as_manager()

    class Meta:
        verbose_name = _("会议")
        verbose_name_plural = _("会议")
        indexes = [models.Index(fields=["-held_on", "-id"], name="meeting_list_idx")]

    def __str__(self) -> str:
        return self.title


class CityTask(models.Model):
    """What the city asks of districts, or of itself, by a day. Who has done what stands in the shares."""

    number = models.CharField(_("编号"), max_length=20, unique=True)
    title = models.CharField(_("任务"), max_length=160)
    clause = models.CharField(_("条款"), max_length=2)
    description = models.TextField(_("要求"), max_length=6000)
    due_on = models.DateField(_("期限"))
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("议定于")
    )
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = OfficialQuerySet.as_manager()

    class Meta:
        verbose_name = _("任务")
        verbose_name_plural = _("任务")

    def __str__(self) -> str:
        return self.title


class TaskShareQuerySet(models.QuerySet["TaskShare"]):
    """Shares and who sees them: the city all; a district its own."""

    def visible_to(self, user: Any) -> TaskShareQuerySet:
        standing = standing_of(user)
        if standing.is_city:
            return self
        return self.filter(district__in=standing.districts)

    def open(self) -> TaskShareQuerySet:
        return self.filter(done_at=None)

    def overdue(self) -> TaskShareQuerySet:
        """Return what should be done by now: never a state, always a question of the day."""
        return self.open().filter(task__due_on__lt=today())


class TaskShare(models.Model):
    """One office's part of a task. No district: the city's own office."""

    class State(models.TextChoices):
        OPEN = "open", _("未开始")
        IN_HAND = "in_hand", _("办理中")
        DONE = "done", _("已完成")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    task = models.ForeignKey(CityTask, models.PROTECT, related_name="shares", verbose_name=_("任务"))
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("区")
    )
    state = models.CharField(_("状态"), max_length=7, choices=State.choices, default=State.OPEN)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(default=now)
    remind_at = models.DateTimeField(null=True, blank=True)

    objects = TaskShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("任务分工")
        verbose_name_plural = _("任务分工")
        constraints = [
            models.UniqueConstraint(fields=["task", "district"], nulls_distinct=False, name="task_share_once"),
            models.CheckConstraint(condition=Q(state__in=["open", "in_hand", "done"]), name="task_share_state_known"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False, done_by__isnull=False)
                | (~Q(state="done") & Q(done_at=None, done_by=None)),
                name="task_share_done_who_and_when",
            ),
        ]
        indexes = [
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="task_share_remind_idx"),
            models.Index(fields=["district", "-id"], name="task_share_list_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.district_id or 'city'}"

    @property
    def is_overdue(self) -> bool:
        return self.done_at is None and self.task.due_on < today()


class TaskNote(models.Model):
    """One line of a share's progress: what was done, with evidence where there is some."""

    share = models.ForeignKey(TaskShare, models.PROTECT, related_name="notes")
    text = models.CharField(_("进展"), max_length=1000)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=7, choices=TaskShare.State.choices)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=100)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["share", "at", "id"], name="task_note_idx")]

    def __str__(self) -> str:
        return f"{self.share_id} {self.state}"
