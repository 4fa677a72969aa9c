"""Real exports as they are, and made ones of the same shape: what they say arrives, and twice changes nothing."""

import csv
from pathlib import Path

import pytest

from patents.importing import headers, judging, runs, working
from patents.models import ImportRun, Right
from patents.numbers import check_digit
from tests.patents.importing.conftest import SAMPLES, SHARED

pytestmark = pytest.mark.django_db
real = pytest.mark.skipif(not SHARED.is_dir(), reason="the real exports lie beside the project, not in it")
GOOGLE, OFFICE = SHARED / "google_patents_download_sample.csv", SHARED / "cnipa_query_records.csv"


def with_everybody(run: ImportRun) -> ImportRun:
    """Take rows of all owners along and import what is good."""
    runs.include_foreign(run, positions=None, is_included=True, by=run.created_by)
    run.refresh_from_db()
    if run.counts.get("new") or run.counts.get("changed"):
        runs.confirm(run, takes_good_rows=True, by=run.created_by)
        working.sweep()
        run.refresh_from_db()
    return run


@real
def test_real_google_patents_file_imports_and_twice_changes_nothing(bring):
    content = GOOGLE.read_bytes()
    rows = list(csv.reader(GOOGLE.read_text(encoding="utf-8-sig").splitlines()))[2:]
    run = bring(content, "gp-search.csv")
    assert run.header_row == 2
    assert run.row_count == len(rows)
    assert run.counts == {"foreign": len(rows), "warned": 0}
    run = with_everybody(run)
    assert run.status == "done"
    assert run.counts["new"] == Right.objects.count() == len(rows)
    chinese = Right.objects.get(publication_number="CN109417194B")
    assert (chinese.kind, chinese.country, chinese.application_number) == ("invention", "CN", "")
    assert (str(chinese.filed_on), str(chinese.granted_on), str(chinese.priority_on)) == (
        "2017-05-16", "2022-03-01", "2016-07-01",
    )  # fmt: skip
    assert chinese.owners == ["三井金属矿业株式会社"]
    assert chinese.title == chinese.title_en
    american = Right.objects.get(publication_number="US11355780B2")
    assert (american.kind, american.country, american.owners) == (
        "foreign_patent", "US", ["Idemitsu Kosan Co., Ltd."],
    )  # fmt: skip
    before = list(Right.objects.order_by("pk").values("pk", "version", "updated_at"))
    again = bring(content, "gp-search.csv")
    runs.include_foreign(again, positions=None, is_included=True, by=again.created_by)
    again.refresh_from_db()
    assert again.counts.get("unchanged") == len(rows), again.counts
    assert not {"new", "changed"} & again.counts.keys()
    assert list(Right.objects.order_by("pk").values("pk", "version", "updated_at")) == before


@real
def test_real_records_of_the_office_import(bring):
    run = with_everybody(bring(OFFICE.read_bytes()))
    assert (run.status, run.counts["new"]) == ("done", 13)
    found = dict(Right.objects.values_list("application_number", "status"))
    assert found["202310136648.0"] == "granted"
    assert found["202211188969.7"] == "refused"
    assert found["202311776587.0"] == "published"
    assert len(Right.objects.get(application_number="202311492581.0").owners) == 3


def test_made_list_of_google_meets_the_same_right_from_the_office(bring):
    google = (SAMPLES / "google_patents.csv").read_bytes()
    first = bring(google, confirm=True)
    assert first.header_row == 2
    assert first.counts == {"new": 1, "foreign": 1, "warned": 0}
    right = Right.objects.get()
    assert right.identity == "patent:p:CN199990001"
    office = (SAMPLES / "cpquery.json").read_bytes()
    run = bring(office, "answer.json", confirm=True)
    assert run.counts == {"changed": 1, "warned": 0}
    right.refresh_from_db()
    assert (right.application_number, right.title, right.title_en) == (
        "202219990001.7", "示例：一种谐振式压力传感器", "Example: resonant pressure sensor",
    )  # fmt: skip
    assert right.identity == "patent:a:CN2022199900017"
    assert bring(google).counts == {"unchanged": 1, "foreign": 1, "warned": 0}
    assert bring(office, "answer.json").counts == {"unchanged": 1, "warned": 0}


