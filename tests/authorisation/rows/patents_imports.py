"""Imports belong to the enterprise; officials and everybody else are told that there is none."""

from django.core.files.uploadedfile import SimpleUploadedFile

from ..rules import DONE, FILLERS, INSIDERS, Row, Rule, read, write

LIST = "名称,申请号\n一种装置,\n".encode()


def paper(world, party):
    """A small list."""
    return {"file": SimpleUploadedFile("a.csv", LIST, "text/csv")}


def verb(**more):
    """A verb that the state of the import may refuse (409), after those who may were let in."""
    return write(INSIDERS, FILLERS, of="import", ok=DONE | {409}, **more)


ROWS: dict[str, Row] = {
    "import-list": read(INSIDERS, door=INSIDERS),
    "import-new": Row(
        read=Rule(FILLERS, door=FILLERS), write=Rule(FILLERS, door=FILLERS, ok=DONE), body=paper, is_multipart=True
    ),
    "import-template": read(INSIDERS, door=INSIDERS),
    "import-sample": read(INSIDERS, door=INSIDERS),
    "import-detail": read(INSIDERS, of="import"),
    "import-progress": read(INSIDERS, of="import", ok={302}),
    "import-mapping": Row(
        read=Rule(INSIDERS, FILLERS),
        write=Rule(INSIDERS, FILLERS, ok=DONE | {409, 422}),
        of="import",
        body={"column_0": "title", "column_1": "application_number", "kind": "invention"},
    ),
    "import-start": verb(body={"takes_good_rows": "on"}),
    "import-include": verb(body={"is_all": "on", "is_included": "1"}),
    "import-cancel": verb(),
    "import-resume": verb(is_vacuous="it has not failed; tests/patents/importing/test_import_pages.py"),
    "import-bad-rows": read(INSIDERS, of="import", ok={200, 404}),
}
