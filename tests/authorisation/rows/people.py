"""Registering, joining, enterprises and their people, verification, offices."""

from ..rules import (
    ADMIN,
    ANYONE,
    DONE,
    INSIDERS,
    LEADERS,
    OFFICERS,
    OFFICIALS,
    OWNER,
    SIGNED_IN,
    STRONG,
    SUPERVISOR,
    Row,
    Rule,
    form,
    read,
    write,
)

FORMS = DONE | {200, 422}
INSIDE = INSIDERS | OFFICIALS  # they see that the enterprise exists; its own pages are for its members
CODE = frozenset({"code"})  # one typed it oneself


def own(may, **more):
    """An enterprise's own page."""
    return read(INSIDE, may, of="organisation", **more)


def office(row=form, **more):
    """A page of the city's administrators, shut for everybody else."""
    return row(ADMIN, door=ADMIN, needs=STRONG, **more)


ROWS: dict[str, Row] = {
    "register": Row(
        read=Rule(ANYONE),
        write=Rule(ANYONE, ok=FORMS),
        is_vacuous="an empty form is 422 to those who may; carried out in the area's own tests",
    ),
    "register-lookup": write(ANYONE, body={"uscc": "x"}),
    "register-contact": Row(
        read=Rule(ANYONE, ok=frozenset({200, 302})), write=Rule(ANYONE, ok=FORMS), elsewhere=frozenset({302})
    ),
    "join": Row(
        read=Rule(ANYONE),
        write=Rule(ANYONE, ok=FORMS | {409}),
        body=lambda world, party: {"uscc": world.parties["B"].organisation.uscc, "message": "请同意"},
        shows=CODE,
    ),
    "district-join-list": read(SUPERVISOR, door=SUPERVISOR),
    "join-withdraw": write(OWNER | SUPERVISOR, frozenset(), of="join:district", is_vacuous="the asker is no actor"),
    "join-accept": write(OWNER | SUPERVISOR, of="join:district", body={"role": "viewer"}),
    "join-refuse": write(OWNER, of="join", body={"reason": "不认识"}),
    "invitation-list": read(SIGNED_IN),
    "invitation": Row(
        read=Rule(ANYONE),
        write=Rule(ANYONE, ok=FORMS | {403, 409}),
        is_vacuous="an empty form is 422 to those who may; carried out in the area's own tests",
        of="invitation:token",
        shows=frozenset({"invitation", "name", "people"}),
    ),
    "invitation-accept": write(frozenset(), of="invitation", is_vacuous="the invited person is no actor"),
    "invitation-decline": write(frozenset(), of="invitation", is_vacuous="the invited person is no actor"),
    "invitation-revoke": write(OWNER, of="invitation"),
    "district-organisation-list": read(OFFICIALS, door=OFFICIALS),
    "organisation-detail": read(INSIDE, of="organisation", ok={200, 302}, elsewhere=frozenset({302})),
    "member-list": own(INSIDERS),
    "member-invite": form(INSIDE, OWNER, of="organisation", body={"email": "neu@example.cn", "role": "viewer"}),
    "member-change-role": write(INSIDE, OWNER, of="member:member", body={"role": "viewer"}),
    "member-end": form(INSIDE, OWNER | {"viewer"}, of="member:viewer"),  # one may leave oneself
    "member-hand-over": form(INSIDE, OWNER, of="member:manager"),
    "profile": own(INSIDERS),
    "profile-edit": form(INSIDE, LEADERS, of="organisation", body={"staff": "90", "year": "2025"}),
    "organisation-verification": Row(
        read=Rule(INSIDE, INSIDERS),
        write=Rule(INSIDE, LEADERS, ok=DONE | {409, 422}),
        of="organisation",
        is_vacuous="A is verified",
    ),
    "organisation-district": form(
        INSIDE, LEADERS, of="organisation", body={"district": "310101", "address": "新址", "reason": "搬迁"}
    ),
    "organisation-history": own(INSIDERS),
    "verification-list": read(OFFICERS, door=OFFICERS),
    "verification-detail": read(OFFICERS, door=OFFICERS, of="verification"),
    "verification-verify": write(OFFICERS, needs=STRONG, door=OFFICERS, of="verification"),
    "verification-refuse": write(OFFICERS, needs=STRONG, door=OFFICERS, of="verification", body={"reason": "不清楚"}),
    "office-list": office(read),
    "office-detail": office(read, of="office"),
    "office-edit": office(of="office", body={"name_zh": "甲", "name_en": "A"}),
    "official-invite": office(of="office", body={"email": "amt@example.cn", "role": "officer"}),
    "people-list": office(read),
    "expert-invite": office(body={"email": "exp@example.cn"}),
    "people-detail": office(read, of="person"),
    "people-post": office(
        write,
        of="person",
        body=lambda world, party: {"post-office": world.shared["office"]["pk"], "post-role": "officer"},
    ),
    "posting-end": office(write, of="posting"),
    "people-expert": office(write, of="person", body={"employer": "某大学"}),
    "people-availability": office(write, of="person:expert", body={"is_available": ""}),
    "people-deactivate": office(write, of="person", body={"reason": "离职"}),
    "people-reactivate": office(write, of="person:disabled"),
}
