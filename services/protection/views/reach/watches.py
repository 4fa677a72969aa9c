"""What an enterprise watches: its members see and change it, nobody else knows of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.hats import hat_of
from portal.models import Organisation
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView, ActionView
from services.protection import reasons, watching
from services.protection.forms.watches import WatchForm
from services.protection.models import Watch


class WatchList(ActionFormView):
    """The list, and a form for one more."""

    clause = ["8", "14"]
    template_name = "protection/reach/watches.html"
    form_class = WatchForm
    subject = "organisation"
    success_url = reverse_lazy("watch-list")
    success_message = gettext_lazy("已关注。有效期内的风险提示会在几分钟内重新匹配。")

    @cached_property
    def organisation(self) -> Organisation:
        """The enterprise one works for at the moment; others have nothing to watch."""
        organisation = hat_of(self.request).organisation
        if organisation is None:
            raise Http404
        if self.request.method == "POST":
            check(self.request.user, Permission.REACT_TO_ALERT, organisation)
        return organisation

    def get_initial(self) -> dict[str, Any]:
        return {name: self.request.GET[name][:60] for name in ("what", "key") if name in self.request.GET}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Watch.objects.visible_to(self.request.user).filter(organisation=self.organisation)
        found = [{"watch": row, "words": reasons.watched(row.what, row.key)} for row in rows.order_by("what", "key")]
        may = can(self.request.user, Permission.REACT_TO_ALERT, self.organisation)
        return super().get_context_data(
            organisation=self.organisation, watches=found, heading=_heading(len(found)), may_edit=may, **kwargs
        )

    def action(self, form: WatchForm) -> Any:
        return watching.add(self.organisation, by=self.request.user, **form.cleaned_data)


def _heading(count: int) -> str:
    return _("关注了 %(count)s 项") % {"count": count} if count else _("还没有关注任何国家、分类或法律")


class RemoveWatch(ActionView):
    """Watch something no longer."""

    model = Watch
    success_url = reverse_lazy("watch-list")
    success_message = gettext_lazy("已取消关注。")

    def action(self, obj: Watch, form: Any) -> Any:
        return watching.remove(obj, by=self.request.user)
