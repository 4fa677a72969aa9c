"""High-value inventions: evidence and near misses for the enterprise, counts for officials."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from patents import grades, valuing
from patents.forms.money import CoreForm, GradeForm, IndustryForm
from patents.models import Right
from patents.views.money.words import Line, lines, set_notes
from portal.clock import now, today
from portal.hats import enterprise_of, hat_of
from portal.models import District, Organisation, standing_of
from portal.pagination import Keyset, capped_counts
from portal.permissions import Permission, can
from portal.views.base import ActionView, SignedIn

KEPT_SECONDS = 600
PER_PAGE = 20


class HighValueList(SignedIn, TemplateView):
    """?show= met (default), near or all."""

    clause = "4"
    template_name = "patents/money/high_value.html"

    @cached_property
    def organisation(self) -> Organisation:
        return enterprise_of(self.request, _("请选择以企业或政府部门的身份查看。"))

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if hat_of(request).is_official:
            return render(request, "patents/money/high_value_counts.html", counts_for(request.user))
        return super().get(request, *args, **kwargs)

    @cached_property
    def groups(self) -> dict[str, Any]:
        rights = Right.objects.visible_to(self.request.user).filter(organisation=self.organisation)
        rows = valuing.inventions(rights)
        return {"met": rows.filter(is_high_value=True), "near": rows.filter(valuing.nearly(today())), "all": rows}

    @property
    def show(self) -> str:
        asked = self.request.GET.get("show", "met")
        return asked if asked in self.groups else "met"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        counts = capped_counts(self.groups)
        page = Keyset.of_request(
            self.request, self.groups[self.show], ["-filed_on", "-id"], size=PER_PAGE, known_count=counts[self.show]
        )
        judged = valuing.judge_all(page.rows, user=user, on=today())
        rows: list[Line] = [
            Line(right, judged[right.pk], grades.explain(right), lines(judged[right.pk])) for right in page
        ]
        return super().get_context_data(
            rows=rows, page=page, counts=counts, tabs=self._tabs(counts), sets=set_notes(valuing.parameters()),
            is_sample=valuing.table()[1], may_steer=can(user, Permission.STEER_RIGHT, self.organisation), **kwargs,
        )  # fmt: skip

    def _tabs(self, counts: dict[str, int]) -> list[dict[str, Any]]:
        labels = {"met": gettext("已满足"), "near": gettext("接近或待确认"), "all": gettext("全部有效发明")}
        return [
            {"label": label, "url": f"?show={key}", "count": counts[key], "is_current": key == self.show}
            for key, label in labels.items()
        ]


def counts_for(user: Any) -> dict[str, Any]:
    """Return the counts of an official's area by district: of open rights, kept for ten minutes."""
    standing = standing_of(user)
    area = "city" if standing.is_city else ",".join(sorted(standing.districts))
    key = f"high-value:{area}:{today()}"
    found = cache.get(key)
    if found is None:
        rows = valuing.inventions(Right.objects.visible_to(user)).order_by()
        sums = rows.values("organisation__district").annotate(
            every=Count("pk"), high=Count("pk", filter=Q(is_high_value=True))
        )
        counted = sums.values_list("organisation__district", "every", "high")
        found = {"rows": list(counted), "as_of": now()}
        cache.set(key, found, KEPT_SECONDS)
    names = {district.code: str(district) for district in District.objects.all()}
    shown = sorted(((names[code], all_, high) for code, all_, high in found["rows"]), key=lambda row: -row[2])
    total = (sum(row[1] for row in shown), sum(row[2] for row in shown))
    return {"rows": shown, "total": total, "as_of": found["as_of"], "sets": set_notes(valuing.parameters())}


class Judging(ActionView):
    """A verb on how one right is judged."""

    model = Right

    def get_success_url(self) -> str:
        return reverse("right", args=[self.object.number])


class GradeSet(Judging):
    """Set a grade by hand, or give the computed one back."""

    form_class = GradeForm
    success_message = _("分级已更新。")

    def action(self, obj: Right, form: GradeForm) -> Right:
        return grades.set_manual(obj, by=self.request.user, **form.cleaned_data)


class CoreMark(Judging):
    """Mark a right as core, or no longer."""

    form_class = CoreForm
    success_message = _("核心标记已更新。")

    def action(self, obj: Right, form: CoreForm) -> Right:
        return grades.mark_core(obj, by=self.request.user, **form.cleaned_data)


class IndustryConfirm(Judging):
    """Confirm which branch a patent belongs to, or that it belongs to none."""

    form_class = IndustryForm
    success_message = _("产业归属已确认。")

    def action(self, obj: Right, form: IndustryForm) -> Right:
        return valuing.confirm_industry(obj, by=self.request.user, **form.cleaned_data)
