"""Districts, people, organisations and offices: who everybody is, and where they belong."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast, Lower, Replace, Right
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.clock import now, today

NO_AMBIGUOUS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def public_token() -> str:
    """Return a random public number (10 characters without look-alikes) that gives nothing away."""
    return "".join(secrets.choice(NO_AMBIGUOUS) for _ in range(10))


def database_token() -> Any:
    """Return the database's own default for a public number: sixteen hex digits, for rows written by a statement."""
    return Right(Replace(Cast(RandomUUID(), models.TextField()), Value("-"), Value("")), 16)


class District(models.Model):
    """One of the 16 districts. `code` is its GB/T 2260 division code."""

    code = models.CharField(_("区划代码"), primary_key=True, max_length=6)
    name_zh = models.CharField(_("中文名"), max_length=20)
    name_en = models.CharField(_("英文名"), max_length=30)
    slug = models.SlugField(_("拼音"), unique=True, max_length=20)
    position = models.PositiveSmallIntegerField(_("自北向南的次序"), default=0)

    class Meta:
        ordering = ["position"]
        verbose_name = _("区")
        verbose_name_plural = _("区")

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


# Which office roles see handed-in cases. `portal.permissions.ROLES` says the same of VIEW_CASE; a test compares.
CASE_ROLES = {
    "city": frozenset({"officer", "supervisor", "administrator", "auditor"}),
    "district": frozenset({"officer", "supervisor", "auditor"}),
}


@dataclass(frozen=True)
class Standing:
    """What a person is: {organisation pk: role}, {(office kind, district code, office role)}, expert or not."""

    roles: dict[int, str] = field(default_factory=dict)
    postings: frozenset[tuple[str, str, str]] = frozenset()
    is_expert: bool = False
    agencies: frozenset[int] = frozenset()  # those of `roles` that are agencies: only they have mandates
    is_deputy: bool = False  # named today as somebody's deputy: `portal.workbench.absences` says whose

    @property
    def is_official(self) -> bool:
        return bool(self.postings)

    @property
    def is_city(self) -> bool:
        return any(kind == "city" for kind, _district, _role in self.postings)

    @property
    def districts(self) -> set[str]:
        return {district for kind, district, _role in self.postings if kind == "district"}

    @property
    def sees_all_cases(self) -> bool:
        """Whether a city posting lets one see the cases of every district: publishers do not."""
        return any(kind == "city" and role in CASE_ROLES["city"] for kind, _district, role in self.postings)

    @property
    def case_districts(self) -> set[str]:
        """The districts whose cases one sees as their official."""
        seeing = CASE_ROLES["district"]
        return {district for kind, district, role in self.postings if kind == "district" and role in seeing}

    def roles_for(self, district: str | None) -> set[str]:
        """Return permission-table role names that count for a district's matters, e.g. {'district_officer'}."""
        return {f"{kind}_{role}" for kind, own, role in self.postings if kind == "city" or own == district}


NOBODY = Standing()


