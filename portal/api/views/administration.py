"""Offices, roles and people for the city's administrators; invitations for whom they concern."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from portal import invitations, offices
from portal.api.authentication import TokenScope
from portal.api.base import NUMBER, Public, SignedIn
from portal.api.schema import described
from portal.api.serializers import administration as side
from portal.api.serializers import public
from portal.api.serializers.common import Nothing
from portal.models import Expert, Invitation, Membership, Office, Posting, User
from portal.permissions import Permission

ADMINISTRATORS = (Permission.MANAGE_PEOPLE,)
KEPT: dict[str, Any] = {"permission_classes": [IsAuthenticated, TokenScope], "door": ADMINISTRATORS}
POSTING = OpenApiParameter("posting", str, OpenApiParameter.PATH, description=_("任职编号"))


class Offices(Public):
    """The city's office and those of the districts: public; their people are the administrators' business."""

    pagination_class = None
    lookup_field = "slug"
    lookup_value_regex = "[a-z-]{1,20}"

    def get_queryset(self) -> QuerySet[Office]:
        return Office.objects.select_related("district")

    @described(_("列出办公室"), responses=public.OfficeOut(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """Where to turn to, with telephone and address."""
        return Response(self.shown(self.get_queryset(), public.OfficeOut, many=True))

    @described(_("修改办公室"), request=side.OfficeIn, responses=side.AdministeredOfficeOut)
    @action(detail=True, methods=["post"], **KEPT)
    def change(self, request: Request, slug: str) -> Response:
        """Change an office's names and how to reach it."""
        office = offices.update_office(self.get_object(), **self.given(side.OfficeIn), by=self.me)
        return Response(self.shown(office, side.AdministeredOfficeOut))

    @described(_("列出任职人员"), responses=side.PostingOut(many=True), filters=False)
    @action(detail=True, methods=["get"], **KEPT)
    def postings(self, request: Request, slug: str) -> Response:
        """Who holds which role in the office now."""
        rows = self.get_object().postings.open().select_related("user", "office").order_by("role", "user__name", "id")
        return Response(self.shown(rows, side.PostingOut, many=True))

    @described(_("邀请公务人员"), request=side.OfficialIn, responses={201: side.AnyInvitationOut})
    @action(detail=True, methods=["post"], **KEPT)
    def invite(self, request: Request, slug: str) -> Response:
        """Invite somebody by e-mail into the office."""
        made = offices.invite_official(self.get_object(), **self.given(side.OfficialIn), by=self.me)
        return Response(self.shown(made, side.AnyInvitationOut), status=201)


