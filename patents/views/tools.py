"""Calculators anybody may use without an account."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from enterprises import size_law
from patents import law, tool_answers
from patents.forms.tools import AnnuityForm, NumberForm, SizeForm
from patents.numbers import Kind, Route

KINDS = {
    (Kind.INVENTION, Route.NATIONAL): _("发明"),
    (Kind.UTILITY_MODEL, Route.NATIONAL): _("实用新型"),
    (Kind.DESIGN, Route.NATIONAL): _("外观设计"),
    (Kind.INVENTION, Route.PCT): _("PCT 发明（国家阶段）"),
    (Kind.UTILITY_MODEL, Route.PCT): _("PCT 实用新型（国家阶段）"),
}
TOOLS = [  # route, icon, name, what it does
    ("tool-annuities", "coin-yuan", _("年费与滞纳金"), _("逐年应缴日、减缴、各月滞纳金，直到期限届满")),
    ("tool-deadlines", "calendar-time", _("法定期限推算"), _("送达、月份推算和节假日顺延，逐步列出")),
    ("tool-application-number", "hash", _("申请号、专利号核对"), _("校验位、类型和年份，任何写法都行")),
    ("tool-credit-code", "building", _("统一社会信用代码核对"), _("校验位和登记区划")),
    ("tool-sme-size", "users-group", _("中小企业划型"), _("按行业、人员、收入和资产判断规模")),
    ("tool-workdays", "calendar", _("工作日与到期日"), _("按放假和调休安排逐日列出")),
]


class ToolList(TemplateView):
    """All calculators."""

    clause = "19"
    template_name = "patents/tools/index.html"
    extra_context = {"tools": TOOLS}


class ApplicationNumberTool(TemplateView):
    """Check an application or patent number."""

    clause = "19"
    template_name = "patents/tools/application_number.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = NumberForm(self.request.GET if "number" in self.request.GET else None)
        found = problems = None
        if form.is_bound and form.is_valid():
            found, problems = tool_answers.application_number(form.cleaned_data["number"])
        kind = KINDS[found.kind, found.route] if found and found.kind and found.route else ""
        return super().get_context_data(form=form, found=found, problems=problems, kind=kind, **kwargs)


class AnnuityTool(TemplateView):
    """Annuities of a Chinese patent to the end of its term."""

    clause = "19"
    template_name = "patents/tools/annuities.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures = law.annuity_law()
        form = AnnuityForm(self.request.GET if "kind" in self.request.GET else None, law=figures)
        answer = None
        if form.is_bound and form.is_valid():
            answer = tool_answers.annuity(form.cleaned_data["patent"], figures, form.cleaned_data["as_of"])
        return super().get_context_data(form=form, answer=answer, **kwargs)


class SizeTool(TemplateView):
    """Size of an enterprise by the standard of 2011."""

    clause = "19"
    template_name = "patents/tools/sme_size.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = SizeForm(self.request.GET if {"industry", "code"} & set(self.request.GET) else None)
        size = why = rules = None
        if form.is_bound and form.is_valid():
            given = form.cleaned_data
            size, why = tool_answers.size(given["found"], given["values"], is_unnamed=given["is_unnamed"])
            rules = [size_law.rule(given["found"])]
        words = size_law.SIZES[size] if size else ""
        return super().get_context_data(form=form, size=words, why=why, rules=rules, **kwargs)