def standing_of(user: Any) -> Standing:
    """Return the standing of a request's user; nobody for anonymous or disabled people."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOBODY
    return user.standing


class UserQuerySet(models.QuerySet["User"]):
    """People and who may look them up as people: themselves, and the city administrators."""

    def visible_to(self, user: Any) -> UserQuerySet:
        standing = standing_of(user)
        if ("city", "", OfficeRole.ADMINISTRATOR.value) in standing.postings:
            return self
        return self.filter(pk=getattr(user, "pk", None)) if standing is not NOBODY else self.none()


class UserManager(BaseUserManager["User"]):
    """Users are found by their e-mail address, whatever its case."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: Any) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **extra})


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do follows from memberships, postings and assignments, never from flags here."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("跟随系统")
        LIGHT = "light", _("浅色")
        DARK = "dark", _("深色")

    class TextSize(models.TextChoices):
        NORMAL = "normal", _("标准字号")
        LARGE = "large", _("大字版")

    class MailChoice(models.TextChoices):
        AT_ONCE = "at_once", _("逐条发送")
        DIGEST = "digest", _("每日汇总")
        NONE = "none", _("只在站内查看")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    email = models.EmailField(_("电子邮箱"), unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    theme = models.CharField(_("主题"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    text_size = models.CharField(_("字号"), max_length=6, choices=TextSize.choices, default=TextSize.NORMAL)
    mail_choice = models.CharField(_("邮件"), max_length=8, choices=MailChoice.choices, default=MailChoice.AT_ONCE)
    quiet_from = models.TimeField(_("免打扰自"), null=True, blank=True)
    quiet_to = models.TimeField(_("免打扰至"), null=True, blank=True)
    current_organisation = models.ForeignKey(
        "Organisation", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("当前企业")
    )
    is_active = models.BooleanField(_("可登录"), default=True)
    is_staff = models.BooleanField(_("可用紧急后台"), default=False)
    is_demo = models.BooleanField(_("演示人员"), default=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    date_joined = models.DateTimeField(_("加入时间"), default=now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # The epoch makes every session of a person die at once without searching for them.
        value = f"{self.password}{self.session_epoch}"
        return salted_hmac("portal.session", value, secret=secret, algorithm="sha256").hexdigest()

    def end_sessions(self) -> None:
        """Sign the person out everywhere, at once: after a change of role, posting or factor."""
        type(self).objects.filter(pk=self.pk).update(session_epoch=models.F("session_epoch") + 1)
        self.forget_standing()

    @cached_property
    def standing(self) -> Standing:
        """What this person is, read once per request (three queries)."""
        if not self.is_active or self.pk is None:
            return NOBODY
        seats = self.memberships.filter(ended_at=None)
        rows = list(seats.values_list("organisation_id", "role", "organisation__kind"))
        named = Q(user__stands_in__from_on__lte=today(), user__stands_in__until_on__gte=today())
        named &= Q(user__stands_in__cancelled_at=None)
        postings = list(
            self.postings.filter(ended_at=None)
            .annotate(named=models.Count("user__stands_in", filter=named))
            .values_list("office__kind", "office__district_id", "role", "named")
        )
        return Standing(
            is_deputy=any(count for *_posting, count in postings),
            roles={pk: role for pk, role, _kind in rows},
            agencies=frozenset(pk for pk, _role, kind in rows if kind == Organisation.Kind.AGENCY),
            postings=frozenset((kind, district or "", role) for kind, district, role, _named in postings),
            is_expert=Expert.objects.filter(user=self).exists(),
        )

    def forget_standing(self) -> None:
        """Drop the cached standing after memberships or postings changed."""
        self.__dict__.pop("standing", None)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations and who sees them."""

    def visible_to(self, user: Any) -> OrganisationQuerySet:
        """Limit to: own memberships; a district's confirmed enterprises for its officials; all for the city."""
        standing = standing_of(user)
        if standing.is_city:
            return self
        return self.filter(Q(pk__in=standing.roles) | Q(district__in=standing.districts))

    def verified(self) -> OrganisationQuerySet:
        return self.filter(verified_at__isnull=False)

    def unverified(self) -> OrganisationQuerySet:
        return self.filter(verified_at=None)


class Organisation(models.Model):
    """An enterprise or other body: one record per unified social credit code (GB 32100-2015)."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业")
        AGENCY = "agency", _("服务机构")
        BANK = "bank", _("金融机构")
        UNIVERSITY = "university", _("高校院所")
        PARK = "park", _("园区")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices, default=Kind.ENTERPRISE)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    name = models.CharField(_("名称"), max_length=200)
    address = models.CharField(_("住所"), max_length=400, blank=True)
    registered_on = models.DateField(_("成立日期"), null=True, blank=True)
    is_legal_person = models.BooleanField(_("独立法人"), default=True)
    district = models.ForeignKey(District, models.PROTECT, related_name="organisations", verbose_name=_("所在区"))
    verified_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核实人")
    )
    created_at = models.DateTimeField(_("登记时间"), default=now)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记人")
    )
    is_demo = models.BooleanField(_("演示数据"), default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="organisation_verified_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(uscc__regex=r"^[0-9A-HJ-NP-RTUWXY]{18}$"), name="organisation_uscc_shape"
            ),
        ]
        indexes = [
            models.Index(fields=["district", "verified_at", "id"], name="organisation_district_idx"),
            models.Index(fields=["name"], name="organisation_name_idx"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        """Whether a district has verified this enterprise, which submitting needs."""
        return self.verified_at is not None


class Role(models.TextChoices):
    """What a person is in an enterprise."""

    OWNER = "owner", pgettext_lazy("enterprise", "负责人")
    MANAGER = "manager", _("知识产权主管")
    MEMBER = "member", _("经办人")
    VIEWER = "viewer", _("只读")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def open(self) -> MembershipQuerySet:
        return self.filter(ended_at=None)

    def visible_to(self, user: Any) -> MembershipQuerySet:
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class Membership(models.Model):
    """A person's place in an organisation. Ended rows stay as history."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships", verbose_name=_("单位"))
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("人员"))
    role = models.CharField(_("角色"), max_length=8, choices=Role.choices, default=Role.MEMBER)
    is_backup_contact = models.BooleanField(_("备用联系人"), default=False)
    created_at = models.DateTimeField(_("加入时间"), default=now)
    ended_at = models.DateTimeField(_("退出时间"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("成员")
        verbose_name_plural = _("成员")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=Q(ended_at=None), name="membership_once_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(ended_at=None, role="owner"), name="membership_one_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"


class OfficeRole(models.TextChoices):
    """What an official is in an office."""

    OFFICER = "officer", _("经办")
    SUPERVISOR = "supervisor", pgettext_lazy("office", "负责人")
    PUBLISHER = "publisher", _("发布人")
    ADMINISTRATOR = "administrator", _("管理员")
    AUDITOR = "auditor", _("审计")


class OfficeQuerySet(models.QuerySet["Office"]):
    def visible_to(self, user: Any) -> OfficeQuerySet:
        """Limit to: all for the city, one's own for others. The public sees service points, not this."""
        standing = standing_of(user)
        return self if standing.is_city else self.filter(district__in=standing.districts)


class Office(models.Model):
    """The city office, or the office of one district."""

    class Kind(models.TextChoices):
        CITY = "city", _("市级")
        DISTRICT = "district", _("区级")

    kind = models.CharField(_("层级"), max_length=8, choices=Kind.choices)
    district = models.OneToOneField(
        District, models.PROTECT, null=True, blank=True, related_name="office", verbose_name=_("区")
    )
    slug = models.SlugField(_("标识"), unique=True, max_length=20)
    name_zh = models.CharField(_("中文名"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=90)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "district__position"]
        verbose_name = _("办公室")
        verbose_name_plural = _("办公室")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="city", district=None) | Q(kind="district", district__isnull=False),
                name="office_district_iff_district_office",
            )
        ]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class PostingQuerySet(models.QuerySet["Posting"]):
    def open(self) -> PostingQuerySet:
        return self.filter(ended_at=None)

    def visible_to(self, user: Any) -> PostingQuerySet:
        return self.filter(office__in=Office.objects.visible_to(user))


class Posting(models.Model):
    """An official's role in an office."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    office = models.ForeignKey(Office, models.PROTECT, related_name="postings", verbose_name=_("办公室"))
    user = models.ForeignKey(User, models.PROTECT, related_name="postings", verbose_name=_("人员"))
    role = models.CharField(_("角色"), max_length=14, choices=OfficeRole.choices)
    created_at = models.DateTimeField(_("任职时间"), default=now)
    ended_at = models.DateTimeField(_("离任时间"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "user", "role"], condition=Q(ended_at=None), name="posting_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.office} · {self.get_role_display()}"


class Expert(models.Model):
    """A person who may be asked to score. Fields are free words; invitations are per application."""

    user = models.OneToOneField(User, models.PROTECT, related_name="expert", verbose_name=_("人员"))
    employer = models.CharField(_("工作单位"), max_length=120, blank=True)
    employer_uscc = models.CharField(_("工作单位信用代码"), max_length=18, blank=True)
    fields = models.CharField(_("领域"), max_length=200, blank=True)
    is_available = models.BooleanField(_("可受邀"), default=True)
    created_at = models.DateTimeField(_("入库时间"), default=now)

    class Meta:
        verbose_name = _("专家")
        verbose_name_plural = _("专家")

    def __str__(self) -> str:
        return str(self.user)
