"""Dated, sourced figures and the holiday table: what the portal computes with, and where each figure comes from."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

SATURDAY = 6  # ISO week day
LONGEST_SHOWN = 400  # a table of industries would fill the page


class RuleStatus(models.TextChoices):
    VERIFIED = "verified", _("已核实原文")
    SECONDARY = "secondary", _("二手来源")
    UNVERIFIED = "unverified", _("待核实")
    SAMPLE = "sample", _("示例")


class RuleUnit(models.TextChoices):
    NONE = "", _("无单位")
    WORKING_DAY = "working_day", _("工作日")
    DAY = "day", _("日")
    MONTH = "month", _("个月")
    YEAR = "year", _("年")
    MINUTE = "minute", _("分钟")
    POINT = "point", _("分")
    CNY = "cny", _("元")
    SHARE = "share", _("比例")
    COUNT = "count", _("件")


class RuleQuerySet(models.QuerySet["Rule"]):
    def visible_to(self, user: Any) -> RuleQuerySet:
        """Return all rows: what the portal computes with is public, the unverified rows included and marked."""
        return self

    def matching(self, text: str) -> RuleQuerySet:
        """Return the rows whose code or name holds the text."""
        return self.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(name_en__icontains=text))

    def effective(self, on: dt.date) -> RuleQuerySet:
        """Return the rows in force on this day."""
        return self.filter(effective_from__lte=on).filter(Q(effective_to=None) | Q(effective_to__gte=on))

    def trusted(self) -> RuleQuerySet:
        """Return the rows that may be acted on; what awaits verification is only ever shown."""
        return self.exclude(status=RuleStatus.UNVERIFIED)


class Rule(models.Model):
    """One figure from one day on. A change of law is a new row, never a new value in the old one."""

    code = models.CharField(_("代码"), max_length=80)
    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160)
    value = models.JSONField(_("数值"))
    unit = models.CharField(_("单位"), max_length=20, choices=RuleUnit.choices, blank=True)
    basis = models.CharField(_("依据"), max_length=300)
    source = models.CharField(_("来源"), max_length=300)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    effective_from = models.DateField(_("生效日"))
    effective_to = models.DateField(_("失效日"), null=True, blank=True)
    verified_on = models.DateField(_("核实日"), null=True, blank=True)
    status = models.CharField(_("核实状态"), max_length=12, choices=RuleStatus.choices)
    edited_at = models.DateTimeField(_("管理员修改时间"), null=True, blank=True, editable=False)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-effective_from"]
        verbose_name = _("规则")
        verbose_name_plural = _("规则")
        constraints = [
            # Serves the look-up by code and date as well.
            models.UniqueConstraint(fields=["code", "effective_from"], name="rule_once_per_day"),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="rule_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(status__in=RuleStatus.values), name="rule_status_known"),
            models.CheckConstraint(
                condition=~Q(status=RuleStatus.VERIFIED) | Q(verified_on__isnull=False),
                name="rule_verified_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.effective_from}"

    @property
    def label(self) -> str:
        """Return the name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name

    @property
    def shown_value(self) -> str:
        """Return the value as a reader takes it: yes or no, a number, or a list; a structure stays JSON."""
        if isinstance(self.value, bool):
            return str(_("是") if self.value else _("否"))
        if isinstance(self.value, list):
            text = ", ".join(map(str, self.value))
        else:
            text = json.dumps(self.value, ensure_ascii=False) if isinstance(self.value, dict) else str(self.value)
        return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


class HolidayYear(models.Model):
    """A year's table; until the official notice is loaded the year is provisional (暂定)."""

    year = models.PositiveSmallIntegerField(_("年"), primary_key=True)
    is_official = models.BooleanField(_("有国务院办公厅通知"))
    source = models.CharField(_("来源"), max_length=300)
    verified_on = models.DateField(_("核实日"), null=True, blank=True)
    edited_at = models.DateTimeField(_("管理员修改时间"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-year"]
        verbose_name = _("年度放假安排")
        verbose_name_plural = _("年度放假安排")

    def __str__(self) -> str:
        return str(self.year)


class HolidayKind(models.TextChoices):
    OFF = "off", _("放假")
    MAKEUP = "makeup", _("调休上班")


class Holiday(models.Model):
    """One day off or one make-up day. `year` is the notice it stands in: 2023's notice names a day of 2022."""

    day = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("类别"), max_length=6, choices=HolidayKind.choices)
    name = models.CharField(_("名称"), max_length=30)
    year = models.ForeignKey(HolidayYear, verbose_name=_("年"), on_delete=models.CASCADE, related_name="days")
    edited_at = models.DateTimeField(_("管理员修改时间"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["day"]
        verbose_name = _("放假日")
        verbose_name_plural = _("放假日")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=HolidayKind.values), name="holiday_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=HolidayKind.MAKEUP) | Q(day__iso_week_day__gte=SATURDAY),
                name="holiday_makeup_on_weekend",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"

    @property
    def is_provisional(self) -> bool:
        """Tell whether the year's official notice is still missing."""
        return not self.year.is_official

    @property
    def source(self) -> str:
        return self.year.source
