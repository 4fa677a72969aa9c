"""Why an alert concerns an enterprise, in words of the reader's language. Others never learn what somebody watches."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext_lazy, pgettext

from enterprises.industries import SECTIONS
from patents.models import RightKind
from portal import formats
from services.protection import classes, codes
from services.protection.models import Watch

Reason = dict[str, Any]
# What a group of enterprises was found by, for the publisher's figures.
LABELS = {
    "rights_topic": gettext_lazy("有相关 IPC 的权利"),
    "marks": gettext_lazy("有相关类别的商标"),
    "rights_abroad": gettext_lazy("在所选国家或地区有权利"),
    "rights_abroad_topic": gettext_lazy("在所选国家或地区有相关权利"),
    "exports": gettext_lazy("向所选国家或地区出口"),
    "supplies": gettext_lazy("从所选国家或地区采购"),
    "industry": gettext_lazy("属于所选行业"),
    "keyword": gettext_lazy("权利中有关键词"),
    "product": gettext_lazy("产品中有关键词"),
    "kinds": gettext_lazy("有所选类型的权利"),
    "watch": gettext_lazy("企业自选关注"),
    "everybody": gettext_lazy("面向全部企业"),
}


def label(code: str) -> str:
    """Return what enterprises found by this reason have in common."""
    return str(LABELS.get(code, code))


def words(reason: Reason, for_official: bool = False) -> str:
    """Return one reason as a clause: "your 3 rights abroad (US) in H01M". Watches stay general for officials."""
    code = str(reason.get("code", ""))
    if code == "watch" and for_official:
        return gettext("企业自选关注")
    say = SAYINGS.get(code)
    return str(say % _values(code, reason.get("values") or {})) if say else label(code)


def listed(reasons: list[Reason]) -> list[Reason]:
    """Return the reasons without those that a more exact one already says."""
    exact = [one["values"] for one in reasons if one["code"] == "rights_abroad_topic"]
    abroad = {values["country"] for values in exact}
    counts: dict[tuple[str, str], int] = {}
    for values in exact:
        name = "ipc" if "ipc" in values else "nice"
        counts[name, values[name]] = counts.get((name, values[name]), 0) + values["count"]

    def is_said(one: Reason) -> bool:
        values = one["values"]
        if one["code"] == "rights_abroad":
            return values["country"] in abroad
        if one["code"] in ("rights_topic", "marks"):
            name = "ipc" if one["code"] == "rights_topic" else "nice"
            return counts.get((name, values[name])) == values["count"]
        return False

    return [one for one in reasons if not is_said(one)]


def sentence(reasons: list[Reason], for_official: bool = False) -> str:
    """Return all reasons in one line."""
    clauses = dict.fromkeys(words(one, for_official) for one in listed(reasons))
    return str(formats.strung(clauses))


def _values(code: str, values: dict[str, Any]) -> dict[str, Any]:
    language = "en" if formats.is_english() else "zh"
    found = dict(values)
    if "country" in values:
        found["country"] = codes.place(values["country"], language)
    if "ipc" in values:
        found["ipc"] = classes.ipc_words(values["ipc"])
        found["topic"] = found["ipc"]
    if "nice" in values:
        found["nice"] = int(values["nice"])
        found["topic"] = gettext("第 %(nice)s 类") % found
    if "kind" in values:
        found["kind"] = dict(RightKind.choices).get(values["kind"], values["kind"])
    if code == "industry" and values["code"] in SECTIONS:
        found["code"] = pgettext("industry", "%(code)s 门类") % values
    if code == "watch":
        found["label"] = dict(Watch.What.choices).get(values.get("what", ""), "")
        found["key"] = watched(str(values.get("what", "")), str(values.get("key", "")))
    return found


def watched(what: str, key: str) -> str:
    """Return what is watched in words: G01L 9/*, class 9, the United States."""
    language = "en" if formats.is_english() else "zh"
    if what == Watch.What.IPC:
        return classes.ipc_words(classes.ipc_key(key))
    if what == Watch.What.NICE:
        return gettext("第 %(nice)s 类") % {"nice": int(key)}
    return codes.place(key, language)


SAYINGS = {
    "rights_topic": ngettext_lazy(
        "有 %(count)s 件 %(ipc)s 领域的权利",
        "有 %(count)s 件 %(ipc)s 领域的权利",
        "count",
    ),
    "marks": ngettext_lazy(
        "有 %(count)s 件第 %(nice)s 类商标",
        "有 %(count)s 件第 %(nice)s 类商标",
        "count",
    ),
    "rights_abroad": ngettext_lazy(
        "在%(country)s有 %(count)s 件权利",
        "在%(country)s有 %(count)s 件权利",
        "count",
    ),
    "rights_abroad_topic": ngettext_lazy(
        "在%(country)s有 %(count)s 件 %(topic)s 的权利",
        "在%(country)s有 %(count)s 件 %(topic)s 的权利",
        "count",
    ),
    "exports": gettext_lazy("向%(country)s出口"),
    "supplies": gettext_lazy("从%(country)s采购"),
    "industry": gettext_lazy("属于行业 %(code)s"),
    "keyword": ngettext_lazy(
        "有 %(count)s 件权利含“%(word)s”",
        "有 %(count)s 件权利含“%(word)s”",
        "count",
    ),
    "product": gettext_lazy("产品含“%(word)s”"),
    "kinds": ngettext_lazy(
        "有 %(count)s 件%(kind)s",
        "有 %(count)s 件%(kind)s",
        "count",
    ),
    "watch": gettext_lazy("关注了%(key)s"),
    "everybody": gettext_lazy("面向全部企业"),
}
