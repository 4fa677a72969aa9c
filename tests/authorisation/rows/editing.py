"""The makers' desks: calls, questionnaires and programmes, of the city and of one district."""

from ..rules import ADMIN, CITY, DONE, MAKERS, PUBLISHERS, STRONG, SUPERVISOR, Row, Rule, form, read, write

WRITERS = ADMIN | SUPERVISOR
TITLES = {"title_zh": "标题", "title_en": "Title"}
QUESTION = {
    "revision": 1, "section": "basics", "type": "text", "label_zh": "计划", "label_en": "Plan",
    **{f"{name}-{part}_FORMS": 0 for name in ("options", "bands") for part in ("TOTAL", "INITIAL")},
}  # fmt: skip
PROGRAMME = {
    **TITLES, "code": "another", "clause": 5, "prefix": "ZZ", "certificate_prefix": "ZZR",
    "certificate_title_zh": "证书", "certificate_title_en": "Certificate", "pattern": "short", "revision": 0,
}  # fmt: skip


def draft(**more):
    """A page of the editor on the city's draft, which a district does not see."""
    return form(ADMIN, door=WRITERS, needs=STRONG, of="questionnaire:draft", **more)


def verb(key="", door=WRITERS, **more):
    """A button of the editor on the city's draft."""
    extra = {"key": key} if key else {}
    of = "questionnaire:draft"
    return write(CITY, ADMIN, door=door, needs=STRONG, of=of, extra=extra, body={"revision": 1}, **more)


def whole(sees, may, **more):
    """What happens to a version, call or programme as a whole."""
    return write(sees, may, door=MAKERS, needs=STRONG, **more)


ROWS: dict[str, Row] = {
    "call-editor-list": read(MAKERS, door=MAKERS),
    "call-editor-new": Row(
        read=Rule(WRITERS, door=WRITERS, needs=STRONG),
        write=Rule(WRITERS, door=WRITERS, needs=STRONG, ok=DONE | {422}),
        is_vacuous="an empty form is 422 to those who may; carried out in the area's own tests",
    ),
    "call-editor-detail": read(CITY, door=MAKERS, of="call:hidden"),
    "call-editor-change": Row(
        read=Rule(ADMIN, door=WRITERS),
        write=Rule(ADMIN, door=WRITERS, ok=DONE | {422}),
        is_vacuous="an empty form is 422 to those who may; carried out in the area's own tests",
        of="call:hidden",
    ),
    "call-editor-letters": Row(
        read=Rule(ADMIN, door=ADMIN, needs=STRONG),
        write=Rule(ADMIN, door=ADMIN, needs=STRONG, ok=DONE),
        of="call:hidden",
    ),
    "call-editor-difference": read(CITY, door=MAKERS, of="call:hidden"),
    "call-editor-publish": whole(CITY, PUBLISHERS, of="call:hidden"),
    "call-editor-clone": whole(CITY, ADMIN, of="call:hidden"),
    "questionnaire-list": read(MAKERS, door=MAKERS),
    "questionnaire-new": form(WRITERS, door=WRITERS, needs=STRONG, body={**TITLES, "code": "another"}),
    "questionnaire-detail": read(MAKERS, door=MAKERS, of="questionnaire"),
    "questionnaire-difference": read(MAKERS, door=MAKERS, of="questionnaire"),
    "questionnaire-preview": Row(
        read=Rule(MAKERS, door=MAKERS), write=Rule(MAKERS, door=MAKERS), of="questionnaire", is_calculator=True
    ),
    "questionnaire-clone": whole(MAKERS, ADMIN, of="questionnaire"),
    "questionnaire-publish": whole(CITY, ADMIN, of="questionnaire:draft"),
    "questionnaire-retire": whole(MAKERS, ADMIN, of="questionnaire"),
    "questionnaire-undo": verb(),
    "questionnaire-titles": draft(body={**TITLES, "revision": 1}),
    "questionnaire-section-new": draft(body={**TITLES, "revision": 1}),
    "questionnaire-section": draft(extra={"section": "basics"}, body={**TITLES, "revision": 1}),
    "questionnaire-section-move": verb("basics"),
    "questionnaire-section-delete": verb("statement"),
    "questionnaire-question-new": draft(extra={"section": "basics"}, body=QUESTION),
    "questionnaire-question": draft(extra={"key": "plan"}, body=QUESTION),
    "questionnaire-question-move": verb("plan"),
    "questionnaire-question-copy": verb("plan"),
    "questionnaire-question-delete": verb("plan"),
    "programme-list": read(MAKERS, door=MAKERS),
    "programme-new": form(WRITERS, door=WRITERS, needs=STRONG, body=PROGRAMME),
    "programme-detail": read(MAKERS, door=MAKERS, of="programme"),
    "programme-change": form(WRITERS, SUPERVISOR, door=WRITERS, needs=STRONG, of="programme", body=PROGRAMME),
    "programme-activate": whole(MAKERS, SUPERVISOR, of="programme"),
    "programme-retire": whole(MAKERS, SUPERVISOR, of="programme:active"),
}
