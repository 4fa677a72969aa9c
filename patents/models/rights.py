"""Rights of every kind, what belongs to them, and who may know of them (clauses 4, 6-8, 13)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.clock import now
from portal.models import MOST_READERS, Organisation, Secrecy, StoredFile, User, may_know, public_token


class RightKind(models.TextChoices):
    """What is protected. National and PCT-national Chinese patents are the first three; abroad is FOREIGN."""

    INVENTION = "invention", _("发明")
    UTILITY_MODEL = "utility_model", _("实用新型")
    DESIGN = "design", _("外观设计")
    FOREIGN_PATENT = "foreign_patent", _("境外专利")
    TRADEMARK = "trademark", _("商标")
    SOFTWARE = "software", _("软件著作权")
    COPYRIGHT = "copyright", _("其他著作权")
    INDICATION = "indication", _("地理标志")
    LAYOUT = "layout", _("集成电路布图设计")
    PLANT_VARIETY = "plant_variety", _("植物新品种")
    TRADE_SECRET = "trade_secret", _("商业秘密")
    DOMAIN = "domain", _("域名")


class Route(models.TextChoices):
    NATIONAL = "national", _("国内")
    PCT = "pct", _("PCT 进入")
    PARIS = "paris", _("巴黎公约")
    HAGUE = "hague", _("海牙")
    MADRID = "madrid", _("马德里")


class LegalStatus(models.TextChoices):
    """The law status machine (rules, cross-cutting 4). The register's word beats any certificate."""

    DRAFT = "draft", _("未申请")
    PENDING = "pending", _("审查中")
    PUBLISHED = "published", _("已公布")
    GRANTED = "granted", _("有效")
    IN_GRACE = "in_grace", _("滞纳期")
    LAPSED = "lapsed", _("已终止")
    RESTORED = "restored", _("已恢复")
    EXPIRED = "expired", _("期满")
    INVALIDATED = "invalidated", _("全部无效")
    PARTIALLY_INVALIDATED = "part_invalid", _("部分无效")
    REFUSED = "refused", _("驳回")
    WITHDRAWN = "withdrawn", _("撤回")


IN_FORCE = (
    LegalStatus.GRANTED,
    LegalStatus.IN_GRACE,
    LegalStatus.RESTORED,
    LegalStatus.PARTIALLY_INVALIDATED,
)
ALIVE = (LegalStatus.DRAFT, LegalStatus.PENDING, LegalStatus.PUBLISHED, *IN_FORCE)


class Flag(models.TextChoices):
    """What rests on a right besides its status."""

    PLEDGED = "pledged", _("质押")
    EXCLUSIVE = "exclusive", _("独占许可")
    SOLE = "sole", _("排他许可")
    ORDINARY = "ordinary", _("普通许可")
    OPEN = "open", _("开放许可")
    PRESERVED = "preserved", _("保全")
    SUSPENDED = "suspended", _("中止")


class Reduction(models.TextChoices):
    """The reduced share of a fee (费减): one sense only, never the share that remains to pay."""

    NONE = "0", _("不减缴")
    JOINT = "0.70", _("减缴 70%")
    SINGLE = "0.85", _("减缴 85%")


SEARCHED = (
    "title", "title_en", "abstract", "goods", "agent", "owners", "inventors", "application_number",
    "publication_number", "registration_number", "international_number", "priority_number",
)  # fmt: skip


class RightQuerySet(models.QuerySet["Right"]):
    """Rights and who may know of them."""

    def visible_to(self, user: Any) -> RightQuerySet:
        """Limit to what this person may know of.

        Officials: open rights of their area. Members and the mandated agency: open and internal ones of the
        enterprise. Trade secrets and undisclosed inventions: the persons named on them, while they are members.
        """
        return self.filter(may_know(user, agency="agency"))

    def alive(self) -> RightQuerySet:
        """Return what is applied for or in force."""
        return self.filter(status__in=ALIVE)

    def in_force(self) -> RightQuerySet:
        return self.filter(status__in=IN_FORCE)

    def patents(self) -> RightQuerySet:
        """Return Chinese patents and applications for them."""
        return self.filter(kind__in=[RightKind.INVENTION, RightKind.UTILITY_MODEL, RightKind.DESIGN])


