"""The portal's own template and a filled sample of it. All names and numbers in the sample are invented: 示例."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import xlsxwriter

from portal import cells

HEADER = (
    "类型", "国家或地区", "名称", "申请号", "公开（公告）号", "注册号或登记号", "申请日", "公布日或初审公告日",
    "授权公告日或注册日", "届满日", "权利人", "发明人", "代理机构", "主分类号", "分类号", "商品或服务",
    "法律状态", "费减", "备注",
)  # fmt: skip
OWNER = "示例传感科技（上海）有限公司"
SAMPLE = (
    ("发明", "CN", "示例：一种谐振式压力传感器", "202219990001.7", "CN199990001B", "", "2022-03-10", "2022-09-02",
     "2024-01-20", "", OWNER, "示例甲；示例乙", "示例专利代理事务所", "G01L1/10", "G01L1/10；G01L9/00", "",
     "有效", "85%", "示例"),
    ("实用新型", "CN", "示例：一种传感器外壳", "202329990002.1", "CN299990002U", "", "2023.05.06", "", "2023.11.03", "",
     OWNER, "示例丙", "", "G01D11/24", "", "", "有效", "0", "示例"),
    ("商标", "CN", "示例商标", "99990003", "", "99990003", "2016/3/1", "2016/9/27", "2016年12月28日", "2026-12-27",
     OWNER, "", "", "", "9", "传感器；压力计", "注册", "", "示例"),
    ("软件著作权", "CN", "示例采集软件 V1.0", "", "", "2024SR9999004", "", "", "2024-06-18", "", OWNER, "",
     "", "", "", "",
     "已登记", "", "示例"),
)  # fmt: skip


def as_csv(*, is_filled: bool) -> bytes:
    """Return the template, or the sample, as CSV in UTF-8 with its mark."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEADER)
    writer.writerows([cells.safe(cell) for cell in row] for row in (SAMPLE if is_filled else ()))
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def as_xlsx(path: Path, *, is_filled: bool) -> None:
    """Write the template, or the sample, as a workbook whose cells are all texts."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("rights")
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        sheet.set_column(0, len(HEADER) - 1, 18, text)
        sheet.freeze_panes(1, 0)
        for place, row in enumerate((HEADER, *(SAMPLE if is_filled else ()))):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell, bold if place == 0 else text)
