"""The business registry: a clean record or the reasons per row, a set-based load, a second one that changes nothing."""

import csv
import datetime as dt
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal import registry, uscc
from portal.models import AuditEvent, RegistryRecord
from portal.registry_rows import Problem, UnreadableFile, detect_encoding, read
from portal.registry_values import name_key, parse_capital, parse_date, suggest_district

DATA = Path(__file__).parents[1] / "data" / "registry"
GOOD = DATA / "enterprises.csv"
TODAY = dt.date(2026, 11, 22)
MICRO = "91310112MA1KEH0A1C"
FREE_ZONE = "91310115MA1KEH0A54"


@pytest.fixture
def changed(tmp_path):
    """Return `changed(old=new, ...)`: the good file with pieces of text replaced; the encoding may be given."""

    def write(*pairs: tuple[str, str], encoding: str = "utf-8") -> Path:
        text = GOOD.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "changed.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def problems(path: Path) -> list[tuple[int, str, str]]:
    return [(row.number, found.reason, found.column) for row in read(path, TODAY) for found in row.problems]


def stored() -> list[tuple]:
    return list(RegistryRecord.objects.order_by("uscc").values_list())


def command(path: Path, *options: str) -> str:
    call_command("load_registry", path, *options, stdout=(said := StringIO()))
    return said.getvalue()


@pytest.mark.parametrize(
    ("text", "wan", "currency"),
    [
        ("66(万元人民币)", "66", "CNY"),
        ("6,209(万元人民币)", "6209", "CNY"),
        ("1,234,567.8(万元人民币)", "1234567.8", "CNY"),
        ("52.247万人民币", "52.247", "CNY"),
        ("30(万人民币 )", "30", "CNY"),
        ("20(万美元)", "20", "USD"),
        ("20(万美元 )", "20", "USD"),
        ("1,210.5(万美元)", "1210.5", "USD"),
        ("8万美元", "8", "USD"),
        ("3,000(万日元)", "3000", "JPY"),
        ("100(万欧元)", "100", "EUR"),
        ("5(万德国马克)", "5", "DEM"),
        ("8(万港币)", "8", "HKD"),
        ("８（万港元）", "8", "HKD"),
        ("2亿元人民币", "20000", "CNY"),
        ("500万元", "500", "CNY"),
        ("5000000元人民币", "500", "CNY"),
        ("5(万加拿大元)", "5", "CAD"),
    ],
)
def test_parse_capital_in_every_spelling(text, wan, currency):
    assert parse_capital(text) == (Decimal(wan), currency)


@pytest.mark.parametrize(
    "text", ["约一百万", "100", "1,2,3万元", "万元", "-5万元", "100(万元人民币", "5(万贝壳)", "9" * 20 + "万元"]
)
def test_parse_capital_not_understood(text):
    assert parse_capital(text) is None


@pytest.mark.parametrize(
    "text", ["2004-12-31", "2004/12/31", "2004.12.31", "2004年12月31日", "２００４-12-31", "2004-12-31 00:00:00"]
)
def test_parse_date_in_usual_spellings(text):
    assert parse_date(text) == dt.date(2004, 12, 31)


@pytest.mark.parametrize("text", ["2004-02-30", "31.12.2004", "20041231", "去年"])
def test_parse_date_unreadable(text):
    with pytest.raises(ValueError):
        parse_date(text)


def test_name_key_is_one_for_all_spellings():
    assert (
        name_key("示例贸易(上海)有限公司")
        == name_key("示例贸易（上海） 有限公司")
        == name_key("示例贸易〔上海〕有限公司")
    )
    assert name_key("ＡＢＢ示例—远方") == name_key("abb示例-远方")
    assert name_key("示例·马可") == name_key("示例•马可")
    assert name_key("示例一公司") != name_key("示例二公司")


@pytest.mark.parametrize(
    ("stated", "division", "district"),
    [
        ("闵行", "310000", "310112"),
        ("浦东新区", "310000", "310115"),
        ("上海市崇明县", "310000", "310151"),
        ("闸北", "310108", "310106"),
        ("南汇", "310119", "310115"),
        ("自贸区", "310115", None),  # the zone lies in several districts' land
        ("", "310230", "310151"),
        ("", "310000", None),
        ("长三角", "310112", None),
    ],
)
def test_suggest_district_from_row_then_code(stated, division, district):
    assert suggest_district(stated, f"91{division}MA1KEH0A1C") == district


def test_read_gives_clean_records():
    rows = list(read(GOOD, TODAY))
    assert [row.problems for row in rows] == [[]] * 12
    assert [row.number for row in rows] == list(range(2, 14))
    records = {row.record.uscc: row.record for row in rows}
    assert records[FREE_ZONE].district_code is None
    assert records[FREE_ZONE].capital_wan == Decimal(20)
    assert records["93310104X07000A129"].district_code == "310104"  # lower-case x in the file
    assert records["91310230MA1KEH0A4W"].district_code == "310151"
    assert (records[MICRO].registered_on, records[MICRO].company_type) == (dt.date(2001, 3, 12), "")


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_read_takes_every_usual_encoding(changed, encoding, found):
    path = changed(encoding=encoding)
    assert detect_encoding(path) == found
    assert [row.record for row in read(path, TODAY)] == [row.record for row in read(GOOD, TODAY)]


