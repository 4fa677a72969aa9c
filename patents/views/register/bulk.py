"""One change to many rights: choose, see how many it concerns, say what to, do it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patents import bulk
from patents.choosing import narrow
from patents.forms.register import BulkForm, ChooseForm
from patents.models import Family, Flag, Grade, Product, Reduction
from patents.models.rights import RightQuerySet
from portal.models import Organisation, Secrecy
from portal.pagination import capped_count
from portal.permissions import Permission, check
from portal.views.base import ActionFormView

from .scope import Scoped, choices_of, member

CODES: dict[str, list[Any]] = {
    "grade": [("", gettext_lazy("未分级")), *Grade.choices],
    "flag": list(Flag.choices),
    "unflag": list(Flag.choices),
    "reduction": list(Reduction.choices),
    "secrecy": [choice for choice in Secrecy.choices if choice[0] != Secrecy.NAMED],
}
MOST_PICKED = 100


class BulkEdit(Scoped, ActionFormView):
    """GET says what would be changed, POST changes it."""

    clause = "6"
    template_name = "patents/register/bulk.html"
    form_class = BulkForm

    @cached_property
    def field(self) -> str:
        wanted = self.request.GET.get("field", "")
        if wanted not in bulk.FIELDS:
            raise Http404
        return wanted

    @cached_property
    def offered(self) -> dict[str, list[tuple[Any, str]]]:
        return choices_of(self.hat)

    def chosen(self) -> RightQuerySet:
        """Return the picked rights, or all that the list's filters let through."""
        rows = self.rows().filter(organisation=self.organisation)
        if self.request.GET.get("scope") == "all":
            given = QueryDict(self.request.GET.get("query", ""))
            return narrow(rows, ChooseForm(given, choices=self.offered).chosen())
        return rows.filter(number__in=self.request.GET.getlist("pick")[:MOST_PICKED])

    def get_form_kwargs(self) -> dict[str, Any]:
        check(self.request.user, Permission.STEER_RIGHT, self.organisation)
        choices = CODES.get(self.field)
        if choices is None:
            source = "responsible" if self.field == "backup" else self.field
            choices = [("", _("没有")), *self.offered.get(source, [])]
        return {**super().get_form_kwargs(), "field": self.field, "choices": choices}

    def value(self, given: str) -> Any:
        own = {"organisation": self.organisation, "number": given}
        finders: dict[str, Any] = {
            "responsible": lambda: member(self.organisation, given),
            "backup": lambda: member(self.organisation, given),
            "agency": lambda: Organisation.objects.filter(number=given).first(),
            "product": lambda: Product.objects.filter(**own).first(),
            "family": lambda: Family.objects.filter(**own).first(),
        }
        return finders[self.field]() if self.field in finders else given

    def action(self, form: BulkForm) -> bulk.Outcome:
        value = self.value(form.cleaned_data["value"])
        return bulk.edit(self.organisation, chosen=self.chosen(), field=self.field, value=value, by=self.request.user)

    def get_success_message(self) -> str:
        outcome = self.result
        words = _("已修改 %(done)s 件，%(same)s 件原本如此。") % {"done": outcome.done, "same": outcome.same}
        if outcome.left_out:
            words += _("%(count)s 件不能这样改，没有动。") % {"count": outcome.left_out}
        return words

    def get_success_url(self) -> str:
        query = self.request.GET.get("query", "")
        return f"{reverse('rights')}?{query}" if query else reverse("rights")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.chosen()
        return super().get_context_data(
            field_label=bulk.FIELDS[self.field],
            count=capped_count(chosen, bulk.MOST + 1),
            most=bulk.MOST,
            examples=list(chosen.order_by("-filed_on", "-pk").only("number", "title")[:5]),
            **kwargs,
        )
