"""Money of rights, forecast and scenarios: the enterprise's own. Officials see an open right, and not its money."""

from patents.models import Right

from ..rules import DONE, FILLERS, INSIDERS, LEADERS, OFFICIALS, Row, Rule, read, write

SEERS = INSIDERS | OFFICIALS  # of an open right
ENTRY = {"stage": "cost", "code": "other", "amount": "12.00", "on": "2026-03-02"}


def picked(world, party):
    """The open right given up from a year on."""
    return {"pick": [party.addresses["right:open"]["number"]], "verb": "drop", "year": "2030"}


def inventor(world, party):
    """The inventor of the open right."""
    right = Right.objects.get(number=party.addresses["right:open"]["number"])
    return {"inventor": right.inventors[0], "amount": "100", "on": "2026-03-02", "reference": "P-1"}


ROWS: dict[str, Row] = {
    "right-money": Row(read=Rule(SEERS, INSIDERS), write=Rule(SEERS, FILLERS, ok=DONE), of="right:open", body=ENTRY),
    "right-money-reverse": Row(
        read=Rule(INSIDERS, FILLERS), write=Rule(INSIDERS, FILLERS, ok=DONE), of="money:open", body={"reason": "记错"}
    ),
    # 409: the inventor of the open right is none of the internal or the named one
    "right-reward-agree": write(SEERS, FILLERS, of="right:open", body=inventor, ok=DONE | {409}),
    "right-reward-pay": write(SEERS, FILLERS, of="right:open", body=inventor, ok=DONE | {409}),
    "rights-forecast": read(INSIDERS, door=INSIDERS),
    "rights-forecast-change": write(INSIDERS, FILLERS, door=INSIDERS, ok=DONE | {409}, body=picked),
    "rights-forecast-export": write(
        INSIDERS, door=INSIDERS, ok=DONE | {409}, body={"report": "rights-forecast", "format": "xlsx"}
    ),
    "scenario-create": write(INSIDERS, FILLERS, door=INSIDERS, body={"name": "新方案"}),
    "scenario-delete": write(INSIDERS, FILLERS, of="scenario"),
    "rights-high-value": read(SEERS, door=SEERS),
    "right-grade": write(SEERS, LEADERS, of="right:open", body={"grade": "B", "reason": "主营产品"}),
    "right-core": write(SEERS, LEADERS, of="right:open", body={"is_core": "on"}),
    "right-industry": write(SEERS, LEADERS, of="right:open", body={"code": ""}),
}
