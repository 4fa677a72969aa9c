"""What the tests of imports share: runs made from bytes, and the worker's sweep called by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from patents.importing import runs, working
from patents.models import ImportRun
from portal.models import Organisation, User

SAMPLES = Path(__file__).parents[2] / "data" / "imports"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "patents"

Bring = Callable[..., ImportRun]


@pytest.fixture
def bring(applicant: User, organisation: Organisation) -> Bring:
    """Upload bytes, have them read, accept the suggested mapping, have them checked; `confirm` takes them in too."""

    def bring(content: bytes, name: str = "list.csv", *, confirm: bool = False, good_rows: bool = False) -> ImportRun:
        run = runs.upload(SimpleUploadedFile(name, content), organisation=organisation, by=applicant)
        working.sweep()
        run.refresh_from_db()
        if run.status == "uploaded":
            columns = {int(place): field for place, field in runs.suggestion(run)["columns"].items()}
            runs.set_mapping(run, columns=columns, kind=runs.suggestion(run)["kind"], by=applicant)
            working.sweep()
        run.refresh_from_db()
        if confirm:
            runs.confirm(run, takes_good_rows=good_rows, by=applicant)
            working.sweep()
            run.refresh_from_db()
        return run

    return bring
