"""The case page of an official: the conflict declaration first, then everything about one application."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from portal import audit, procedures
from portal.forms.office import DeclareForm, MessageForm
from portal.models import Application, Assignment, Recognition
from portal.permissions import Permission, Verdict, can
from portal.views.base import ActionFormView, SignedIn, fetch

from . import comparison, panel, progress, queues, weighing
from .access import OfficialOnly, cases_of
from .words import AUDIT_WORDS

PARTS = ("review", "answers", "files", "opinions", "messages", "record")
MOST_EVENTS = 300
EARLIER = 10


class CaseMixin(OfficialOnly, SignedIn):
    """Fetch the case; show it only behind the conflict gate."""

    @cached_property
    def application(self) -> Application:
        rows = cases_of(self.request.user).select_related(
            "call__questionnaire", "organisation__district", "office_district", "officer", "decided_by"
        )
        return fetch(rows, self.request.user, number=self.kwargs["number"])

    @cached_property
    def gate(self) -> Verdict:
        return procedures.conflict_gate(self.request.user, self.application)

    def show(self, form: Any = None, status: int = 200) -> HttpResponse:
        """Return the page of the case as it is now; `form` is a form that came back with errors."""
        if not self.gate:
            return render(self.request, "portal/office/case_gate.html", self.gate_context(form), status=status)
        return render(self.request, "portal/office/case.html", self.case_context(form), status=status)

    def gate_context(self, form: Any) -> dict[str, Any]:
        application, user = self.application, self.request.user
        is_member = application.organisation_id in user.standing.roles
        declared = application.assignments.filter(user=user, declared_at__isnull=False).exists()
        may = not is_member and not declared and can(user, Permission.VIEW_CASE, application)
        return {"application": application, "why": self.gate.why, "form": (form or DeclareForm()) if may else None}

    @property
    def part(self) -> str:
        wanted = self.kwargs.get("part") or self.request.GET.get("part", "")
        return wanted if wanted in PARTS else "review"

    def case_context(self, form: Any) -> dict[str, Any]:
        application, user, part = self.application, self.request.user, self.part
        facts = self.facts()
        return {
            "application": application,
            "part": part,
            "tabs": self.tabs(part, facts),
            "header": progress.header(application, user),
            "panel": panel.panel(application, user, facts),
            "returned_form": form,
            "neighbours": queues.neighbours(self.request, application),
            "steps_done": self.timeline(),
            **facts,
            **getattr(self, f"part_{part}")(facts),
        }

    def facts(self) -> dict[str, Any]:
        """Return what several parts need: submissions, the present answers, what changed, evidence."""
        application = self.application
        submissions = list(application.submissions.order_by("sequence"))
        seat = application.assignments.filter(user=self.request.user, ended_at=None).order_by("-pk").first()
        answers = submissions[-1].answers if submissions else {}
        since = self.since(submissions, seat)
        return {
            "seat": seat,
            "submissions": submissions,
            "answers": answers,
            "since": since,
            "seen_at": seat.last_seen_at if seat and since == seat.last_seen_submission else None,
            "differences": comparison.differences(application, since, submissions) if since else [],
            **weighing.weighed(application, answers, self.request.user),
        }

    def since(self, submissions: list[Any], seat: Assignment | None) -> int:
        """Return with which submission to compare: as asked, the last one looked at, or the one before."""
        if len(submissions) < 2:
            return 0
        asked = self.request.GET.get("since", "")
        if asked.isdecimal() and 0 < int(asked) < len(submissions):
            return int(asked)
        seen = seat.last_seen_submission if seat else 0
        return seen if 0 < seen < len(submissions) else len(submissions) - 1

    def tabs(self, part: str, facts: dict[str, Any]) -> list[dict[str, Any]]:
        application = self.application
        counts = {
            "review": None,
            "answers": len(facts["answers"]),
            "files": self.handed_in(facts).count(),
            "opinions": application.reviews.exclude(stage="score").count(),
            "messages": application.messages.count(),
            "record": None,
        }
        labels = (_("变化与核验"), _("全部答卷"), _("附件"), _("往次意见"), _("留言"), _("记录"))
        return [
            {"label": label, "url": f"?part={name}", "count": counts[name], "is_current": name == part}
            for name, label in zip(PARTS, labels, strict=True)
        ]

    def timeline(self) -> list[dict[str, Any]]:
        rows = self.application.events.order_by("-at", "-id")[:6]
        return [_event(row, is_on=number == 0) for number, row in enumerate(rows)]

    def part_review(self, facts: dict[str, Any]) -> dict[str, Any]:
        states = [row.state for row in facts["evidence"]]
        return {
            "counted": {state: states.count(state) for state in ("match", "differ", "no_data")},
            "doubtful": [row for row in facts["evidence"] if row.state != "match"],
            "matching": [row for row in facts["evidence"] if row.state == "match"],
            "about": [fact for fact in facts["known"] if not fact.answers],
            "bars": comparison.bars(self.application, facts["answers"]),
            "may_judge": can(self.request.user, Permission.HANDLE_CASE, self.application),
        }

    def part_answers(self, facts: dict[str, Any]) -> dict[str, Any]:
        changed = {row.key for row in facts["differences"] if row.new is not None}
        return {"sheet": comparison.answer_sheet(self.application, facts["answers"], changed)}

    def part_files(self, facts: dict[str, Any]) -> dict[str, Any]:
        return {"files": list(self.handed_in(facts).order_by("slot", "-version", "pk"))}

    def handed_in(self, facts: dict[str, Any]) -> Any:
        """Return the files of any submission: what the enterprise is still putting together is not ours yet."""
        numbers = {number for row in facts["submissions"] for number in row.files}
        return self.application.files.filter(number__in=numbers)

    def part_opinions(self, _facts: dict[str, Any]) -> dict[str, Any]:
        application = self.application
        reviews = application.reviews.exclude(stage="score").select_related("reviewer")
        earlier = application.organisation.applications.exclude(pk=application.pk).exclude(status="draft")
        return {
            "reviews": list(reviews),
            "sheets": procedures.visible_sheets(self.request.user, application),
            "earlier": list(earlier.select_related("call").order_by("-updated_at")[:EARLIER]),
            "recognitions": list(Recognition.objects.filter(organisation=application.organisation)[:EARLIER]),
        }

    def part_messages(self, _facts: dict[str, Any]) -> dict[str, Any]:
        people = procedures.colleagues(self.application, besides=self.request.user)
        form = self.kwargs.get("message_form") or MessageForm(colleagues=people)
        talk = self.application.messages.select_related("by").prefetch_related("mentions")
        return {"talk": list(talk), "message_form": form}

    def part_record(self, _facts: dict[str, Any]) -> dict[str, Any]:
        rows = audit.history_of(self.application).order_by("-sequence")[:MOST_EVENTS]
        return {"events": [_audited(row) for row in rows]}


def _event(row: Any, *, is_on: bool) -> dict[str, Any]:
    label = procedures.EVENT[procedures.Verb(row.verb)].label
    icons = {"submit": "send", "resubmit": "send", "return_for_correction": "edit", "take": "file-search"}
    return {
        "icon": icons.get(row.verb, "circle-dot"),
        "text": label,
        "who": row.by_name or _("系统"),
        "at": row.at,
        "is_on": is_on,
    }


def _audited(row: Any) -> dict[str, Any]:
    return {"icon": "circle-dot", "text": AUDIT_WORDS.get(row.action, row.action), "who": row.actor_name, "at": row.at}


class CaseDetail(CaseMixin, View):
    """One case."""

    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.show()


class CaseAct(CaseMixin, ActionFormView):
    """One verb on a case: POST only; what is wrong comes back on the page of the case, with what was typed."""

    http_method_names = ["post"]
    needs_gate = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.needs_gate:
            procedures.require_gate(request.user, self.application)  # type: ignore[arg-type]
        return super().post(request, *args, **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return self.show(context.get("form"), kwargs.get("status", 200))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return kwargs

    def get_success_url(self) -> str:
        return f"/cases/{self.application.number}/"
