"""Money of a right: what is owed, told, paid and receipted, each its own row; costs, income, rewards, grades."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clock import now
from portal.models import Organisation, StoredFile, User, public_token, standing_of

from .rights import Product, Right


class Grade(models.TextChoices):
    A = "A", _("A 级 · 核心")
    B = "B", _("B 级 · 重要")
    C = "C", _("C 级 · 一般")
    D = "D", _("D 级 · 可放弃")


class MoneyStage(models.TextChoices):
    """None of these implies the next (rules, cross-cutting 3)."""

    ESTIMATE = "estimate", _("估算")
    OBLIGATION = "obligation", _("应缴")
    INSTRUCTION = "instruction", _("缴费指示")
    PAYMENT = "payment", _("已付款")
    RECEIPT = "receipt", _("官方收据")
    COST = "cost", _("其他支出")
    INCOME = "income", _("收入")


class MoneyEntryQuerySet(models.QuerySet["MoneyEntry"]):
    def visible_to(self, user: Any) -> MoneyEntryQuerySet:
        """Limit to entries of visible rights of one's own organisations or mandates; officials do not see money."""
        standing = getattr(user, "standing", None)
        roles = list(standing.roles) if standing else []
        own = Q(right__organisation__in=roles) | Q(right__agency__in=roles)
        return self.filter(own, right__in=Right.objects.visible_to(user))


class MoneyEntry(models.Model):
    """One amount at one stage, in CNY."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    right = models.ForeignKey(Right, models.CASCADE, related_name="money", verbose_name=_("知识产权"))
    stage = models.CharField(_("阶段"), max_length=12, choices=MoneyStage.choices)
    code = models.CharField(_("费用"), max_length=40)
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)
    on = models.DateField(_("日期"))
    reference = models.CharField(_("票据号或编号"), max_length=60, blank=True)
    document = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="money", verbose_name=_("产品")
    )
    note = models.CharField(_("备注"), max_length=300, blank=True)
    # An entry is never edited: its counter-entry takes the same amount back, with a reason in `note`.
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name=_("冲正")
    )
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = MoneyEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("收支")
        verbose_name_plural = _("收支")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="money_not_negative"),
            models.CheckConstraint(
                condition=~Q(stage="receipt") | ~Q(reference="") | Q(document__isnull=False),
                name="money_receipt_has_evidence",
            ),
            models.CheckConstraint(condition=Q(reverses=None) | ~Q(note=""), name="money_reversal_has_reason"),
        ]
        indexes = [models.Index(fields=["right", "-on", "-id"], name="money_right_idx")]

    def __str__(self) -> str:
        return f"{self.stage} {self.code} {self.amount}"


class InventorReward(models.Model):
    """A reward due or paid to an inventor (专利法实施细则 art. 93: within three months of the grant)."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    right = models.ForeignKey(Right, models.CASCADE, related_name="rewards", verbose_name=_("知识产权"))
    inventor = models.CharField(_("发明人"), max_length=120)
    agreed_amount = models.DecimalField(_("约定金额"), max_digits=12, decimal_places=2, null=True, blank=True)
    paid_amount = models.DecimalField(_("已发金额"), max_digits=12, decimal_places=2, null=True, blank=True)
    paid_on = models.DateField(_("发放日"), null=True, blank=True)
    reference = models.CharField(_("凭证号"), max_length=60, blank=True)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("发明人奖励")
        verbose_name_plural = _("发明人奖励")
        constraints = [models.UniqueConstraint(fields=["right", "inventor"], name="inventor_reward_once")]

    def __str__(self) -> str:
        return self.inventor


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def visible_to(self, user: Any) -> ScenarioQuerySet:
        """Limit to scenarios of one's own enterprises."""
        return self.filter(organisation__in=list(standing_of(user).roles))


class Scenario(models.Model):
    """A keep-or-drop scenario of the annuity forecast: which rights one would let lapse, and from which year."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="scenarios", verbose_name=_("单位"))
    name = models.CharField(_("方案"), max_length=80)
    # {right number: first calendar year no longer paid}
    drops = models.JSONField(default=dict, blank=True)
    budget = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField(default=now)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        verbose_name = _("年费方案")
        verbose_name_plural = _("年费方案")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="scenario_once")]

    def __str__(self) -> str:
        return self.name
