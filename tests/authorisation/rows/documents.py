"""PDF documents and reports. Experts read a case at their own desk and take no copy of it with them."""

from ..rules import CASE_VIEWERS, DONE, EXPERT, GATE, INSIDERS, SELF, SIGNED_IN, STRONG, Row, Rule, read

READERS = INSIDERS | CASE_VIEWERS
AROUND = READERS | EXPERT


def document(state, may=READERS, needs=GATE | STRONG):
    return read(AROUND, may, needs=needs, of=f"case:{state}")


ROWS: dict[str, Row] = {
    "application-receipt": document("submitted", may=INSIDERS),
    "application-pdf": document("approved"),
    "application-decision": document("approved"),
    "case-pdf": document("score"),
    "case-decision": document("rejected"),
    "recognition-certificate": read(SIGNED_IN, READERS, of="recognition", shows=frozenset({"name", "code", "number"})),
    "report": read(SELF, of="report", ok={302}),
    "report-download": read(SELF, of="report"),
    "report-list": Row(
        read=Rule(SIGNED_IN),
        write=Rule(SIGNED_IN, ok=DONE | {422}),
        body={"report": "cases", "format": "csv"},
        is_vacuous="what one may ask for differs; tests/portal/test_reports.py",
    ),
}
