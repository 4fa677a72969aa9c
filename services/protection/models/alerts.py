"""Risk alerts: what is said, in editions that never change once published, and what became of each delivery."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patents.models import RightKind
from portal.clock import now
from portal.models import District, Organisation, StoredFile, User, database_token, public_token, standing_of

from .texts import TwoLanguages


class AlertKind(models.TextChoices):
    HINT = "hint", _("风险提示")
    WARNING = "warning", _("风险预警")
    LAW = "law", _("法律变化")
    DISPUTE = "dispute", _("纠纷动态")
    SCAM = "scam", _("虚假公文和收费骗局")
    TRAINING = "training", _("培训通知")


class Severity(models.IntegerChoices):
    """How near the danger is. From SERIOUS on it is mailed at once and must be confirmed."""

    HINT = 1, _("提示：值得留意")
    NOTABLE = 2, _("关注：可能间接影响")
    SERIOUS = 3, _("预警：可能直接影响")


class Join(models.TextChoices):
    """How what one has (technology, marks, industry, words) and where (countries) belong together."""

    BOTH = "both", _("领域和市场都符合")
    EITHER = "either", _("领域或市场有一项符合")


EDITORS = frozenset({("city", "", "publisher"), ("city", "", "administrator")})
# Who may look at reach and reactions besides: they act on the call list, or watch over the whole.
WATCHERS = frozenset({("city", "", "auditor"), ("city", "", "officer"), ("city", "", "supervisor")})


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts as the desk sees them. Enterprises see deliveries; everyone sees `public()`."""

    def visible_to(self, user: Any) -> AlertQuerySet:
        """Limit to: all for the city's officials; a district's own proposals and all published for its officials."""
        standing = standing_of(user)
        if standing.is_city:
            return self
        if standing.districts:
            return self.filter(Q(district__in=standing.districts) | Q(current__isnull=False))
        return self.none()

    def public(self) -> AlertQuerySet:
        """Return what was published, withdrawn and expired ones included: they stay readable as such."""
        return self.filter(current__isnull=False)

    def valid(self) -> AlertQuerySet:
        """Return published alerts whose period runs."""
        return self.filter(status=Alert.Status.PUBLISHED)


