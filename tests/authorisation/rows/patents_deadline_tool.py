"""The calculator of statutory periods: anybody may ask."""

from ..rules import ANYONE, DONE, Row, Rule, read

ASKED = {"rule": "first_office_action", "triggered_on": "2026-03-10", "delivery": "electronic"}

ROWS: dict[str, Row] = {
    "tool-deadlines": read(
        ANYONE, query=lambda world, party: "?rule=first_office_action&triggered_on=2026-03-10&delivery=electronic"
    ),
    "api:tool-deadline-list": Row(read=Rule(ANYONE), write=Rule(ANYONE, ok=DONE), body=ASKED, is_calculator=True),
}
