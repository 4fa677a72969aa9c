"""Dates of rights, notices received, calendar feeds and webhooks. Officials see the dates of open rights."""

from ..rules import (
    ANYONE,
    DONE,
    FILLERS,
    INSIDERS,
    LEADERS,
    OFFICIALS,
    SELF,
    SIGNED_IN,
    Row,
    Rule,
    form,
    read,
    write,
)

SEERS = INSIDERS | OFFICIALS  # of an open right
STATED = {"on": "2027-01-05", "reason": "通知书"}


def _verb(**more):
    """A page with a form about the date of an open right; what is done twice is refused by its state."""
    done = Rule(SEERS, FILLERS, ok=DONE | {409})
    return Row(read=Rule(SEERS, FILLERS), write=done, of="deadline:open", **more)


ROWS: dict[str, Row] = {
    "date-list": read(SIGNED_IN),
    "date-calendar": read(SIGNED_IN),
    "date": read(SEERS, of="deadline:open"),
    "date-meet": _verb(body={"on": "2026-03-12", "reference": "0001", "amount": "1.00"}),
    "date-override": _verb(body=STATED),
    "date-set-aside": _verb(body={"reason": "不需要"}),
    "date-lift": write(
        SEERS, FILLERS, of="deadline:open", ok=DONE | {409}, is_vacuous="nothing is stated where it is called"
    ),
    "date-handover": Row(
        read=Rule(INSIDERS, FILLERS, door=INSIDERS, shut=404),
        write=Rule(INSIDERS, FILLERS, door=INSIDERS, shut=404, ok=DONE | {409, 422}),
        body={"former": "x", "to": "y"},
        is_vacuous="no dates there wait for another; tests/patents/dates/test_date_pages.py",
    ),
    "right-dates": read(SEERS, of="right:open"),
    "notice-new": Row(
        read=Rule(SEERS, FILLERS),
        write=Rule(SEERS, FILLERS, ok=DONE | {409}),
        of="right:open",
        body={"type": "other", "issued_on": "2026-03-11", "delivery": "electronic"},
    ),
    "notice-fee": Row(
        read=Rule(SEERS, FILLERS),
        write=Rule(SEERS, FILLERS, ok=frozenset({409})),  # the open right is not granted yet: no annuity is open
        of="notice:payment",
        body={"first_0": "2026-04-14", "last_0": "2026-05-12", "surcharge_0": "45.00"},
        is_vacuous="no annuity is open; tests/patents/dates/test_stated_content.py",
    ),
    "notice-reduction": Row(
        read=Rule(SEERS, FILLERS), write=Rule(SEERS, FILLERS, ok=DONE), of="notice:approval", body={"share": "0.85"}
    ),
    "calendar-list": form(SIGNED_IN, body={"label": "x"}),
    "calendar-revoke": write(SELF, of="feed"),
    "calendar-feed": read(ANYONE, of="feed:token", shows=frozenset({"name", "right", "right_internal"})),
    "webhook-list": Row(
        read=Rule(SEERS, LEADERS),
        write=Rule(SEERS, LEADERS, ok=DONE | {409}),
        of="organisation",
        body={"url": "https://hooks.example.cn/x"},
    ),
    "webhook-test": write(LEADERS, of="webhook", ok=DONE | {409}),
    "webhook-revoke": write(LEADERS, of="webhook"),
}
