"""Offices, roles and people, for the city's administrators: in the portal itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal import offices
from portal.forms import people as forms
from portal.models import Expert, Invitation, Membership, Office, Posting, User
from portal.pagination import Keyset
from portal.permissions import Permission, can, has_second_factor
from portal.views.base import ActionFormView, ActionView, fetch
from portal.views.limits import Limited
from portal.views.office.access import OfficialOnly


class AdministratorPage(OfficialOnly):
    """A page of the city's administrators."""

    permissions = (Permission.MANAGE_PEOPLE,)
    clause: str | list[str] | None = "S1"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = can(self.request.user, Permission.MANAGE_PEOPLE)  # type: ignore[attr-defined]
        return super().get_context_data(may_manage=may, **kwargs)  # type: ignore[misc]


class OfficeList(AdministratorPage, TemplateView):
    """The city's office and the sixteen of the districts, with how many people each has."""

    template_name = "portal/people/offices.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_open = Q(postings__ended_at=None, postings__user__is_active=True)
        rows = Office.objects.visible_to(self.request.user).select_related("district").annotate(
            people=Count("postings__user", filter=is_open, distinct=True),
            officers=Count("postings", filter=is_open & Q(postings__role="officer")),
            supervisors=Count("postings", filter=is_open & Q(postings__role="supervisor")),
        )  # fmt: skip
        return super().get_context_data(offices=rows, **kwargs)


class OfficePage(AdministratorPage):
    """A page about one office."""

    @cached_property
    def office(self) -> Office:
        rows = Office.objects.select_related("district")
        found: Office = fetch(rows, self.request.user, slug=self.kwargs["slug"])  # type: ignore[attr-defined]
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(office=self.office, **kwargs)

    def get_success_url(self) -> str:
        return reverse("office-detail", args=[self.office.slug])


class OfficeDetail(OfficePage, TemplateView):
    """One office: its people with their roles, its open invitations."""

    template_name = "portal/people/office.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        postings = self.office.postings.open().select_related("user").order_by("role", "user__name")
        invited = Invitation.objects.open().filter(office=self.office).order_by("-created_at")
        return super().get_context_data(postings=postings, invitations=invited[:50], **kwargs)


class EditOffice(OfficePage, ActionFormView):
    """Names, telephone and address of an office."""

    template_name = "portal/people/office_form.html"
    form_class = forms.OfficeForm
    success_message = gettext_lazy("已保存。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Office.objects.get(pk=self.office.pk)}

    def action(self, form: Any) -> Any:
        return offices.update_office(self.office, by=self.request.user, **form.cleaned_data)


class InviteOfficial(Limited, OfficePage, ActionFormView):
    """Invite an official by e-mail into this office."""

    template_name = "portal/people/invite_official.html"
    form_class = forms.InviteOfficialForm
    success_message = gettext_lazy("邀请已发出，14 天内有效。")
    limits = {"POST": "60/h"}
    limit_per_person = True

    def action(self, form: Any) -> Any:
        return offices.invite_official(self.office, by=self.request.user, **form.cleaned_data)


class PeopleList(AdministratorPage, TemplateView):
    """Everybody with an account: officials, experts, members of enterprises; found by name or e-mail."""

    template_name = "portal/people/people.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text, view = self.request.GET.get("q", "").strip()[:100], self.request.GET.get("view", "officials")
        rows = listed(User.objects.visible_to(self.request.user), view, text)
        invited = Invitation.objects.open().filter(organisation=None, office=None).order_by("-created_at")
        return super().get_context_data(
            page=Keyset.of_request(self.request, rows, ["name", "id"]),
            text=text,
            view=view,
            invitations=invited[:50] if view == "experts" else [],
            **kwargs,
        )


def listed(rows: Any, view: str, text: str) -> Any:
    """Return the people of one view who fit the text, with what the list says of them."""
    if view == "officials":
        rows = rows.filter(pk__in=Posting.objects.open().values("user"))
    elif view == "experts":
        rows = rows.filter(expert__isnull=False)
    elif view == "inactive":
        rows = rows.filter(is_active=False)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return rows.select_related("expert").prefetch_related(
        Prefetch("postings", Posting.objects.open().select_related("office__district")),
        Prefetch("memberships", Membership.objects.open().select_related("organisation")),
    )


class PersonPage(AdministratorPage):
    """A page or verb about one person."""

    @cached_property
    def person(self) -> User:
        found: User = fetch(
            User.objects.select_related("expert"),
            self.request.user,  # type: ignore[attr-defined]
            number=self.kwargs["number"],  # type: ignore[attr-defined]
        )
        return found

    def get_object(self) -> Any:
        return self.person

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.person, **kwargs)

    def get_success_url(self) -> str:
        return reverse("people-detail", args=[self.person.number])


