"""What is wrong with a row or a file, in sentences. Codes are stored, sentences are made for the reader."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import formats

# Sentences may use %(found)s (the cell) and %(wanted)s.
ROW = {
    "number_missing": _("没有申请号、公开（公告）号或注册号，无法认定是哪一件。"),
    "title_missing": _("没有名称。"),
    "kind_missing": _("看不出是哪一类知识产权：请补“类型”列，或填写可以识别的号码。"),
    "kind": _("“%(found)s”不是认识的类型，已按号码判断。"),
    "kind_mismatch": _("“%(found)s”与号码的类型位不一致，已按号码判断。"),
    "length": _("“%(found)s”的位数不对：应为 12 位数字加 1 位校验位（2003年10月前为 8 位加 1 位）。"),
    "character": _("“%(found)s”含有不该有的字符：号码只含数字，最后一位可以是 X。"),
    "type": _("“%(found)s”的类型位不对：有效的是 1、2、3、8、9。"),
    "check_digit": _("“%(found)s”的校验位不对，应为 %(wanted)s：至少有一位写错了。"),
    "publication": _("“%(found)s”不是可以识别的公开（公告）号，例如 CN114789993B。"),
    "date": _("“%(found)s”不是可以识别的日期。"),
    "date_in_future": _("“%(found)s”晚于今天。"),
    "date_order": _("“%(found)s”早于申请日。"),
    "year_mismatch": _("申请日的年份与申请号中的年份不同。分案申请会这样，请核对。"),
    "nice_class": _("“%(found)s”不是 1 至 45 的商品或服务类别。"),
    "reduction": _("“%(found)s”不是认识的减缴比例：应为 85%%、70%% 或 0。"),
    "paid_year": _("“%(found)s”不是 1 至 20 的年度。"),
    "status": _("“%(found)s”不是认识的法律状态，这一列未导入。"),
    "status_unclear": _("“%(found)s”有两种可能，已按有无授权判断，请核对。"),
    "status_backwards": _("法律状态倒退：台账里的状态更新。文件可能较旧，请核对。"),
    "too_long": _("内容过长，已截短。"),
    "destroyed": _("文字已损坏（曾用错误的编码保存），这一列未导入。"),
    "cell_count": _("这一行的单元格比表头多，可能错位。"),
    "foreign": _("权利人和申请人中没有本企业的名称或信用代码。"),
    "kept_by_named": _("这一件不在本次导入的范围内，未作改动。"),
    "came_meanwhile": _("核对之后已有人录入这一件，未重复导入。"),
}
FILE = {
    "empty": _("文件是空的（0 字节）。请重新选择文件。"),
    "too_large": _("文件超过 50 MB。请拆分后再上传。"),
    "too_many_rows": _("文件超过 100,000 行。请拆分后再上传。"),
    "too_wide": _("表格超过 500 列。请删去不需要的列后再上传。"),
    "too_heavy": _("文件展开后过大，无法读取。请另存为 CSV 或拆分后再上传。"),
    "wrong_type": _("只接受 CSV、TSV、XLSX、XLS、JSON 和 XML 文件；这个文件的内容不是其中任何一种。"),
    "html": _("这个文件的内容是网页，不是表格。请用 Excel 打开后另存为 XLSX，再上传。"),
    "no_header": _("找不到表头：前 30 行里没有一行像列名。"),
    "no_records": _("文件里没有可以识别的记录。"),
    "broken_csv": _("文件不是可读的 CSV：可能有引号没有闭合。"),
    "broken_json": _("文件不是可读的 JSON。"),
    "broken_xml": _("文件不是可读的 XML。"),
    "entity": _("文件里的 XML 带有文档类型或实体声明，不能接受。"),
    "encrypted": _("文件有密码保护。请去掉密码后再上传。"),
    "macro": _("文件里有宏。请另存为不带宏的 XLSX 后再上传。"),
    "bomb": _("文件解压后过大。请删减内容后再上传。"),
    "path": _("文件包内有不合规的路径。请用原软件另存一份后再上传。"),
    "polyglot": _("文件里夹带了另一种格式的内容。请用原软件另存一份后再上传。"),
    "truncated": _("文件不完整或已损坏，无法打开。请重新导出后再上传。"),
    "virus": _("杀毒检查没有通过。请检查您的电脑后再上传。"),
    "no_rows": _("表头下面没有任何一行。"),
    "interrupted": _("处理多次中断。请重新开始；已导入的行不会重复导入。"),
}


def problem(found: dict[str, Any]) -> str:
    """Return one problem of a row as 列名：句子."""
    sentence = str(ROW.get(found["code"], found["code"]))
    words = sentence % {"found": found.get("found", ""), "wanted": found.get("wanted", "")}
    return formats.labelled(found["column"], words) if found.get("column") else words


def problems(found: list[dict[str, Any]]) -> str:
    """Return all problems of a row, one after the other."""
    return " ".join(problem(one) for one in found)


def file_error(code: str) -> str:
    """Return why a file could not be read; an unknown code is named."""
    return str(FILE[code]) if code in FILE else gettext("文件无法读取（%(code)s）。") % {"code": code}
