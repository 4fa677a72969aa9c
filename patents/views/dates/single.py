"""One date: its arithmetic and law, and what may be done with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from patents import papers
from patents.dates import codes, explaining, keeping
from patents.forms.dates import MeetForm, OverrideForm, SetAsideForm
from patents.models import Right
from portal import formats
from portal.clock import today
from portal.models import Deadline
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView, ActionView, SignedIn, fetch


def fetch_date(user: Any, number: str) -> Deadline:
    """Return the date of a right, or 404."""
    rows = Deadline.objects.filter(subject_type=codes.SUBJECT)
    people = ("organisation", "responsible", "backup", "agency", "overridden_by", "met_by")
    return fetch(rows.select_related(*people), user, number=number)


_iso = dt.date.fromisoformat


def bands_of(bands: list[dict[str, str]]) -> list[tuple[dt.date, dt.date, str]]:
    """Return late windows as a page shows them."""
    return [(_iso(band["from"]), _iso(band["to"]), band["surcharge"]) for band in bands]


def basis_of(row: Deadline, right: Right) -> dict[str, Any]:
    """Return the arithmetic, law and source as the disclosure shows them."""
    return {
        "sentences": explaining.sentences(row, right),
        "law": row.basis,
        "source": explaining.source_of(row),
    }


def pairs_of(row: Deadline) -> list[tuple[Any, Any]]:
    """Return the facts of a date in the order of their weight."""
    found: list[tuple[Any, Any]] = [
        (_("建议日"), formats.day(row.target_on)),
        (_("法定日"), formats.day(row.legal_on)),
    ]
    if row.computed_on != row.overridden_on:
        found.append((_("推算的法定日"), formats.day(row.computed_on)))
    if row.grace_on:
        found.append((_("最晚（滞纳或宽展期满）"), formats.day(row.grace_on)))
    if row.amount is not None:
        found.append((_("应缴金额"), formats.money(row.amount)))
        if row.computed_amount is not None:
            found.append((_("推算的金额"), formats.money(row.computed_amount)))
        if today() > row.legal_on:
            found.append((_("今天缴纳"), formats.money(keeping.owed_on(row, today()))))
    found += [
        (_("起算日"), formats.day(row.trigger_on)),
        (_("负责人"), row.responsible.name if row.responsible else _("无")),
        (_("备用联系人"), row.backup.name if row.backup else _("无")),
        (_("下次提醒"), formats.moment(row.remind_at)),
    ]
    return found


class DateDetail(SignedIn, TemplateView):
    """Both days side by side, how they came about, the late bands, and the forms."""

    clause = "4"
    template_name = "patents/dates/date.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = fetch_date(self.request.user, self.kwargs["number"])
        right = keeping.right_of(row)
        code = codes.code_of(row.rule_code)
        return super().get_context_data(
            row=row,
            right=right,
            words=codes.words(code),
            missed=codes.missed(code),
            pairs=pairs_of(row),
            basis=basis_of(row, right),
            late=[bands_of(row.bands), bands_of(row.computed_bands or [])],
            is_open=not (row.met_at or row.cancelled_at),
            may_edit=can(self.request.user, Permission.EDIT_RIGHT, row),
            **kwargs,
        )


class DateForm(ActionFormView):
    """A page with one form about one date."""

    clause = "4"
    template_name = "patents/dates/form.html"
    subject = "row"
    title: Any = ""
    submit: Any = ""
    stops = False

    @cached_property
    def row(self) -> Deadline:
        row = fetch_date(self.request.user, self.kwargs["number"])
        check(self.request.user, Permission.EDIT_RIGHT, row)
        return row

    def get_success_url(self) -> str:
        return reverse("date", args=[self.row.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = codes.words(codes.code_of(self.row.rule_code))
        extra = {"row": self.row, "words": words, "title": self.title, "submit": self.submit, "stop": self.stops}
        return super().get_context_data(**extra, **kwargs)


class MeetDate(DateForm):
    """Done, with the receipt where money goes with it."""

    form_class = MeetForm
    title = gettext_lazy("办结")
    submit = gettext_lazy("确认办结")
    success_message = gettext_lazy("已办结。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "deadline": self.row}

    def action(self, form: MeetForm) -> Deadline:
        values, user = dict(form.cleaned_data), self.request.user
        if values.get("document"):
            values["document"] = papers.attach(keeping.right_of(self.row), values["document"], by=user)
        return keeping.meet(self.row, by=user, **values)


class OverrideDate(DateForm):
    """An official or stated day."""

    form_class = OverrideForm
    title = gettext_lazy("按官方日期改写")
    submit = gettext_lazy("以这一天为准")
    success_message = gettext_lazy("已按写明的日期办理；推算的日期保留在旁边。")

    def action(self, form: OverrideForm) -> Deadline:
        return keeping.override(self.row, by=self.request.user, **form.cleaned_data)


class SetAsideDate(DateForm):
    """Not needed."""

    form_class = SetAsideForm
    title = gettext_lazy("不需要办理")
    submit = gettext_lazy("确认不办理")
    stops = True
    success_message = gettext_lazy("已取消这个期限。")

    def action(self, form: SetAsideForm) -> None:
        keeping.set_aside(self.row, by=self.request.user, **form.cleaned_data)


class LiftOverride(ActionView):
    """The computed day holds again."""

    success_message = gettext_lazy("已恢复推算的日期。")

    def get_object(self) -> Deadline:
        row = fetch_date(self.request.user, self.kwargs["number"])
        check(self.request.user, Permission.EDIT_RIGHT, row)
        return row

    def action(self, obj: Deadline, form: Any) -> None:
        keeping.lift(obj, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("date", args=[self.object.number])
