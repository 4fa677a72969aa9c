"""The interface for programs: the register of rights, its dates, money, imports."""

from django.core.files.uploadedfile import SimpleUploadedFile

from patents.models import Right
from tests.factories import documents

from ..rules import DONE, FILLERS, INSIDERS, LEADERS, OFFICIALS, SIGNED_IN, Row, Rule, read, write

OUTSIDE = DONE | {403, 404}  # the enterprise is named in the body: a stranger's is absent


def verb(may, of="right:open", **more):
    return write(INSIDERS, may, of=of, **more)


def both(of, may=FILLERS, **more):
    return Row(read=Rule(INSIDERS), write=Rule(INSIDERS, may, ok=DONE), of=of, **more)


def listed(**body):
    """A list of one's own things, and making one for enterprise A."""

    def filled(world, party):
        return {"organisation": world.parties["A"].organisation.number, **body}

    return Row(read=Rule(SIGNED_IN), write=Rule(SIGNED_IN, ok=OUTSIDE), body=filled)


def change(world, party):
    right = Right.objects.get(number=world.parties["A"].addresses["right:open"]["number"])
    return {"version": right.version, "note": "改"}


def bulk(world, party):
    number = world.parties["A"].addresses["right:open"]["number"]
    organisation = world.parties["A"].organisation.number
    return {"organisation": organisation, "numbers": [number], "field": "grade", "value": "A"}


def upload(world, party):
    file = SimpleUploadedFile("a.csv", "申请号,名称\n".encode(), "text/csv")
    return {"organisation": world.parties["A"].organisation.number, "file": file}


def paper(world, party):
    return {"file": SimpleUploadedFile("a.pdf", documents.pdf(), "application/pdf")}


def inventor(world, party):
    """The inventor of the open right: of the internal and of the named one it is none (409)."""
    right = Right.objects.get(number=party.addresses["right:open"]["number"])
    return {"inventor": right.inventors[0], "amount": "100.00", "on": "2026-03-02", "reference": "P-1"}


def of_a(world, party):
    return f"?organisation={world.parties['A'].organisation.number}"


ROWS: dict[str, Row] = {
    "api:right-list": listed(kind="software", title="软件", registration_number="2099SR0000001"),
    "api:right-detail": both("right:open", body=change),
    "api:right-change-status": verb(FILLERS, body={"status": "granted", "on": "2026-03-20", "source": "登记簿"}),
    "api:right-flags": verb(FILLERS, body={"flags": ["pledged"]}),
    "api:right-secrecy": verb(FILLERS, body={"secrecy": "internal"}),
    "api:right-assign": verb(LEADERS, body={"responsible": None, "backup": None, "agency": None}),
    "api:right-links": verb(FILLERS, body={"family": None, "products": []}),
    "api:right-remove": verb(LEADERS, of="right:trademark", body={"reason": "误登"}),
    "api:right-bulk-edit": write(SIGNED_IN, ok=OUTSIDE, body=bulk, shows=frozenset({"right"})),
    "api:right-events": read(INSIDERS, of="right:open"),
    "api:right-notices": both("right:open", body={"type": "first_office_action", "issued_on": "2026-03-12"}),
    "api:right-money-list": both(
        "under:open", body={"stage": "payment", "code": "other", "amount": "12.50", "on": "2026-03-02"}
    ),
    "api:right-valuation-list": read(INSIDERS, of="under:open"),
    "api:right-valuation-grade": verb(LEADERS, of="under:open", body={"grade": "A", "reason": "主营产品"}),
    "api:right-valuation-core": verb(LEADERS, of="under:open", body={"is_core": True}),
    "api:right-valuation-industry": verb(LEADERS, of="under:open", body={"code": ""}),
    "api:right-reward-list": read(INSIDERS, of="under:open"),
    "api:right-reward-agree": verb(FILLERS, of="under:open", body=inventor, ok=DONE | {409}),
    "api:right-reward-pay": verb(FILLERS, of="under:open", body=inventor, ok=DONE | {409}),
    "api:right-document-list": both("under:open", body=paper, is_multipart=True),
    "api:right-use-list": both(
        "under:trademark", body={"nice_class": 9, "used_on": "2026-03-02", "description": "展会照片"}
    ),
    "api:high-value-list": read(SIGNED_IN),
    "api:high-value-counts": read(OFFICIALS, door=OFFICIALS),
    "api:open-right-list": read(SIGNED_IN),
    "api:open-right-detail": read(OFFICIALS, of="right:open"),
    "api:deadline-list": read(SIGNED_IN),
    "api:deadline-detail": read(INSIDERS, of="deadline:open"),
    "api:deadline-meet": verb(FILLERS, of="deadline:open", body={"reference": "0001", "amount": "1.00"}),
    "api:deadline-override": verb(FILLERS, of="deadline:open", body={"on": "2027-01-05", "reason": "通知书"}),
    "api:deadline-lift": verb(FILLERS, of="deadline:open", ok=DONE | {409}, is_vacuous="nothing is stated there"),
    "api:deadline-set-aside": verb(FILLERS, of="deadline:open", body={"reason": "不需要"}),
    "api:money-detail": read(INSIDERS, of="money-entry"),
    "api:money-reverse": verb(FILLERS, of="money-entry", body={"reason": "录错"}),
    "api:forecast-list": read(SIGNED_IN, query=of_a, ok={200, 404}),
    "api:scenario-list": listed(name="方案甲乙"),
    "api:scenario-change": verb(
        FILLERS,
        of="scenario",
        body=lambda world, party: {"rights": [party.addresses["right:open"]["number"]], "year": 2030},
    ),
    "api:scenario-remove": verb(FILLERS, of="scenario"),
    "api:family-list": listed(title="族"),
    "api:product-list": listed(name="新产品"),
    "api:product-change": verb(FILLERS, of="product", body={"name": "改名", "is_active": True}),
    "api:import-list": read(SIGNED_IN),
    "api:import-upload": write(SIGNED_IN, ok=OUTSIDE, body=upload, is_multipart=True),
    "api:import-detail": read(INSIDERS, of="import"),
    "api:import-rows": read(INSIDERS, of="import"),
    "api:import-map": verb(
        FILLERS, of="import", body={"columns": {"0": "title", "1": "application_number"}, "kind": "invention"}
    ),
    "api:import-confirm": verb(FILLERS, of="import", ok=DONE | {409}, is_vacuous="its columns are not named yet"),
    "api:import-resume": verb(FILLERS, of="import", ok=DONE | {409}, is_vacuous="it has not failed"),
    "api:import-cancel": verb(FILLERS, of="import"),
}

ROWS |= {
    "api:saved-view-list": Row(
        read=Rule(SIGNED_IN), write=Rule(SIGNED_IN, ok=DONE), body={"page": "rights", "name": "视图"}
    ),
    "api:saved-view-remove": write(frozenset(), of="token", is_vacuous="nobody of the actors has one"),
    "api:calendar-feed-list": Row(read=Rule(SIGNED_IN), write=Rule(SIGNED_IN, ok=DONE), body={"label": "手机"}),
    "api:calendar-feed-revoke": write(frozenset(), of="token", is_vacuous="nobody of the actors has one"),
    "api:webhook-list": listed(url="https://erp.example.com/hook"),
    "api:webhook-revoke": write(frozenset(), of="token", is_vacuous="nobody of the actors has one"),
}
