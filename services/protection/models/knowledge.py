"""The knowledge behind alerts: countries, changes of law, cases. Every row says its source and how sure it is."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patents.models import RightKind
from portal.clock import now
from portal.models import RuleStatus, User, public_token

from .texts import TwoLanguages


class Country(TwoLanguages, models.Model):
    """A country, region or regional office (EP, EA, ...) by its WIPO ST.3 code."""

    code = models.CharField(_("代码"), primary_key=True, max_length=2)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80)
    is_office = models.BooleanField(_("地区性专利局"), default=False)
    position = models.PositiveSmallIntegerField(_("次序"), default=1000)  # the usual markets first

    class Meta:
        verbose_name = _("国家或地区")
        verbose_name_plural = _("国家或地区")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.said("name")


class CountryFact(TwoLanguages, models.Model):
    """One fact about one country from one day on: membership, time limit, term, border measure, contact."""

    country = models.ForeignKey(Country, models.CASCADE, related_name="facts", verbose_name=_("国家或地区"))
    topic = models.CharField(_("事项"), max_length=40)  # paris pct madrid hague pct_months_1 term_invention ...
    value = models.CharField(_("内容"), max_length=300)
    value_en = models.CharField(_("英文内容"), max_length=400, blank=True)
    months = models.PositiveSmallIntegerField(_("月数"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    source = models.CharField(_("来源"), max_length=300)
    effective_from = models.DateField(_("生效日"), null=True, blank=True)
    effective_to = models.DateField(_("失效日"), null=True, blank=True)
    verified_on = models.DateField(_("核实日"), null=True, blank=True)
    status = models.CharField(_("核实状态"), max_length=12, choices=RuleStatus.choices, default=RuleStatus.UNVERIFIED)

    class Meta:
        verbose_name = _("国别事实")
        verbose_name_plural = _("国别事实")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "topic", "effective_from"], name="country_fact_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} {self.topic}"


class LawChange(TwoLanguages, models.Model):
    """A change of law somewhere: the instrument, what changed, from when, whom it concerns, where it is written."""

    number = models.CharField(_("编号"), max_length=20, unique=True, default=public_token)
    country = models.ForeignKey(Country, models.PROTECT, related_name="laws", verbose_name=_("法域"))
    title = models.CharField(_("标题"), max_length=160)
    title_en = models.CharField(_("英文标题"), max_length=240, blank=True)
    instrument = models.CharField(_("文件"), max_length=200)
    change = models.TextField(_("变化"), max_length=4000)
    change_en = models.TextField(_("英文变化"), blank=True, max_length=6000)
    concerns = models.CharField(_("影响谁"), max_length=300, blank=True)
    concerns_en = models.CharField(_("影响谁（英文）"), max_length=500, blank=True)
    right_kinds = ArrayField(
        models.CharField(max_length=14, choices=RightKind.choices),
        verbose_name=_("权利类型"),
        default=list,
        blank=True,
    )
    adopted_on = models.DateField(_("通过日"), null=True, blank=True)
    in_force_on = models.DateField(_("施行日"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=300)
    source_url = models.URLField(_("来源网址"), max_length=300, blank=True)
    status = models.CharField(_("核实状态"), max_length=12, choices=RuleStatus.choices, default=RuleStatus.UNVERIFIED)
    verified_on = models.DateField(_("核实日"), null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("法律变化")
        verbose_name_plural = _("法律变化")
        constraints = [models.UniqueConstraint(fields=["country", "title", "in_force_on"], name="law_once")]
        indexes = [models.Index(F("in_force_on").desc(nulls_last=True), F("id").desc(), name="law_timeline_idx")]

    def __str__(self) -> str:
        return self.said("title")


class LegalCase(TwoLanguages, models.Model):
    """A case others can learn from. A sample is marked as one; a real one names its source."""

    class Forum(models.TextChoices):
        US_COURT = "us_court", _("美国联邦地区法院")
        ITC = "itc", _("美国 337 调查")
        UPC = "upc", _("欧洲统一专利法院")
        EU_COURT = "eu_court", _("欧洲各国法院")
        PLATFORM = "platform", _("电商平台")
        CUSTOMS = "customs", _("海关")
        FAIR = "fair", _("展会")
        OFFICE = "office", _("专利商标局（异议、无效）")
        CHINA = "china", _("中国法院和行政机关")
        OTHER = "other", _("其他")

    class Outcome(models.TextChoices):
        WON = "won", _("胜诉")
        LOST = "lost", _("败诉")
        SETTLED = "settled", _("和解")
        WITHDRAWN = "withdrawn", _("撤诉或终止")
        PENDING = "pending", _("进行中")

    class CostBand(models.TextChoices):
        UNKNOWN = "", _("未公开")
        LOW = "low", _("50 万元以下")
        MIDDLE = "middle", _("50 万至 500 万元")
        HIGH = "high", _("500 万元以上")

    number = models.CharField(_("编号"), max_length=20, unique=True, default=public_token)
    forum = models.CharField(_("审理机构"), max_length=10, choices=Forum.choices)
    country = models.ForeignKey(Country, models.PROTECT, related_name="cases", verbose_name=_("国家或地区"))
    title = models.CharField(_("标题"), max_length=160)
    title_en = models.CharField(_("英文标题"), max_length=240, blank=True)
    docket = models.CharField(_("案号"), max_length=80, blank=True)
    summary = models.TextField(_("案情"), max_length=6000)
    summary_en = models.TextField(_("英文案情"), blank=True, max_length=9000)
    lessons = models.TextField(_("启示"), blank=True, max_length=3000)
    lessons_en = models.TextField(_("英文启示"), blank=True, max_length=5000)
    right_kinds = ArrayField(
        models.CharField(max_length=14, choices=RightKind.choices),
        verbose_name=_("权利类型"),
        default=list,
        blank=True,
    )
    ipc = ArrayField(models.CharField(max_length=20), verbose_name=_("IPC 分类"), default=list, blank=True)
    industries = ArrayField(models.CharField(max_length=5), verbose_name=_("行业"), default=list, blank=True)
    outcome = models.CharField(_("结果"), max_length=9, choices=Outcome.choices)
    began_on = models.DateField(_("开始"), null=True, blank=True)
    ended_on = models.DateField(_("结束"), null=True, blank=True)
    cost_band = models.CharField(_("费用"), max_length=6, choices=CostBand.choices, blank=True)
    source = models.CharField(_("来源"), max_length=300)
    is_sample = models.BooleanField(_("示例"), default=False)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("案例")
        verbose_name_plural = _("案例")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(began_on=None) | Q(ended_on__gte=F("began_on")),
                name="case_ends_after_it_begins",
            )
        ]
        indexes = [models.Index(fields=["forum", "-began_on"], name="legal_case_forum_idx")]

    def __str__(self) -> str:
        return self.said("title")
