"""The public calculator of statutory periods."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from patents.arithmetic import sentences
from patents.forms.deadline_tool import DeadlineForm


class DeadlineTool(TemplateView):
    """Choose a period and a day; needs no account."""

    clause = "19"
    template_name = "patents/tools/deadlines.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = DeadlineForm(self.request.GET if "rule" in self.request.GET else None)
        answer = form.answer() if form.is_bound and form.is_valid() else None
        steps = sentences(answer) if answer else []
        return super().get_context_data(form=form, answer=answer, steps=steps, **kwargs)
