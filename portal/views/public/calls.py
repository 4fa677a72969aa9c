"""Calls: the list, and the page of one with everything that governs it and the eligibility check."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal import kinds, procedures, questionnaires
from portal.clock import now
from portal.formats import strung
from portal.hats import hat_of
from portal.models import Call, Organisation, Stage, Status
from portal.pagination import Keyset, capped_counts
from portal.permissions import Permission, Verdict, can
from portal.views.base import fetch

VIEWS = ("open", "planned", "ended")


def state_of(call: Call) -> str:
    """Return a call's state as portal.vocabulary "call" words it."""
    moment = now()
    if call.published_at is None:
        return "draft"
    if moment < call.opens_at:
        return "planned"
    return "open" if moment < call.closes_at else "ended"


class CallList(TemplateView):
    """Published calls: open ones first, by the day they close."""

    clause = "5"
    template_name = "portal/public/call_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = {"open": _("正在申报"), "planned": _("即将开始"), "ended": _("已截止")}
        parts, wanted = views_of(Call.objects.published()), self.request.GET.get("view", "open")
        wanted = wanted if wanted in VIEWS else "open"
        counts = capped_counts(parts)
        order = ("-closes_at", "-id") if wanted == "ended" else ("closes_at", "id")
        rows = parts[wanted].select_related("district")
        page = Keyset.of_request(self.request, rows, order, size=20, known_count=counts[wanted])
        tabs = [{"label": names[n], "url": f"?view={n}", "count": counts[n], "is_current": n == wanted} for n in VIEWS]
        calls = [{"call": call, "state": wanted, "kind": kinds.title_of(call.kind)} for call in page.rows]
        return super().get_context_data(tabs=tabs, page=page, calls=calls, view_name=wanted, **kwargs)


def views_of(rows: Any) -> dict[str, Any]:
    """Return the calls that are open, planned and ended now."""
    moment = now()
    return {
        "open": rows.open(),
        "planned": rows.filter(opens_at__gt=moment),
        "ended": rows.filter(closes_at__lte=moment),
    }


class CallPage(TemplateView):
    """One call; a signed-in enterprise sees each eligibility rule with its evidence, and the button or why not."""

    clause = "5"
    template_name = "portal/public/call.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Call.objects.published().select_related("questionnaire", "district")
        call = fetch(rows, self.request.user, number=self.kwargs["number"])
        state = state_of(call)
        return super().get_context_data(
            call=call, state=state, kind=kinds.title_of(call.kind), stages=stages(call), limits=limits(call),
            criteria=[{"label": questionnaires.text(row["label"]), "max": row["max"]} for row in call.criteria],
            total=sum(row["max"] for row in call.criteria), needed=needed(call), **self.check(call), **kwargs,
        )  # fmt: skip

    def check(self, call: Call) -> dict[str, Any]:
        """Return the eligibility of the enterprise one acts for, its live application, and whether one may begin."""
        if not self.request.user.is_authenticated:
            return {"organisation": None}
        organisation = hat_of(self.request).organisation
        if organisation is None:
            return {"organisation": None}
        present = organisation.applications.filter(call=call).exclude(status=Status.WITHDRAWN).first()
        findings = procedures.eligibility(call, organisation)
        return {
            "organisation": organisation,
            "present": present,
            "findings": findings,
            "met": sum(found.is_met is True for found in findings),
            "verdict": self.may_begin(call, organisation, findings),
        }

    def may_begin(self, call: Call, organisation: Organisation, findings: list[Any]) -> Verdict:
        """Return whether a draft may be opened now, with the first reason against it."""
        allowed = can(self.request.user, Permission.FILL_APPLICATION, organisation)
        if not allowed:
            return allowed
        if not call.is_open:
            return Verdict(False, _("申报窗口没有开放。"))
        if call.district_id and call.district_id != organisation.district_id:
            return Verdict(False, _("本批次只面向%(district)s的企业。") % {"district": call.district})
        barred = [str(found.label) for found in findings if found.blocks and found.is_met is False]
        if barred:
            return Verdict(False, _("资格预检未通过：%(rules)s。") % {"rules": strung(barred)})
        return Verdict(True)


def stages(call: Call) -> list[dict[str, Any]]:
    """Return the road of a case under this call, with each stage's limit in working days."""
    who = {
        "verify": _("所在区经办"),
        "recommend": _("所在区负责人"),
        "score": _("两位以上专家独立评分"),
        "decide": _("市级负责人"),
        "settle": _("所在区另一位负责人"),
    }
    names = call.stages or list(Stage.values)
    rows = [{"label": Stage(n).label, "who": who.get(n, ""), "days": procedures.limit(call, n)} for n in names]
    return [*rows, {"label": _("公示"), "who": _("任何人可以提出异议"), "days": call.publicity_days}]


def limits(call: Call) -> list[tuple[str, int]]:
    """Return the applicant's own limits in working days."""
    return [(_("补正"), procedures.limit(call, "correction")), (_("申诉"), procedures.limit(call, "appeal"))]


def needed(call: Call) -> list[dict[str, Any]]:
    """Return what has to be filled in and attached, per section."""
    rows = []
    for part in questionnaires.sections(call.questionnaire.body):
        files = [questionnaires.text(q["label"]) for q in part["questions"] if q["type"] == "file"]
        rows.append({"title": questionnaires.text(part["title"]), "count": len(part["questions"]), "files": files})
    return rows
