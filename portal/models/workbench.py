"""How an office shares its work: who takes which cases, who stands in for whom, and reasons in ready words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.clock import now, today

from .people import CASE_ROLES, District, Office, Posting, User, public_token, standing_of

HANDLING = ("officer", "supervisor")


class AssignmentRuleQuerySet(models.QuerySet["AssignmentRule"]):
    def open(self) -> AssignmentRuleQuerySet:
        return self.filter(ended_at=None)

    def visible_to(self, user: Any) -> AssignmentRuleQuerySet:
        """Limit to the districts whose cases one sees as their official."""
        return self.filter(district__in=standing_of(user).case_districts)


class AssignmentRule(models.Model):
    """One officer of a district takes cases of this kind and industry, up to so many open ones. Empty: of any."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    district = models.ForeignKey(District, models.PROTECT, related_name="assignment_rules", verbose_name=_("区"))
    officer = models.ForeignKey(User, models.PROTECT, related_name="assignment_rules", verbose_name=_("经办人"))
    kind = models.CharField(_("事项"), max_length=40, blank=True)
    industry = models.CharField(
        _("行业代码的开头"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^[A-T]\d{0,4}$", _("填国民经济行业分类代码的开头，例如 C 或 C39。"))],
    )
    cap = models.PositiveSmallIntegerField(_("在办上限"), null=True, blank=True, validators=[MinValueValidator(1)])
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AssignmentRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("分派规则")
        verbose_name_plural = _("分派规则")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "officer", "kind", "industry"],
                condition=Q(ended_at=None),
                name="assignment_rule_once",
            ),
            models.CheckConstraint(condition=Q(cap=None) | Q(cap__gte=1), name="assignment_rule_cap"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="assignment_rule_ended_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} · {self.kind or '*'} · {self.industry or '*'}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def standing(self) -> AbsenceQuerySet:
        """Return those nobody took back."""
        return self.filter(cancelled_at=None)

    def on(self, day: dt.date) -> AbsenceQuerySet:
        return self.standing().filter(from_on__lte=day, until_on__gte=day)

    def visible_to(self, user: Any) -> AbsenceQuerySet:
        """Limit to one's own, those one stands in for, and those of one's colleagues in the same office."""
        standing = standing_of(user)
        if not standing.is_official:
            return self.none()
        offices = Office.objects.filter(
            pk__in=Posting.objects.open()
            .filter(user=user, role__in=CASE_ROLES["city"] | CASE_ROLES["district"])
            .values("office")
        )
        colleagues = Posting.objects.open().filter(office__in=offices).values("user")
        return self.filter(Q(person=user) | Q(deputy=user) | Q(person__in=colleagues))


class Absence(models.Model):
    """An official is away from one day through another; the deputy sees, handles and is told meanwhile."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    person = models.ForeignKey(User, models.PROTECT, related_name="absences", verbose_name=_("谁不在"))
    deputy = models.ForeignKey(User, models.PROTECT, related_name="stands_in", verbose_name=_("代理人"))
    from_on = models.DateField(_("第一天"))
    until_on = models.DateField(_("最后一天"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("不在岗")
        verbose_name_plural = _("不在岗")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(deputy=F("person")), name="absence_deputy_is_another"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="absence_cancelled_who_and_when",
            ),
            # A range of one key instead of an equality: it needs no extension of the database.
            ExclusionConstraint(
                name="absence_one_at_a_time",
                expressions=[
                    (Func(F("person"), F("person"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func(F("from_on"), F("until_on"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at=None),
            ),
        ]
        indexes = [models.Index(fields=["until_on"], condition=Q(cancelled_at=None), name="absence_standing_idx")]

    def __str__(self) -> str:
        return f"{self.person} {self.from_on}–{self.until_on}"

    @property
    def is_over(self) -> bool:
        return self.cancelled_at is not None or self.until_on < today()


class ReasonTemplateQuerySet(models.QuerySet["ReasonTemplate"]):
    def open(self) -> ReasonTemplateQuerySet:
        return self.filter(retired_at=None)

    def visible_to(self, user: Any) -> ReasonTemplateQuerySet:
        """Limit to the offices in which one sees cases."""
        postings = Posting.objects.open().filter(user=user if getattr(user, "pk", None) else None)
        roles = Q(office__kind="city", role__in=CASE_ROLES["city"]) | Q(
            office__kind="district", role__in=CASE_ROLES["district"]
        )
        return self.filter(office__in=postings.filter(roles).values("office"))


class ReasonTemplate(models.Model):
    """Ready words of an office for a reason, in both languages; `{number}` and the like are filled in per case."""

    class Use(models.TextChoices):
        CORRECTION = "correction", _("补正说明")
        PASS = "pass", _("同意、推荐的理由")
        FAIL = "fail", _("不同意、不予通过的理由")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    office = models.ForeignKey(Office, models.PROTECT, related_name="reason_templates", verbose_name=_("办公室"))
    use = models.CharField(_("用于"), max_length=10, choices=Use.choices)
    title = models.CharField(_("名称"), max_length=60)
    text_zh = models.TextField(_("中文"), max_length=1000)
    text_en = models.TextField(_("英文"), max_length=1500)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(_("更新时间"), default=now)
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ReasonTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("理由模板")
        verbose_name_plural = _("理由模板")
        ordering = ["use", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "use", "title"], condition=Q(retired_at=None), name="reason_template_once"
            ),
            models.CheckConstraint(condition=~Q(text_zh="") & ~Q(text_en=""), name="reason_template_both_languages"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def text(self) -> str:
        return self.text_en if (get_language() or "").startswith("en") else self.text_zh
