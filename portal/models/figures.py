"""Figures of the programme by district and month, kept by the nightly job, and the targets they are held against."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.clock import now

from .people import District, User, public_token, standing_of
from .rules import RuleStatus


class Span(models.TextChoices):
    """What a row counts: one calendar month, or the twelve months (the state) up to one day."""

    MONTH = "month", _("当月")
    DAY = "day", _("截至当日")


class OfficialQuerySet(models.QuerySet[Any]):
    """Rows for every official of the programme, and for nobody else."""

    def visible_to(self, user: Any) -> Any:
        return self if standing_of(user).is_official else self.none()


class Figure(models.Model):
    """One value of one measure for one district, or for the city where there is none. Written by `portal.counting`.

    `count` rows were looked at, `hits` of them fulfil what is asked (a share is hits of count), and they belong to
    `organisations` enterprises. Shown through `portal.boards`, which hides what would single an enterprise out.
    """

    measure = models.CharField(_("指标"), max_length=60)
    clause = models.CharField(_("条款"), max_length=2)
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("区")
    )
    span = models.CharField(_("范围"), max_length=5, choices=Span.choices)
    period = models.DateField(_("月份或日期"))
    value = models.DecimalField(_("数值"), max_digits=16, decimal_places=2, null=True)
    count = models.PositiveBigIntegerField(default=0)
    hits = models.PositiveBigIntegerField(default=0)
    organisations = models.PositiveIntegerField(default=0)
    as_of = models.DateTimeField(_("数据截至"))
    is_closed = models.BooleanField(_("已结账"), default=False)

    objects = OfficialQuerySet.as_manager()

    class Meta:
        verbose_name = _("统计数据")
        verbose_name_plural = _("统计数据")
        constraints = [
            # Serves the look-up by measure as well.
            models.UniqueConstraint(
                fields=["measure", "span", "period", "district"], nulls_distinct=False, name="figure_once"
            ),
            models.CheckConstraint(condition=Q(span__in=Span.values), name="figure_span_known"),
            models.CheckConstraint(condition=Q(hits__lte=F("count")), name="figure_hits_of_count"),
            models.CheckConstraint(
                condition=~Q(span="month") | Q(period__day=1), name="figure_month_begins_on_the_first"
            ),
        ]
        indexes = [models.Index(fields=["span", "period", "district"], name="figure_period_idx")]

    def __str__(self) -> str:
        return f"{self.measure} {self.district_id or 'city'} {self.period}"


class FigureMonth(models.Model):
    """One month of figures. Once closed it is only written again when somebody asked for it, with a reason."""

    period = models.DateField(_("月份"), primary_key=True)
    closed_at = models.DateTimeField(_("结账时间"), null=True, blank=True)
    asked_at = models.DateTimeField(_("要求重算的时间"), null=True, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("重算理由"), max_length=300, blank=True)
    recounted_at = models.DateTimeField(_("重算时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("统计月份")
        verbose_name_plural = _("统计月份")
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_at=None) | (Q(asked_by__isnull=False) & ~Q(reason="")),
                name="figure_month_asked_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period:%Y-%m}"


class TargetQuerySet(OfficialQuerySet):
    def in_force(self) -> TargetQuerySet:
        return self.filter(withdrawn_at=None)


class Target(models.Model):
    """What a measure is to reach in a period, for a district or for the city. A new target is a new row."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    measure = models.CharField(_("指标"), max_length=60)
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("区")
    )
    starts_on = models.DateField(_("起始日"))
    ends_on = models.DateField(_("截止日"))
    value = models.DecimalField(_("目标值"), max_digits=16, decimal_places=2)
    basis = models.CharField(_("依据"), max_length=300)
    source = models.CharField(_("来源"), max_length=300)
    status = models.CharField(_("核实状态"), max_length=12, choices=RuleStatus.choices)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_reason = models.CharField(_("停用理由"), max_length=300, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("目标")
        verbose_name_plural = _("目标")
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "district", "starts_on", "ends_on"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
                name="target_once_per_period",
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="target_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(value__gt=0), name="target_above_nothing"),
            models.CheckConstraint(condition=Q(status__in=RuleStatus.values), name="target_status_known"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | (Q(withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="target_withdrawn_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.starts_on}–{self.ends_on}"
