"""The 16 districts as equal tiles, and the fixed thresholds that turn a figure into one of seven shades."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.formats import NOTHING, number


class District(NamedTuple):
    """A district of Shanghai as the tile map knows it: administrative code, class name, short and full name."""

    code: str
    slug: str
    short: str | Promise
    name: str


# North to south and west to east: the reading order of the tiles.
DISTRICTS = (
    District("310151", "chongming", _("崇明"), "崇明区"),
    District("310114", "jiading", _("嘉定"), "嘉定区"),
    District("310113", "baoshan", _("宝山"), "宝山区"),
    District("310107", "putuo", _("普陀"), "普陀区"),
    District("310106", "jingan", _("静安"), "静安区"),
    District("310109", "hongkou", _("虹口"), "虹口区"),
    District("310110", "yangpu", _("杨浦"), "杨浦区"),
    District("310118", "qingpu", _("青浦"), "青浦区"),
    District("310105", "changning", _("长宁"), "长宁区"),
    District("310104", "xuhui", _("徐汇"), "徐汇区"),
    District("310101", "huangpu", _("黄浦"), "黄浦区"),
    District("310115", "pudong", _("浦东"), "浦东新区"),
    District("310117", "songjiang", _("松江"), "松江区"),
    District("310112", "minhang", _("闵行"), "闵行区"),
    District("310116", "jinshan", _("金山"), "金山区"),
    District("310120", "fengxian", _("奉贤"), "奉贤区"),
)
FEWEST = 5


class Tile(NamedTuple):
    """One tile: the district, its figure as text, its shade (l0 to l6, or l-na when hidden) and where it leads."""

    district: District
    figure: str
    shade: str
    url: str
    is_here: bool


def shade(value: float | None, thresholds: Sequence[float]) -> str:
    """Return l0 to l6: how many of the (at most six, rising) thresholds the value has reached; l-na without a value."""
    if value is None:
        return "l-na"
    return f"l{sum(value >= threshold for threshold in thresholds)}"


def even_thresholds(values: Sequence[float]) -> list[float]:
    """Return six rising thresholds between the smallest and the greatest value, for maps without agreed ones."""
    low, high = min(values, default=0), max(values, default=0)
    step = (high - low) / 7
    return [low + step * part for part in range(1, 7)]


def tiles(
    values: Mapping[str, float | None],
    *,
    thresholds: Sequence[float] = (),
    urls: Mapping[str, str] | None = None,
    here: str = "",
    is_public: bool = False,
) -> list[Tile]:
    """Return the 16 tiles for figures by district code.

    is_public hides counts below five (shown as <5, hatched), so that no single enterprise can be read off.
    """
    hidden = {code for code, value in values.items() if is_public and value is not None and value < FEWEST}
    shown = [value for code, value in values.items() if value is not None and code not in hidden]
    steps = list(thresholds) or even_thresholds(shown)
    result = []
    for district in DISTRICTS:
        value = values.get(district.code)
        figure = f"<{FEWEST}" if district.code in hidden else NOTHING if value is None else number(value)
        tone = "l-na" if district.code in hidden else shade(value, steps)
        url = (urls or {}).get(district.code, "")
        result.append(Tile(district, figure, tone, url, district.code == here))
    return result
