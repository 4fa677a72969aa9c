"""Enterprises: one's own with its people, requests to join, verification, change of district."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from portal import files, organisations
from portal.api.base import NUMBER, SignedIn
from portal.api.schema import described
from portal.api.serializers import organisations as side
from portal.api.serializers.common import FileOut, Nothing
from portal.models import (
    DistrictChange,
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    StoredFile,
    Verification,
    standing_of,
)
from portal.organisations.verifying import SLOT
from portal.permissions import Permission, check

MEMBER = OpenApiParameter("member", str, OpenApiParameter.PATH, description=_("成员编号"))
MEMBER_PATH = rf"members/(?P<member>{NUMBER})"


class Organisations(SignedIn):
    """The person's own enterprises."""

    page_order = ("name", "id")

    def get_queryset(self) -> QuerySet[Organisation]:
        rows = Organisation.objects.visible_to(self.me)
        return rows.filter(pk__in=self.me.standing.roles).select_related("district")

    @described(_("列出本人的企业"), responses=side.OrganisationLine(many=True))
    def list(self, request: Request) -> Response:
        """Enterprises one is a member of."""
        return self.page(self.get_queryset(), side.OrganisationLine)

    @described(_("查看本人的企业"), responses=side.OrganisationOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One's own enterprise and one's role in it."""
        return Response(self.shown(self.get_object(), side.OrganisationOut))

    @described(_("登记企业"), request=side.RegisterIn, responses={201: side.OrganisationOut})
    def create(self, request: Request) -> Response:
        """Make the one record of a credit code; a code that has its record leads to a request to join (409)."""
        given = self.given(side.RegisterIn)
        made = organisations.register(code=given.pop("uscc"), **given, by=self.me)
        self.me.forget_standing()
        return Response(self.shown(made, side.OrganisationOut), status=201)

    @described(_("列出成员"), responses=side.MemberOut(many=True))
    @action(detail=True, methods=["get"])
    def members(self, request: Request, number: str) -> Response:
        """Who belongs to the enterprise, and as what."""
        self.page_order = ("created_at", "id")
        rows = Membership.objects.open().filter(organisation=self.get_object()).select_related("user")
        return self.page(rows, side.MemberOut)

    def member(self, number: str) -> Membership:
        """Return an open membership of the enterprise in the address, or 404."""
        rows = Membership.objects.open().filter(organisation=self.get_object()).select_related("organisation", "user")
        return get_object_or_404(rows, number=number)

    @described(_("更改成员角色"), request=side.RoleIn, responses=side.MemberOut, parameters=[MEMBER])
    @action(detail=True, methods=["post"], url_path=rf"{MEMBER_PATH}/change-role")
    def change_role(self, request: Request, number: str, member: str) -> Response:
        """Give a member another role; ownership is handed over, not given."""
        row = organisations.change_role(self.member(member), role=self.given(side.RoleIn)["role"], by=self.me)
        return Response(self.shown(row, side.MemberOut))

    @described(_("退出或移除成员"), request=Nothing, responses=side.MemberOut, parameters=[MEMBER])
    @action(detail=True, methods=["post"], url_path=rf"{MEMBER_PATH}/end")
    def end(self, request: Request, number: str, member: str) -> Response:
        """Leave, or (the owner) remove a member."""
        return Response(self.shown(organisations.end_membership(self.member(member), by=self.me), side.MemberOut))

    @described(_("移交负责人身份"), request=side.HandOverIn, responses=side.MemberOut)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, number: str) -> Response:
        """Make another member the owner; one stays as manager."""
        heir = self.member(self.given(side.HandOverIn)["member"])
        row = organisations.hand_over_ownership(self.get_object(), to=heir, by=self.me)
        return Response(self.shown(row, side.MemberOut))

    @described(_("列出邀请"), responses=side.InvitationOut(many=True))
    @action(detail=True, methods=["get"])
    def invitations(self, request: Request, number: str) -> Response:
        """Invitations of the enterprise; for its owner."""
        organisation = self.get_object()
        check(self.me, Permission.MANAGE_MEMBERS, organisation)
        self.page_order = ("-created_at", "-id")
        return self.page(Invitation.objects.visible_to(self.me).filter(organisation=organisation), side.InvitationOut)

    @described(_("邀请成员"), request=side.InviteIn, responses={201: side.InvitationOut})
    @invitations.mapping.post
    def invite(self, request: Request, number: str) -> Response:
        """Invite somebody by e-mail."""
        made = organisations.invite_member(self.get_object(), **self.given(side.InviteIn), by=self.me)
        return Response(self.shown(made, side.InvitationOut), status=201)

    @described(_("上传营业执照"), request={"multipart/form-data": side.LicenceIn}, responses={201: FileOut})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def licence(self, request: Request, number: str) -> Response:
        """Upload the business licence for the verification."""
        given = self.given(side.LicenceIn)
        made = files.attach(given["file"], slot=SLOT, organisation=self.get_object(), by=self.me)
        return Response(self.shown(made, FileOut), status=201)

    @described(_("申请核实"), request=side.VerifyIn, responses={201: side.VerificationOut})
    @action(detail=True, methods=["post"], url_path="request-verification")
    def request_verification(self, request: Request, number: str) -> Response:
        """Ask the district to verify the enterprise, by licence or by the registry."""
        organisation, wanted = self.get_object(), self.given(side.VerifyIn)["licence"]
        own = StoredFile.objects.visible_to(self.me).filter(organisation=organisation)
        licence = get_object_or_404(own, number=wanted) if wanted else None
        made = organisations.request_verification(organisation, licence=licence, by=self.me)
        return Response(self.shown(made, side.VerificationOut), status=201)

    @described(_("列出所在区变更"), responses=side.MoveOut(many=True))
    @action(detail=True, methods=["get"], url_path="district-changes")
    def district_changes(self, request: Request, number: str) -> Response:
        """Every change of district, the newest first."""
        self.page_order = ("-changed_at", "-id")
        rows = DistrictChange.objects.filter(organisation=self.get_object()).select_related("old", "new")
        return self.page(rows, side.MoveOut)

    @described(_("变更所在区"), request=side.MoveIn, responses={201: side.MoveOut})
    @district_changes.mapping.post
    def change_district(self, request: Request, number: str) -> Response:
        """Move to another district; both districts are told, open cases go along."""
        made = organisations.change_district(self.get_object(), **self.given(side.MoveIn), by=self.me)
        return Response(self.shown(made, side.MoveOut), status=201)


class SupervisedOrganisations(SignedIn):
    """Enterprises of the official's district, or of the whole city."""

    page_order = ("name", "id")

    def get_queryset(self) -> QuerySet[Organisation]:
        user = self.me
        rows = Organisation.objects.visible_to(user).select_related("district")
        standing = standing_of(user)
        return rows if standing.is_city else rows.filter(district__in=standing.districts)

    @described(_("列出辖区企业"), parameters=[side.SupervisedAsked], responses=side.SupervisedOut(many=True))
    def list(self, request: Request) -> Response:
        """Enterprises of one's jurisdiction by name."""
        asked: dict[str, Any] = self.asked(side.SupervisedAsked)
        rows = self.get_queryset()
        if "district" in asked:
            rows = rows.filter(district=asked["district"])
        if asked["verified"] is not None:
            rows = rows.filter(verified_at__isnull=not asked["verified"])
        if "q" in asked:
            rows = rows.filter(Q(name__icontains=asked["q"]) | Q(uscc__iexact=asked["q"]))
        return self.page(rows, side.SupervisedOut)

    @described(_("查看辖区企业"), responses=side.SupervisedOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One enterprise of one's jurisdiction."""
        return Response(self.shown(self.get_object(), side.SupervisedOut))


class JoinRequests(SignedIn):
    """Wishes to join: one's own, and those one may answer."""

    page_order = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[JoinRequest]:
        rows = JoinRequest.objects.visible_to(self.me)
        return rows.select_related("user", "organisation")

    @described(_("列出加入申请"), responses=side.JoinOut(many=True))
    def list(self, request: Request) -> Response:
        """One's own wishes, and those to one's enterprise or district."""
        return self.page(self.get_queryset(), side.JoinOut)

    @described(_("申请加入企业"), request=side.JoinIn, responses={201: side.JoinOut})
    def create(self, request: Request) -> Response:
        """Ask to join a registered enterprise; one sees nothing of it until somebody agrees."""
        given = self.given(side.JoinIn)
        made = organisations.request_join(code=given.pop("uscc"), **given, by=self.me)
        return Response(self.shown(made, side.JoinOut), status=201)

    @described(_("答复加入申请"), request=side.JoinAnswerIn, responses=side.JoinOut)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, number: str) -> Response:
        """Accept with a role or refuse with a reason; the owner, or the district when the owner is gone."""
        row = organisations.answer_join_request(self.get_object(), **self.given(side.JoinAnswerIn), by=self.me)
        return Response(self.shown(row, side.JoinOut))

    @described(_("撤回加入申请"), request=Nothing, responses=side.JoinOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, number: str) -> Response:
        """Take one's own wish back."""
        return Response(self.shown(organisations.withdraw_join(self.get_object(), by=self.me), side.JoinOut))


class Verifications(SignedIn):
    """Requests for verification: one's own enterprise's, or those of one's district."""

    page_order = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[Verification]:
        rows = Verification.objects.visible_to(self.me)
        return rows.select_related("organisation__district", "licence")

    @described(_("列出企业核实"), parameters=[side.VerificationAsked], responses=side.VerificationOut(many=True))
    def list(self, request: Request) -> Response:
        """Verifications, the newest first."""
        return self.page(self.get_queryset().filter(**self.asked(side.VerificationAsked)), side.VerificationOut)

    @described(_("查看一次核实"), responses=side.VerificationOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One request with its outcome."""
        return Response(self.shown(self.get_object(), side.VerificationOut))

    @described(_("办理核实"), request=side.VerificationIn, responses=side.VerificationOut)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, number: str) -> Response:
        """Verify the enterprise, or refuse with a reason; by its district."""
        row = organisations.decide_verification(self.get_object(), **self.given(side.VerificationIn), by=self.me)
        return Response(self.shown(row, side.VerificationOut))