class Alert(TwoLanguages, models.Model):
    """One alert under one number. Its text lives in versions; `current` is what the world reads."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("未发布")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤回")
        EXPIRED = "expired", _("已过期")
        DROPPED = "dropped", _("未采用")

    number = models.CharField(_("编号"), max_length=20, unique=True)  # FX-2026-031
    status = models.CharField(_("状态"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提出的区")
    )
    current = models.OneToOneField(
        "AlertVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("现行版本")
    )
    created_at = models.DateTimeField(_("起草时间"), default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("起草人"))
    published_at = models.DateTimeField(_("首次发布"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_reason = models.CharField(_("撤回理由"), max_length=300, blank=True)
    withdrawn_reason_en = models.CharField(_("撤回理由（英文）"), max_length=500, blank=True)
    # Its audience is matched again from this moment on: a new edition, or the night's new rights and markets.
    match_after = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("风险提示")
        verbose_name_plural = _("风险提示")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["published", "withdrawn", "expired"]) | Q(current__isnull=False),
                name="alert_published_has_its_text",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="alert_withdrawn_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(F("published_at").desc(nulls_last=True), F("id").desc(), name="alert_archive_idx"),
            models.Index(fields=["match_after"], condition=Q(match_after__isnull=False), name="alert_matching_idx"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_valid(self) -> bool:
        return self.status == self.Status.PUBLISHED


class AlertVersion(TwoLanguages, models.Model):
    """One edition: text, audience and period. Nothing of it changes once it is published."""

    class Stage(models.TextChoices):
        PROPOSED = "proposed", _("区建议")
        DRAFT = "draft", _("草稿")
        IN_REVIEW = "in_review", _("待复核")
        SCHEDULED = "scheduled", _("待定时发布")
        PUBLISHED = "published", _("已发布")
        SUPERSEDED = "superseded", _("已被更正")
        DROPPED = "dropped", _("未采用")

    OPEN = (Stage.PROPOSED, Stage.DRAFT, Stage.IN_REVIEW, Stage.SCHEDULED)

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="versions", verbose_name=_("风险提示"))
    edition = models.PositiveSmallIntegerField(_("第几版"), default=1)
    stage = models.CharField(_("进度"), max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    # What is said
    kind = models.CharField(_("类别"), max_length=8, choices=AlertKind.choices, default=AlertKind.HINT)
    severity = models.PositiveSmallIntegerField(_("级别"), choices=Severity.choices, default=Severity.HINT)
    title = models.CharField(_("标题"), max_length=80)
    title_en = models.CharField(_("英文标题"), max_length=160, blank=True)
    summary = models.CharField(_("要点"), max_length=500, blank=True)
    summary_en = models.CharField(_("英文要点"), max_length=900, blank=True)
    body = models.TextField(_("正文"), blank=True, max_length=20_000)  # Markdown; portal.markdown makes it safe
    body_en = models.TextField(_("英文正文"), blank=True, max_length=30_000)
    checklist = models.JSONField(_("建议做的事"), default=list, blank=True)  # [{"zh": ..., "en": ...}]
    sources = models.JSONField(_("来源"), default=list, blank=True)  # [{"name": ..., "on": "2026-11-17", "url": ...}]
    change_note = models.CharField(_("更正说明"), max_length=500, blank=True)
    change_note_en = models.CharField(_("更正说明（英文）"), max_length=800, blank=True)
    confirm_days = models.PositiveSmallIntegerField(_("确认期限（工作日）"), default=0)  # 0: need not be confirmed
    valid_from = models.DateField(_("有效期自"), null=True, blank=True)
    valid_to = models.DateField(_("有效期至"), null=True, blank=True)
    attachments = models.ManyToManyField(StoredFile, blank=True, related_name="+", verbose_name=_("附件"))
    cases: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "LegalCase", blank=True, related_name="alerts", verbose_name=_("相关案例")
    )
    laws: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "LawChange", blank=True, related_name="alerts", verbose_name=_("相关法律变化")
    )
    # Whom it concerns. An empty list asks nothing.
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("国家或地区"), default=list, blank=True)
    right_kinds = ArrayField(
        models.CharField(max_length=14, choices=RightKind.choices),
        verbose_name=_("权利类型"),
        default=list,
        blank=True,
    )
    ipc = ArrayField(models.CharField(max_length=20), verbose_name=_("IPC 分类"), default=list, blank=True)
    nice = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("尼斯分类"), default=list, blank=True)
    industries = ArrayField(models.CharField(max_length=5), verbose_name=_("行业"), default=list, blank=True)
    keywords = ArrayField(models.CharField(max_length=40), verbose_name=_("关键词"), default=list, blank=True)
    districts = ArrayField(models.CharField(max_length=6), verbose_name=_("区"), default=list, blank=True)
    join = models.CharField(_("条件之间"), max_length=6, choices=Join.choices, default=Join.BOTH)
    needs_market = models.BooleanField(_("须登记所选出口市场"), default=False)
    verified_only = models.BooleanField(_("只发给已核实企业"), default=False)
    # How it went
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("起草人"))
    submitted_at = models.DateTimeField(_("送复核时间"), null=True, blank=True)
    reviewer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("复核人")
    )
    reviewed_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    return_reason = models.CharField(_("退回理由"), max_length=500, blank=True)
    publish_at = models.DateTimeField(_("定时发布"), null=True, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("送达完成"), null=True, blank=True)
    lock = models.PositiveIntegerField(default=0, editable=False)  # two authors do not overwrite each other

    class Meta:
        verbose_name = _("风险提示版本")
        verbose_name_plural = _("风险提示版本")
        ordering = ["alert", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "edition"], name="alert_edition_once"),
            models.UniqueConstraint(
                fields=["alert"],
                condition=Q(stage__in=["proposed", "draft", "in_review", "scheduled"]),
                name="alert_one_open_version",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["scheduled", "published", "superseded"])
                | (Q(reviewer__isnull=False) & ~Q(reviewer=F("author"))),
                name="alert_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="alert_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["publish_at"], condition=Q(stage="scheduled"), name="alert_scheduled_idx"),
            models.Index(fields=["stage", "-updated_at"], name="alert_desk_idx"),
        ]

    def __str__(self) -> str:
        return self.said("title")

    @property
    def cited(self) -> list[dict[str, Any]]:
        """The sources with their days as days, for pages."""
        return [{**one, "on": dt.date.fromisoformat(one["on"]) if one.get("on") else None} for one in self.sources]

    @property
    def is_open(self) -> bool:
        return self.stage in self.OPEN

    @property
    def is_serious(self) -> bool:
        return self.severity >= Severity.SERIOUS


class DeliveryState(models.TextChoices):
    NEW = "new", _("未读")
    READ = "read", _("已读")
    IN_HAND = "in_hand", _("处理中")
    NOT_RELEVANT = "not_relevant", _("与本企业无关")
    DONE = "done", _("已办结")


class AlertDeliveryQuerySet(models.QuerySet["AlertDelivery"]):
    """Deliveries and who may see them: an enterprise its own; officials those of their area, without secrets."""

    def visible_to(self, user: Any) -> AlertDeliveryQuerySet:
        """Limit to one's own enterprises, and for officials to their area."""
        standing = standing_of(user)
        if standing.is_city:
            return self
        seen = Q(organisation__in=list(standing.roles))
        if standing.districts:
            seen |= Q(organisation__district__in=standing.districts)
        return self.filter(seen)

    def own(self, organisation: Organisation) -> AlertDeliveryQuerySet:
        return self.filter(organisation=organisation)

    def open(self) -> AlertDeliveryQuerySet:
        """Return what still waits for the enterprise."""
        return self.filter(left_at=None, state__in=[DeliveryState.NEW, DeliveryState.READ, DeliveryState.IN_HAND])