def test_read_maps_columns_by_name_in_any_order(tmp_path):
    with GOOD.open(encoding="utf-8", newline="") as file:
        turned = [list(reversed(cells)) for cells in csv.reader(file)]
    with (path := tmp_path / "turned.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(turned)
    assert [row.record for row in read(path, TODAY)] == [row.record for row in read(GOOD, TODAY)]


@pytest.mark.parametrize(
    ("old", "new", "reason", "column"),
    [
        ("A1C,2001", "A1D,2001", "uscc_check_digit", "统一社会信用代码"),
        ("0A1C,2001", "0A1,2001", "uscc_length", "统一社会信用代码"),
        ("0A1C,2001", "OA1C,2001", "uscc_character", "统一社会信用代码"),
        (f"{MICRO},", ",", "uscc_missing", "统一社会信用代码"),
        ("上海示例微感传感科技有限公司", "N/A" * 80, "too_long", "企业名称"),
        ("上海示例微感传感科技有限公司", " ", "name_missing", "企业名称"),
        ("上海示例微感", "上海\ufffd例微感", "destroyed_text", "企业名称"),
        ("2001-03-12", "2001-13-12", "date_unreadable", "注册日期"),
        ("2001-03-12", "2027-01-01", "date_in_future", "注册日期"),
        (",上海,闵行,", ",1,闵行,", "not_a_province", "所在省份"),
        (",闵行,", ",200(万美元),", "not_a_district", "地区"),
        (",闵行,", ",", "cell_count", ""),
        ("压力传感器的研发", '"压力传感器的研发', "open_quote", ""),
    ],
)
def test_read_refuses_a_row_with_its_reason_and_column(changed, old, new, reason, column):
    found = problems(changed((old, new)))
    assert found[0] == (2, reason, column)
    assert {number for number, _reason, _column in found} == {2}


def test_read_with_shifted_columns_says_where_the_code_stands(changed):
    found = problems(changed((f"上海示例微感传感科技有限公司,{MICRO}", f"{MICRO},上海示例微感传感科技有限公司")))
    assert (2, "code_elsewhere", "企业名称") in found


def test_read_refuses_destroyed_rows_one_by_one():
    found = problems(DATA / "destroyed.csv")
    assert {number for number, _reason, _column in found} == {2, 3, 4}
    for number in (2, 3, 4):
        reasons = {(reason, column) for row, reason, column in found if row == number}
        assert {("destroyed_text", "col1"), ("column_missing", "企业名称"), ("code_elsewhere", "col3")} <= reasons


def test_read_keeps_damaged_bytes_to_their_row(tmp_path):
    path = tmp_path / "damaged.csv"
    path.write_bytes(GOOD.read_bytes().replace("上海示例阀门厂".encode(), "上海示例阀门厂".encode("gb18030")))
    assert problems(path) == [(4, "destroyed_text", "企业名称")]


def test_read_of_an_empty_file_is_refused(tmp_path):
    (path := tmp_path / "empty.csv").write_bytes(b"\xef\xbb\xbf\r\n"[3:])
    with pytest.raises(UnreadableFile, match="empty"):
        list(read(path, TODAY))


@pytest.mark.django_db
def test_load_stores_the_rows_and_says_so(frozen):
    frozen("2026-11-22 10:00")
    said = command(GOOD)
    assert "读取 12 行：新增 12，更新 0，未变 0，重复 0，拒绝 0" in said
    row = RegistryRecord.objects.get(uscc=MICRO)
    assert (row.name, row.district_id, row.capital_wan, row.currency) == (
        *("上海示例微感传感科技有限公司", "310112", Decimal(6209), "CNY"),
    )
    assert (row.source, row.loaded_at) == ("enterprises.csv", dt.datetime(2026, 11, 22, 2, tzinfo=dt.UTC))
    assert RegistryRecord.objects.get(uscc=FREE_ZONE).district is None
    event = AuditEvent.objects.get(subject_type="registry")
    assert (event.action, event.data) == ("registry_loaded", {"created": 12, "updated": 0, "refused": 0})


@pytest.mark.django_db
def test_second_load_changes_nothing_and_says_so(changed):
    command(GOOD)
    before = stored(), AuditEvent.objects.count()
    assert "没有变化。" in command(GOOD)
    assert "没有变化。" in command(changed(encoding="gb18030"))
    assert (stored(), AuditEvent.objects.count()) == before


@pytest.mark.django_db
def test_load_updates_only_what_differs(changed):
    command(GOOD)
    before = {row.uscc: row.loaded_at for row in RegistryRecord.objects.all()}
    said = command(changed(("示例公路88号", "示例公路99号")))
    assert "新增 0，更新 1，未变 11" in said
    moved = [row for row in RegistryRecord.objects.all() if row.loaded_at != before[row.uscc]]
    assert [(row.address, row.source) for row in moved] == [("示例公路99号", "changed.csv")]


@pytest.mark.django_db
def test_load_with_the_same_code_twice(changed):
    line = next(text for text in GOOD.read_text(encoding="utf-8").splitlines() if MICRO in text)
    same = changed((line, f"{line}\r\n{line}"))
    assert "新增 12，更新 0，未变 0，重复 1，拒绝 0" in command(same)
    other = changed((line, f"{line}\r\n{line.replace('301室', '302室')}"))
    outcome = registry.load(other)
    assert (outcome.refused_rows, outcome.refused) == (1, [(3, Problem("code_repeated", "统一社会信用代码"))])
    assert RegistryRecord.objects.get(uscc=MICRO).address.endswith("301室")


@pytest.mark.django_db
def test_load_brings_good_rows_in_and_reports_the_others(changed, tmp_path):
    path = changed(
        ("A1C,2001", "A1D,2001"), ("52.247万人民币", "若干万"), ("企业名称", "=企业名称"), ("=企业名称", "企业名称")
    )
    report = tmp_path / "reports" / "r.csv"
    said = command(path, "--report", str(report))
    assert "新增 11，更新 0，未变 0，重复 0，拒绝 1" in said
    assert "第 2 行，列“统一社会信用代码”：统一社会信用代码校验位不符" in said
    assert RegistryRecord.objects.get(name="上海示例阀门厂").capital_wan is None
    with report.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["行", "列", "代码", "原因"],
            ["2", "统一社会信用代码", "uscc_check_digit", "统一社会信用代码校验位不符"],
            ["4", "注册资金", "capital_unread", "注册资金无法识别，已保留原文"],
        ]
    assert "MA1KEH0A1D" not in said + report.read_text(encoding="utf-8-sig")


