"""Verification: the enterprise's page with its licence, the district's list and detail, verify and refuse."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal import files, organisations
from portal.forms.people import LicenceUploadForm, MoveForm, ReasonForm
from portal.models import StoredFile, Verification, standing_of
from portal.organisations.verifying import SLOT
from portal.pagination import Keyset
from portal.permissions import Permission, can
from portal.views.base import ActionFormView, ActionView, fetch
from portal.views.limits import Limited
from portal.views.office.access import OfficialOnly

from .members import OrganisationPage

HANDLING = {"officer", "supervisor"}


class VerificationStatus(Limited, OrganisationPage, ActionFormView):
    """Where the enterprise's verification stands; the licence goes up here (step 3 of registering)."""

    template_name = "portal/people/verification.html"
    form_class = LicenceUploadForm
    success_message = gettext_lazy("已申请核实。有结果时我们会通知您。")
    limits = {"POST": "30/h"}
    limit_per_person = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation = self.organisation
        rows = organisation.verifications.select_related("licence", "decided_by").order_by("-created_at")[:10]
        return super().get_context_data(
            verifications=rows,
            is_open=any(row.status == Verification.Status.OPEN for row in rows),
            in_registry=not organisation.is_verified and organisations.matches_registry(organisation),
            may_request=can(self.request.user, Permission.REQUEST_VERIFICATION, organisation),
            is_new="new" in self.request.GET,
            **kwargs,
        )

    def action(self, form: LicenceUploadForm) -> Verification:
        uploaded, organisation, by = form.cleaned_data["licence"], self.organisation, self.request.user
        with transaction.atomic():
            licence = files.attach(uploaded, slot=SLOT, organisation=organisation, by=by) if uploaded else None
            return organisations.request_verification(organisation, licence=licence, by=by)

    def get_success_url(self) -> str:
        return reverse("organisation-verification", args=[self.organisation.number])


class ChangeDistrict(OrganisationPage, ActionFormView):
    """The enterprise moves to another district."""

    needs = Permission.EDIT_ORGANISATION
    template_name = "portal/people/change_district.html"
    form_class = MoveForm
    success_message = gettext_lazy("所在区已变更，原区和新区都已收到通知。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changes = self.organisation.district_changes.select_related("old", "new", "changed_by")[:20]
        return super().get_context_data(changes=changes, **kwargs)

    def action(self, form: MoveForm) -> Any:
        return organisations.change_district(self.organisation, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("organisation-district", args=[self.organisation.number])


def handled_by(user: Any) -> Any:
    """Return the verifications of the districts where the person is officer or supervisor."""
    postings = standing_of(user).postings
    districts = [district for kind, district, role in postings if kind == "district" and role in HANDLING]
    return Verification.objects.visible_to(user).filter(organisation__district__in=districts)


class VerifierPage(OfficialOnly):
    """A page of those who verify enterprises."""

    permissions = (Permission.VERIFY_ORGANISATION,)
    clause: str | list[str] | None = "2"


class VerificationList(VerifierPage, TemplateView):
    """Enterprises to verify, the most urgent first; or those already decided."""

    template_name = "portal/people/verifications.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_done = self.request.GET.get("view") == "done"
        rows = handled_by(self.request.user).select_related("organisation__district", "decided_by")
        if is_done:
            rows, order = rows.exclude(status=Verification.Status.OPEN), ["-decided_at", "-id"]
        else:
            rows, order = rows.open(), ["due_on", "id"]
        return super().get_context_data(page=Keyset.of_request(self.request, rows, order), is_done=is_done, **kwargs)


class VerificationDetail(VerifierPage, TemplateView):
    """One enterprise to verify: what it stated against the registry, its licence, and the two verdicts."""

    template_name = "portal/people/verification_detail.html"

    @cached_property
    def verification(self) -> Verification:
        rows = handled_by(self.request.user).select_related(
            "organisation__district", "organisation__created_by", "licence", "created_by", "decided_by"
        )
        found: Verification = fetch(rows, self.request.user, number=self.kwargs["number"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        verification = self.verification
        organisation, licence = verification.organisation, verification.licence
        compared, source = organisations.comparisons(organisation)
        return super().get_context_data(
            verification=verification,
            organisation=organisation,
            comparisons=compared,
            differences=sum(row.verdict == "differ" for row in compared),
            source=source,
            files=[shown(licence)] if licence else [],
            former=organisation.verifications.exclude(pk=verification.pk).select_related("decided_by")[:10],
            may_verify=can(self.request.user, Permission.VERIFY_ORGANISATION, organisation),
            is_open=verification.status == Verification.Status.OPEN,
            **kwargs,
        )


def shown(file: StoredFile) -> dict[str, Any]:
    """Return a file as components/files.html shows it."""
    return {
        "name": file.name,
        "kind": file.kind,
        "size": file.size,
        "status": file.status,
        "refusal": file.refusal_text,
        "url": reverse("file-download", args=[file.number]),
    }


class DecideVerification(VerifierPage, ActionView):
    """What verify and refuse share."""

    def get_object(self) -> Verification:
        found: Verification = fetch(handled_by(self.request.user), self.request.user, number=self.kwargs["number"])
        return found

    def get_success_url(self) -> str:
        return reverse("verification-list")


class Verify(DecideVerification):
    """The enterprise is who it says."""

    success_message = gettext_lazy("已核实。企业已收到通知，可以提交办件。")

    def action(self, obj: Verification, form: Any) -> Any:
        return organisations.decide_verification(obj, is_verified=True, by=self.request.user)


class Refuse(DecideVerification):
    """It is not, or cannot be told; the reason goes to the enterprise."""

    form_class = ReasonForm
    success_message = gettext_lazy("已答复未通过，企业可以修改后重新申请。")

    def action(self, obj: Verification, form: Any) -> Any:
        reason = form.cleaned_data["reason"]
        return organisations.decide_verification(obj, is_verified=False, reason=reason, by=self.request.user)
