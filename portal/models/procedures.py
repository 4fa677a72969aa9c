"""The review workflow's rows: calls, applications, answers, submissions, reviews, corrections."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.clock import now

from .people import District, Organisation, User, standing_of
from .questionnaires import Questionnaire


class CallQuerySet(models.QuerySet["Call"]):
    def published(self) -> CallQuerySet:
        return self.filter(published_at__isnull=False)

    def open(self) -> CallQuerySet:
        moment = now()
        return self.published().filter(opens_at__lte=moment, closes_at__gt=moment)

    def visible_to(self, user: Any) -> CallQuerySet:
        """Limit to: all for the city; what is published, and everything of the own district, for others."""
        standing = standing_of(user)
        if standing.is_city:
            return self
        return self.filter(Q(published_at__isnull=False) | Q(host__in=standing.districts))


class Call(models.Model):
    """A window in which a kind of application may be made, with everything that governs its review."""

    number = models.CharField(_("编号"), max_length=20, unique=True)
    kind = models.CharField(_("事项"), max_length=40)
    year = models.PositiveSmallIntegerField(_("年度"))
    title_zh = models.CharField(_("中文标题"), max_length=200)
    title_en = models.CharField(_("英文标题"), max_length=200)
    summary_zh = models.TextField(_("中文说明"), blank=True)
    summary_en = models.TextField(_("英文说明"), blank=True)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="calls", verbose_name=_("问卷"))
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="calls", verbose_name=_("限于某区")
    )
    host = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="hosted_calls", verbose_name=_("主办区")
    )
    opens_at = models.DateTimeField(_("开始时间"))
    closes_at = models.DateTimeField(_("截止时间"))
    quota = models.PositiveIntegerField(_("名额"), null=True, blank=True)
    stages = models.JSONField(_("阶段"), default=list)
    criteria = models.JSONField(_("评分标准"), default=list)
    limits = models.JSONField(_("时限（工作日）"), default=dict)
    tolerance = models.DecimalField(_("评分容差"), max_digits=5, decimal_places=2, default=10)
    experts_needed = models.PositiveSmallIntegerField(_("专家人数"), default=2)
    pass_mark = models.DecimalField(_("入围线"), max_digits=5, decimal_places=2, null=True, blank=True)
    publicity_days = models.PositiveSmallIntegerField(_("公示工作日"), default=5)
    corrections_allowed = models.PositiveSmallIntegerField(_("最多补正次数"), default=2)
    validity_months = models.PositiveSmallIntegerField(_("认定有效月数"), default=24)
    is_sample = models.BooleanField(_("示例"), default=True)
    revision = models.PositiveIntegerField(_("修订号"), default=0)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    needs_countersign = models.BooleanField(_("决定须由第二人复核"), default=False)
    is_embargoed = models.BooleanField(_("结果统一发布"), default=False)
    letters = models.JSONField(_("决定书文字"), default=dict)  # see portal.letters
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("创建人"))
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报批次")
        verbose_name_plural = _("申报批次")
        ordering = ["-opens_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="call_closes_after_opening"),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="call_published_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(host=None) | Q(district=F("host")), name="call_of_a_district_is_for_the_district"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") and self.title_en else self.title_zh

    @property
    def summary(self) -> str:
        return self.summary_en if (get_language() or "").startswith("en") and self.summary_en else self.summary_zh

    @property
    def is_open(self) -> bool:
        return self.published_at is not None and self.opens_at <= now() < self.closes_at


class Status(models.TextChoices):
    """The nine states of an application. Stages are not states."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    IN_REVIEW = "in_review", _("审核中")
    RETURNED = "returned", _("待补正")
    PUBLICITY = "publicity", _("公示中")
    APPROVED = "approved", _("已通过")
    REJECTED = "rejected", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")
    CLOSED = "closed", _("已办结")


class Stage(models.TextChoices):
    """What the office is doing while an application is in review."""

    VERIFY = "verify", _("区级核验")
    RECOMMEND = "recommend", _("区级推荐")
    SCORE = "score", _("专家评审")
    DECIDE = "decide", _("市级认定")
    SETTLE = "settle", _("区级认定")


