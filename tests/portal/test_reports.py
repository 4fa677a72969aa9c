"""Reports: only what one may see, no cell a formula, nothing lost; workers may die."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from pypdf import PdfReader

from portal import cells, files, report_files, reports
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import Application, Notification, Organisation, ReportRun, StoredFile, User
from tests.factories import cases, people

State = ReportRun.Status
HOSTILE = [
    "=1+1",
    "+86 21 6123 4567",
    "-5",
    "@SUM(A1)",
    "\tcmd",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "'=1",
    "'ok",
]
KEPT = ["0012", "310112198001011234", "91310112MA1T000020", "1e5", "2026-01-02", "是", 'a,b"c\nd', "https://a.cn/"]


def content(run: ReportRun) -> bytes:
    run.refresh_from_db()
    assert run.file is not None
    with default_storage.open(run.file.key) as stream:
        return bytes(stream.read())


def made(code: str, by: User, format: str = "csv", **parameters: Any) -> ReportRun:
    run = reports.request(code, format=format, by=by, parameters=parameters)
    reports.sweep()
    run.refresh_from_db()
    return run


def rows(run: ReportRun) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(run).decode("utf-8-sig"))))


@pytest.mark.parametrize("text", HOSTILE + KEPT)
def test_csv_cell_is_no_formula_and_comes_back(text: str) -> None:
    cell = cells.safe(text)
    assert not cell.startswith(cells.FORMULA)
    assert cells.plain(cell) == text


def test_csv_numbers_and_days_stay_themselves() -> None:
    assert [cells.safe(v) for v in (-5, 0, -1.5, None, dt.date(2026, 1, 2))] == ["-5", "0", "-1.5", "", "2026-01-02"]


def table(values: list[Any]) -> report_files.Table:
    return report_files.Table("表[1]", [report_files.Column("=列")], [[value] for value in values], len(values), now())


def test_xlsx_text_is_text_and_numbers_are_numbers(tmp_path: Any) -> None:
    path = tmp_path / "a.xlsx"
    values = [*HOSTILE, *KEPT, -12, dt.date(2026, 1, 2)]
    assert report_files.write(table(values), "xlsx", path, lambda _rows: None) == len(values)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    found = [sheet.cell(row, 1) for row in range(2, len(values) + 2)]
    book.close()
    assert [c.data_type for c in found] == ["s"] * (len(HOSTILE) + len(KEPT)) + ["n", "d"]
    read = [str(c.value).replace("_x000D_", "\r") for c in found[:-2]]
    assert read == [*HOSTILE, *KEPT]
    assert found[-2].value == -12


def test_csv_file_loses_nothing(tmp_path: Any) -> None:
    path = tmp_path / "a.csv"
    report_files.write(table([*HOSTILE, *KEPT]), "csv", path, lambda _rows: None)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        read = [cells.plain(row[0]) for row in list(csv.reader(stream))[1:]]
    assert read == [*HOSTILE, *KEPT]


def test_pdf_refuses_what_is_too_long_for_paper(tmp_path: Any) -> None:
    with pytest.raises(RuleBroken, match="2000"):
        report_files.write(table(["x"] * 2_001), "pdf", tmp_path / "a.pdf", lambda _rows: None)


@pytest.fixture
def two_districts(
    organisation: Organisation, applicant: User, other_organisation: Organisation, stranger: User, call: Any
) -> tuple[Application, Application]:
    """One submitted case in Minhang and one in Xuhui, and a draft nobody in an office sees."""
    return cases.submitted(organisation, applicant, call), cases.submitted(other_organisation, stranger, call)


def test_case_queue_is_limited_to_the_office(
    two_districts: tuple[Application, Application], officer: User, city_officer: User
) -> None:
    mine, other = two_districts
    assert [row["编号"] for row in rows(made("case-queue", officer))] == [mine.number]
    assert {row["编号"] for row in rows(made("case-queue", city_officer))} == {mine.number, other.number}
    assert rows(made("case-queue", city_officer, status="approved")) == []


def test_case_queue_shows_no_draft(draft: Application, officer: User, city_officer: User) -> None:
    assert rows(made("case-queue", officer)) == rows(made("case-queue", city_officer)) == []


def test_enterprises_are_limited_to_the_district(
    organisation: Organisation, other_organisation: Organisation, officer: User
) -> None:
    found = rows(made("enterprises", officer))
    assert [row["统一社会信用代码"] for row in found] == [organisation.uscc]


def test_own_applications_are_those_of_ones_enterprises(
    two_districts: tuple[Application, Application], viewer: User
) -> None:
    assert [row["编号"] for row in rows(made("own-applications", viewer))] == [two_districts[0].number]


@pytest.mark.parametrize("code", ["case-queue", "enterprises"])
def test_official_reports_are_denied_to_others_and_without_second_factor(
    code: str, applicant: User, officer: User
) -> None:
    with pytest.raises(Denied):
        reports.request(code, format="csv", by=applicant)
    officer.authenticator_set.all().delete()
    officer.__dict__.pop("_has_second_factor", None)
    with pytest.raises(Denied) as refused:
        reports.request(code, format="csv", by=officer)
    assert refused.value.code == "second_factor_needed"
    own = {"own-applications", "recognitions", "rights", "rights-budget", "rights-forecast"}
    assert {r.code for r, _v in reports.offered_to(applicant)} == own


def test_made_report_is_told_kept_and_audited(two_districts: Any, officer: User) -> None:
    run = made("case-queue", officer, "xlsx")
    assert (run.status, run.progress, run.row_count, run.attempts) == (State.DONE, 100, 1, 1)
    assert run.file is not None
    assert run.file.name.startswith("办件清单-")
    told = Notification.objects.get(template="report_ready")
    assert (told.recipient, told.values["rows"]) == (officer, 1)
    assert reports.sweep() == 0


def test_pdf_report_is_a_pdf(two_districts: Any, officer: User) -> None:
    pdf = PdfReader(io.BytesIO(content(made("case-queue", officer, "pdf"))))
    assert two_districts[0].number in pdf.pages[0].extract_text()


def test_report_speaks_the_language_of_the_wish(organisation: Organisation, officer: User) -> None:
    run = reports.request("enterprises", format="csv", by=officer, language="en")
    reports.sweep()
    assert "Minhang" in content(run).decode("utf-8-sig")


def test_who_lost_the_role_meanwhile_gets_nothing(two_districts: Any, officer: User) -> None:
    run = reports.request("case-queue", format="csv", by=officer)
    officer.postings.update(ended_at=now())
    reports.sweep()
    run.refresh_from_db()
    assert (run.status, run.file) == (State.FAILED, None)


def test_too_many_at_once_are_refused(officer: User) -> None:
    for _turn in range(reports.MAX_OPEN):
        reports.request("enterprises", format="csv", by=officer)
    with pytest.raises(RuleBroken) as refused:
        reports.request("enterprises", format="csv", by=officer)
    assert refused.value.code == "too_many_open"


def test_dead_worker_is_found_and_the_work_done_again(
    organisation: Organisation, officer: User, frozen: Callable[[str], None]
) -> None:
    frozen("2026-11-23 09:00")
    run = reports.request("enterprises", format="csv", by=officer)
    ReportRun.objects.filter(pk=run.pk).update(status=State.RUNNING, attempts=1, heartbeat_at=now(), started_at=now())
    frozen("2026-11-23 09:02")
    assert reports.sweep() == 0  # it may still live
    frozen("2026-11-23 09:04")
    assert reports.sweep() == 1
    run.refresh_from_db()
    assert (run.status, run.attempts) == (State.DONE, 2)


def test_worker_that_was_overtaken_leaves_nothing(organisation: Organisation, officer: User) -> None:
    run = reports.request("enterprises", format="csv", by=officer)
    ReportRun.objects.filter(pk=run.pk).update(status=State.RUNNING, attempts=2, heartbeat_at=now())
    run.attempts = 1
    before = StoredFile.objects.count()
    assert reports._finish(run, "x", b"x", 1) is False
    assert StoredFile.objects.count() == before


def test_report_that_keeps_failing_is_given_up_and_told(
    organisation: Organisation, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_files, "write", lambda *a: 1 / 0)
    run = reports.request("enterprises", format="csv", by=officer)
    for attempt in range(1, reports.MAX_ATTEMPTS + 1):
        reports.sweep()
        run.refresh_from_db()
        assert run.attempts == attempt
    assert (run.status, run.error) == (State.FAILED, "ZeroDivisionError")
    assert Notification.objects.filter(template="report_failed", recipient=officer).count() == 1
    assert reports.sweep() == 0


def test_expired_report_loses_its_file_and_keeps_its_row(
    organisation: Organisation, officer: User, frozen: Callable[[str], None]
) -> None:
    frozen("2026-11-23 09:00")
    run = made("enterprises", officer)
    file = run.file
    assert file is not None
    assert reports.forget_old() == 0
    frozen("2026-12-01 09:00")
    assert reports.forget_old() == 1
    run.refresh_from_db()
    assert (run.status, run.file) == (State.DONE, None)
    assert not default_storage.exists(file.key)
    assert not StoredFile.objects.filter(pk=file.pk).exists()


def test_pages_ask_show_and_hand_out(organisation: Organisation, officer: User, client: Client) -> None:
    client.force_login(officer)
    page = client.get("/reports/")
    assert page.status_code == 200
    assert "办件清单" in page.content.decode()
    assert client.post("/reports/", {"report": "enterprises", "format": "csv"}).status_code == 302
    run = ReportRun.objects.get()
    assert client.get(f"/reports/{run.number}/download/").status_code == 409
    card = client.get(f"/reports/{run.number}/", headers={"HX-Request": "true"})
    assert "hx-get" in card.content.decode()
    reports.sweep()
    assert "hx-get" not in client.get(f"/reports/{run.number}/", headers={"HX-Request": "true"}).content.decode()
    response = client.get(f"/reports/{run.number}/download/")
    assert response.status_code == 200
    assert organisation.uscc in b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert f"/reports/{run.number}/download/" in client.get("/reports/").content.decode()


def test_pages_of_somebody_else_are_absent(organisation: Organisation, officer: User, client: Client) -> None:
    run = made("enterprises", officer)
    client.force_login(people.make_user())
    for path in (f"/reports/{run.number}/", f"/reports/{run.number}/download/"):
        assert client.get(path).status_code == 404
    assert client.post("/reports/", {"report": "enterprises", "format": "csv"}).status_code == 422


def test_large_report_is_written_in_little_memory(organisation: Organisation, officer: User, tmp_path: Any) -> None:
    ticks: list[int] = []
    many = report_files.Table(
        "大", [report_files.Column("n")] * 3, ([n, "文", "=x"] for n in range(20_000)), 20_000, now()
    )
    assert report_files.write(many, "xlsx", tmp_path / "a.xlsx", ticks.append) == 20_000
    assert len(ticks) == 40
    with transaction.atomic():
        assert files.keep(b"x", name="a.csv", media_type="text/csv", slot="report", by=officer).status == "clean"
