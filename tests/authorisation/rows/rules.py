"""The rules' administration: the city's administrator only; saving needs the second factor."""

from ..rules import ADMIN, SIGNED_IN, STRONG, Row, Rule, read

CHANGE = {
    **{"code": "matrix.sample", "effective_from": "2026-01-01", "name": "示例", "name_en": "Sample", "value": "1"},
    **{"basis": "示例", "source": "示例", "status": "sample", "reason": "示例"},
}
YEAR = {"year": "2099", "notice": "元旦：1月1日放假。", "source": "示例", "reason": "示例"}


def admins(**more):
    return read(SIGNED_IN, ADMIN, door=ADMIN, **more)


def change(body):
    """The preview computes without the second factor; sending it needs one."""
    query = "&".join(f"{name}={value}" for name, value in body.items())
    return Row(
        read=Rule(SIGNED_IN, ADMIN, door=ADMIN),
        write=Rule(SIGNED_IN, ADMIN, needs=STRONG, door=ADMIN, ok=frozenset({302, 409})),
        query=lambda world, party: f"?{query}",
        body=body,
    )


ROWS: dict[str, Row] = {
    "rule-new": admins(),
    "rule-change": admins(extra={"code": "procedure.undo.limit", "first": "2026-01-01"}),
    "rule-preview": change(CHANGE),
    "holidays-new": admins(),
    "holidays-change": admins(extra={"year": 2027}),
    "holidays-preview": change(YEAR),
}
