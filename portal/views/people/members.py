"""An enterprise's own pages of people: members and permissions, history; and the verbs on a member."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal import hats, invitations, organisations
from portal.forms.people import InviteMemberForm, RoleForm
from portal.models import AuditEvent, Invitation, JoinRequest, Membership, Organisation, Role, User
from portal.organisations.joining import GIVEN_BY_OWNER
from portal.pagination import Keyset
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView, ActionView, SignedIn, fetch
from portal.views.limits import Limited
from portal.vocabulary import audit_word

PAGE = 50
DOES = {
    Role.OWNER: gettext_lazy("管理成员、移交负责人、提交办件，以及以下全部"),
    Role.MANAGER: gettext_lazy("修改企业资料、申请核实、提交、撤回和申诉，以及以下全部"),
    Role.MEMBER: gettext_lazy("填报和补正办件，查看企业资料"),
    Role.VIEWER: gettext_lazy("只能查看"),
}


def keep_signed_in(request: Any) -> None:
    """Go on as the same person after their sessions were ended by their own act; all other devices stay signed out."""
    request.user = User.objects.get(pk=request.user.pk)
    update_session_auth_hash(request, request.user)


class OrganisationPage(SignedIn):
    """A page of one enterprise for its members; `needs` is checked at once."""

    clause: str | list[str] | None = "2"
    needs = Permission.VIEW_ORGANISATION

    @cached_property
    def organisation(self) -> Organisation:
        rows = Organisation.objects.select_related("district")
        found: Organisation = fetch(rows, self.request.user, number=self.kwargs["number"])
        check(self.request.user, self.needs, found)
        if hats.hat_of(self.request).organisation != found:
            hats.wear(self.request, f"organisation-{found.number}")  # a page of hers is work for her
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(organisation=self.organisation, **kwargs)  # type: ignore[misc]


class MemberList(OrganisationPage, TemplateView):
    """Who belongs to the enterprise, who asks to, who is invited."""

    template_name = "portal/people/members.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation, user = self.organisation, self.request.user
        members = Membership.objects.open().filter(organisation=organisation).select_related("user")
        is_owner = can(user, Permission.MANAGE_MEMBERS, organisation)
        asked = JoinRequest.objects.open().filter(organisation=organisation).select_related("user")
        invited = Invitation.objects.open().filter(organisation=organisation).order_by("-created_at")
        order = list(Role.values)
        return super().get_context_data(
            members=sorted(members, key=lambda row: (order.index(row.role), row.created_at)),
            may_manage=is_owner,
            requests=asked.order_by("created_at")[:PAGE] if is_owner else [],
            invitations=invited[:PAGE] if is_owner else [],
            roles=[(role.value, role.label) for role in GIVEN_BY_OWNER],
            explained=[(Role(role).label, words) for role, words in DOES.items()],
            **kwargs,
        )


class InviteMember(Limited, OrganisationPage, ActionFormView):
    """Invite a colleague by e-mail."""

    needs = Permission.MANAGE_MEMBERS
    template_name = "portal/people/invite_member.html"
    form_class = InviteMemberForm
    success_message = gettext_lazy("邀请已发出，14 天内有效。")
    limits = {"POST": "60/h"}
    limit_per_person = True

    def action(self, form: InviteMemberForm) -> Any:
        return organisations.invite_member(self.organisation, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("member-list", args=[self.organisation.number])


class RevokeInvitation(ActionView):
    """Take an invitation back: the owner's into the enterprise, the administrator's into an office or the pool."""

    model = Invitation
    success_message = gettext_lazy("已撤销邀请，链接不再有效。")

    def action(self, obj: Invitation, form: Any) -> Any:
        return invitations.revoke(obj, by=self.request.user)

    def get_success_url(self) -> str:
        if self.object.organisation:
            return reverse("member-list", args=[self.object.organisation.number])
        return (
            reverse("office-detail", args=[self.object.office.slug]) if self.object.office else reverse("people-list")
        )


class MemberPage(OrganisationPage):
    """A page or verb about one member of the enterprise."""

    @cached_property
    def member(self) -> Membership:
        rows = Membership.objects.open().filter(organisation=self.organisation)
        found: Membership = fetch(
            rows.select_related("user", "organisation"), self.request.user, number=self.kwargs["member"]
        )
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(member=self.member, **kwargs)

    def get_success_url(self) -> str:
        return reverse("member-list", args=[self.organisation.number])


class ChangeRole(MemberPage, ActionView):
    """Give a member another role."""

    form_class = RoleForm
    success_message = gettext_lazy("角色已修改。对方需要重新登录。")

    def get_object(self) -> Membership:
        return self.member

    def action(self, obj: Membership, form: Any) -> Any:
        return organisations.change_role(obj, role=form.cleaned_data["role"], by=self.request.user)


class EndMembership(MemberPage, ActionFormView):
    """Confirm, then remove a member, or leave."""

    template_name = "portal/people/end_membership.html"
    form_class = Form

    @property
    def is_leaving(self) -> bool:
        return bool(self.member.user_id == self.request.user.pk)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_leaving:
            check(request.user, Permission.MANAGE_MEMBERS, self.organisation)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_leaving=self.is_leaving, **kwargs)

    def action(self, form: Any) -> Any:
        return organisations.end_membership(self.member, by=self.request.user)

    def get_success_message(self) -> str:
        return _("您已退出。") if self.is_leaving else _("已移除成员，对方不能再查看本企业的任何信息。")

    def get_success_url(self) -> str:
        if not self.is_leaving:
            return super().get_success_url()
        keep_signed_in(self.request)
        return reverse("dashboard")


class HandOver(MemberPage, ActionFormView):
    """Confirm, then make this member the owner."""

    needs = Permission.TRANSFER_OWNERSHIP
    template_name = "portal/people/hand_over.html"
    form_class = Form
    success_message = gettext_lazy("负责人身份已移交，您现在是知识产权主管。")

    def action(self, form: Any) -> Any:
        return organisations.hand_over_ownership(self.organisation, to=self.member, by=self.request.user)

    def get_success_url(self) -> str:
        keep_signed_in(self.request)
        return super().get_success_url()


# Who asks to come in and who was invited is the owner's matter, here as in the list of members.
OWNERS_MATTERS = (
    "organisation.join_requested",
    "organisation.join_answered",
    "organisation.join_withdrawn",
    "organisation.member_invited",
    "invitation.revoked",
    "invitation.declined",
)


class OrganisationHistory(OrganisationPage, TemplateView):
    """What was done with the enterprise's record and people, by whom and when."""

    template_name = "portal/people/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        events = AuditEvent.objects.visible_to(self.request.user).filter(organisation_id=self.organisation.pk)
        if not can(self.request.user, Permission.MANAGE_MEMBERS, self.organisation):
            events = events.exclude(action__in=OWNERS_MATTERS)
        page = Keyset.of_request(self.request, events, ["-at", "-id"], size=PAGE)
        rows = [(event, audit_word(event.action), audit_details(event)) for event in page]
        return super().get_context_data(page=page, rows=rows, **kwargs)


def audit_details(event: AuditEvent) -> str:
    """Return what a reader of the history needs of an event's data: whom it was about, and why."""
    data = event.data
    roles = {str(key): str(label) for key, label in Role.choices}
    parts = [str(data[key]) for key in ("person", "email", "name", "reason", "address") if data.get(key)]
    parts += [roles[data[key]] for key in ("role",) if data.get(key) in roles]
    return " · ".join(parts)
