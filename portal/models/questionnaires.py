"""Versioned forms as data. A published version never changes."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.clock import now

from .people import District, User, standing_of


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def published(self) -> QuestionnaireQuerySet:
        return self.filter(status=Questionnaire.Status.PUBLISHED)

    def visible_to(self, user: Any) -> QuestionnaireQuerySet:
        """Limit to: all for the city; what is published, and everything of the own district, for others."""
        standing = standing_of(user)
        if standing.is_city:
            return self
        return self.filter(Q(status=Questionnaire.Status.PUBLISHED) | Q(host__in=standing.districts))


class Questionnaire(models.Model):
    """One version of one form: sections -> questions as JSON (shape in `portal/questionnaires.py`)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("已发布")
        RETIRED = "retired", _("已停用")

    code = models.SlugField(_("代码"), max_length=60)
    version = models.PositiveIntegerField(_("版本"), default=1)
    title_zh = models.CharField(_("中文标题"), max_length=200)
    title_en = models.CharField(_("英文标题"), max_length=200)
    body = models.JSONField(_("内容"), default=dict)
    is_sample = models.BooleanField(_("示例"), default=True)
    host = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="questionnaires", verbose_name=_("主办区")
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    revision = models.PositiveIntegerField(_("修订号"), default=0)
    created_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    retired_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("问卷")
        verbose_name_plural = _("问卷")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="questionnaire_version_once"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False), name="questionnaire_published_when"
            ),
            models.CheckConstraint(
                condition=Q(status="retired", retired_at__isnull=False, retired_by__isnull=False)
                | (~Q(status="retired") & Q(retired_at=None, retired_by=None)),
                name="questionnaire_retired_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @property
    def title(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") and self.title_en else self.title_zh


class QuestionnaireEdit(models.Model):
    """One edit of a draft: who, when, what, and how the questionnaire was before. Gone when it is published."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="edits")
    revision = models.PositiveIntegerField(_("修订号"))
    verb = models.CharField(max_length=30)
    key = models.CharField(max_length=80, blank=True)
    before = models.JSONField()
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "revision"], name="questionnaire_edit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} r{self.revision} {self.verb}"
