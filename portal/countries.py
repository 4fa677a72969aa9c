"""Offices and countries by their two letters (WIPO ST.3), as the notices of the Chinese offices name them."""

from __future__ import annotations

from typing import Any

from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Any] = {
    "CN": _("中国"), "HK": _("中国香港"), "MO": _("中国澳门"), "TW": _("中国台湾"),
    "WO": _("国际（PCT）"), "EP": _("欧洲（EPO）"), "EM": _("欧盟"), "EA": _("欧亚"),
    "US": _("美国"), "JP": _("日本"), "KR": _("韩国"), "DE": _("德国"), "GB": _("英国"), "FR": _("法国"),
    "IT": _("意大利"), "ES": _("西班牙"), "NL": _("荷兰"), "CH": _("瑞士"), "SE": _("瑞典"), "RU": _("俄罗斯"),
    "IN": _("印度"), "SG": _("新加坡"), "VN": _("越南"), "TH": _("泰国"), "MY": _("马来西亚"),
    "ID": _("印度尼西亚"), "PH": _("菲律宾"), "AU": _("澳大利亚"), "NZ": _("新西兰"), "CA": _("加拿大"),
    "MX": _("墨西哥"), "BR": _("巴西"), "ZA": _("南非"), "IL": _("以色列"), "TR": _("土耳其"),
    "SA": _("沙特阿拉伯"), "AE": _("阿联酋"),
}  # fmt: skip


def name(code: str) -> Any:
    """Return the name of a country or office, or the code of one that is not named here."""
    return NAMES.get(code, code)


OFFICES = frozenset({"CN", "WO", "EP", "EM", "EA"})
NO_PLACES = frozenset("AC AN CP DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())  # CLDR names them, ISO 3166 does not


def places() -> list[tuple[str, Any]]:
    """Return every country or region outside the mainland with its name, the usual ones first."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    others = {code: words for code, words in Locale(language).territories.items() if len(code) == 2 and code.isalpha()}
    usual = [(code, words) for code, words in NAMES.items() if code not in OFFICES]
    return [*usual, *sorted((row for row in others.items() if row[0] not in NAMES.keys() | NO_PLACES), key=_by_name)]


def _by_name(row: tuple[str, str]) -> str:
    return row[1]
