"""Publicity notices: the list, one notice, and an objection by anybody."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from portal import kinds, procedures
from portal.errors import RuleBroken
from portal.forms.public import ObjectionForm
from portal.models import Application
from portal.pagination import Keyset, capped_count
from portal.views.limits import Limited

ORDER = ("publicity_until", "id")


class NoticeList(TemplateView):
    """Everything that is in publicity now, the one that ends first on top."""

    clause = "5"
    template_name = "portal/public/notice_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = procedures.publicity_rows()
        page = Keyset.of_request(self.request, rows, ORDER, size=30, known_count=capped_count(rows))
        notices = [{"row": row, "kind": kinds.title_of(row.kind)} for row in page.rows]
        return super().get_context_data(page=page, notices=notices, **kwargs)


class OneNotice:
    """One case in publicity, by its number; any other does not exist."""

    kwargs: dict[str, Any]

    @cached_property
    def notice(self) -> Application:
        return get_object_or_404(procedures.publicity_rows(), number=self.kwargs["number"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kind = kinds.title_of(self.notice.kind)
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {"notice": self.notice, "kind": kind, **context}


class Notice(OneNotice, TemplateView):
    """Who is to be recognised as what, until when objections are taken, and how."""

    clause = "5"
    template_name = "portal/public/notice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=ObjectionForm(), **kwargs)


class Object(Limited, OneNotice, FormView):
    """Take a signed objection; no account is needed. A robot's is dropped without a word."""

    clause = "5"
    limits = {"POST": "10/h"}
    form_class = ObjectionForm
    template_name = "portal/public/notice.html"

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            if not form.is_robot:
                values = form.cleaned_data
                procedures.object_to(self.notice, name=values["name"], contact=values["contact"], text=values["text"])
        except RuleBroken as broken:
            form.add_error(None, str(broken.sentence))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, _("异议已收到。处理完毕前，这一件不会认定。"))
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_success_url(self) -> str:
        return reverse("notice", args=[self.notice.number])