class People(SignedIn):
    """Everybody with an account, for the city's administrators."""

    page_order = ("name", "id")
    door = ADMINISTRATORS

    def get_queryset(self) -> QuerySet[User]:
        rows = User.objects.visible_to(self.me).select_related("expert")
        return rows.prefetch_related(
            Prefetch("postings", Posting.objects.open().select_related("office", "user"), "shown_postings"),
            Prefetch("memberships", Membership.objects.open().select_related("organisation"), "shown_memberships"),
        )

    @described(_("列出人员"), parameters=[side.PeopleAsked], responses=side.AccountLine(many=True))
    def list(self, request: Request) -> Response:
        """Officials, experts, the deactivated, or all; found by name or e-mail."""
        asked = self.asked(side.PeopleAsked)
        rows, text = self.get_queryset(), asked["q"].strip()
        wanted = {
            "officials": Q(pk__in=Posting.objects.open().values("user")),
            "experts": Q(expert__isnull=False),
            "inactive": Q(is_active=False),
        }
        rows = rows.filter(wanted.get(asked["view"], Q()))
        return self.page(rows.filter(Q(name__icontains=text) | Q(email__icontains=text)), side.AccountLine)

    @described(_("查看一位人员"), responses=side.AccountLine)
    def retrieve(self, request: Request, number: str) -> Response:
        """One person with postings, enterprises and the expert's entry."""
        return self.said(self.get_object())

    @described(_("任职"), request=side.PostIn, responses={201: side.PostingOut})
    @action(detail=True, methods=["post"], url_path="postings")
    def post_to(self, request: Request, number: str) -> Response:
        """Give the person a role in an office; their sessions end."""
        made = offices.post(self.get_object(), **self.given(side.PostIn), by=self.me)
        return Response(self.shown(made, side.PostingOut), status=201)

    @described(_("结束任职"), request=Nothing, responses=side.PostingOut, parameters=[POSTING])
    @action(detail=True, methods=["post"], url_path=rf"postings/(?P<posting>{NUMBER})/end")
    def end_posting(self, request: Request, number: str, posting: str) -> Response:
        """End a role; open cases go back to the queue."""
        rows = self.get_object().postings.select_related("office", "user")
        ended = offices.end_posting(get_object_or_404(rows, number=posting), by=self.me)
        return Response(self.shown(ended, side.PostingOut))

    @described(_("登记专家"), request=side.ExpertIn, responses=side.AccountLine)
    @action(detail=True, methods=["post"])
    def expert(self, request: Request, number: str) -> Response:
        """Put the person into the expert pool, or correct the entry."""
        person, given = self.get_object(), self.given(side.ExpertIn)
        offices.add_expert(person, fields=given.pop("fields_of_work"), **given, by=self.me)
        return self.said(self.get_object())

    @described(_("专家可否抽取"), request=side.AvailableIn, responses=side.AccountLine)
    @action(detail=True, methods=["post"])
    def availability(self, request: Request, number: str) -> Response:
        """Let the expert be drawn, or not for the time being."""
        expert = get_object_or_404(Expert, user=self.get_object())
        offices.set_availability(expert, **self.given(side.AvailableIn), by=self.me)
        return self.said(self.get_object())

    @described(_("停用人员"), request=side.LeavingIn, responses=side.AccountLine)
    @action(detail=True, methods=["post"])
    def deactivate(self, request: Request, number: str) -> Response:
        """Let somebody sign in no more: sessions and tokens end at once."""
        offices.deactivate_user(self.get_object(), **self.given(side.LeavingIn), by=self.me)
        return self.said(self.get_object())

    @described(_("恢复人员"), request=Nothing, responses=side.AccountLine)
    @action(detail=True, methods=["post"])
    def reactivate(self, request: Request, number: str) -> Response:
        """Let somebody sign in again."""
        offices.reactivate_user(self.get_object(), by=self.me)
        return self.said(self.get_object())

    @described(_("邀请专家"), request=side.ExpertInviteIn, responses={201: side.AnyInvitationOut})
    @action(detail=False, methods=["post"], url_path="invite-expert")
    def invite_expert(self, request: Request) -> Response:
        """Invite somebody by e-mail into the expert pool."""
        made = offices.invite_expert(**self.given(side.ExpertInviteIn), by=self.me)
        return Response(self.shown(made, side.AnyInvitationOut), status=201)

    def said(self, user: User) -> Response:
        """Answer with the person."""
        return Response(self.shown(user, side.AccountLine))


class Invitations(SignedIn):
    """Invitations to one's own address, and those one may take back."""

    page_order = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[Invitation]:
        return Invitation.objects.visible_to(self.me).select_related("organisation", "office", "created_by")

    @described(_("列出邀请"), responses=side.AnyInvitationOut(many=True))
    def list(self, request: Request) -> Response:
        """Invitations to oneself, of one's enterprise (owner), or of the offices (administrators)."""
        return self.page(self.get_queryset(), side.AnyInvitationOut)

    @described(_("接受邀请"), request=Nothing, responses=side.AnyInvitationOut)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, number: str) -> Response:
        """Accept an invitation to one's own address."""
        return self.said(invitations.accept(self.get_object(), by=self.me))

    @described(_("谢绝邀请"), request=Nothing, responses=side.AnyInvitationOut)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, number: str) -> Response:
        """Say no to an invitation to one's own address; who invited is told."""
        return self.said(invitations.decline(self.get_object(), by=self.me))

    @described(_("撤销邀请"), request=Nothing, responses=side.AnyInvitationOut)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, number: str) -> Response:
        """Take an open invitation back; for the enterprise's owner, or the city's administrators."""
        return self.said(invitations.revoke(self.get_object(), by=self.me))

    def said(self, invitation: Invitation) -> Response:
        """Answer with the invitation."""
        return Response(self.shown(invitation, side.AnyInvitationOut))
