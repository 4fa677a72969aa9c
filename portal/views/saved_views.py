"""Lists as one likes them: save what the address says under a name, open it as a tab, rename it, delete it.

A list page of any workstream says `saved_views.tabs(request, page)` and includes `components/saved_views.html`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from portal.errors import RuleBroken
from portal.forms.saved_views import NameForm, SaveForm
from portal.models import SavedView, User
from portal.views.base import ActionView

MOST = 20
PARAMETER = "saved"
PASSING = ("after", "before", PARAMETER)  # places in a list, not parts of a view


def kept(query: str) -> str:
    """Return the lasting part of a query string: filters, order, columns."""
    wanted = QueryDict(query, mutable=True)
    for name in PASSING:
        wanted.pop(name, None)
    return wanted.urlencode()


def save(page: str, *, name: str, query: str, by: User) -> SavedView:
    """Keep a view; a name used before gets the new query. Raises RuleBroken when one has too many."""
    mine = SavedView.objects.visible_to(by).filter(page=page)
    if mine.count() >= MOST and not mine.filter(name=name).exists():
        raise RuleBroken(_("一个列表最多保存 %(most)s 个视图。") % {"most": MOST}, code="too_many")
    view, _is_new = SavedView.objects.update_or_create(
        user=by, page=page, name=name, defaults={"query": kept(query)[:1000]}
    )
    return view


def rename(view: SavedView, *, name: str) -> SavedView:
    """Give a view another name; raises RuleBroken where one has that name."""
    view.name = name
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError as error:
        raise RuleBroken(_("已有同名的视图。"), code="duplicate") from error
    return view


def tabs(request: HttpRequest, page: str, all_label: Any) -> list[dict[str, Any]]:
    """Return the tabs of a list: everything, then one's own views; the open one is marked."""
    own = SavedView.objects.visible_to(request.user).filter(page=page).order_by("created_at", "pk")
    found = own_tabs(request, own[:MOST])
    is_all = not any(tab["is_current"] for tab in found)
    return [{"label": all_label, "url": reverse(page), "count": None, "is_current": is_all}, *found]


def own_tabs(request: HttpRequest, views: Iterable[SavedView]) -> list[dict[str, Any]]:
    """Return one's own views as tabs; the open one is marked."""
    present = request.GET.get(PARAMETER, "")
    return [
        {"label": view.name, "url": address(view), "count": None, "view": view, "is_current": view.number == present}
        for view in views
    ]


def address(view: SavedView) -> str:
    """Return where a view opens, or the home page where its list is gone."""
    try:
        return f"{reverse(view.page)}?{view.query}{'&' if view.query else ''}{PARAMETER}={view.number}"
    except NoReverseMatch:
        return "/"


class SavedViewCreate(ActionView):
    """Keep the list as it is under a name."""

    form_class = SaveForm
    success_message = _("视图已保存。")

    def get_object(self) -> None:
        return None

    def action(self, _obj: None, form: SaveForm) -> SavedView:
        return save(form.cleaned_data["page"], **form.named(), by=self.request.user)

    def get_success_url(self) -> str:
        return address(self.result)


class SavedViewRename(ActionView):
    """Give one's view another name."""

    model = SavedView
    form_class = NameForm
    success_message = _("视图已改名。")

    def action(self, obj: SavedView, form: NameForm) -> SavedView:
        return rename(obj, name=form.cleaned_data["name"])

    def get_success_url(self) -> str:
        return address(self.object)


class SavedViewDelete(ActionView):
    """Forget one's view."""

    model = SavedView
    success_message = _("视图已删除。")

    def action(self, obj: SavedView, form: Any) -> None:
        SavedView.objects.filter(pk=obj.pk).delete()

    def get_success_url(self) -> str:
        return address(self.object).partition("?")[0]
