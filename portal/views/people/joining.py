"""Asking to join, answering, inviting, accepting."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, ListView

from portal import hats, invitations, organisations
from portal.errors import RuleBroken
from portal.forms.people import AccountForInvitationForm, AnswerForm, JoinForm, ReasonForm
from portal.models import Invitation, JoinRequest, Organisation, Role, User
from portal.permissions import Permission
from portal.views.base import UNPROCESSABLE, ActionView, SignedIn, once
from portal.views.limits import Limited
from portal.views.office.access import OfficialOnly

from .registering import SESSION

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Join(Limited, FormView):
    """Ask to join an enterprise by its code; below, one's own requests. Names nobody and nothing."""

    clause = "2"
    template_name = "portal/people/join.html"
    form_class = JoinForm
    limits = {"POST": "20/h"}

    def get_initial(self) -> dict[str, Any]:
        return dict(self.request.session.get(SESSION) or {})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        rows = JoinRequest.objects.filter(user=user).order_by("-created_at")[:20] if user.is_authenticated else []
        return super().get_context_data(requests=rows, known=self.get_initial().get("uscc"), **kwargs)

    def form_valid(self, form: JoinForm) -> HttpResponse:
        if not self.request.user.is_authenticated:
            self.request.session[SESSION] = dict(form.cleaned_data)
            return redirect("register-contact")
        try:
            return once(self.request, lambda: self._ask(form.cleaned_data))
        except RuleBroken as broken:
            form.add_error(None, str(broken.sentence))
            return self.render_to_response(self.get_context_data(form=form), status=409)

    def _ask(self, data: dict[str, Any]) -> tuple[str, Any]:
        person = cast(User, self.request.user)
        organisations.request_join(
            code=data["uscc"], message=data["message"], asks_district=data["asks_district"], by=person
        )
        self.request.session.pop(SESSION, None)
        return reverse("join"), _("申请已提交。有答复时我们会通知您。")

    def form_invalid(self, form: JoinForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


class WithdrawJoin(ActionView):
    """Take one's own request back."""

    model = JoinRequest
    success_message = gettext_lazy("已撤回加入申请。")

    def action(self, obj: JoinRequest, form: Any) -> Any:
        return organisations.withdraw_join(obj, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("join")


class AnswerJoin(ActionView):
    """What accepting and refusing share: where one goes afterwards."""

    model = JoinRequest

    def get_success_url(self) -> str:
        organisation = self.object.organisation
        is_owner = self.request.user.standing.roles.get(organisation.pk) == Role.OWNER
        return reverse("member-list", args=[organisation.number]) if is_owner else reverse("district-join-list")


class AcceptJoin(AnswerJoin):
    """Let the person in with a role."""

    form_class = AnswerForm
    success_message = gettext_lazy("已同意加入。")

    def action(self, obj: JoinRequest, form: Any) -> Any:
        role = form.cleaned_data["role"]
        return organisations.answer_join_request(obj, is_accepted=True, role=role, by=self.request.user)


class RefuseJoin(AnswerJoin):
    """Say no, with a reason."""

    form_class = ReasonForm
    success_message = gettext_lazy("已答复不同意。")

    def action(self, obj: JoinRequest, form: Any) -> Any:
        reason = form.cleaned_data["reason"]
        return organisations.answer_join_request(obj, is_accepted=False, reason=reason, by=self.request.user)


class DistrictJoins(OfficialOnly, ListView):
    """Requests the district answers because the owner is gone."""

    permissions = (Permission.RESOLVE_JOIN_REQUEST,)
    clause = "2"
    template_name = "portal/people/district_joins.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        user = cast(User, self.request.user)
        rows = JoinRequest.objects.visible_to(user).open().exclude(user=user)
        rows = rows.filter(organisation__district__in=user.standing.districts)
        return rows.select_related("organisation__district", "user").order_by("created_at", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(roles=Role.choices, **kwargs)


class InvitationList(SignedIn, ListView):
    """Invitations to one's own address."""

    template_name = "portal/people/invitations.html"

    def get_queryset(self) -> Any:
        rows = Invitation.objects.open().filter(email__iexact=self.request.user.email)
        return rows.select_related("organisation", "office", "created_by").order_by("-created_at")[:50]


class OwnInvitation(ActionView):
    """A verb on an invitation to one's own address."""

    model = Invitation

    def get_object(self) -> Invitation:
        rows = Invitation.objects.filter(email__iexact=self.request.user.email)
        invitation = rows.filter(number=self.kwargs["number"]).first()
        if invitation is None:
            raise Http404
        return invitation


class AcceptInvitation(OwnInvitation):
    """Accept an invitation from the list."""

    success_message = gettext_lazy("已接受邀请。")

    def action(self, obj: Invitation, form: Any) -> Any:
        return invitations.accept(obj, by=self.request.user)

    def get_success_url(self) -> str:
        put_on(self.request, self.result)
        return reverse("dashboard")


class DeclineInvitation(OwnInvitation):
    """Say no to an invitation."""

    success_message = gettext_lazy("已谢绝邀请，对方会收到通知。")

    def action(self, obj: Invitation, form: Any) -> Any:
        return invitations.decline(obj, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("invitation-list")


def put_on(request: HttpRequest, invitation: Invitation) -> None:
    """Wear the hat the invitation gave."""
    organisation: Organisation | None = invitation.organisation
    if organisation:
        hats.wear(request, f"organisation-{organisation.number}")
    else:
        hats.wear(request, f"office-{invitation.office.slug}" if invitation.office else "expert")


class InvitationPage(Limited, FormView):
    """What the link in the mail opens: accept, or first make an account for that address."""

    clause = "2"
    template_name = "portal/people/invitation.html"
    form_class = AccountForInvitationForm
    limits = {"GET": "120/h", "POST": "30/h"}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = invitations.find(kwargs["token"])
        if found is None:
            raise Http404
        self.invitation = found
        self.state = invitations.state_of(found)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "email": self.invitation.email}

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.invitation.name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = self.invitation.email
        user = self.request.user
        return super().get_context_data(
            invitation=self.invitation,
            state=self.state,
            role_label=invitations.role_label(self.invitation.role),
            has_account=User.objects.filter(email__iexact=address).exists(),
            is_mine=user.is_authenticated and user.email.lower() == address.lower(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            invitations.accept(self.invitation, by=request.user)
            put_on(request, self.invitation)
            return redirect("dashboard")
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AccountForInvitationForm) -> HttpResponse:
        data = form.cleaned_data
        user = invitations.join_with(self.invitation, name=data["name"], password=data["password"])
        login(self.request, user, backend=BACKEND)
        return redirect("dashboard")

    def form_invalid(self, form: AccountForInvitationForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)
