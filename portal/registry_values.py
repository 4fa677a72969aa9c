"""Single values of a business-registry row: capital, date, district, the key of a name. No Django."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from portal import uscc

PROVINCES = (
    *("北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽"),
    *("福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南"),
    *("西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "台湾", "香港", "澳门"),
)
DISTRICTS = {
    **{"黄浦": "310101", "徐汇": "310104", "长宁": "310105", "静安": "310106", "普陀": "310107", "虹口": "310109"},
    **{"杨浦": "310110", "闵行": "310112", "宝山": "310113", "嘉定": "310114", "浦东": "310115", "金山": "310116"},
    **{"松江": "310117", "青浦": "310118", "奉贤": "310120", "崇明": "310151"},
    **{"卢湾": "310101", "南市": "310101", "闸北": "310106", "南汇": "310115"},  # districts that were merged
}
UNDECIDED = frozenset(["自贸区", "自贸试验区", "自由贸易试验区"])  # lies in several districts' land
CURRENCIES = {  # by the word before 元, or by the whole word where the currency has a name of its own
    **{"": "CNY", "人民币": "CNY", "人民": "CNY", "美": "USD", "美金": "USD", "日": "JPY", "日币": "JPY"},
    **{"欧": "EUR", "欧洲": "EUR", "英镑": "GBP", "德国马克": "DEM", "西德马克": "DEM", "马克": "DEM"},
    **{"港": "HKD", "港币": "HKD", "香港": "HKD", "澳门": "MOP", "澳门币": "MOP", "新台币": "TWD", "台币": "TWD"},
    **{"台": "TWD", "瑞士法郎": "CHF", "法国法郎": "FRF", "法郎": "FRF", "比利时法郎": "BEF", "荷兰盾": "NLG"},
    **{"意大利里拉": "ITL", "奥地利先令": "ATS", "瑞典克朗": "SEK", "丹麦克朗": "DKK", "挪威克朗": "NOK"},
    **{"加拿大": "CAD", "加": "CAD", "澳大利亚": "AUD", "澳": "AUD", "新西兰": "NZD", "新加坡": "SGD"},
    **{"韩": "KRW", "韩国": "KRW", "韩币": "KRW", "泰铢": "THB", "俄罗斯卢布": "RUB", "马来西亚林吉特": "MYR"},
}
CAPITAL = re.compile(
    r"^(?P<amount>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<open>\()?(?P<scale>[万亿]?)(?P<currency>[^()\d]*)(?(open)\))$"
)
SCALES = {"": Decimal("0.0001"), "万": Decimal(1), "亿": Decimal(10_000)}
LARGEST = Decimal(10) ** 11  # ten thousands: more is a slip
DATE = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:[ T]00:00(?::00)?)?$")
STRAIGHT = str.maketrans({"〔": "(", "〕": ")", "[": "(", "]": ")", "【": "(", "】": ")"})
DOTS = re.compile("[·•・‧∙⋅]")
DASHES = re.compile("[‐‑‒–—―−]")


def fold(text: str) -> str:
    """Return the text half width, without the spaces around it."""
    return unicodedata.normalize("NFKC", text).strip()


def name_key(name: str) -> str:
    """Return the key by which one name in several spellings is found: brackets, dots, dashes, width, case, spaces."""
    text = DASHES.sub("-", DOTS.sub("·", unicodedata.normalize("NFKC", name).translate(STRAIGHT)))
    return "".join(text.split()).upper()


def parse_date(text: str) -> date:
    """Return the day written as 2004-12-31, 2004/12/31, 2004.12.31 or 2004年12月31日. Raises ValueError."""
    if (match := DATE.match(fold(text))) is None:
        raise ValueError("unreadable")
    return date(*map(int, match.groups()))


def parse_capital(text: str) -> tuple[Decimal, str] | None:
    """Return (amount in ten thousands of its currency, ISO code), or None when the text is not understood."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if (match := CAPITAL.match(plain)) is None:
        return None
    if not match["scale"] and not match["currency"]:
        return None  # a bare number: of what?
    currency = match["currency"].removeprefix("元")
    code = CURRENCIES.get(currency) or CURRENCIES.get(currency.removesuffix("元"))
    amount = Decimal(match["amount"].replace(",", "")) * SCALES[match["scale"]]
    return None if code is None or amount >= LARGEST else (amount.normalize() + 0, code)


def is_province(text: str) -> bool:
    """Tell whether the text begins with the name of a province."""
    return text.startswith(PROVINCES)


def suggest_district(stated: str, code: str) -> str | None:
    """Return the district stated in the row; where none is stated, the one in the code. 自贸区 stays undecided."""
    text = fold(stated).removeprefix("上海").removeprefix("市")
    if text in UNDECIDED:
        return None
    if not text:
        return uscc.suggest_district(code)
    for ending in ("新区", "区", "县", ""):
        if text.endswith(ending) and (found := DISTRICTS.get(text.removesuffix(ending))):
            return found
    return None
