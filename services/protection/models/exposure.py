"""What an enterprise is exposed to: one row per enterprise, dimension and key, kept by set-based statements."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.clock import now
from portal.models import Organisation, User, public_token, standing_of


class Dimension(models.IntegerChoices):
    """What a key means. Only open rights count: what an enterprise keeps from officials never shows in an audience."""

    IPC = 1, _("专利分类")  # key G01L9/12, any country
    NICE = 2, _("商标类别")  # key 09
    COUNTRY = 3, _("权利所在国家或地区")  # key US; rights abroad only
    COUNTRY_IPC = 4, _("境外专利分类")  # key US:G01L9/12
    COUNTRY_NICE = 5, _("境外商标类别")  # key US:09
    EXPORT = 6, _("出口市场")  # key US
    SUPPLY = 7, _("供应来源")  # key US
    INDUSTRY = 8, _("行业")  # key 3983
    WATCH_COUNTRY = 9, _("关注的国家或地区")
    WATCH_IPC = 10, _("关注的专利分类")
    WATCH_NICE = 11, _("关注的商标类别")
    RIGHT_KIND = 12, _("权利类型")  # key invention
    ENTERPRISE = 13, _("企业")  # key: district; kind "verified" or empty; one row for every enterprise


PART = "part"  # kind of a row that stands above what is watched: G01 where G01L 9/* is


class Exposure(models.Model):
    """`count` live rights (1 for markets, industry and watches) of one enterprise under one key.

    Classes stand at every level (G, G01, G01L, G01L9, G01L9/12): a pattern is one key, and its count is exact.
    """

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", db_index=False, verbose_name=_("企业")
    )
    dimension = models.PositiveSmallIntegerField(_("方面"), choices=Dimension.choices)
    key = models.CharField(_("键"), max_length=24)
    kind = models.CharField(_("权利类型"), max_length=14, blank=True)  # of the rights; empty for what is no right
    count = models.PositiveIntegerField(_("件数"), default=1)

    class Meta:
        verbose_name = _("风险敞口")
        verbose_name_plural = _("风险敞口")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "dimension", "key", "kind"], name="exposure_once", include=["count"]
            ),
        ]
        indexes = [
            # An audience reads ranges of it, without touching the table.
            models.Index(
                fields=["dimension", "key", "kind"],
                include=["organisation", "count"],
                opclasses=["int2_ops", "varchar_pattern_ops", "varchar_pattern_ops"],
                name="exposure_audience_idx",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.key}"


class ProductWords(models.Model):
    """The products an enterprise declares, in its profile and for its markets, as they are searched for keywords."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, primary_key=True, related_name="+")
    words = models.TextField()
    search = models.GeneratedField(
        expression=models.Func(
            "words",
            *(models.Value("") for _empty in range(4)),
            models.Value([], output_field=ArrayField(models.TextField())),
            models.Value([], output_field=ArrayField(models.TextField())),
            *(models.Value("") for _empty in range(5)),
            function="patents_search_vector",
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("产品词")
        verbose_name_plural = _("产品词")
        indexes = [GinIndex(fields=["search"], name="product_words_idx", fastupdate=False)]

    def __str__(self) -> str:
        return self.words[:60]


class StaleExposure(models.Model):
    """That something under an enterprise's exposure changed. Written by the database itself (see migration 0002)."""

    organisation = models.ForeignKey(
        Organisation, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        verbose_name = _("待更新的风险敞口")
        verbose_name_plural = _("待更新的风险敞口")

    def __str__(self) -> str:
        return str(self.organisation_id)


class WatchQuerySet(models.QuerySet["Watch"]):
    def visible_to(self, user: Any) -> WatchQuerySet:
        """Limit to one's own enterprises': what somebody watches is nobody else's business."""
        return self.filter(organisation__in=list(standing_of(user).roles))


class Watch(models.Model):
    """What an enterprise asks to be told of although the register does not show it: a country, a class, a law."""

    class What(models.TextChoices):
        COUNTRY = "country", _("国家或地区的风险提示")
        IPC = "ipc", _("专利分类")
        NICE = "nice", _("商标类别")
        LAW = "law", _("国家或地区的法律变化")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="watches", verbose_name=_("企业"))
    what = models.CharField(_("关注什么"), max_length=7, choices=What.choices)
    key = models.CharField(_("内容"), max_length=20)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    log_label = ""  # officials read the log, and do not learn what is watched

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("关注")
        verbose_name_plural = _("关注")
        constraints = [models.UniqueConstraint(fields=["organisation", "what", "key"], name="watch_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.key}"
