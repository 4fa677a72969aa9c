"""The whole log, for auditors and administrators: newest first, by subject, person and action."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.models import AuditAnchor, AuditEvent
from portal.pagination import Keyset
from portal.permissions import Permission, check
from portal.views.base import SignedIn

from .recognitions import plain


class AuditList(SignedIn, TemplateView):
    """Every row of the log. Filters are exact or prefixes, so that each is a look-up in an index."""

    template_name = "portal/public/audit_list.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            check(request.user, Permission.VIEW_AUDIT)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = {name: plain(self.request.GET.get(name, "")) for name in ("subject", "actor", "action")}
        page = Keyset.of_request(self.request, self.filtered(chosen), ("-at", "-id"), size=50, count_cap=0)
        last = AuditAnchor.objects.order_by("-last_event_id").first()
        labels = {"subject": _("对象编号"), "actor": _("姓名"), "action": _("动作")}
        filters = [{"name": name, "label": labels[name], "value": value} for name, value in chosen.items()]
        return super().get_context_data(
            page=page, filters=filters, is_filtered=any(chosen.values()), seal=last, **kwargs
        )

    @staticmethod
    def filtered(chosen: dict[str, str]) -> Any:
        rows = AuditEvent.objects.all()
        if chosen["subject"]:
            rows = rows.filter(subject_id=chosen["subject"])
        if chosen["actor"]:
            rows = rows.filter(actor_name=chosen["actor"])
        if chosen["action"]:
            rows = rows.filter(action__startswith=chosen["action"])
        return rows
