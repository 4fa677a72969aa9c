"""The applicant's side. Officials and experts have pages of their own: here their cases do not exist."""

from ..rules import DONE, FILLERS, INSIDERS, LEADERS, SIGNED_IN, Row, Rule, form, read, write

SECTION = {"key": "basics"}
STAFF = {"a-staff": "91", "leave": "1"}


def tab(state="approved", **more):
    return read(INSIDERS, of=f"case:{state}", **more)


ROWS: dict[str, Row] = {
    "dashboard": read(SIGNED_IN),
    "application-list": read(SIGNED_IN),
    "application-open": write(
        SIGNED_IN,
        of="call",
        body=lambda world, party: {"organisation": world.parties["A"].organisation.number},
        ok=DONE | {404, 403},
        shows=frozenset(),
    ),
    "application": tab(ok={302}),
    "application-fill": tab("draft"),
    "application-section": form(INSIDERS, FILLERS, of="case:draft", extra=SECTION, body=STAFF, done=DONE | {409}),
    # 409: the colleague's draft holds a newer answer
    "application-section-autosave": write(
        INSIDERS, FILLERS, of="case:draft", extra=SECTION, body=STAFF, ok=DONE | {409}
    ),
    "application-check": Row(
        read=Rule(INSIDERS),
        write=Rule(INSIDERS, LEADERS, ok=DONE | {409}),
        of="case:draft",
        body={"is_true": "on"},
        is_vacuous="A is recognised by now",
    ),
    "application-submitted": tab("submitted"),
    "application-undo": write(INSIDERS, LEADERS, of="case:submitted"),
    "application-answers": tab(),
    "application-files": tab(),
    "application-opinions": tab(),
    "application-record": tab("returned"),
    "application-message": write(INSIDERS, of="case:returned", body={"text": "您好"}),
    "application-withdraw": Row(
        read=Rule(INSIDERS),
        write=Rule(INSIDERS, LEADERS, ok=DONE),
        of="case:review",
        body={"reason": "不报了"},
    ),
    "application-appeal": Row(
        read=Rule(INSIDERS),
        write=Rule(INSIDERS, LEADERS, ok=DONE),
        of="case:rejected",
        body={"text": "请复核"},
    ),
    "application-correction": Row(
        read=Rule(INSIDERS),
        write=Rule(INSIDERS, FILLERS, ok=DONE | {409}),
        of="case:returned",
        body={"reply-ip_staff": "改了"},
    ),
    # 409: what is left out counts as taken away, and somebody else has answered it
    "application-correction-autosave": write(
        INSIDERS, FILLERS, of="case:returned", body={"reply-ip_staff": "改了"}, ok=DONE | {409}
    ),
}
