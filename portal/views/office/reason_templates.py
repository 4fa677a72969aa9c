"""Templates of reasons: the office's list, one page to write or change one, and inserting one into a form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.forms.workbench import ReasonTemplateForm
from portal.models import Application, ReasonTemplate
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView, ActionView, SignedIn, fetch
from portal.workbench import reasons

from .access import OfficialOnly
from .workbench import InOffice, tabs

MOST = 200


class ReasonTemplateList(InOffice, SignedIn, TemplateView):
    """The office's templates by use."""

    template_name = "portal/office/reason_templates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = ReasonTemplate.objects.open().visible_to(self.request.user).filter(office=self.office)
        found = list(rows.select_related("updated_by")[:MOST])
        groups = [(use.label, [row for row in found if row.use == use]) for use in ReasonTemplate.Use]
        return super().get_context_data(
            tabs=tabs(self.office, "reason-template-list"),
            office=self.office,
            groups=[group for group in groups if group[1]],
            may_manage=can(self.request.user, Permission.MANAGE_WORKBENCH, self.office),
            **kwargs,
        )


class WriteTemplate(InOffice, ActionFormView):
    """Write a template, or change one."""

    template_name = "portal/office/reason_template.html"
    form_class = ReasonTemplateForm
    success_message = _("模板已保存。")
    subject = "template"

    @cached_property
    def template(self) -> ReasonTemplate | None:
        found = None
        if "number" in self.kwargs:
            rows = ReasonTemplate.objects.open().select_related("office")
            found = fetch(rows, self.request.user, number=self.kwargs["number"])
        check(self.request.user, Permission.MANAGE_WORKBENCH, found.office if found else self.office)
        return found

    def get_initial(self) -> dict[str, Any]:
        names = ("use", "title", "text_zh", "text_en")
        return {name: getattr(self.template, name) for name in names} if self.template else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(template=self.template, **kwargs)

    def action(self, form: ReasonTemplateForm) -> Any:
        office = self.template.office if self.template else self.office
        return reasons.write_template(office, **form.cleaned_data, template=self.template, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("reason-template-list")


class RetireTemplate(OfficialOnly, ActionView):
    """Offer a template no more."""

    success_message = _("模板已停用；用它写过的理由不变。")

    def get_object(self) -> ReasonTemplate:
        rows = ReasonTemplate.objects.open().select_related("office")
        found: ReasonTemplate = fetch(rows, self.request.user, number=self.kwargs["number"])
        return found

    def action(self, obj: ReasonTemplate, form: Any) -> Any:
        return reasons.retire_template(obj, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("reason-template-list")


def inserted(
    request: HttpRequest,
    application: Application,
    uses: tuple[str, ...],
    *,
    select: str,
    field: str,
    question: str = "",
) -> dict[str, Any]:
    """Return what was typed so far, with the chosen template's words after it in `field`.

    A button of the same form asks for it, so that it works without a script and loses nothing.
    """
    typed: dict[str, Any] = {name: request.POST.get(name) for name in request.POST}
    found = reasons.offered(request.user, uses).filter(number=request.POST.get(select, "")[:10]).first()  # type: ignore[arg-type]
    if found is None:
        messages.error(request, gettext("请先选择一个模板。"))
        return typed
    words = reasons.filled(found, application, question=question)
    typed[field] = "\n".join(part for part in ((typed.get(field) or "").strip(), words) if part)
    return typed