class PersonDetail(PersonPage, TemplateView):
    """One person: postings past and present, enterprises, the expert's entry, and the verbs."""

    template_name = "portal/people/person.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.person
        expert = getattr(person, "expert", None)
        return super().get_context_data(
            postings=person.postings.select_related("office__district").order_by("ended_at", "-created_at"),
            memberships=person.memberships.open().select_related("organisation"),
            expert=expert,
            post_form=forms.PostForm(prefix="post"),
            expert_form=forms.ExpertForm(initial=stated(expert)),
            reason_form=forms.ReasonForm(),
            has_factor=has_second_factor(person),
            is_self=person == self.request.user,
            **kwargs,
        )


def stated(expert: Expert | None) -> dict[str, str]:
    """Return what the pool says of an expert, as the form's first values."""
    if expert is None:
        return {}
    return {"employer": expert.employer, "employer_uscc": expert.employer_uscc, "fields_": expert.fields}


class Post(PersonPage, ActionView):
    """Give the person a role in an office."""

    success_message = gettext_lazy("已任职。对方需要重新登录。")

    def get_form(self, obj: Any) -> Any:
        return forms.PostForm(self.request.POST, prefix="post")

    def action(self, obj: User, form: Any) -> Any:
        return offices.post(obj, by=self.request.user, **form.cleaned_data)


class EndPosting(PersonPage, ActionView):
    """End one of the person's postings."""

    success_message = gettext_lazy("任职已结束，未办结的办件已退回队列。")

    def get_object(self) -> Posting:
        posting = self.person.postings.filter(number=self.kwargs["posting"]).select_related("office").first()
        if posting is None:
            raise Http404
        return posting

    def action(self, obj: Posting, form: Any) -> Any:
        return offices.end_posting(obj, by=self.request.user)


class KeepExpert(PersonPage, ActionView):
    """Put the person into the expert pool, or correct the entry."""

    form_class = forms.ExpertForm
    success_message = gettext_lazy("专家信息已保存。")

    def action(self, obj: User, form: Any) -> Any:
        data = form.cleaned_data
        return offices.add_expert(
            obj, employer=data["employer"], employer_uscc=data["employer_uscc"], fields=data["fields_"],
            by=self.request.user,
        )  # fmt: skip


class SetAvailability(PersonPage, ActionView):
    """Let the expert rest, or be drawn again."""

    success_message = gettext_lazy("已修改。")

    def action(self, obj: User, form: Any) -> Any:
        expert = Expert.objects.filter(user=obj).first()
        if expert is None:
            raise Http404
        return offices.set_availability(expert, is_available=not expert.is_available, by=self.request.user)


class Deactivate(PersonPage, ActionView):
    """Let the person sign in no more."""

    form_class = forms.ReasonForm
    success_message = gettext_lazy("已停用，对方的登录和令牌立即失效。")

    def action(self, obj: User, form: Any) -> Any:
        return offices.deactivate_user(obj, reason=form.cleaned_data["reason"], by=self.request.user)


class Reactivate(PersonPage, ActionView):
    """Let the person sign in again."""

    success_message = gettext_lazy("已恢复登录。")

    def action(self, obj: User, form: Any) -> Any:
        return offices.reactivate_user(obj, by=self.request.user)


class InviteExpert(Limited, AdministratorPage, ActionFormView):
    """Invite somebody by e-mail into the expert pool."""

    template_name = "portal/people/invite_expert.html"
    form_class = forms.InviteExpertForm
    success_message = gettext_lazy("邀请已发出，14 天内有效。")
    limits = {"POST": "60/h"}
    limit_per_person = True

    def action(self, form: Any) -> Any:
        return offices.invite_expert(by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return f"{reverse('people-list')}?view=experts"
