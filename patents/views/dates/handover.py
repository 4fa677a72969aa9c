"""Hand all dates of one person over to a colleague: one's own, or for owner and manager those of others."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from patents.forms.dates import HandOverForm
from portal import handing_over
from portal.hats import hat_of
from portal.models import Deadline, Membership, Organisation, User
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView


class HandOver(ActionFormView):
    """Two choices: from whom, to whom."""

    clause = "4"
    template_name = "patents/dates/handover.html"
    form_class = HandOverForm
    success_message = _("已交接。")
    subject = "organisation"

    @cached_property
    def organisation(self) -> Organisation:
        organisation = hat_of(self.request).organisation
        if organisation is None:
            raise Http404
        check(self.request.user, Permission.EDIT_RIGHT, organisation)
        return organisation

    @cached_property
    def formers(self) -> list[User]:
        """People with open dates here; a member sees only oneself."""
        if not can(self.request.user, Permission.STEER_RIGHT, self.organisation):
            return [self.request.user]
        rows = Deadline.objects.visible_to(self.request.user).open().filter(organisation=self.organisation)
        named = Q(pk__in=rows.values("responsible")) | Q(pk__in=rows.values("backup"))
        return list(User.objects.filter(named).order_by("name", "pk")[:200])

    @cached_property
    def seats(self) -> list[Membership]:
        rows = Membership.objects.open().filter(organisation=self.organisation, role__in=handing_over.KEEPERS)
        return list(rows.filter(user__is_active=True).select_related("user").order_by("user__name", "pk"))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "formers": self.formers, "seats": self.seats}

    def get_initial(self) -> dict[str, Any]:
        return {"former": self.request.GET.get("person", self.request.user.number)}

    def action(self, form: HandOverForm) -> int:
        return handing_over.hand_over(self.organisation, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("date-list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        dates = [(person, handing_over.dates_of(self.organisation, person)) for person in self.formers[:20]]
        counts = [(person, rows.visible_to(self.request.user).count()) for person, rows in dates]
        return super().get_context_data(organisation=self.organisation, counts=counts, **kwargs)
