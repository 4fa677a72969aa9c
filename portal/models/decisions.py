"""Decisions that are made and not yet in force, decisions in bulk, and the papers made once a decision is in force.

While a decision is held the application's own row does not change: nobody can read from a case what was decided.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.clock import now

from .files import StoredFile
from .people import User, public_token, standing_of
from .procedures import Application

DECIDER = ("city", "supervisor")


def decides(user: Any) -> bool:
    """Return whether the person decides cases for the city; nobody else learns of decisions that are held."""
    return any((level, role) == DECIDER for level, _district, role in standing_of(user).postings)


class HeldDecisionQuerySet(models.QuerySet["HeldDecision"]):
    def held(self) -> HeldDecisionQuerySet:
        return self.filter(state=HeldDecision.State.HELD)

    def loose(self) -> HeldDecisionQuerySet:
        """Embargoed decisions that no bulk decision releases yet."""
        return self.held().filter(is_embargoed=True, item=None)

    def visible_to(self, user: Any) -> HeldDecisionQuerySet:
        return self if decides(user) else self.none()


class HeldDecision(models.Model):
    """One decision waiting for a countersignature, a release, or both. Bound to the file it was made on."""

    class State(models.TextChoices):
        HELD = "held", _("未生效")
        IN_FORCE = "in_force", _("已生效")
        ENDED = "ended", _("已撤销")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    application = models.ForeignKey(Application, models.PROTECT, related_name="held_decisions", verbose_name=_("办件"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.HELD)
    is_approved = models.BooleanField(_("同意"))
    reason = models.TextField(_("理由"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("决定人"))
    at = models.DateTimeField(_("决定时间"), default=now)
    revision = models.PositiveIntegerField(_("办件修订号"))
    file_hash = models.CharField(_("办件指纹"), max_length=64)
    is_embargoed = models.BooleanField(_("待发布"), default=False)
    countersigned_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    countersigned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    countersigned_hash = models.CharField(_("复核时的指纹"), max_length=64, blank=True)
    ended_at = models.DateTimeField(_("生效或撤销时间"), null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_why = models.CharField(_("撤销原因"), max_length=400, blank=True)

    objects = HeldDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("未生效的决定")
        verbose_name_plural = _("未生效的决定")
        constraints = [
            models.UniqueConstraint(fields=["application"], condition=Q(state="held"), name="held_decision_one"),
            models.CheckConstraint(
                condition=Q(countersigned_at=None, countersigned_by=None, countersigned_hash="")
                | (Q(countersigned_at__isnull=False, countersigned_by__isnull=False) & ~Q(countersigned_by=F("by"))),
                name="held_decision_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="held", ended_at=None) | (~Q(state="held") & Q(ended_at__isnull=False)),
                name="held_decision_ended_when",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BulkDecisionQuerySet(models.QuerySet["BulkDecision"]):
    def visible_to(self, user: Any) -> BulkDecisionQuerySet:
        return self if decides(user) else self.none()


class BulkDecision(models.Model):
    """Many files decided together: planned, confirmed, carried out by the worker, held, released by a second person."""

    class State(models.TextChoices):
        PLANNED = "planned", _("计划")
        RUNNING = "running", _("正在逐件决定")
        HELD = "held", _("已决定，待发布")
        RELEASING = "releasing", _("等待或正在发布")
        RELEASED = "released", _("已发布")
        DROPPED = "dropped", _("已撤销")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.PLANNED)
    is_approved = models.BooleanField(_("同意"), default=True)
    reason = models.TextField(_("共同理由"), blank=True)
    has_declared = models.BooleanField(_("决定人已一并声明无利益关系"), default=False)
    language = models.CharField(max_length=10, default="zh-hans")
    created_at = models.DateTimeField(_("创建时间"), default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="bulk_decisions", verbose_name=_("创建人"))
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("决定完成时间"), null=True, blank=True)
    release_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    release_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发布人")
    )
    released_at = models.DateTimeField(_("发布完成时间"), null=True, blank=True)

    objects = BulkDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量决定")
        verbose_name_plural = _("批量决定")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="bulk_decision_list_idx"),
            models.Index(fields=["state"], condition=Q(state__in=["running", "releasing"]), name="bulk_decision_work"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(release_at=None, release_by=None)
                | (Q(release_at__isnull=False, release_by__isnull=False) & ~Q(release_by=F("created_by"))),
                name="bulk_decision_released_by_second",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "held", "releasing", "released"]) | Q(confirmed_at__isnull=False),
                name="bulk_decision_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BulkItem(models.Model):
    """One file of a bulk decision: what becomes of it and, where it was refused, the sentence why."""

    class State(models.TextChoices):
        PLANNED = "planned", _("计划中")
        WAITING = "waiting", _("等待办理")
        HELD = "held", _("已决定，待发布")
        REFUSED = "refused", _("没有决定")
        UNDONE = "undone", _("已撤销")
        RELEASED = "released", _("已发布")
        FAILED = "failed", _("没有发布")

    bulk = models.ForeignKey(BulkDecision, models.CASCADE, related_name="items")
    application = models.ForeignKey(Application, models.PROTECT, related_name="bulk_items")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.PLANNED)
    is_approved = models.BooleanField(_("单独结论"), null=True)
    reason = models.TextField(_("单独理由"), blank=True)
    decision = models.OneToOneField(HeldDecision, models.PROTECT, null=True, blank=True, related_name="item")
    attempts = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["bulk", "application"], name="bulk_item_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state__in=["waiting", "held"]), name="bulk_item_one_live"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "released"]) | Q(decision__isnull=False), name="bulk_item_has_decision"
            ),
        ]
        indexes = [models.Index(fields=["bulk", "position"], name="bulk_item_list_idx")]

    def __str__(self) -> str:
        return f"{self.bulk_id}.{self.position}"


class CasePaper(models.Model):
    """A letter or certificate that goes out: its content frozen with the decision, its file made by the worker once."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("决定书")
        CERTIFICATE = "certificate", _("证书")

    application = models.ForeignKey(Application, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    language = models.CharField(max_length=10)
    revision = models.PositiveIntegerField()  # of the application: a case decided anew gets a new letter
    data = models.JSONField()
    dated_at = models.DateTimeField()
    created_at = models.DateTimeField(default=now)
    attempts = models.PositiveSmallIntegerField(default=0)
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, blank=True, related_name="paper")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "kind", "language", "revision"], name="case_paper_once")
        ]
        indexes = [models.Index(fields=["id"], condition=Q(file=None), name="case_paper_waiting_idx")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind} {self.language}"
