"""Where the protection workstream begins, for each hat: what waits, and the ways on from there."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.hats import Hat, hat_of
from portal.pagination import capped_count
from portal.views.base import SignedIn
from services.protection.models import AlertDelivery, DeliveryState, is_helping
from services.protection.views.own.calls import to_call


class Protection(SignedIn, TemplateView):
    """The rooms of the workstream as cards, the one that waits first."""

    clause = ["8", "14", "16"]
    template_name = "protection/own/landing.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hat = hat_of(self.request)
        cards = [card for card in _cards(hat, self.request.user) if card]
        return super().get_context_data(cards=cards, heading=_heading(hat, self.request.user), **kwargs)


def _heading(hat: Hat, user: Any) -> str:
    if hat.organisation:
        mine = AlertDelivery.objects.visible_to(user).own(hat.organisation)
        count = capped_count(mine.filter(state=DeliveryState.NEW, left_at=None))
        return _("有 %(count)s 条风险提示等贵企业阅读") % {"count": count} if count else _("没有未读的风险提示")
    if hat.is_official:
        count = capped_count(to_call(user))
        return _("有 %(count)s 家企业需要联系") % {"count": count} if count else _("没有需要联系的企业")
    return _("保护能力")


def _cards(hat: Hat, user: Any) -> list[dict[str, Any] | None]:
    own = [
        _card("alerts-for-us", _("涉及我们的风险提示"), _("为什么发给我们、该做什么、谁在办理。")),
        _card("watch-list", _("关注"), _("登记之外还想知道的国家、分类和法律。")),
        _card("dispute-list", _("海外纠纷"), _("送达日、答复期限、证据清单，只有指定人员看得到。")),
    ]
    office = [
        _card("alert-desk", _("编写和发布风险提示"), _("建议、起草、复核、发布、更正、撤回。")),
        _card("alert-calls", _("需要联系的企业"), _("预警未读的企业和请求帮助的企业。")),
        _card("reach-list", _("送达和回应"), _("谁收到了、谁看了、谁在办。")),
        _card("dispute-aid-list", _("海外纠纷援助"), _("企业申请援助的海外纠纷。")) if is_helping(user) else None,
    ]
    everyone = [
        _card("alert-list", _("公开的风险提示"), _("全部已发布的提示，可以检索和订阅。")),
        _card("law-list", _("法律动态"), _("各国法律变化的时间表。")),
        _card("legal-case-list", _("海外案例"), _("别的企业经历过什么，学到了什么。")),
        _card("country-list", _("国别资料"), _("条约成员、进入期限、保护期、边境措施。")),
    ]
    return [*(own if hat.organisation else office if hat.is_official else []), *everyone]


def _card(route: str, title: str, text: str) -> dict[str, Any] | None:
    try:
        return {"url": reverse(route), "title": title, "text": text}
    except NoReverseMatch:  # an area that this installation leaves out
        return None
