"""How pages of disputes find one, for the persons it names; to everybody else it does not exist."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from patents.models import Right
from portal.models import Membership, Organisation
from portal.permissions import Permission, check
from portal.views.base import ActionFormView, fetch
from services.protection.models import OverseasDispute

CLAUSES = ["8", "16"]
NO_ENTERPRISE = _("海外纠纷属于企业。请先登记企业，或切换到您的企业。")
MOST_RIGHTS = 200


def fetch_dispute(user: Any, number: str) -> OverseasDispute:
    """Return a dispute that names this person, or 404; helpers read it on pages of the desk."""
    rows = OverseasDispute.objects.own(user).select_related("organisation", "country", "responsible", "created_by")
    found: OverseasDispute = fetch(rows, user, number=number)
    return found


def members_of(organisation: Organisation) -> list[tuple[int, str]]:
    """Return the members who may be named, as choices."""
    seats = Membership.objects.open().filter(organisation=organisation, user__is_active=True)
    return list(seats.order_by("user__name", "pk").values_list("user_id", "user__name")[:200])


def rights_of(organisation: Organisation, user: Any) -> QuerySet[Right]:
    """Return the rights of the enterprise that this person may name, the newest first."""
    rows = Right.objects.visible_to(user).filter(organisation=organisation).order_by("-filed_on", "-pk")
    newest = list(rows.values_list("pk", flat=True)[:MOST_RIGHTS])
    return Right.objects.filter(pk__in=newest).order_by("-filed_on", "-pk")


class DisputeForm(ActionFormView):
    """A page with one form about one dispute."""

    clause = CLAUSES
    template_name = "protection/disputes/form.html"
    subject = "dispute"
    title: Any = ""
    lede: Any = ""
    submit: Any = ""
    stops = False

    @cached_property
    def dispute(self) -> OverseasDispute:
        row = fetch_dispute(self.request.user, self.kwargs["number"])
        check(self.request.user, Permission.KEEP_DISPUTE, row)
        return row

    def get_success_url(self) -> str:
        return reverse("dispute", args=[self.dispute.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {
            "dispute": self.dispute,
            "title": self.title,
            "lede": self.lede,
            "submit": self.submit,
            "stop": self.stops,
        }
        return super().get_context_data(**{**shown, **kwargs})
