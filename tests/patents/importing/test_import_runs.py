"""From upload to register: verdicts, exact differences, twice nothing, killed and resumed."""

import datetime as dt

import pytest

from patents.dates import recompute
from patents.dates.answers import Figures
from patents.importing import applying, working
from patents.models import ImportRun, Right, RightEvent
from patents.views.imports import outcome
from portal.models import Deadline
from tests.patents.importing import lists

HEADER = "申请号,公开(公告)号,标题,申请人,发明人,申请日,授权日,法律状态,IPC主分类\n"
OURS = "申澜微感（上海）传感科技有限公司"
ONE = f"202311000005.X,CN110000005A,一种压力传感器,{OURS},张三;李四,2023.06.06,,审中,G01L1/10\n"
TWO = "ZL 2022 1 1188969.7,CN115732812B,一种电池,申澜微感(上海)传感科技有限公司,"
TWO += "王五,2022年9月27日,2024/1/20,授权,H01M12/06\n"

pytestmark = pytest.mark.django_db


def test_first_import_brings_rights_with_events(bring, organisation):
    run = bring((HEADER + ONE + TWO).encode(), confirm=True)
    assert run.status == ImportRun.Status.DONE, run.error
    assert run.counts == {"new": 2, "warned": 0}
    right = Right.objects.get(application_number="202211188969.7")
    assert (right.kind, right.status, str(right.filed_on), str(right.granted_on)) == (
        "invention", "granted", "2022-09-27", "2024-01-20",
    )  # fmt: skip
    assert right.owners == ["申澜微感(上海)传感科技有限公司"]
    assert right.organisation == organisation
    assert RightEvent.objects.filter(kind="imported").count() == 2


def test_same_file_again_changes_nothing(bring):
    content = (HEADER + ONE + TWO).encode()
    bring(content, confirm=True)
    before = list(Right.objects.order_by("pk").values())
    run = bring(content)
    assert run.status == ImportRun.Status.READY
    assert run.counts == {"unchanged": 2, "warned": 0}
    assert list(Right.objects.order_by("pk").values()) == before


def test_newer_file_shows_exactly_what_changed(bring):
    bring((HEADER + ONE + TWO).encode(), confirm=True)
    newer = (
        ONE.replace("审中", "授权")
        .replace("2023.06.06,,", "2023.06.06,2025-03-04,")
        .replace("CN110000005A", "CN110000005B")
    )
    run = bring((HEADER + newer + TWO).encode())
    assert run.counts == {"changed": 1, "unchanged": 1, "warned": 0}
    changes = run.rows.get(verdict="changed").changes
    assert changes == {
        "status": {"from": "published", "to": "granted"},
        "granted_on": {"from": None, "to": "2025-03-04"},
        "publication_number": {"from": "CN110000005A", "to": "CN110000005B"},
    }


def test_import_leaves_nothing_for_the_recomputation(bring, organisation):
    """The end of the term goes in with the row, the dates with the import: the nightly job finds nothing to do."""
    bring((HEADER + ONE + TWO).encode(), confirm=True)
    granted = Right.objects.get(application_number="202211188969.7")
    assert granted.ends_on == dt.date(2042, 9, 26)
    before = list(Deadline.objects.order_by("pk").values())
    assert before
    assert not recompute.of_organisation(organisation)
    assert list(Deadline.objects.order_by("pk").values()) == before
    again = Right.objects.get(pk=granted.pk)
    assert (again.ends_on, again.version) == (granted.ends_on, granted.version)


def test_signs_that_copy_reads_otherwise_arrive_as_they_are(bring):
    title = 'C:\\new\\table \\N "a" \\\\ ' + "\\u0041"
    quoted = '"' + title.replace('"', '""') + '"'
    run = bring((HEADER + ONE.replace("一种压力传感器", quoted)).encode(), confirm=True)
    assert run.counts == {"new": 1, "warned": 0}
    right = Right.objects.get()
    assert right.title_en == right.title == title


def test_several_batches_are_imported_with_all_their_events(bring, monkeypatch):
    monkeypatch.setattr("patents.importing.applying.BATCH", 3)
    run = bring(lists.as_csv(10), confirm=True)
    assert (run.status, run.done_count, run.counts) == ("done", 10, {"new": 10, "warned": 0})
    assert RightEvent.objects.filter(kind="imported", right__in=Right.objects.all()).count() == 10
    assert run.rows.filter(is_done=True, right__isnull=False).count() == 10
    assert Right.objects.exclude(ends_on=None).count() == 10


def test_progress_goes_on_while_the_dates_are_opened(bring, monkeypatch):
    monkeypatch.setattr("patents.importing.applying.BATCH", 4)
    go, shown = working._go, []

    def watched(run, **values):
        go(run, **values)
        if "dated_count" in values:
            state = outcome.state(run)
            shown.append((state["is_dating"], state["done"], state["total"]))

    monkeypatch.setattr(working, "_go", watched)
    run = bring(lists.as_csv(10), confirm=True)
    assert shown == [(True, 4, 10), (True, 8, 10), (True, 10, 10)]
    assert (run.status, run.dated_count, outcome.state(run)["is_dating"]) == ("done", 10, False)


def test_row_that_was_taken_away_meanwhile_is_left_alone_and_said_so(bring):
    bring((HEADER + ONE).encode(), confirm=True)
    run = bring((HEADER + ONE.replace("审中", "驳回")).encode())
    assert run.counts == {"changed": 1, "warned": 0}
    Right.objects.all().delete()
    applying.apply(run, applying.spans(run)[0], source=run.name, figures=Figures())
    row = run.rows.get()
    assert (row.verdict, row.is_done, row.right_id) == ("unchanged", True, None)
    assert [one["code"] for one in row.problems] == ["came_meanwhile"]
