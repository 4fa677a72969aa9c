"""The form of the public calculator of statutory periods."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patents import catalogue
from patents.arithmetic import DELIVERIES
from patents.catalogue import FIRST_DAY, LAST_DAY, Answer, Domain
from patents.periods import Delivery
from portal import formats, rules
from portal.forms.public import read_date

GROUPS = (
    (gettext_lazy("专利"), frozenset({Domain.PATENT, Domain.COURT})),
    (gettext_lazy("商标"), frozenset({Domain.TRADEMARK})),
    (gettext_lazy("境外"), frozenset({Domain.FOREIGN})),
)


def _choices() -> list[tuple[Any, Any]]:
    groups: list[tuple[Any, Any]] = [("", gettext_lazy("请选择"))]
    for label, domains in GROUPS:
        inside = [entry for entry in catalogue.ENTRIES.values() if entry.domain in domains]
        groups.append((label, [(entry.code, formats.noted(entry.title, entry.event)) for entry in inside]))
    return groups


class DeadlineForm(forms.Form):
    """Which period, from which day, delivered how."""

    use_required_attribute = False
    rule = forms.ChoiceField(
        label=gettext_lazy("期限"),
        help_text=gettext_lazy("括号内说明从哪一天起算。"),
        choices=_choices,
        error_messages={"required": gettext_lazy("请选择期限。"), "invalid_choice": gettext_lazy("没有这个期限。")},
    )
    triggered_on = forms.CharField(
        label=gettext_lazy("起算事项的日期"),
        help_text=gettext_lazy("通知书请填发文日，例如 2026-11-22。"),
        max_length=40,
        error_messages={"required": gettext_lazy("请填写日期。")},
    )
    delivery = forms.ChoiceField(
        label=gettext_lazy("送达方式"),
        help_text=gettext_lazy("只影响自送达起算的期限；不经送达的选第一项。"),
        choices=[(mode.value, DELIVERIES[mode]) for mode in (Delivery.NONE, *list(Delivery)[:-1])],
        initial=Delivery.NONE.value,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("请从列出的送达方式中选择。")},
    )

    def clean_triggered_on(self) -> dt.date:
        """Return the date; every spelling a questionnaire takes is fine here as well."""
        day = read_date(self.cleaned_data["triggered_on"])
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(
                _("日期须在 %(first)s至%(last)s之间。")
                % {"first": formats.day(FIRST_DAY), "last": formats.day(LAST_DAY)}
            )
        return day

    def answer(self) -> Answer | None:
        """Return what was computed; None, with the reason on the form, where no rule covers the day."""
        given = self.cleaned_data
        try:
            return catalogue.deadline(given["rule"], given["triggered_on"], given["delivery"] or Delivery.NONE)
        except rules.RuleMissing:
            self.add_error("triggered_on", _("没有适用于这一天的规则。"))
            return None
