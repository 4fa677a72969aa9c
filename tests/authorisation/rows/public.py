"""What anybody may read. In publicity and once recognised an enterprise's name is public, and nothing else of it."""

from ..rules import ANYONE, DONE, OVERSIGHT, Row, Rule, read

NAMES = frozenset({"name", "code"})
NOTICE = NAMES | {"number"}

ROWS: dict[str, Row] = {
    "home": read(ANYONE, shows=NOTICE),
    "call-list": read(ANYONE),
    "call": read(ANYONE, of="call"),
    "notice-list": read(ANYONE, shows=NOTICE),
    "notice": read(ANYONE, of="case:publicity", shows=NOTICE),
    "notice-object": Row(
        read=Rule(ANYONE),
        write=Rule(ANYONE, ok=DONE),
        of="case:publicity",
        shows=NOTICE,
        body={"name": "某人", "contact": "123", "text": "不实"},
    ),
    "recognition-list": read(ANYONE, shows=NAMES),
    "recognition": read(ANYONE, of="recognition", shows=NAMES),
    "search": read(ANYONE, query=lambda world, party: "?q=zq0", shows=NAMES),
    # The log is whole for whoever oversees it: reasons and addressees are in it; answers, sheets, notes are not.
    "audit-list": read(
        OVERSIGHT,
        door=OVERSIGHT,
        # A hidden right stands in it by its number alone.
        shows=frozenset(
            {
                "secret_number",
                "internal_number",
                "talk",
                "opinion",
                "invitation",
                "asker",
                "asker_district",
                "expert_name",
                "desk",  # what a template of reasons says, and since when
            }
        ),
    ),
    "rules": read(ANYONE),
    "accessibility": read(ANYONE),
    "privacy": read(ANYONE),
    "contact": read(ANYONE),
    "tool-credit-code": read(ANYONE, query=lambda world, party: f"?code={party.organisation.uscc}"),
    "tool-workdays": read(ANYONE),
    "tool-application-number": read(ANYONE),
}
