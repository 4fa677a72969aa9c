"""Files as they come: encodings, formats, hostile ones. What cannot be read is refused with its reason."""

import datetime as dt
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from patents.importing import headers, sandbox, template
from patents.importing.readers import Unreadable, read
from tests.patents.importing.conftest import SAMPLES

LINES = "申请号,名称,权利人\n202311000005.X,一种传感器,甲公司\n"


def written(tmp_path, content: bytes) -> str:
    path = tmp_path / "stored"
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_is_read_in_every_usual_encoding(tmp_path, encoding, delimiter):
    table = read(Path(written(tmp_path, LINES.replace(",", delimiter).encode(encoding))))
    assert table.header == ["申请号", "名称", "权利人"]
    assert list(table.rows) == [(2, ["202311000005.X", "一种传感器", "甲公司"])]


def test_english_titles_over_chinese_cells_in_gb18030_are_read(tmp_path):
    content = "application_no,title\n202311000005.X,一种传感器\n".encode("gb18030")
    assert list(read(Path(written(tmp_path, content))).rows) == [(2, ["202311000005.X", "一种传感器"])]


def test_damaged_bytes_leave_utf8_as_it_is(tmp_path):
    content = LINES.encode() + "202311000005.X,坏".encode()[:-1] + ",甲公司\n".encode()
    assert read(Path(written(tmp_path, content))).header == ["申请号", "名称", "权利人"]


def test_header_below_other_lines_keeps_the_row_numbers(tmp_path):
    seen = sandbox.peek(written(tmp_path, b"search URL:,https://example.test/?q=x\nid,title,assignee\nCN-1-A,x,y\n"))
    assert (seen["header_row"], seen["header"], seen["row_count"]) == (2, ["id", "title", "assignee"], 1)


def test_xlsx_gives_whole_numbers_and_days_as_people_see_them(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    sheet = book.create_sheet("清单")
    sheet.append(["申请号", "标题", "申请日"])
    sheet.append([2023117765870, "甲", dt.date(2023, 12, 21)])
    book.save(tmp_path / "stored")
    table = read(tmp_path / "stored")
    assert table.format == "xlsx"
    assert list(table.rows) == [(2, ["2023117765870", "甲", "2023-12-21"])]


def test_xls_is_read(tmp_path):
    seen = sandbox.peek(str(SAMPLES / "patents.xls"))
    assert seen["format"] == "xls"
    assert seen["header"][:2] == ["申请号", "专利名称"]
    assert seen["row_count"] == 2


def test_json_of_the_office_is_read_wherever_its_records_lie(tmp_path):
    record = {"application_no": "2023117765870", "zhuanlimc": "甲", "shenqingrxm": "A公司,B公司", "x": {"y": 1}}
    content = json.dumps({"code": 200, "data": {"records": [record, record], "total": 2}}).encode()
    table = read(Path(written(tmp_path, content)))
    assert table.header[:3] == ["application_no", "zhuanlimc", "shenqingrxm"]
    assert len(list(table.rows)) == 2


def test_xml_with_the_same_names_is_read(tmp_path):
    content = """<?xml version="1.0" encoding="UTF-8"?><data><record><application_no>2023117765870</application_no>
    <zhuanlimc>甲 &amp; 乙</zhuanlimc><shenqingrxm>A公司</shenqingrxm></record></data>""".encode()
    table = read(Path(written(tmp_path, content)))
    assert list(table.rows) == [(2, ["2023117765870", "甲 & 乙", "A公司"])]


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        package.writestr("[Content_Types].xml", f'<Types><Override PartName="/x" ContentType="{main}"/></Types>')
        package.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    return buffer.getvalue()


ENTITY = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa">]><d><r><id>&a;</id><title>x</title></r></d>"""
HOSTILE = {
    "empty": (b"", "empty"),
    "entities": (ENTITY, "entity"),
    "outside entity": (ENTITY.replace(b'"aaaa"', b'SYSTEM "file:///etc/hostname"'), "entity"),
    "bomb": (bomb(), "bomb"),
    "cut package": (bomb()[:2000], "truncated"),
    "cut xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "truncated"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 200, "wrong_type"),
    "a page named xls": (b"<html><body><table><tr><td>x</td></tr></table></body></html>", "html"),
    "json too deep": (b"[" * 200_000, "broken_json"),
    "no header": (b"\n\n\n", "no_header"),
    "xml cut off": (b"<d><r><id>1</id><title>x", "broken_xml"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_with_its_reason(tmp_path, name):
    content, code = HOSTILE[name]
    with pytest.raises(Unreadable) as refused:
        sandbox.peek(written(tmp_path, content))
    assert refused.value.code == code


def sheet_with(cell: str) -> bytes:
    """Return a workbook whose only other cell claims to lie at the far end of the sheet."""
    book = openpyxl.Workbook()
    book.active.append(["申请号", "标题"])
    book.active.append(["202311000005.X", "甲"])
    book.active[cell] = "x"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("cell", ["XFD1048576", "XFD3", "B1048576"])
def test_cell_at_the_far_end_takes_no_memory_of_ours(tmp_path, cell):
    try:
        seen = sandbox.peek(written(tmp_path, sheet_with(cell)))
    except Unreadable as refused:
        assert refused.code in {"too_heavy", "too_wide", "truncated"}
    else:
        assert seen["row_count"] == 2


def test_more_rows_than_allowed_are_refused(tmp_path):
    content = LINES + "202311000005.X,甲,乙\n" * 100_000
    with pytest.raises(Unreadable) as refused:
        sandbox.peek(written(tmp_path, content.encode()))
    assert refused.value.code == "too_many_rows"


def test_name_and_extension_are_never_believed(tmp_path):
    path = tmp_path / "really.xlsx"
    path.write_text(LINES, encoding="utf-8")
    assert read(path).format == "csv"


def test_own_sample_is_understood_to_the_last_column(tmp_path):
    path = tmp_path / "sample.csv"
    path.write_bytes(template.as_csv(is_filled=True))
    table = read(path)
    assert headers.guess(table.header).ignored == []
    assert len(list(table.rows)) == len(template.SAMPLE)
