"""Entering a right, correcting its facts, and the one-verb forms on its page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from patents import bulk, families, papers, rights
from patents.forms import register as forms
from patents.models import Family, Product, Right, RightKind
from portal.errors import RuleBroken
from portal.models import Organisation, User
from portal.permissions import Permission, check
from portal.views.base import ActionFormView, ActionView, SignedIn, fetch

from .scope import Scoped, member, members_of

KIND_HELP: dict[str, Any] = {
    RightKind.TRADE_SECRET: _("只登记代号和保密措施，仅指定人员可见。"),
    RightKind.FOREIGN_PATENT: _("境外申请，可与国内申请连成专利族。"),
    RightKind.TRADEMARK: _("国内、境外和马德里商标。"),
}


def page_of(right: Right) -> str:
    return reverse("right", args=[right.number])


class RightCreate(Scoped, ActionFormView):
    """First the kind, then its facts."""

    clause = ["4", "6"]
    template_name = "patents/register/create.html"
    form_class = forms.NewRightForm
    success_message = _("已录入台账。")
    twin: Right | None = None

    @cached_property
    def kind(self) -> str:
        wanted = self.request.GET.get("kind", "") or self.request.POST.get("kind", "")
        return wanted if wanted in RightKind.values else ""

    def get_form_kwargs(self) -> dict[str, Any]:
        check(self.request.user, Permission.EDIT_RIGHT, self.organisation)
        initial = {"owners": [self.organisation.name], "country": "CN", "route": "national", "reduction": "0"}
        kind = self.kind or RightKind.INVENTION
        return {**super().get_form_kwargs(), "kind": kind, "members": members_of(self.organisation), "initial": initial}

    def action(self, form: forms.NewRightForm) -> Right:
        given = form.cleaned_data
        extra = {name: given[name] for name in ("status", "status_on", "status_source", "secrecy") if name in given}
        facts = form.facts() | ({"country": "CN"} if "country" not in form.fields else {})
        readers = [int(pk) for pk in given["readers"]]
        try:
            right = rights.create(
                self.organisation, kind=self.kind, values=facts, by=self.request.user, readers=readers, **extra
            )
        except RuleBroken:
            self.twin = self.find_twin(facts)
            raise
        for words in form.warnings():
            messages.warning(self.request, words)
        return right

    def find_twin(self, facts: dict[str, Any]) -> Right | None:
        """Return the right that has the number already, if this person may know of it."""
        found = rights.twin_of(Right(organisation=self.organisation, kind=self.kind, **facts))
        return found and Right.objects.visible_to(self.request.user).filter(pk=found.pk).first()

    def get_success_url(self) -> str:
        return page_of(self.result)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = [(value, label, KIND_HELP.get(value, "")) for value, label in RightKind.choices]
        label = RightKind(self.kind).label if self.kind else ""
        return super().get_context_data(kinds=kinds, kind=self.kind, kind_label=label, twin=self.twin, **kwargs)


class OfRight(SignedIn):
    """For pages and verbs of one right: foreign, hidden and absent ones are 404 alike."""

    def right(self) -> Right:
        rows = Right.objects.select_related("organisation")
        found: Right = fetch(rows, self.request.user, number=self.kwargs["number"])
        return found


class RightEdit(OfRight, ActionFormView):
    """Correct the facts of a right."""

    clause = ["4", "6"]
    template_name = "patents/register/edit.html"
    form_class = forms.RightForm
    success_message = _("已更正，改动记入时间线。")

    @cached_property
    def object(self) -> Right:
        found = self.right()
        check(self.request.user, Permission.EDIT_RIGHT, found.organisation)
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        initial = {name: getattr(self.object, name) for name in forms.fields_of(self.object.kind)}
        return {**super().get_form_kwargs(), "kind": self.object.kind, "initial": initial}

    def action(self, form: forms.RightForm) -> Right:
        version = self.request.POST.get("version", "")
        for words in form.warnings():
            messages.warning(self.request, words)
        number = int(version) if version.isdecimal() else -1
        return rights.update(self.object, values=form.facts(), version=number, by=self.request.user)

    def get_success_url(self) -> str:
        return page_of(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(right=self.object, **kwargs)


class RightAct(OfRight, ActionView):
    """One verb on one right, from a form on its page."""

    success_message = _("已保存。")

    def get_object(self) -> Right:
        return self.right()

    def get_success_url(self) -> str:
        return page_of(self.object)

    def people(self, right: Right) -> dict[str, Any]:
        return {"members": members_of(right.organisation)}


class RightStatus(RightAct):
    """Set the legal status."""

    form_class = forms.StatusForm

    def action(self, obj: Right, form: Any) -> Right:
        return rights.change_status(obj, by=self.request.user, **form.cleaned_data)


class RightFlags(RightAct):
    """Set what rests on a right."""

    form_class = forms.FlagForm

    def action(self, obj: Right, form: Any) -> Right:
        return rights.set_flags(obj, flags=form.cleaned_data["flags"], by=self.request.user)


class RightSecrecy(RightAct):
    """Say who may know of a right."""

    def get_form(self, obj: Right) -> Any:
        return forms.SecrecyForm(self.request.POST, **self.people(obj))

    def action(self, obj: Right, form: Any) -> Right:
        readers = [int(pk) for pk in form.cleaned_data["readers"]]
        return rights.set_secrecy(obj, secrecy=form.cleaned_data["secrecy"], readers=readers, by=self.request.user)


class RightAssign(RightAct):
    """Say who answers for a right."""

    def get_form(self, obj: Right) -> Any:
        return forms.AssignForm(self.request.POST, **self.people(obj))

    def action(self, obj: Right, form: Any) -> Right:
        given = form.cleaned_data
        agency = Organisation.objects.filter(number=given["agency"].upper()).first() if given["agency"] else None
        if given["agency"] and agency is None:
            raise RuleBroken(_("没有这个编号的机构。"), code="unknown_agency")
        people: dict[str, User | None] = {
            name: member(obj.organisation, given[name]) for name in ("responsible", "backup")
        }
        return bulk.assign(obj, agency=agency, by=self.request.user, **people)


class RightLink(RightAct):
    """Set the family of a right and the products that use it."""

    def get_form(self, obj: Right) -> Any:
        return forms.LinkForm(self.request.POST, **link_choices(obj))

    def action(self, obj: Right, form: Any) -> Right:
        own = {"organisation": obj.organisation}
        family = Family.objects.filter(**own, number=form.cleaned_data["family"]).first()
        products = list(Product.objects.filter(**own, number__in=form.cleaned_data["products"]))
        families.set_products(obj, products=products, by=self.request.user)
        return families.link(obj, family=family, by=self.request.user)


def link_choices(right: Right) -> dict[str, Any]:
    """Return the families and products of the right's enterprise."""
    own = {"organisation": right.organisation_id}
    return {
        "families": list(Family.objects.filter(**own).order_by("-pk").values_list("number", "title")[:200]),
        "products": list(Product.objects.filter(**own).order_by("name").values_list("number", "name")[:200]),
    }