def test_older_file_is_told_to_go_backwards(bring):
    header = "申请号,公开(公告)号,标题,申请人,案件状态\n"
    ours = "申澜微感（上海）传感科技有限公司"
    bring(f"{header}202219990001.7,CN199990001B,甲,{ours},专利权维持\n".encode(), confirm=True)
    run = bring(f"{header}202219990001.7,CN199990001A,甲,{ours},等待实审提案\n".encode())
    row = run.rows.get()
    assert row.changes == {"status": {"from": "granted", "to": "published"}}
    assert [one["code"] for one in row.problems] == ["status_backwards"]


def test_rows_on_one_right_count_once_and_the_grant_wins(bring):
    header = "公开(公告)号,标题,申请人,公开(公告)日\n"
    ours = "申澜微感（上海）传感科技有限公司"
    content = f"{header}CN199990001A,甲,{ours},2022-09-02\nCN199990001B,甲,{ours},2024-01-20\n"
    run = bring(content.encode())
    assert run.counts == {"new": 1, "duplicate": 1, "warned": 0}
    assert run.rows.get(verdict="duplicate").position == 2


def test_mark_listed_once_per_class_is_one_right_with_all_classes(bring):
    header = "商标名称,注册号,国际分类,申请人名称,专用权期限,商标状态\n"
    ours = "申澜微感（上海）传感科技有限公司"
    rows = "".join(f"示例商标,99990003,{n},{ours},2016-12-28至2026-12-27,注册\n" for n in (9, 35, 42))
    run = bring((header + rows).encode(), confirm=True)
    assert run.counts == {"new": 1, "duplicate": 2, "warned": 0}
    mark = Right.objects.get()
    assert (mark.kind, sorted(mark.classes), str(mark.expires_on)) == ("trademark", ["35", "42", "9"], "2026-12-27")
    assert bring((header + rows).encode()).counts == {"unchanged": 1, "duplicate": 2, "warned": 0}


def test_enterprise_is_known_by_code_or_by_name_variants(bring, organisation):
    header = "申请号,标题,申请人,工商统一社会信用代码\n"
    names = [
        "申澜微感(上海)传感科技有限公司",
        "申澜微感 （上海） 传感科技有限公司",
        "申澜微感（上海）传感科技股份有限公司",
        "改名前公司",
    ]
    codes = ["", "", "", organisation.uscc]
    numbers = ["202219990001.7", "202299990011.8", "202299990012.7", "202299990013.6"]
    numbers = [f"{one[:12]}.{check_digit(one[:12])}" for one in numbers]
    rows = [f"{number},甲,{name},{code}\n" for number, name, code in zip(numbers, names, codes, strict=True)]
    run = bring((header + "".join(rows)).encode())
    assert run.counts == {"new": 3, "foreign": 1, "warned": 0}
    assert run.rows.get(verdict="foreign").position == 4


def test_headers_of_the_databases_are_known():
    for name, wanted in (("incopat_export_columns.txt", 22), ("patsnap_export_columns_seen.txt", 17)):
        path: Path = SHARED / name
        if not path.is_file():
            pytest.skip("the real exports lie beside the project, not in it")
        titles = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line]
        guess = headers.guess(titles)
        assert len(guess.columns) >= wanted
        assert {"title", "application_number", "publication_number", "owners", "uscc"} <= set(guess.columns.values())


def test_counts_are_the_same_after_judging_again(bring):
    run = bring((SAMPLES / "google_patents.csv").read_bytes())
    assert judging.judge(run) == run.counts == judging.judge(run)