DECIDING = (Stage.DECIDE, Stage.SETTLE)  # the last stage: the city's decision, or the district's in its own programme


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications and who sees them."""

    def visible_to(self, user: Any) -> ApplicationQuerySet:
        """Limit to: own enterprises (all states); who handles cases from submission on; experts their seats."""
        standing = standing_of(user)
        seen = Q(pk__in=[])
        if standing.roles:
            seen |= Q(organisation__in=standing.roles)
        if standing.sees_all_cases:
            seen |= ~Q(status=Status.DRAFT)
        elif standing.case_districts:
            seen |= Q(office_district__in=standing.case_districts) & ~Q(status=Status.DRAFT)
        if standing.is_expert:
            seen |= Q(pk__in=Assignment.objects.filter(user=user, ended_at=None).values("application"))
        return self.filter(seen)

    def in_office(self) -> ApplicationQuerySet:
        return self.filter(status__in=[Status.SUBMITTED, Status.IN_REVIEW, Status.PUBLICITY])

    def queue(self) -> ApplicationQuerySet:
        """Order by the clock: the most urgent first, what waits for the applicant last."""
        return self.order_by(F("due_on").asc(nulls_last=True), "id")


class Application(models.Model):
    """One enterprise's application under one call."""

    number = models.CharField(_("办件编号"), max_length=20, unique=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications", verbose_name=_("批次"))
    kind = models.CharField(_("事项"), max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="applications", verbose_name=_("企业"))
    office_district = models.ForeignKey(District, models.PROTECT, related_name="applications", verbose_name=_("受理区"))
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    stage = models.CharField(_("阶段"), max_length=10, choices=Stage.choices, blank=True)
    stage_round = models.PositiveSmallIntegerField(_("阶段轮次"), default=1)
    created_at = models.DateTimeField(_("开始填报"), default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("填报人"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decision_reason = models.TextField(_("决定理由"), blank=True)
    score = models.DecimalField(_("得分"), max_digits=6, decimal_places=2, null=True, blank=True)
    officer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("经办人")
    )
    due_on = models.DateField(_("审核时限"), null=True, blank=True)
    applicant_due_on = models.DateField(_("企业期限"), null=True, blank=True)
    publicity_from = models.DateField(_("公示开始"), null=True, blank=True)
    publicity_until = models.DateField(_("公示截止"), null=True, blank=True)
    is_new_here = models.BooleanField(_("新转入"), default=False, db_default=False)
    revision = models.PositiveIntegerField(_("修订号"), default=0)
    updated_at = models.DateTimeField(_("更新时间"), default=now)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("办件")
        verbose_name_plural = _("办件")
        constraints = [
            models.UniqueConstraint(
                fields=["call", "organisation"],
                condition=~Q(status__in=["withdrawn"]),
                name="application_one_live_per_call",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="application_submitted_when",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="application_decided_who_and_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office_district", "due_on", "id"],
                condition=Q(status__in=["submitted", "in_review", "publicity"]),
                include=["status", "stage", "officer"],  # the counts of the queue's tabs read nothing else
                name="application_district_live_idx",
            ),
            models.Index(
                fields=["due_on", "id"],
                condition=Q(status__in=["submitted", "in_review", "publicity"]),
                include=["status", "stage", "officer", "office_district"],
                name="application_city_live_idx",
            ),
            models.Index(
                fields=["officer", "due_on", "id"],
                condition=Q(status__in=["submitted", "in_review", "publicity"]),
                include=["status", "stage", "office_district"],
                name="application_officer_live_idx",
            ),
            models.Index(
                fields=["stage", "due_on", "id"],
                condition=Q(status__in=["submitted", "in_review", "publicity"]),
                include=["status", "office_district"],
                name="application_stage_live_idx",
            ),
            models.Index(
                fields=["applicant_due_on", "id"], condition=Q(status="returned"), name="application_returned_idx"
            ),
            models.Index(
                fields=["office_district", "applicant_due_on", "id"],
                condition=Q(status="returned"),
                name="application_district_back_idx",
            ),
            models.Index(
                fields=["office_district", "-updated_at", "-id"],
                condition=~Q(status="draft"),
                name="application_district_all_idx",
            ),
            models.Index(fields=["-updated_at", "-id"], condition=~Q(status="draft"), name="application_all_idx"),
            models.Index(fields=["office_district", "status", "-updated_at", "-id"], name="application_district_idx"),
            models.Index(fields=["status", "-updated_at", "-id"], name="application_status_idx"),
            models.Index(fields=["organisation", "-updated_at"], name="application_org_idx"),
        ]

    def __str__(self) -> str:
        return self.number


class Answer(models.Model):
    """The present answer to one question. `revision` lets two people on one draft notice each other."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    source = models.CharField(max_length=120, blank=True)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=now)
    updated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.application_id}.{self.key}"


class Submission(models.Model):
    """What was handed in, as it was: immutable answers and file versions per submission."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions")
    sequence = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    files = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["application", "sequence"], name="submission_once")]

    def __str__(self) -> str:
        return f"{self.application_id}#{self.sequence}"


