"""Programmes made in the browser: each is a kind of application, beside those written in code."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.clock import now

from .people import District, User, standing_of

PREFIX = r"^[A-Z]{2,4}$"
is_prefix = RegexValidator(PREFIX, _("请用两到四个大写字母，例如 MHZ。"))


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def known(self) -> ProgrammeQuerySet:
        """Limit to those that are or were in use: a draft is no kind yet."""
        return self.exclude(status=Programme.Status.DRAFT)

    def visible_to(self, user: Any) -> ProgrammeQuerySet:
        """Limit to: all for the city; what is in use, and everything of the own district, for others."""
        standing = standing_of(user)
        if standing.is_city:
            return self
        return self.filter(~Q(status=Programme.Status.DRAFT) | Q(host__in=standing.districts))


class Programme(models.Model):
    """One programme: what its cases and certificates are called, who may apply and which way a case goes.

    `eligibility` is a list of {"rule", "values"} (see portal.programmes); `stages` the way a case goes by default.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        ACTIVE = "active", _("启用")
        RETIRED = "retired", _("已停用")

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    title_zh = models.CharField(_("中文名称"), max_length=120)
    title_en = models.CharField(_("英文名称"), max_length=160)
    clause = models.PositiveSmallIntegerField(_("条款"), default=5)
    prefix = models.CharField(_("办件编号字头"), max_length=4, unique=True, validators=[is_prefix])
    certificate_prefix = models.CharField(_("证书编号字头"), max_length=4, unique=True, validators=[is_prefix])
    certificate_title_zh = models.CharField(_("证书中文名称"), max_length=120)
    certificate_title_en = models.CharField(_("证书英文名称"), max_length=160)
    host = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="programmes", verbose_name=_("主办区")
    )
    stages = models.JSONField(_("审核阶段"), default=list)
    eligibility = models.JSONField(_("申报条件"), default=list)
    is_sample = models.BooleanField(_("示例"), default=True)
    status = models.CharField(_("状态"), max_length=8, choices=Status.choices, default=Status.DRAFT)
    revision = models.PositiveIntegerField(_("修订号"), default=0)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("创建人"))
    changed_at = models.DateTimeField(default=now)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    activated_at = models.DateTimeField(_("启用时间"), null=True, blank=True)
    activated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    retired_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("项目")
        verbose_name_plural = _("项目")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(clause__gte=1, clause__lte=19), name="programme_clause"),
            models.CheckConstraint(
                condition=Q(prefix__regex=PREFIX) & Q(certificate_prefix__regex=PREFIX), name="programme_prefixes"
            ),
            models.CheckConstraint(
                condition=~Q(prefix=models.F("certificate_prefix")),
                name="programme_two_prefixes",
                violation_error_message=_("办件编号和证书编号的字头不能相同。"),
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(activated_at__isnull=False, activated_by__isnull=False),
                name="programme_activated_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(status="retired", retired_at__isnull=False, retired_by__isnull=False)
                | (~Q(status="retired") & Q(retired_at=None, retired_by=None)),
                name="programme_retired_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") and self.title_en else self.title_zh

    @property
    def certificate_title(self) -> str:
        is_english = (get_language() or "").startswith("en") and self.certificate_title_en
        return self.certificate_title_en if is_english else self.certificate_title_zh
