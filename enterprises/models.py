"""What the management-systems workstream adds to an organisation: its profile (clauses 1-5)."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clock import now
from portal.models import Organisation, User, public_token, standing_of


class Profile(models.Model):
    """Self-declared facts of an enterprise, asked once and prefilled everywhere. Money in CNY 10 000 (万元)."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="profile", verbose_name=_("企业"))
    year = models.PositiveSmallIntegerField(_("数据年度"))
    industry = models.CharField(_("行业（GB/T 4754）"), max_length=10, blank=True)
    main_products = models.CharField(_("主营产品或服务"), max_length=300, blank=True)
    staff = models.PositiveIntegerField(_("从业人数"), null=True, blank=True)
    rd_staff = models.PositiveIntegerField(_("研发人员"), null=True, blank=True)
    ip_staff = models.PositiveIntegerField(_("专职知识产权人员"), null=True, blank=True)
    revenue_wan = models.DecimalField(_("营业收入（万元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    rd_spend_wan = models.DecimalField(_("研发投入（万元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    ip_spend_wan = models.DecimalField(
        _("知识产权经费（万元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    valid_inventions = models.PositiveIntegerField(_("有效发明专利（件）"), null=True, blank=True)
    valid_patents = models.PositiveIntegerField(_("有效专利总数（件）"), null=True, blank=True)
    trademarks = models.PositiveIntegerField(_("注册商标（件）"), null=True, blank=True)
    has_ip_office = models.BooleanField(_("设有知识产权管理机构"), null=True, blank=True)
    updated_at = models.DateTimeField(_("更新时间"), default=now)
    updated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("更新人"))

    class Meta:
        verbose_name = _("企业资料")
        verbose_name_plural = _("企业资料")

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"


class MarketQuerySet(models.QuerySet["Market"]):
    def visible_to(self, user: Any) -> MarketQuerySet:
        """Limit to one's own enterprises'."""
        return self.filter(organisation__in=list(standing_of(user).roles))


class Market(models.Model):
    """A country the enterprise sells to or buys from: which risks abroad are its own (clause 8)."""

    class Role(models.TextChoices):
        EXPORT = "export", _("出口市场")
        SUPPLY = "supply", _("供应来源")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="markets", verbose_name=_("企业"))
    role = models.CharField(_("类别"), max_length=6, choices=Role.choices, default=Role.EXPORT)
    country = models.CharField(
        _("国家或地区"),
        max_length=2,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("填两位大写字母的国家或地区代码，例如 US、DE。"))],
    )
    products = models.CharField(_("产品"), max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(_("数据年度"), null=True, blank=True)
    share_percent = models.DecimalField(_("占销售或采购（%）"), max_digits=5, decimal_places=2, null=True, blank=True)
    amount_wan = models.DecimalField(_("金额（万元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    updated_at = models.DateTimeField(_("更新时间"), default=now)
    updated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("更新人"))

    objects = MarketQuerySet.as_manager()

    class Meta:
        verbose_name = _("市场")
        verbose_name_plural = _("市场")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "role", "country"], name="market_once"),
            models.CheckConstraint(
                condition=Q(share_percent=None) | Q(share_percent__gte=0, share_percent__lte=100),
                name="market_share_is_a_percentage",
            ),
        ]
        indexes = [models.Index(fields=["updated_at"], name="market_updated_idx")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.role} {self.country}"


class AdverseRecord(models.Model):
    """A fact that bars an application: an abnormal filing, a penalty. Loaded by officials from notified lists."""

    class Kind(models.TextChoices):
        ABNORMAL_FILING = "abnormal_filing", _("非正常专利申请")
        ABNORMAL_TRADEMARK = "abnormal_trademark", _("非正常商标注册")
        OTHER_TITLE = "other_title", _("已获市经信部门知识产权示范或优势企业认定")

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="adverse_records", verbose_name=_("企业")
    )
    kind = models.CharField(_("类别"), max_length=20, choices=Kind.choices)
    recorded_on = models.DateField(_("日期"))
    reference = models.CharField(_("文号或编号"), max_length=120)
    source = models.CharField(_("来源"), max_length=200)
    resolved_on = models.DateField(_("解除日期"), null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("不利记录")
        verbose_name_plural = _("不利记录")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "reference"], name="adverse_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.kind} {self.reference}"