class CaseEvent(models.Model):
    """One step of a case. The working-day clock is computed from these rows and from nothing else."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="events")
    at = models.DateTimeField(default=now)
    verb = models.CharField(max_length=30)
    stage = models.CharField(max_length=10, blank=True)
    status_from = models.CharField(max_length=10)
    status_to = models.CharField(max_length=10)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=100, blank=True)
    by_side = models.CharField(max_length=10, default="applicant")
    note = models.TextField(blank=True)
    is_internal = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["application", "at", "id"], name="case_event_idx")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.verb}"


class Review(models.Model):
    """One finished stage by one person: verification, recommendation, score sheet or decision."""

    class Verdict(models.TextChoices):
        PASS = "pass", _("同意")
        FAIL = "fail", _("不同意")
        SCORED = "scored", _("已评分")

    application = models.ForeignKey(Application, models.PROTECT, related_name="reviews")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    stage_round = models.PositiveSmallIntegerField(default=1)
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="reviews")
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    scores = models.JSONField(default=dict)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "stage", "stage_round", "reviewer"], name="review_once_per_person"
            ),
            models.CheckConstraint(
                condition=Q(verdict="scored", total__isnull=False) | ~Q(verdict="scored"), name="review_scored_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.stage} {self.verdict}"


class Assignment(models.Model):
    """A person's seat at one application: officer or expert, with the conflict declaration before any content."""

    class Seat(models.TextChoices):
        OFFICER = "officer", _("经办人")
        EXPERT = "expert", _("专家")

    application = models.ForeignKey(Application, models.PROTECT, related_name="assignments")
    user = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    seat = models.CharField(max_length=8, choices=Seat.choices)
    stage_round = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    is_automatic = models.BooleanField(_("按负荷自动分派"), default=False, db_default=False)
    reason = models.CharField(_("分派理由"), max_length=300, blank=True, db_default="")
    declared_at = models.DateTimeField(null=True, blank=True)
    has_conflict = models.BooleanField(null=True)
    conflict_note = models.CharField(max_length=300, blank=True)
    last_seen_submission = models.PositiveSmallIntegerField(default=0)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "user", "seat"], condition=Q(ended_at=None), name="assignment_once"
            ),
            models.CheckConstraint(
                condition=Q(declared_at=None, has_conflict=None)
                | Q(declared_at__isnull=False, has_conflict__isnull=False),
                name="assignment_declared",
            ),
        ]
        indexes = [models.Index(fields=["user", "seat"], condition=Q(ended_at=None), name="assignment_user_idx")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.seat} {self.user_id}"


class CorrectionRequest(models.Model):
    """One return to the applicant: single questions with coded reasons; only these unlock."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="corrections")
    sequence = models.PositiveSmallIntegerField()
    requested_at = models.DateTimeField(default=now)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_on = models.DateField()
    is_provisional = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["application", "sequence"], name="correction_once"),
            models.UniqueConstraint(fields=["application"], condition=Q(answered_at=None), name="correction_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} #{self.sequence}"


class CorrectionItem(models.Model):
    """One marked question: why, what was said, what the applicant did, what the officer thinks of it."""

    class Reason(models.TextChoices):
        MISMATCH = "mismatch", _("与登记信息不一致")
        MISSING = "missing", _("缺少佐证")
        UNCLEAR = "unclear", _("附件不清晰")
        INCOMPLETE = "incomplete", _("填写不完整")
        WRONG = "wrong", _("填写有误")
        OTHER = "other", _("其他")

    class Verdict(models.TextChoices):
        OPEN = "", _("未判断")
        SOLVED = "solved", _("已解决")
        UNSOLVED = "unsolved", _("未解决")

    request = models.ForeignKey(CorrectionRequest, models.CASCADE, related_name="items")
    key = models.CharField(max_length=80)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    note = models.TextField()
    old_value = models.JSONField(null=True)
    reply = models.TextField(blank=True)
    is_answered = models.BooleanField(default=False)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, default=Verdict.OPEN, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "key"], name="correction_item_once")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.key}"


class Message(models.Model):
    """A line of talk inside a case, or the office's private thread when internal."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="messages")
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_side = models.CharField(max_length=10)
    text = models.TextField()
    is_internal = models.BooleanField(default=False)
    mentions = models.ManyToManyField(User, blank=True, related_name="+", verbose_name=_("提醒谁看"))

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.at:%F}"


class Sequence(models.Model):
    """Gap-tolerant public numbers per prefix and year, e.g. SQ-2026-0417."""

    prefix = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="sequence_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}"
