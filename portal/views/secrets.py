"""Pages that make something with a secret and show it once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from portal.errors import RuleBroken
from portal.views.base import ActionFormView
from portal.views.limits import Limited


@method_decorator(never_cache, name="dispatch")
class ShownOnce(Limited, ActionFormView):
    """A list with a form for a new one. The secret is on the answer to the POST and nowhere else.

    That page is not behind a redirect: a secret in the session or the idempotency row would be kept somewhere.
    """

    limits = {"POST": "30/h"}
    limit_per_person = True
    made_message: Any = ""
    rule_field: str | None = None  # where a broken rule is shown; None is above the form

    def make(self, form: Any) -> dict[str, Any]:
        """Call the action and return what the page shows of it: `made`, and `secret` where it is apart."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            found = self.make(form)
        except RuleBroken as broken:
            form.add_error(self.rule_field, str(broken.sentence))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, str(self.made_message))
        return self.render_to_response(self.get_context_data(form=self.get_form_class()(), **found), status=201)
