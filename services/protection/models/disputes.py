"""Disputes abroad: as confidential as trade secrets, open to named persons and to those they ask for help."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patents.models import Right, RightKind
from portal.clock import now
from portal.models import Organisation, StoredFile, User, public_token, standing_of

from .knowledge import Country, LegalCase


class OverseasDisputeQuerySet(models.QuerySet["OverseasDispute"]):
    """Disputes and who may know of them."""

    def visible_to(self, user: Any) -> OverseasDisputeQuerySet:
        """Limit to named members; once the enterprise asked for help, also the officer and the expert named."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        own = Q(organisation__in=list(standing_of(user).roles), readers__contains=[user.pk])
        helping = Q(aid_asked_at__isnull=False) & (Q(officer=user) | Q(expert=user))
        return self.filter(own | helping)


class OverseasDispute(models.Model):
    """One dispute abroad: who, where, what was served when. Dates follow from rules; papers are for readers."""

    class Status(models.TextChoices):
        OPEN = "open", _("进行中")
        SETTLED = "settled", _("和解")
        WON = "won", _("胜诉")
        LOST = "lost", _("败诉")
        CLOSED = "closed", _("其他方式结束")

    class Side(models.TextChoices):
        ACCUSED = "accused", _("被指控侵权")
        OWNER = "owner", _("我方权利被侵犯")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="overseas_disputes", verbose_name=_("企业")
    )
    title = models.CharField(_("名称"), max_length=160)
    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("国家或地区"))
    forum = models.CharField(_("审理机构"), max_length=10, choices=LegalCase.Forum.choices)
    docket = models.CharField(_("案号"), max_length=80, blank=True)
    side = models.CharField(_("我方地位"), max_length=7, choices=Side.choices, default=Side.ACCUSED)
    opponent = models.CharField(_("对方"), max_length=200, blank=True)
    right_kind = models.CharField(_("权利类型"), max_length=14, choices=RightKind.choices)
    rights = models.ManyToManyField(Right, blank=True, related_name="+", verbose_name=_("涉及本企业的权利"))
    products = models.CharField(_("涉及的产品"), max_length=300, blank=True)
    facts = models.TextField(_("经过"), blank=True, max_length=6000)
    served_on = models.DateField(_("送达或知悉日"))
    status = models.CharField(_("状态"), max_length=8, choices=Status.choices, default=Status.OPEN)
    ended_on = models.DateField(_("结束日"), null=True, blank=True)
    readers = ArrayField(models.BigIntegerField(), verbose_name=_("指定人员"), default=list)
    aid_asked_at = models.DateTimeField(_("申请援助时间"), null=True, blank=True)
    aid_text = models.CharField(_("需要什么帮助"), max_length=1000, blank=True)
    officer = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("援助经办")
    )
    expert = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("专家"))
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=now)

    objects = OverseasDisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("海外纠纷")
        verbose_name_plural = _("海外纠纷")
        constraints = [
            models.CheckConstraint(condition=~Q(readers=[]), name="dispute_has_a_reader"),
            models.CheckConstraint(
                condition=Q(aid_asked_at__isnull=False) | Q(officer=None, expert=None), name="dispute_aid_was_asked_for"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-served_on", "-id"], name="dispute_own_idx")]

    def __str__(self) -> str:
        return self.title


class DisputeEvent(models.Model):
    """Something that happened in a dispute, for its timeline; `rule_code` names the period that it opened."""

    dispute = models.ForeignKey(OverseasDispute, models.CASCADE, related_name="events")
    kind = models.CharField(_("事项"), max_length=40)
    on = models.DateField(_("日期"))
    text = models.CharField(_("说明"), max_length=500, blank=True)
    rule_code = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("纠纷事项")
        verbose_name_plural = _("纠纷事项")
        indexes = [models.Index(fields=["dispute", "-on", "-id"], name="dispute_event_idx")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class DisputeEvidence(models.Model):
    """One item of the evidence checklist: what is wanted, whether it is there, and the paper."""

    dispute = models.ForeignKey(OverseasDispute, models.CASCADE, related_name="evidence")
    code = models.CharField(max_length=40)
    is_there = models.BooleanField(_("已备齐"), default=False)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    document = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(default=now)
    updated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("证据")
        verbose_name_plural = _("证据")
        constraints = [models.UniqueConstraint(fields=["dispute", "code"], name="dispute_evidence_once")]

    def __str__(self) -> str:
        return self.code
