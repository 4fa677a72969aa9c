"""Rights that nobody can see any more: the owner names somebody for each, knowing the number alone."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from patents import entrusting
from patents.forms.register import EntrustForm
from patents.models import Right
from portal.models import Organisation, User
from portal.permissions import Permission, check
from portal.views.base import ActionFormView

from .scope import Scoped, members_of

MOST = 200


class UnseenRights(Scoped, ActionFormView):
    """Two choices: which number, and who."""

    clause = "4"
    template_name = "patents/register/unseen.html"
    form_class = EntrustForm
    success_message = _("已指定，对方已收到通知。")
    subject = "owned"

    @cached_property
    def owned(self) -> Organisation:
        check(self.request.user, Permission.MANAGE_MEMBERS, self.organisation)
        return self.organisation

    @cached_property
    def numbers(self) -> list[str]:
        return list(entrusting.unseen(self.owned).order_by("pk").values_list("number", flat=True)[:MOST])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "numbers": self.numbers, "members": members_of(self.owned)}

    def action(self, form: EntrustForm) -> Right:
        given = form.cleaned_data
        reader = User.objects.get(pk=given["reader"])
        return entrusting.entrust(self.owned, number=given["number"], reader=reader, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("rights-unseen")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(numbers=self.numbers, **kwargs)