class RightManager(models.Manager.from_queryset(RightQuerySet)):  # type: ignore[misc]
    """Leaves the search vector in the database: nobody reads it, and it is longer than the row."""

    def get_queryset(self) -> RightQuerySet:
        return super().get_queryset().defer("search")


class Family(models.Model):
    """Applications abroad and at home that rest on the same first filing."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="families", verbose_name=_("单位"))
    title = models.CharField(_("名称"), max_length=300)
    priority_number = models.CharField(_("优先权号"), max_length=40, blank=True)
    priority_on = models.DateField(_("优先权日"), null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("专利族")
        verbose_name_plural = _("专利族")

    def __str__(self) -> str:
        return self.title


class Product(models.Model):
    """A product or service of the enterprise, linked to the rights it uses."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="products", verbose_name=_("单位"))
    name = models.CharField(_("产品或服务"), max_length=200)
    is_active = models.BooleanField(_("在售"), default=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("产品")
        verbose_name_plural = _("产品")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="product_once")]

    def __str__(self) -> str:
        return self.name


class Right(models.Model):
    """One right or application. Facts of the register with their source and day; what follows is computed."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="rights", verbose_name=_("单位"))
    kind = models.CharField(_("类型"), max_length=14, choices=RightKind.choices)
    route = models.CharField(_("途径"), max_length=8, choices=Route.choices, default=Route.NATIONAL)
    country = models.CharField(
        _("国家或地区"),
        max_length=2,
        default="CN",
        validators=[RegexValidator(r"^[A-Z]{2}$", _("填两位大写字母的国家或地区代码，例如 CN、US、EP。"))],
    )
    title = models.CharField(_("名称"), max_length=500)
    title_en = models.CharField(_("英文名称"), max_length=500, blank=True)
    abstract = models.TextField(_("摘要"), blank=True, max_length=6000)
    application_number = models.CharField(_("申请号"), max_length=40, blank=True)
    publication_number = models.CharField(_("公布号或公告号"), max_length=40, blank=True)
    registration_number = models.CharField(_("注册号或登记号"), max_length=40, blank=True)
    international_number = models.CharField(_("国际申请号或注册号"), max_length=40, blank=True)
    # What makes a right the same right within the enterprise: normalised by patents.rights.identity().
    identity = models.CharField(max_length=60, editable=False)
    priority_number = models.CharField(_("优先权号"), max_length=40, blank=True)
    priority_on = models.DateField(_("最早优先权日"), null=True, blank=True)
    filed_on = models.DateField(_("申请日"), null=True, blank=True)
    published_on = models.DateField(_("公布日或初审公告日"), null=True, blank=True)
    granted_on = models.DateField(_("授权公告日或注册日"), null=True, blank=True)
    expires_on = models.DateField(_("届满日"), null=True, blank=True)
    # The day entered, else the statutory one as the engine says: written by patents.dates.recompute alone.
    ends_on = models.DateField(_("届满日（含推算）"), null=True, blank=True, editable=False)
    ended_on = models.DateField(_("终止日"), null=True, blank=True)
    owners = ArrayField(models.CharField(max_length=200), verbose_name=_("权利人"), default=list, blank=True)
    inventors = ArrayField(models.CharField(max_length=120), verbose_name=_("发明人"), default=list, blank=True)
    agent = models.CharField(_("代理机构"), max_length=200, blank=True)
    main_ipc = models.CharField(_("主分类号"), max_length=20, blank=True)
    classes = ArrayField(models.CharField(max_length=20), verbose_name=_("分类号"), default=list, blank=True)
    goods = models.TextField(_("商品或服务"), blank=True, max_length=4000)
    measures = models.TextField(_("保密措施"), blank=True, max_length=4000)
    status = models.CharField(_("法律状态"), max_length=12, choices=LegalStatus.choices, default=LegalStatus.PENDING)
    status_on = models.DateField(_("状态日期"), null=True, blank=True)
    status_source = models.CharField(_("状态来源"), max_length=200, blank=True)
    flags = ArrayField(
        models.CharField(max_length=10, choices=Flag.choices), verbose_name=_("权利负担"), default=list, blank=True
    )
    # Money of the office
    reduction = models.CharField(_("费减"), max_length=4, choices=Reduction.choices, default=Reduction.NONE)
    reduction_from = models.PositiveSmallIntegerField(_("费减自第几年起"), null=True, blank=True)
    open_licence_from = models.DateField(_("开放许可自"), null=True, blank=True)
    open_licence_to = models.DateField(_("开放许可至"), null=True, blank=True)
    paid_year = models.PositiveSmallIntegerField(_("年费已缴至第几年"), null=True, blank=True)
    # People
    responsible = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("负责人")
    )
    backup = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("备用联系人"), db_index=False
    )
    agency = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="mandates", verbose_name=_("受托机构"),
        db_index=False,
    )  # fmt: skip
    secrecy = models.CharField(_("可见范围"), max_length=8, choices=Secrecy.choices, default=Secrecy.OPEN)
    readers = ArrayField(models.BigIntegerField(), verbose_name=_("指定人员"), default=list, blank=True)
    # What it belongs to
    family = models.ForeignKey(
        Family, models.SET_NULL, null=True, blank=True, related_name="rights", verbose_name=_("专利族"), db_index=False
    )
    products = models.ManyToManyField(Product, blank=True, related_name="rights", verbose_name=_("使用该权利的产品"))
    # Judgement: A-D with reasons, core and high value; kept by patents.grades and patents.high_value
    grade = models.CharField(_("分级"), max_length=1, blank=True)
    grade_reasons = models.JSONField(default=list, blank=True)
    is_grade_manual = models.BooleanField(_("人工分级"), default=False)
    is_core = models.BooleanField(_("核心专利"), default=False)
    is_high_value = models.BooleanField(_("高价值"), default=False)
    industry_code = models.CharField(_("战略性新兴产业"), max_length=10, blank=True)
    is_industry_confirmed = models.BooleanField(_("产业归属已确认"), default=False)
    awards = ArrayField(models.CharField(max_length=100), verbose_name=_("获奖"), default=list, blank=True)
    pledge_amount = models.DecimalField(_("质押融资金额"), max_digits=14, decimal_places=2, null=True, blank=True)
    note = models.TextField(_("备注"), blank=True, max_length=4000)
    # Made by the database from the row (see the migration): no statement names it when it writes.
    search = models.GeneratedField(
        expression=models.Func(*SEARCHED, function="patents_search_vector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    log_label = ""  # officials read the log
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    updated_at = models.DateTimeField(default=now)

    objects = RightManager()

    class Meta:
        verbose_name = _("知识产权")
        verbose_name_plural = _("知识产权")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "identity"], condition=~Q(identity=""), name="right_once_per_organisation"
            ),
            models.CheckConstraint(condition=Q(kind__in=RightKind.values), name="right_kind_known"),
            models.CheckConstraint(condition=Q(status__in=LegalStatus.values), name="right_status_known"),
            models.CheckConstraint(
                condition=~Q(kind=RightKind.TRADE_SECRET) | Q(secrecy=Secrecy.NAMED), name="right_secret_is_named"
            ),
            models.CheckConstraint(condition=Q(grade__in=["", "A", "B", "C", "D"]), name="right_grade_known"),
            models.CheckConstraint(condition=Q(readers__len__lte=MOST_READERS), name="right_readers_are_few"),
        ]
        indexes = [
            # Rows without a day stand last, as portal.pagination reads them. What decides who may know of a row lies
            # beside the order, so that counting reads no rows.
            models.Index(
                F("organisation"),
                F("filed_on").desc(nulls_last=True),
                F("id").desc(),
                include=["secrecy", "readers", "status"],
                name="right_organisation_list_idx",
            ),
            models.Index(fields=["organisation"], condition=Q(secrecy="named"), name="right_named_idx"),
            models.Index(fields=["organisation", "kind", "status"], name="right_kind_idx"),
            models.Index(
                F("filed_on").desc(nulls_last=True),
                F("id").desc(),
                condition=Q(secrecy="open"),
                name="right_area_list_idx",
            ),
            models.Index(fields=["application_number"], name="right_application_idx"),
            models.Index(
                fields=["organisation", "agency"], condition=Q(agency__isnull=False), name="right_mandate_idx"
            ),
            # Most rights have neither: an index of all of them would be written with every row.
            models.Index(fields=["agency"], condition=Q(agency__isnull=False), name="right_agency_idx"),
            models.Index(fields=["family"], condition=Q(family__isnull=False), name="right_family_idx"),
            # What is written waits in a short list (`gin_pending_list_limit`); an import merges its thousands at once.
            GinIndex(fields=["search"], name="right_search_idx", fastupdate=True),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_in_force(self) -> bool:
        return self.status in IN_FORCE

    @property
    def state(self) -> str:
        """The status as people call it: the grace of a trademark (宽展期) bears another name than that of a patent."""
        is_renewed = self.kind == RightKind.TRADEMARK and self.status == LegalStatus.IN_GRACE
        return "tm_grace" if is_renewed else self.status


class RightEvent(models.Model):
    """Something that happened to a right, for its timeline."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    right = models.ForeignKey(Right, models.CASCADE, related_name="events", verbose_name=_("知识产权"))
    kind = models.CharField(_("事项"), max_length=30)
    on = models.DateField(_("日期"))
    # Values for the words of the event; {"from": ..., "to": ...} per field for a change.
    data = models.JSONField(default=dict, blank=True)
    text = models.CharField(_("说明"), max_length=500, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    document = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("事件")
        verbose_name_plural = _("事件")
        indexes = [models.Index(fields=["right", "-on", "-id"], name="right_event_idx")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class OfficialNotice(models.Model):
    """A notice received from an office: its type, issue date and delivery open the deadlines that follow from it."""

    class Delivery(models.TextChoices):
        ELECTRONIC = "electronic", _("电子送达")
        POST = "post", _("邮寄")
        HAND = "hand", _("直接送交")
        NOTICE = "notice", _("公告送达")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    right = models.ForeignKey(Right, models.CASCADE, related_name="notices", verbose_name=_("知识产权"))
    type = models.CharField(_("通知书"), max_length=40)
    issued_on = models.DateField(_("发文日"))
    delivery = models.CharField(_("送达方式"), max_length=10, choices=Delivery.choices, default=Delivery.ELECTRONIC)
    entered_on = models.DateField(_("进入系统日（可证明的）"), null=True, blank=True)
    is_priority_examination = models.BooleanField(_("优先审查"), default=False)
    stated_on = models.DateField(_("通知书写明的届满日"), null=True, blank=True)
    # Of a payment notice: the fee of the year and the late windows as printed, [{"from", "to", "surcharge"}]
    stated_amount = models.DecimalField(_("通知书写明的金额"), max_digits=12, decimal_places=2, null=True, blank=True)
    stated_bands = models.JSONField(_("通知书写明的各档"), default=list, blank=True)
    # Of an approval of fee reduction
    reduction = models.CharField(_("批准的费减"), max_length=4, choices=Reduction.choices, blank=True)
    reduction_from = models.PositiveSmallIntegerField(_("费减自第几年起"), null=True, blank=True)
    requested_on = models.DateField(_("费减请求日"), null=True, blank=True)
    document = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField(_("备注"), max_length=500, blank=True)
    answered_on = models.DateField(_("答复日"), null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("官方通知书")
        verbose_name_plural = _("官方通知书")
        constraints = [
            models.UniqueConstraint(fields=["right", "type", "issued_on"], name="official_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.issued_on}"


class UseEvidence(models.Model):
    """Proof that a trademark is used in a class; the non-use clock runs from the last one (商标法 2019 art. 49)."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    right = models.ForeignKey(Right, models.CASCADE, related_name="use_evidence", verbose_name=_("商标"))
    nice_class = models.PositiveSmallIntegerField(_("类别"))
    used_on = models.DateField(_("使用日期"))
    description = models.CharField(_("说明"), max_length=300)
    document = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("使用证据")
        verbose_name_plural = _("使用证据")
        indexes = [models.Index(fields=["right", "nice_class", "-used_on"], name="use_evidence_idx")]

    def __str__(self) -> str:
        return f"{self.nice_class} {self.used_on}"
