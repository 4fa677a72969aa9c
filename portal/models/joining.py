"""How people come in and what moves: requests to join, invitations, verification, change of district."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal.clock import now

from .people import (
    NOBODY,
    District,
    Membership,
    Office,
    OfficeRole,
    Organisation,
    Role,
    User,
    public_token,
    standing_of,
)


class Registration(models.Model):
    """What somebody filled in before their e-mail address was confirmed. Becomes an enterprise or a join request."""

    user = models.OneToOneField(User, models.CASCADE, related_name="registration", verbose_name=_("人员"))
    uscc = models.CharField(_("统一社会信用代码"), max_length=18)
    name = models.CharField(_("名称"), max_length=200, blank=True)
    address = models.CharField(_("住所"), max_length=400, blank=True)
    registered_on = models.DateField(_("成立日期"), null=True, blank=True)
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所在区")
    )
    message = models.CharField(_("说明"), max_length=300, blank=True)
    asks_district = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("待确认的登记")
        verbose_name_plural = _("待确认的登记")

    def __str__(self) -> str:
        return self.uscc


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def open(self) -> JoinRequestQuerySet:
        return self.filter(status=JoinRequest.Status.OPEN)

    def visible_to(self, user: Any) -> JoinRequestQuerySet:
        """Limit to: one's own; the owner's enterprise; the supervisor's district where its help is needed."""
        standing = standing_of(user)
        if standing is NOBODY:
            return self.none()
        owned = [pk for pk, role in standing.roles.items() if role == Role.OWNER]
        supervised = {code for kind, code, role in standing.postings if role == OfficeRole.SUPERVISOR and code}
        seen = Q(user=user) | Q(organisation__in=owned)
        if supervised:
            has_owner = Membership.objects.open().filter(
                organisation=OuterRef("organisation"), role=Role.OWNER, user__is_active=True
            )
            seen |= Q(organisation__district__in=supervised) & (Q(asks_district=True) | Q(~Exists(has_owner)))
        return self.filter(seen)


class JoinRequest(models.Model):
    """A second comer's wish to join a registered enterprise. Says nothing of the enterprise to the asker."""

    class Status(models.TextChoices):
        OPEN = "open", _("待同意")
        ACCEPTED = "accepted", _("已同意")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="join_requests", verbose_name=_("单位"))
    user = models.ForeignKey(User, models.PROTECT, related_name="join_requests", verbose_name=_("申请人"))
    uscc = models.CharField(_("填写的信用代码"), max_length=18)
    message = models.CharField(_("说明"), max_length=300, blank=True)
    asks_district = models.BooleanField(_("负责人已离职，请区里处理"), default=False)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.OPEN)
    created_at = models.DateTimeField(_("申请时间"), default=now)
    decided_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复人")
    )
    reason = models.CharField(_("理由"), max_length=300, blank=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("加入申请")
        verbose_name_plural = _("加入申请")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=Q(status="open"), name="join_request_one_open"
            )
        ]

    def __str__(self) -> str:
        return self.number


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now())

    def visible_to(self, user: Any) -> InvitationQuerySet:
        """Limit to: those to one's own address; one's enterprise's for its owner; all others for administrators."""
        standing = standing_of(user)
        if standing is NOBODY:
            return self.none()
        owned = [pk for pk, role in standing.roles.items() if role == Role.OWNER]
        seen = Q(email__iexact=user.email) | Q(organisation__in=owned)
        if ("city", "", OfficeRole.ADMINISTRATOR.value) in standing.postings:
            seen |= Q(organisation=None)
        return self.filter(seen)


class Invitation(models.Model):
    """An invitation by e-mail into an organisation, an office or the expert pool. Only the token's hash is kept."""

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    email = models.EmailField(_("电子邮箱"))
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="invitations", verbose_name=_("单位")
    )
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="invitations", verbose_name=_("办公室")
    )
    role = models.CharField(
        _("角色"), max_length=14, choices=[*Role.choices, *OfficeRole.choices, ("expert", _("专家"))]
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("发出时间"), default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("邀请人"))
    expires_at = models.DateTimeField(_("失效时间"))
    accepted_at = models.DateTimeField(_("接受时间"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("接受人")
    )
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("邮件发出时间"), null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_next_at = models.DateTimeField(default=now)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("邀请")
        verbose_name_plural = _("邀请")
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, office=None) | Q(organisation=None),
                name="invitation_one_target",
            )
        ]

    def __str__(self) -> str:
        return self.number


class VerificationQuerySet(models.QuerySet["Verification"]):
    def open(self) -> VerificationQuerySet:
        return self.filter(status=Verification.Status.OPEN)

    def visible_to(self, user: Any) -> VerificationQuerySet:
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class Verification(models.Model):
    """One request that the district verify an enterprise, with its outcome. The newest row counts."""

    class Status(models.TextChoices):
        OPEN = "open", _("待核实")
        VERIFIED = "verified", _("已核实")
        REFUSED = "refused", _("未通过核实")

    class Evidence(models.TextChoices):
        LICENCE = "licence", _("营业执照")
        REGISTRY = "registry", _("与登记信息相符")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="verifications", verbose_name=_("单位"))
    evidence = models.CharField(_("依据"), max_length=10, choices=Evidence.choices)
    licence = models.ForeignKey(
        "StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("营业执照")
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.OPEN)
    created_at = models.DateTimeField(_("提交时间"), default=now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提交人"))
    due_on = models.DateField(_("办理期限"), null=True, blank=True)
    decided_at = models.DateTimeField(_("办理时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理人")
    )
    reason = models.CharField(_("理由"), max_length=500, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("企业核实")
        verbose_name_plural = _("企业核实")
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=Q(status="open"), name="verification_one_open")
        ]
        indexes = [models.Index(fields=["due_on", "id"], condition=Q(status="open"), name="verification_open_idx")]

    def __str__(self) -> str:
        return self.number


class DistrictChange(models.Model):
    """The history of an organisation's district: the old district keeps knowing where it went."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="district_changes", verbose_name=_("单位")
    )
    old = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("原所在区"))
    new = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("现所在区"))
    new_address = models.CharField(_("新住所"), max_length=400, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    changed_at = models.DateTimeField(_("变更时间"), default=now)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("变更人"))

    class Meta:
        verbose_name = _("所在区变更")
        verbose_name_plural = _("所在区变更")
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.old} → {self.new}"
