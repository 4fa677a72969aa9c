"""What the columns of an export mean, by their headers. Pure.

Known: incoPat, PatSnap, lists and query answers (cpquery) of the patent office, Google Patents, Lens, lists of
trademarks and software, and the portal's own template. What is not known is left out and said so.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LOOK_AT = 30  # rows from the top among which the header is looked for
BRACKETS = str.maketrans("〔〕[]【】{}<>《》", "()" * 6)
SPACES = re.compile(r"[\s\u200b\ufeff_]+")
MARKS = re.compile(r"^\((?:标|必填|选填)\)|[:：*#]+$|\((?:必填|选填|简体中文|yyyy-mm-dd)\)$", re.IGNORECASE)
# Field -> headers, the best first. Columns of one field: the best header wins, the others are left out.
FIELDS: dict[str, tuple[str, ...]] = {
    "kind": (
        *("知识产权类型", "专利类型", "类型", "权利类型", "zhuanlilx", "专利种类", "申请类型", "商标/专利类型"),
        *("patent type", "document type"),
    ),
    "country": ("公开国别", "国家/地区", "国家或地区", "申请国家", "受理局", "国别", "jurisdiction", "country"),
    "application_number": (
        *(
            "申请号",
            "专利申请号",
            "申请(专利)号",
            "申请号/专利号",
            "专利号/申请号",
            "申请号(专利号)",
            "专利号",
            "shenqingh",
        ),
        *("application_no", "application number", "application no", "application no.", "申请编号", "专利申请号/专利号"),
        *("申请/注册号", "申请号/注册号", "商标申请号"),
    ),
    "publication_number": (
        *(
            "公开(公告)号",
            "公开公告号",
            "公开号",
            "申请公布号",
            "发明专利申请公布号",
            "famingzlsqgbg",
            "publication_no",
        ),
        *("publication number", "公布号", "公布公告号", "公开(公告)号码", "id", "display key", "公告号"),
    ),
    "grant_number": ("授权公告号", "授权公告号码", "shouquanggh", "授权号", "grant number"),
    "registration_number": (
        *("注册号或登记号", "注册号", "登记号", "商标注册号", "注册证号", "软著登记号", "著作权登记号", "证书号"),
        *("registration number", "登记证号", "品种权号", "布图设计登记号", "商标号"),
    ),
    "international_number": (
        "国际申请号或注册号",
        "PCT国际申请号",
        "国际申请号",
        "国际注册号",
        "PCT申请号",
        "guojisqh",
    ),
    "title": (
        *("名称", "标题", "专利名称", "zhuanlimc", "发明名称", "商标名称", "软件名称", "作品名称", "发明创造名称"),
        *("标题(中文)", "标题(译)", "标题(翻译)", "title", "商标", "软件全称", "知识产权名称", "域名"),
    ),
    "title_en": ("英文名称", "标题(英文)", "title (english)", "英文标题"),
    "abstract": ("摘要", "摘要(中文)", "摘要(译)", "摘要(翻译)", "abstract"),
    "filed_on": (
        *("申请日", "申请日期", "shenqingr", "filing_date", "filing/creation date", "filing date", "application date"),
        "申请时间",
    ),
    "document_on": ("公开(公告)日", "公开公告日", "公开(公告)日期", "publication date", "公开/公告日", "公布公告日"),
    "published_on": (
        *("公布日或初审公告日", "首次公开日", "公开日", "公布日", "申请公布日", "gongkaiggr", "公开日期"),
        *("初审公告日期", "初审公告日", "首次发表日期"),
    ),
    "granted_on": (
        *("授权公告日或注册日", "授权公告日", "授权日", "授权公告日期", "shouquanggr", "grant date", "授权日期"),
        *("注册公告日期", "注册公告日", "注册日", "注册日期", "登记日期", "登记日", "颁证日"),
    ),
    "priority_number": ("优先权号", "priority numbers", "priority number", "优先权信息"),
    "priority_on": (
        *("最早优先权日", "优先权日", "priority date", "earliest priority date"),
        *("优先权日期", "最早优先权日期"),
    ),
    "expires_on": (
        "届满日",
        "有效期至",
        "专用权期限",
        "专用期限",
        "到期日",
        "权利到期日",
        "专用权截止日期",
        "期限届满日",
    ),
    "ended_on": ("终止日", "失效日", "终止日期", "失效日期"),
    "owners": (
        *("权利人", "当前权利人", "当前申请(专利权)人", "专利权人", "标准化当前权利人", "著作权人", "商标注册人"),
        *("现权利人", "owners", "注册人", "zhuanliqr", "(标)当前申请(专利权)人"),
    ),
    "applicants": (
        *("申请人", "shenqingrxm", "applicants", "原始申请(专利权)人", "申请(专利权)人", "申请(权利)人", "assignee"),
        *("标准化申请人", "申请人名称", "申请人/专利权人", "申请人(专利权人)", "applicant", "申请(专利权)人名称"),
    ),
    "uscc": ("统一社会信用代码", "工商统一社会信用代码", "社会信用代码", "申请人统一社会信用代码"),
    "inventors": (
        *("发明人", "发明(设计)人", "发明人/设计人", "设计人", "inventor/author", "inventors", "inventor", "famingrxm"),
        *("当前发明人名称", "作者", "famingr"),
    ),
    "agent": ("代理机构", "(标)代理机构", "代理机构名称", "代理公司", "dailijgmc", "商标代理机构"),
    "main_ipc": (
        *("主分类号", "IPC主分类", "IPC主分类号", "zhufenlh", "main_ipc", "主分类", "洛迦诺分类号", "主IPC"),
        *("locarno",),
    ),
    "classes": (
        *("分类号", "IPC", "IPC分类号", "IPC分类", "国际分类", "类别", "商标类别", "国际分类号", "尼斯分类"),
        *("ipcr classifications", "ipc classifications", "分类"),
    ),
    "goods": ("商品或服务", "商品/服务", "商品服务", "商品/服务列表", "商品/服务项目", "核定商品", "核定使用商品/服务"),
    "status": (
        *("anjianywzt", "案件状态", "case_status", "当前法律状态", "法律状态", "法律状态/事件", "状态", "案件业务状态"),
        *("商标状态", "legal status", "专利状态", "流程状态", "falvzt", "当前状态"),
    ),
    "validity": ("简单法律状态", "专利有效性", "有效性", "权利有效性"),
    "status_on": ("状态日期", "法律文书日期", "法律状态日期", "法律状态公告日"),
    "reduction": ("费减", "费减比例", "减缴比例", "费用减缴比例"),
    "paid_year": ("年费已缴至第几年", "年费已缴至", "已缴年度", "已缴年费年度"),
    "note": ("备注", "说明"),
}
IDENTIFYING = (
    "application_number",
    "publication_number",
    "grant_number",
    "registration_number",
    "international_number",
)
# Headers by which a whole list is of one kind, where no column says the type.
KIND_HINTS = {
    "trademark": ("商标名称", "商标注册号", "商标", "专用权期限", "商标状态", "商标类别"),
    "software": ("软件名称", "软著登记号", "软件全称"),
}


def normalise(header: object) -> str:
    """Return a header as it is compared: half width, lower case, one kind of bracket, no blanks, no marks."""
    text = unicodedata.normalize("NFKC", str(header or "")).translate(BRACKETS)
    text = SPACES.sub("", text).strip("\"'").lower()
    return MARKS.sub("", MARKS.sub("", text))


def _names() -> dict[str, tuple[str, int]]:
    known: dict[str, tuple[str, int]] = {}
    for field, headers in FIELDS.items():
        for rank, header in enumerate(headers):
            key = normalise(header)
            if key not in known or rank < known[key][1]:
                known[key] = (field, rank)
    return known


KNOWN = _names()


@dataclass(frozen=True)
class Guess:
    """What the columns seem to mean: {position: field}, the kind of the whole list or "", and what stays unknown."""

    columns: dict[int, str]
    kind: str
    ignored: list[str]


def guess(header: Sequence[object]) -> Guess:
    """Map the columns by name; of several for one field the best name wins, then the first."""
    best: dict[str, tuple[int, int]] = {}
    for position, title in enumerate(header):
        if found := KNOWN.get(normalise(title)):
            field, rank = found
            if field not in best or rank < best[field][0]:
                best[field] = (rank, position)
    columns = {position: field for field, (_rank, position) in best.items()}
    ignored = [str(title) for position, title in enumerate(header) if title and position not in columns]
    return Guess(dict(sorted(columns.items())), "" if "kind" in best else kind_hint(header), ignored)


def kind_hint(header: Sequence[object]) -> str:
    """Return the kind that the headers betray, or an empty text."""
    titles = {normalise(title) for title in header}
    for kind, words in KIND_HINTS.items():
        if titles & {normalise(word) for word in words}:
            return kind
    return ""


def score(cells: Sequence[object]) -> int:
    """Return how many different fields a row names when it is taken for a header."""
    found = {KNOWN[key][0] for cell in cells if (key := normalise(cell)) in KNOWN}
    return len(found)


def find(rows: Sequence[Sequence[object]]) -> int | None:
    """Return which of the first rows is the header: the one that names most fields (at least two), or None."""
    scores = [(score(row), -place) for place, row in enumerate(rows[:LOOK_AT])]
    most, place = max(scores, default=(0, 0))
    return -place if most >= 2 else None


def first_wide(rows: Sequence[Sequence[object]]) -> int | None:
    """Return the first row with at least two filled cells: the header of a file whose titles are all unknown."""
    for place, row in enumerate(rows[:LOOK_AT]):
        if sum(bool(str(cell or "").strip()) for cell in row) >= 2:
            return place
    return None


def signature(header: Sequence[object]) -> str:
    """Return what a remembered mapping is found by: the same titles in the same order."""
    text = "\x1f".join(normalise(title) for title in header)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
