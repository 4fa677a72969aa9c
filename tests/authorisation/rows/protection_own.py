"""An enterprise's own alerts, its district's call list, and the knowledge that everybody reads and the city keeps."""

from ..rules import (
    ANYONE,
    DONE,
    FILLERS,
    INSIDERS,
    OFFICERS,
    OFFICIALS,
    PUBLISHERS,
    SIGNED_IN,
    STRONG,
    Row,
    Rule,
    form,
    read,
)

KEEPERS = PUBLISHERS | {"city_officer"}
LAW = {"country": "US", "title": "x", "instrument": "x", "change": "x", "source": "x", "status": "sample"}
CASE = {"forum": "itc", "country": "US", "title": "x", "summary": "x", "outcome": "won", "source": "x"}
FACT = {"topic": "border", "value": "x", "source": "x", "status": "sample"}


def _react(body=None):
    """A verb of the enterprise; what is done twice is refused by its state."""
    write = Rule(INSIDERS, FILLERS, ok=DONE | {409})
    return Row(read=Rule(INSIDERS), write=write, of="delivery:ours", body=body or {})


def _plain(of="delivery:ours"):
    return Row(write=Rule(INSIDERS, FILLERS, ok=DONE | {409}), of=of)


def _call(of, body):
    return Row(read=Rule(OFFICIALS), write=Rule(OFFICIALS, OFFICERS, ok=DONE | {409}), of=of, body=body)


def _keep(body, **more):
    return form(SIGNED_IN, KEEPERS, needs=STRONG, body=body, done=DONE | {409}, **more)


ROWS: dict[str, Row] = {
    "protection": read(SIGNED_IN),
    "alerts-for-us": read(INSIDERS, door=INSIDERS),
    "alert-for-us": read(INSIDERS, of="delivery:ours"),
    "alert-take": _plain(),
    "alert-reopen": _plain("delivery:over"),
    "alert-tick": _react({"done": ["0"]}),
    "alert-assign": _react(lambda world, party: {"to": party.people["member"].number}),
    "alert-put-aside": _react({"why": "不出口"}),
    "alert-finish": _react(),
    "alert-note": _react({"note": "x"}),
    "alert-help": _react({"text": "x"}),
    "alert-calls": read(OFFICIALS, door=OFFICIALS, shut=404),
    "alert-call": read(OFFICIALS, of="delivery:unread"),
    "alert-call-record": _call("delivery:unread", {"note": "x"}),
    "alert-call-answer": _call("delivery:asking", {"answer": "x"}),
    "alert-list": read(ANYONE),
    "alert-feed": read(ANYONE),
    "alert": read(ANYONE, of="alert:published"),
    "law-list": read(ANYONE),
    "law-calendar": read(ANYONE),
    "law": read(ANYONE, of="law"),
    "law-new": _keep(LAW),
    "law-edit": _keep(LAW, of="law"),
    "legal-case-list": read(ANYONE),
    "legal-case": read(ANYONE, of="legal-case"),
    "legal-case-new": _keep(CASE),
    "legal-case-edit": _keep(CASE, of="legal-case"),
    "country-list": read(ANYONE),
    "country": read(ANYONE, of="country"),
    "country-fact-new": _keep(FACT, of="country"),
    "country-fact-edit": _keep(FACT, of="country-fact"),
}
