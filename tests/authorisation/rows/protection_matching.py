"""Markets and watches are an enterprise's own; reach is for the city and, of its enterprises, for a district."""

from ..rules import DONE, FILLERS, INSIDERS, LEADERS, OFFICIALS, STRONG, Row, Rule, form, read, write
from .people import INSIDE

MARKET = {"role": "supply", "country": "TH", "products": "", "year": "", "share_percent": "", "amount_wan": ""}
SAME = {**MARKET, "role": "export", "country": "VN"}

ROWS: dict[str, Row] = {
    "market-list": read(INSIDE, INSIDERS, of="organisation"),
    "market-add": form(INSIDE, LEADERS, of="organisation", body=MARKET, done=DONE | {409}),
    "market-change": form(INSIDE, LEADERS, of="market", body=SAME, done=DONE | {409}),
    "market-remove": write(INSIDERS, LEADERS, of="market"),
    "watch-list": Row(
        read=Rule(INSIDERS, door=INSIDERS, shut=404),
        write=Rule(INSIDERS, FILLERS, door=INSIDERS, shut=404, ok=DONE),
        body={"what": "nice", "key": "9"},
    ),
    "watch-remove": write(INSIDERS, FILLERS, of="watch"),
    "reach-list": read(OFFICIALS, door=OFFICIALS),
    "reach-detail": read(OFFICIALS, door=OFFICIALS, of="alert:published"),
    "reach-export": write(OFFICIALS, door=OFFICIALS, of="alert:published", needs=STRONG, ok=DONE | {409}),
}