class RightAttach(RightAct):
    """Keep a paper of a right."""

    form_class = forms.PaperForm
    success_message = _("文件已收下，正在做安全检查。")

    def action(self, obj: Right, form: Any) -> Any:
        return papers.attach(obj, form.cleaned_data["file"], by=self.request.user)


class RightUse(RightAct):
    """Record use of a trademark."""

    form_class = forms.UseForm

    def action(self, obj: Right, form: Any) -> Any:
        given = dict(form.cleaned_data)
        return papers.add_use(obj, document=given.pop("file"), by=self.request.user, **given)


class RightDelete(RightAct):
    """Delete a record that was entered by mistake."""

    form_class = forms.RemoveForm
    success_message = _("已从台账删除。")

    def action(self, obj: Right, form: Any) -> None:
        rights.remove(obj, reason=form.cleaned_data["reason"], by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("rights")


class FamilyList(Scoped, ActionFormView):
    """Families of the enterprise, and a form for a new one."""

    clause = "6"
    template_name = "patents/register/families.html"
    form_class = forms.FamilyForm
    success_message = _("已建立专利族。请在权利页面把申请连进来。")

    def action(self, form: Any) -> Family:
        return families.create_family(self.organisation, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("family-list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = Family.objects.filter(organisation=self.organisation).order_by("-pk")[:200]
        seen = self.rows().filter(family__in=[family.pk for family in mine]).order_by("country", "pk")
        rows = [(family, [right for right in seen if right.family_id == family.pk]) for family in mine]
        return super().get_context_data(rows=rows, edit=self.may(Permission.EDIT_RIGHT), **kwargs)


class ProductList(Scoped, ActionFormView):
    """Products of the enterprise with the rights they use, and a form for a new one."""

    clause = "6"
    template_name = "patents/register/products.html"
    form_class = forms.ProductForm
    success_message = _("已保存。")

    def action(self, form: Any) -> Product:
        return families.save_product(self.organisation, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("product-list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = Product.objects.filter(organisation=self.organisation).order_by("name")[:200]
        links = Right.products.through.objects.filter(right__in=self.rows(), product__in=[row.pk for row in mine])
        pairs = links.values_list("product_id", "right__title", "right__number")
        rows = [(product, [pair[1:] for pair in pairs if pair[0] == product.pk]) for product in mine]
        return super().get_context_data(rows=rows, edit=self.may(Permission.EDIT_RIGHT), **kwargs)