@pytest.mark.django_db
def test_report_cannot_carry_a_formula(changed, tmp_path):
    report = tmp_path / "r.csv"
    path = changed(("源年份文件", "=HYPERLINK(1)"), ("2001,上海示例微感", "20\ufffd01,上海示例微感"))
    command(path, "--report", str(report))
    with report.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1][:3] == ["2", "'=HYPERLINK(1)", "destroyed_text"]


@pytest.mark.django_db
def test_load_of_destroyed_rows_stores_nothing(tmp_path):
    with pytest.raises(CommandError, match="没有一行可以装入"):
        command(DATA / "destroyed.csv", "--report", str(tmp_path / "r.csv"))
    assert RegistryRecord.objects.count() == 0
    assert (tmp_path / "r.csv").read_text(encoding="utf-8-sig").count("code_elsewhere") == 3


@pytest.mark.django_db
def test_dry_run_counts_and_changes_nothing():
    said = command(GOOD, "--dry-run")
    assert "试运行" in said and "新增 12" in said
    assert (RegistryRecord.objects.count(), AuditEvent.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_load_without_the_districts_is_refused(monkeypatch):
    monkeypatch.setitem(registry.DISTRICTS, "示例", "310199")
    with pytest.raises(CommandError, match="310199"):
        command(GOOD)


@pytest.mark.django_db
def test_load_of_a_missing_file_says_so(tmp_path):
    with pytest.raises(CommandError, match="打不开文件"):
        command(tmp_path / "nowhere.csv")


@pytest.mark.django_db
def test_lookup_finds_the_loaded_entry_in_any_spelling():
    registry.load(GOOD)
    entry = registry.lookup(" 91310112-ma1keh0a1c ")
    assert (entry.name, entry.district_code) == ("上海示例微感传感科技有限公司", "310112")
    assert registry.lookup("91310115MA1KEHK006") is None
    with pytest.raises(uscc.InvalidCode):
        registry.lookup("91310115")


@pytest.mark.django_db
def test_suggest_district_prefers_the_registry():
    assert registry.suggest_district(FREE_ZONE) == "310115"
    registry.load(GOOD)
    assert registry.suggest_district(FREE_ZONE) is None
    assert registry.suggest_district("91310000MA1KEH0A7D") == "310114"  # the code alone says nothing


class Nothing:
    """A registry that knows nobody."""

    def lookup(self, code: str) -> None:
        return None


@pytest.mark.django_db
def test_another_registry_may_be_configured(settings):
    registry.load(GOOD)
    settings.REGISTRY_BACKEND = f"{__name__}.Nothing"
    assert registry.lookup(MICRO) is None


def test_code_sentence_names_length_and_position():
    for text, words in [("9131", "4 位"), ("91310115MA1KEHKO06", "第 16 位"), ("91310115MA1KEHK007", "校验位不符")]:
        with pytest.raises(uscc.InvalidCode) as refused:
            uscc.validate(text)
        assert words in registry.code_sentence(refused.value)
