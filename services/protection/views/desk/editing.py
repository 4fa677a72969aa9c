"""The editor: begin, propose, change. A second author's text is shown beside one's own, never overwritten."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from portal.clock import now
from portal.errors import RuleBroken
from portal.formats import clock_time
from portal.permissions import Permission, check
from portal.views.base import UNPROCESSABLE, once
from services.protection import desk, drafting, publishing
from services.protection.drafting import COLUMNS
from services.protection.forms.alerts import AlertForm, initial_of
from services.protection.models import AlertVersion

from .access import DeskOnly, OfAlert
from .audience import context_of

TEMPLATE = "protection/desk/form.html"


class Editor(DeskOnly, View):
    """What beginning and changing share."""

    http_method_names = ["get", "head", "options", "post"]
    present: AlertVersion | None = None
    is_proposal = False

    def require(self) -> None:
        """Raise Denied for people who may not write here."""
        raise NotImplementedError

    def save(self, values: dict[str, Any]) -> AlertVersion:
        raise NotImplementedError

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        self.require()
        initial = initial_of(self.present) if self.present else {"join": "both", "severity": 1, "kind": "hint"}
        form = AlertForm(initial=initial, version=self.present)
        return self.show(form, self.present or AlertVersion())

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        self.require()
        form = AlertForm(request.POST, version=self.present)
        if "recalculate" in request.POST:
            return self.show(form, form.version())
        if not form.is_valid():
            return self.show(form, form.version(), status=UNPROCESSABLE)
        try:
            return once(request, lambda: self._save(form))
        except RuleBroken as broken:
            form.add_error(None, str(broken.sentence))
            return self.show(form, form.version(), status=409, is_late=broken.code == "edited_meanwhile")

    def _save(self, form: AlertForm) -> tuple[str, Any]:
        version = self.save(form.values())
        return reverse("alert-desk-change", args=[version.alert.number]), _("已保存。")

    def show(self, form: AlertForm, asked: AlertVersion, *, status: int = 200, is_late: bool = False) -> HttpResponse:
        """Show the editor with the audience of what is typed. `is_late`: with what the other author saved."""
        newest = desk.shown(self.present.alert, self.request.user) if self.present and is_late else self.present
        typed = form.values() if is_late else {}
        mine = AlertVersion(**{name: typed[name] for name in COLUMNS if name in typed}) if typed else None
        context = {
            "form": form, "version": self.present, "lock": self.lock_of(newest, is_late),
            "is_proposal": self.is_proposal, "theirs": desk.differences(newest, mine) if newest and mine else [],
            "steps": desk.steps(self.present, self.request.user) if self.present else {},
            **context_of(asked, self.request.user),
        }  # fmt: skip
        return render(self.request, TEMPLATE, context, status=status)

    def lock_of(self, newest: AlertVersion | None, is_late: bool) -> Any:
        """Return the state the author has seen: their own until they were shown a newer one."""
        given = self.request.POST.get("lock", "")
        if newest is None:
            return ""
        return newest.lock if is_late or not given.isdecimal() else given


class NewAlert(Editor):
    """A draft of the city's own."""

    permissions = (Permission.DRAFT_ALERT,)

    def require(self) -> None:
        check(self.request.user, Permission.DRAFT_ALERT)

    def save(self, values: dict[str, Any]) -> AlertVersion:
        return publishing.start(values, by=self.request.user)


class ProposeAlert(Editor):
    """A district's proposal."""

    permissions = (Permission.PROPOSE_ALERT,)
    is_proposal = True

    def require(self) -> None:
        """The door has asked already; the action asks for the district."""

    def save(self, values: dict[str, Any]) -> AlertVersion:
        return publishing.propose(values, by=self.request.user)


class ChangeAlert(OfAlert, Editor):
    """Change what is open."""

    @cached_property
    def present(self) -> AlertVersion:  # type: ignore[override]
        return self.version

    @property
    def is_proposal(self) -> bool:  # type: ignore[override]
        return self.version.stage == AlertVersion.Stage.PROPOSED

    def require(self) -> None:
        drafting.require_author(self.version, self.request.user)
        drafting.require_stage(self.version, AlertVersion.Stage.DRAFT, AlertVersion.Stage.PROPOSED)

    def save(self, values: dict[str, Any]) -> AlertVersion:
        return publishing.change(self.seen(), values, by=self.request.user)

    def seen(self) -> AlertVersion:
        """Return the version in the state that the page showed."""
        given = self.request.POST.get("lock", "")
        seen = AlertVersion.objects.select_related("alert").get(pk=self.version.pk)
        seen.lock = int(given) if given.isdecimal() else -1
        return seen


class AutosaveAlert(ChangeAlert):
    """Save what was typed in single fields, as far as it is right; nobody's newer text is overwritten."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        self.require()
        form, typed = AlertForm(request.POST, version=self.present), set(request.POST.getlist("typed"))
        form.is_valid()
        values = {name: value for name, value in form.values().items() if name in typed}
        seen = self.seen()
        try:
            saved = publishing.change_some(seen, values, by=self.request.user) if values else self.version
        except RuleBroken as broken:
            return self.late(broken)
        told = {"saved_at": clock_time(now()), "unsaved": sorted(typed & set(form.errors))}
        # Who has not seen what another person saved keeps the older state: saving the whole page then shows both.
        is_whole = not drafting.changed_by_others(saved, seen.lock, self.request.user)
        return JsonResponse({**told, "lock": saved.lock} if is_whole else told)

    def late(self, broken: RuleBroken) -> HttpResponse:
        """Answer with the sentence and the way to what is there now; what was typed stays on the page."""
        url = reverse("alert-desk-change", args=[self.version.alert.number])
        context = {"text": broken.sentence, "role": "bad", "url": url, "link": _("查看新内容")}
        return render(self.request, "components/note.html", context, status=409)