class AlertDelivery(models.Model):
    """One alert to one enterprise, once; later editions find the same row. Reasons: codes with values."""

    number = models.CharField(_("编号"), max_length=16, unique=True, default=public_token, db_default=database_token())
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="deliveries", verbose_name=_("风险提示"))
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="alert_deliveries", verbose_name=_("企业")
    )
    version = models.ForeignKey(AlertVersion, models.CASCADE, related_name="+", verbose_name=_("最近送达的版本"))
    # [{"code": "rights_abroad", "values": {"country": "US", "ipc": "H01M", "count": 3}}, ...]
    reasons = models.JSONField(_("理由"), default=list)
    state = models.CharField(_("状态"), max_length=12, choices=DeliveryState.choices, default=DeliveryState.NEW)
    delivered_at = models.DateTimeField(_("送达时间"), default=now)
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)
    read_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reacted_at = models.DateTimeField(_("回应时间"), null=True, blank=True)
    reacted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    assignee = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("由谁办理")
    )
    ticked = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("已做的事"), default=list, blank=True)
    note = models.CharField(_("内部备注"), max_length=1000, blank=True)  # the enterprise's own: never shown outside
    why_not = models.CharField(_("无关的理由"), max_length=300, blank=True)
    help_asked_at = models.DateTimeField(_("求助时间"), null=True, blank=True)
    help_text = models.CharField(_("需要什么帮助"), max_length=1000, blank=True)
    help_answer = models.CharField(_("答复"), max_length=1000, blank=True)
    help_answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    help_answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    left_at = models.DateTimeField(_("不再涉及的时间"), null=True, blank=True)
    confirm_on = models.DateField(_("确认期限"), null=True, blank=True)
    # The ladder of a serious one that nobody reads: 1 reminder, 2 the owner, 3 the district's call list.
    rung = models.PositiveSmallIntegerField(_("催办级别"), default=0)
    nudge_at = models.DateTimeField(_("下次催办"), null=True, blank=True)
    called_at = models.DateTimeField(_("电话联系时间"), null=True, blank=True)
    called_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    call_note = models.CharField(_("联系结果"), max_length=300, blank=True)

    objects = AlertDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("风险提示送达")
        verbose_name_plural = _("风险提示送达")
        constraints = [
            models.UniqueConstraint(fields=["alert", "organisation"], name="alert_once_per_organisation"),
            models.CheckConstraint(
                condition=~Q(state="not_relevant") | ~Q(why_not=""), name="alert_not_relevant_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-delivered_at", "-id"], name="delivery_own_idx"),
            models.Index(fields=["nudge_at"], condition=Q(nudge_at__isnull=False), name="delivery_nudge_idx"),
            models.Index(
                fields=["help_asked_at"],
                condition=Q(help_asked_at__isnull=False, help_answered_at=None),
                name="delivery_help_idx",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class AlertNotice(models.Model):
    """That an enterprise was told of one edition, and of what: exactly one row per delivery and edition."""

    class What(models.TextChoices):
        NEW = "new", _("新提示")
        CORRECTED = "corrected", _("更正")
        LEFT = "left", _("不再涉及")
        WITHDRAWN = "withdrawn", _("撤回")

    delivery = models.ForeignKey(AlertDelivery, models.CASCADE, related_name="notices")
    version = models.ForeignKey(AlertVersion, models.CASCADE, related_name="notices")
    what = models.CharField(_("内容"), max_length=9, choices=What.choices)
    told_at = models.DateTimeField(_("时间"), default=now)

    class Meta:
        verbose_name = _("送达记录")
        verbose_name_plural = _("送达记录")
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "version"],
                condition=~Q(what="withdrawn"),
                name="alert_told_once_per_edition",
            ),
            models.UniqueConstraint(
                fields=["delivery"], condition=Q(what="withdrawn"), name="alert_withdrawal_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.delivery_id}"
