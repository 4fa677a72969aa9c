"""Pages of an enterprise's own facts (clauses 1 to 5)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from enterprises import actions, markets
from enterprises.forms import MarketForm, ProfileForm
from enterprises.models import Market, Profile
from portal.models import Membership, Role
from portal.permissions import Permission, can
from portal.views.base import ActionFormView, ActionView, fetch
from portal.views.people.members import OrganisationPage

PARTS = (
    (gettext_lazy("主营和人员"), ("industry", "main_products", "staff", "rd_staff", "ip_staff", "has_ip_office")),
    (gettext_lazy("收入和投入"), ("revenue_wan", "rd_spend_wan", "ip_spend_wan")),
    (gettext_lazy("知识产权"), ("valid_inventions", "valid_patents", "trademarks")),
)


class ProfileDetail(OrganisationPage, TemplateView):
    """The enterprise as the portal knows it, with where each fact is used."""

    clause: str | list[str] | None = ["1", "2", "5"]
    template_name = "enterprises/profile.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation = self.organisation
        profile = Profile.objects.filter(organisation=organisation).select_related("updated_by").first()
        owner = Membership.objects.open().filter(organisation=organisation, role=Role.OWNER).select_related("user")
        return super().get_context_data(
            profile=profile,
            parts=[(title, [_pair(profile, name) for name in names]) for title, names in PARTS] if profile else [],
            owner=owner.first(),
            markets=list(Market.objects.filter(organisation=organisation).order_by("role", "country")),
            may_edit=can(self.request.user, Permission.EDIT_ORGANISATION, organisation),
            verification=organisation.verifications.order_by("-created_at").first(),
            **kwargs,
        )


def _pair(profile: Profile, name: str) -> tuple[Any, Any, bool]:
    field: Any = Profile._meta.get_field(name)
    value = getattr(profile, name)
    if isinstance(value, bool):
        value = gettext_lazy("是") if value else gettext_lazy("否")
    return field.verbose_name, "—" if value in (None, "") else value, name not in {"main_products", "has_ip_office"}


class EditProfile(OrganisationPage, ActionFormView):
    """Change the self-declared facts."""

    clause: str | list[str] | None = ["1", "2", "5"]
    needs = Permission.EDIT_ORGANISATION
    template_name = "enterprises/profile_form.html"
    form_class = ProfileForm
    success_message = gettext_lazy("企业资料已保存，之后的申报会自动预填。")

    def get_form_kwargs(self) -> dict[str, Any]:
        profile = Profile.objects.filter(organisation=self.organisation).first()
        return {**super().get_form_kwargs(), "instance": profile or Profile(organisation=self.organisation)}

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        groups = [(title, [form[name] for name in names]) for title, names in PARTS]
        return {**context, "groups": groups}

    def action(self, form: ProfileForm) -> Any:
        return actions.update_profile(self.organisation, values=form.cleaned_data, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("profile", args=[self.organisation.number])


class MarketList(OrganisationPage, TemplateView):
    """Where the enterprise sells and buys: risks there find it."""

    clause: str | list[str] | None = ["8"]
    template_name = "enterprises/markets.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Market.objects.filter(organisation=self.organisation).select_related("updated_by")
        found = list(rows.order_by("role", "country"))
        may_edit = can(self.request.user, Permission.EDIT_ORGANISATION, self.organisation)
        return super().get_context_data(markets=found, heading=_heading(found), may_edit=may_edit, **kwargs)


def _heading(found: list[Market]) -> str:
    if not found:
        return _("还没有登记市场：海外风险提示找不到您")
    counts = {role: sum(row.role == role for row in found) for role in Market.Role.values}
    return _("已登记 %(export)s 个出口市场、%(supply)s 个供应来源") % counts


class AddMarket(OrganisationPage, ActionFormView):
    """Register one more market."""

    clause: str | list[str] | None = ["8"]
    needs = Permission.EDIT_ORGANISATION
    subject = "organisation"
    template_name = "enterprises/market_form.html"
    form_class = MarketForm
    success_message = gettext_lazy("市场已登记。有效期内的风险提示会在几分钟内重新匹配。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Market(organisation=self.organisation)}

    def get_initial(self) -> dict[str, Any]:
        return {}

    def action(self, form: MarketForm) -> Any:
        return markets.add(self.organisation, values=form.cleaned_data, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("market-list", args=[self.organisation.number])


class ChangeMarket(AddMarket):
    """Change one market."""

    subject = "market"
    success_message = gettext_lazy("市场已更新。")

    @cached_property
    def market(self) -> Market:
        rows = Market.objects.filter(organisation=self.organisation)
        found: Market = fetch(rows, self.request.user, number=self.kwargs["market"])
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.market}

    def action(self, form: MarketForm) -> Any:
        return markets.change(self.market, values=form.cleaned_data, by=self.request.user)


class RemoveMarket(ActionView):
    """Remove one market."""

    success_message = gettext_lazy("市场已移除。")

    def get_object(self) -> Market:
        rows = Market.objects.filter(organisation__number=self.kwargs["number"])
        found: Market = fetch(rows, self.request.user, number=self.kwargs["market"])
        return found

    def action(self, obj: Market, form: Any) -> Any:
        return markets.remove(obj, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("market-list", args=[self.kwargs["number"]])
