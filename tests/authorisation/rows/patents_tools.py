"""The public calculators: anybody may ask, and they know nothing of anybody."""

from ..rules import ANYONE, DONE, Row, Rule, read, write

NAMES = frozenset({"name", "code"})
PATENT = {"kind": "invention", "filed_on": "2020-03-10", "granted_on": "2023-05-20", "reduction": "0.85"}
FIRM = {"industry": "C26", "staff": 350, "revenue_wan": 1500, "assets_wan": 1}

QUERY = "?kind=invention&filed_on=2020-03-10&granted_on=2023-05-20&reduction=0.85"

ROWS: dict[str, Row] = {
    "tools": read(ANYONE),
    "tool-annuities": read(ANYONE, query=lambda world, party: QUERY),
    "tool-sme-size": read(ANYONE, query=lambda world, party: "?industry=industry&staff=350&revenue=1500"),
    "api:tool-application-number-list": read(ANYONE, query=lambda world, party: "?number=201710601862.3"),
    "api:tool-uscc-list": read(ANYONE, query=lambda world, party: "?code=91310115MA1KEHK006", shows=NAMES),
    "api:tool-annuities-list": write(ANYONE, body=PATENT, is_calculator=True),
    "api:tool-sme-size-list": Row(read=Rule(ANYONE), write=Rule(ANYONE, ok=DONE), body=FIRM, is_calculator=True),
}
