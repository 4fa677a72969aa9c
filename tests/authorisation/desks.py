"""The workbench of both districts: a rule, an absence, a template and a note with a mention, full of canaries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal import procedures
from portal.clock import today
from portal.models import Office
from portal.workbench import absences, reasons, sharing
from tests.factories import people


def add_workbench(world: Any, party: Any) -> None:
    """Give the district of a party its rules, absences and templates, and its case a note for the supervisor."""
    office = Office.objects.select_related("district").get(slug=party.district)
    officer, supervisor = party.officials["officer"], party.officials["supervisor"]
    if party.key != "C":
        away = people.post(people.make_user(f"不在岗{party.key}"), party.district, "officer")
        rule = sharing.add_rule(office.district, officer=officer, kind="municipal_pilot", cap=50, by=supervisor)
        absence = absences.enter(
            away, deputy=officer, from_on=today(), until_on=today() + dt.timedelta(days=3),
            note=world.canaries.make(party.key, "desk"), by=away,
        )  # fmt: skip
        template = reasons.write_template(
            office, use="correction", title=world.canaries.make(party.key, "desk"), text_zh="请补充", text_en="More",
            by=supervisor,
        )  # fmt: skip
        party.addresses["assignment_rule"] = {"number": rule.number}
        party.addresses["absence"] = {"number": absence.number}
        party.addresses["template"] = {"number": template.number}
    review = party.cases.get("review")
    if review is not None:
        note = world.canaries.make(party.key, "internal", case="review")
        procedures.write_message(review, note, is_internal=True, mentions=[supervisor], by=officer)
