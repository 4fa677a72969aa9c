"""Disputes abroad: as confidential as trade secrets, open to persons by name and to whom they ask for help."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patents.models import Right, RightKind
from portal.clock import now
from portal.models import Organisation, StoredFile, User, public_token, standing_of

from .knowledge import Country, LegalCase


class OverseasDisputeQuerySet(models.QuerySet["OverseasDispute"]):
    """Disputes and who may know of them."""

    def own(self, user: Any) -> OverseasDisputeQuerySet:
        """Limit to those that name this person, as long as they are a member. Nobody else learns that one exists."""
        roles = list(standing_of(user).roles)
        return self.filter(organisation__in=roles, readers__contains=[user.pk]) if roles else self.none()

    def visible_to(self, user: Any) -> OverseasDisputeQuerySet:
        """Limit to `own`, and to those whose request for help this official took or this expert advises on."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        own = Q(organisation__in=list(standing_of(user).roles), readers__contains=[user.pk])
        return self.filter(own | Q(pk__in=DisputeAid.objects.opened_to(user).values("dispute")))

    def open(self) -> OverseasDisputeQuerySet:
        return self.filter(status=OverseasDispute.Status.OPEN)


class OverseasDispute(models.Model):
    """One dispute abroad: who, where, what was served when. Dates follow from rules; papers are for readers."""

    class Status(models.TextChoices):
        OPEN = "open", _("进行中")
        SETTLED = "settled", _("和解")
        WON = "won", _("胜诉")
        LOST = "lost", _("败诉")
        CLOSED = "closed", _("其他方式结束")

    class Side(models.TextChoices):
        ACCUSED = "accused", _("被指控侵权，或权利被异议")
        OWNER = "owner", _("我方权利被侵犯，或由我方提出异议")

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
    end_note = models.CharField(_("结果"), max_length=500, blank=True)
    readers = ArrayField(models.BigIntegerField(), verbose_name=_("指定人员"), default=list)
    responsible = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("负责人")
    )
    version = models.PositiveIntegerField(default=1)
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
                condition=Q(status="open", ended_on=None)
                | (~Q(status="open") & Q(ended_on__isnull=False, ended_on__gte=F("served_on"))),
                name="dispute_ended_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-served_on", "-id"], name="dispute_own_idx")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class DisputeEvent(models.Model):
    """Something that happened in a dispute. Which periods it opens follows from its kind: see `disputes.periods`."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    dispute = models.ForeignKey(OverseasDispute, models.CASCADE, related_name="events")
    kind = models.CharField(_("事项"), max_length=40)
    on = models.DateField(_("日期"))
    text = models.CharField(_("说明"), max_length=500, blank=True)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("纠纷事项")
        verbose_name_plural = _("纠纷事项")
        constraints = [models.UniqueConstraint(fields=["dispute", "kind", "on"], name="dispute_event_once")]
        indexes = [models.Index(fields=["dispute", "-on", "-id"], name="dispute_event_idx")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class DisputeEvidence(models.Model):
    """One item of the evidence checklist: whether it is there, and the paper."""

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


class DisputeAidQuerySet(models.QuerySet["DisputeAid"]):
    """Requests for help and who may know of them."""

    def open(self) -> DisputeAidQuerySet:
        return self.filter(closed_at=None, withdrawn_at=None)

    def opened_to(self, user: Any) -> DisputeAidQuerySet:
        """Limit to those whose dispute this person reads as a helper: the official who took it, the expert at work.

        What the enterprise took back is closed to both; what is done, to the expert.
        """
        officer = Q(officer=user) if is_helping(user) else Q(pk__in=[])
        expert = Q(expert=user, declared_at__isnull=False, closed_at=None)
        return self.filter(officer | expert, withdrawn_at=None)

    def visible_to(self, user: Any) -> DisputeAidQuerySet:
        """Limit to what waits at the city's desk, to one's own there, to an expert's, and to the enterprise's own."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        found = Q(expert=user, closed_at=None, withdrawn_at=None)
        if is_helping(user):
            found |= Q(withdrawn_at=None) & (Q(closed_at=None) | Q(officer=user))
        if roles := list(standing_of(user).roles):
            found |= Q(dispute__organisation__in=roles, dispute__readers__contains=[user.pk])
        return self.filter(found)


HELPING_ROLES = ("officer", "supervisor")  # of the city; the holders of Permission.HELP_ABROAD, as a test compares


def is_helping(user: Any) -> bool:
    """Return whether the person sits at the city's desk for disputes abroad."""
    return any(kind == "city" and role in HELPING_ROLES for kind, _district, role in standing_of(user).postings)


class DisputeAid(models.Model):
    """One request for help: asked, taken by an official, matched with an expert, answered, closed or taken back."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    dispute = models.ForeignKey(OverseasDispute, models.CASCADE, related_name="aids")
    text = models.CharField(_("需要什么帮助"), max_length=1000)
    asked_at = models.DateTimeField(_("申请时间"), default=now)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    officer = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("援助经办")
    )
    taken_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    expert = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="aids_advised", verbose_name=_("专家")
    )
    matched_at = models.DateTimeField(null=True, blank=True)
    declared_at = models.DateTimeField(_("专家声明无利益关系的时间"), null=True, blank=True)
    refused = ArrayField(models.BigIntegerField(), default=list, blank=True)  # experts who declared an interest
    opinion = models.TextField(_("专家意见"), max_length=6000, blank=True)
    opinion_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("答复"), max_length=6000, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = DisputeAidQuerySet.as_manager()

    class Meta:
        verbose_name = _("海外纠纷援助")
        verbose_name_plural = _("海外纠纷援助")
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(closed_at=None, withdrawn_at=None), name="aid_one_open"
            ),
            models.CheckConstraint(condition=Q(closed_at=None) | Q(withdrawn_at=None), name="aid_ends_one_way"),
            models.CheckConstraint(condition=Q(closed_at=None) | ~Q(answer=""), name="aid_closed_is_answered"),
        ]
        indexes = [
            models.Index(
                fields=["asked_at", "id"], condition=Q(closed_at=None, withdrawn_at=None), name="aid_queue_idx"
            ),
            models.Index(fields=["officer", "asked_at", "id"], name="aid_officer_idx"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.withdrawn_at is None

    @property
    def state(self) -> str:
        """The word of `portal.vocabulary` for where it stands."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.closed_at:
            return "closed"
        if self.answered_at:
            return "answered"
        return "taken" if self.officer_id else "asked"
