"""Words of the sources for kinds and law statuses -> the portal's. Only words that were really seen. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from patents.importing.values import Unclear

KINDS = {
    "invention": ("发明", "发明专利", "发明申请", "发明授权", "发明公布", "发明公开", "中国发明专利", "中国发明申请"),
    "utility_model": ("实用新型", "实用新型专利", "中国实用新型"),
    "design": ("外观设计", "外观设计专利", "外观", "中国外观设计"),
    "foreign_patent": ("境外专利", "国外专利", "海外专利"),
    "trademark": ("商标", "商品商标", "服务商标", "注册商标", "集体商标", "证明商标"),
    "software": ("软件著作权", "计算机软件著作权", "软著", "计算机软件"),
    "copyright": ("其他著作权", "著作权", "作品著作权", "版权", "美术作品", "文字作品"),
    "indication": ("地理标志", "地理标志产品", "地理标志商标"),
    "layout": ("集成电路布图设计", "集成电路布图设计专有权", "布图设计"),
    "plant_variety": ("植物新品种", "植物新品种权"),
    "domain": ("域名",),
}
CODES = {"1": "invention", "8": "invention", "2": "utility_model", "9": "utility_model", "3": "design"}
# Types that say nothing about the kind: the number decides.
SILENT = ("patentapplication", "grantedpatent", "patentofaddition", "limitedpatent", "unknown", "searchreport")

PENDING, PUBLISHED, GRANTED, IN_GRACE = "pending", "published", "granted", "in_grace"
LAPSED, RESTORED, EXPIRED, INVALIDATED = "lapsed", "restored", "expired", "invalidated"
PARTIAL, REFUSED, WITHDRAWN = "part_invalid", "refused", "withdrawn"
WORDS: dict[str, tuple[str, ...]] = {
    PENDING: (
        *(
            "等待实审提案",
            "一通回案实审",
            "中通回案实审",
            "复审程序中",
            "等年登印费",
            "审查中",
            "审中",
            "实质审查",
            "在审",
        ),
        *(
            "申请中",
            "待审",
            "受理",
            "已受理",
            "等待实质审查",
            "进入实审",
            "实审",
            "实质审查的生效",
            "复审",
            "pct指定期内",
            "pending",
        ),
        *("初审", "初审合格", "驳回复审中", "办理登记手续", "等待受理"),
    ),
    PUBLISHED: ("公开", "公布", "已公布", "已公开", "初审公告", "初步审定公告", "异议中", "published"),
    GRANTED: (
        *(
            "公告封卷",
            "专利权维持",
            "授权公告",
            "授权",
            "有效",
            "已授权",
            "有权",
            "有效专利",
            "维持",
            "专利权有效",
            "已登记",
        ),
        *(
            "注册",
            "已注册",
            "注册公告",
            "有效注册",
            "登记",
            "active",
            "granted",
            "patented",
            "续展中",
            "续展完成",
            "授权后",
        ),
    ),
    IN_GRACE: ("等年费滞纳金", "滞纳期", "宽展期", "续展宽展期"),
    LAPSED: (
        *(
            "未缴年费专利权终止,等恢复",
            "未缴年费终止失效",
            "权利终止,等恢复",
            "未缴年费",
            "终止",
            "专利权终止",
            "权利终止",
        ),
        *(
            "已终止",
            "放弃专利权",
            "避重放弃",
            "避免重复授权",
            "避免重复授权放弃专利权",
            "主动放弃",
            "撤销",
            "已撤销",
            "注销",
            "已注销",
        ),
        *("已销亡", "已失效", "inactive", "lapsed", "全部撤销", "未缴年费终止"),
    ),
    RESTORED: ("权利恢复", "恢复", "已恢复", "专利权恢复"),
    EXPIRED: ("期限届满", "届满", "期满", "专利权有效期届满", "到期", "期满未续展", "期满未续展注销", "expired"),
    INVALIDATED: ("全部无效", "宣告全部无效", "无效宣告", "宣告无效", "被宣告无效", "invalidated", "无效"),
    PARTIAL: ("部分无效", "宣告部分无效", "维持部分有效"),
    REFUSED: ("驳回等复审请求", "驳回", "已驳回", "驳回失效", "不予注册", "rejected", "refused"),
    WITHDRAWN: (
        *(
            "撤回",
            "视为撤回",
            "视撤",
            "主动撤回",
            "视撤失效",
            "撤回-视为撤回",
            "撤回-主动撤回",
            "放弃",
            "视为放弃",
            "放弃-视为放弃",
        ),
        *("视为放弃取得专利权", "逾期视撤失效", "申请终止", "discontinued", "withdrawn", "abandoned", "pct指定期满"),
    ),
}
# Words that two things can mean: lapsed once there was a right, otherwise withdrawn.
EITHER = ("失效", "等待恢复", "无权")
# Events that say nothing about the status itself.
EVENTS = (
    *(
        "权利转移",
        "转让",
        "许可",
        "许可备案",
        "质押",
        "保全",
        "变更",
        "著录变更",
        "一案双申",
        "口头审理",
        "诉讼",
        "海关备案",
    ),
    *("权利人变更", "申请人变更", "国防解密", "文献翻译", "专利权质押", "实施许可", "unknown", "未确认"),
)
SEPARATORS = re.compile(r"[|｜;；、/\n]|,(?!等恢复)")


def fold(words: str) -> str:
    """Return the words half width, lower case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", words).split()).lower().strip("'\"")


STATUS = {fold(word): status for status, words in WORDS.items() for word in words}
KIND = {fold(word): kind for kind, words in KINDS.items() for word in words}
NEITHER = frozenset(map(fold, EVENTS))
BOTH = frozenset(map(fold, EITHER))
# Among several words of one cell the one that decides.
WEIGHT = (INVALIDATED, EXPIRED, LAPSED, WITHDRAWN, REFUSED, RESTORED, PARTIAL, IN_GRACE, GRANTED, PUBLISHED, PENDING)


@lru_cache(maxsize=4_096)
def kind(cell: str) -> tuple[str, str]:
    """Return (kind, route) of a type in words, ("", "") where it says nothing; raises Unclear("kind")."""
    word = fold(cell)
    if not word or word in SILENT:
        return "", ""
    route = "pct" if "pct" in word or word in ("8", "9") else ""
    bare = word.removeprefix("pct").removeprefix("国际").removeprefix("进入国家阶段").strip("()-")
    if found := KIND.get(word) or KIND.get(bare) or CODES.get(word) or KIND.get(re.sub(r"\(.*\)$", "", word)):
        return found, route
    raise Unclear("kind")


@lru_cache(maxsize=4_096)
def status(cell: str, *, had_right: bool) -> tuple[str, bool]:
    """Return (status, is it certain), ("", True) where the cell says nothing; raises Unclear("status").

    `had_right`: a grant is known; it decides what 失效 means, and the answer is then not certain.
    """
    whole = fold(cell)
    parts = [whole] if whole in STATUS else [part for part in SEPARATORS.split(whole) if part and part != "--"]
    found = {STATUS[part] for part in parts if part in STATUS}
    if found:
        return next(status for status in WEIGHT if status in found), True
    if any(part in BOTH for part in parts):
        return (LAPSED if had_right else WITHDRAWN), False
    if all(part in NEITHER for part in parts):
        return "", True
    raise Unclear("status")
