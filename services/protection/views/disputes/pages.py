"""An enterprise's disputes abroad: the list, one file, intake and change, those that nobody can see any more."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from portal.clock import today
from portal.filters.chips import links
from portal.hats import enterprise_of
from portal.models import Deadline, Organisation, User
from portal.pagination import Keyset, capped_count
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView, SignedIn
from services.protection.disputes import keeping, people
from services.protection.disputes.access import SUBJECT
from services.protection.forms.disputes import ChangeForm, DisputeFilter, EntrustForm, IntakeForm
from services.protection.models import Country, OverseasDispute
from services.protection.tables.disputes import DisputeTable

from . import shown
from .access import CLAUSES, NO_ENTERPRISE, DisputeForm, fetch_dispute, members_of, rights_of

ORDER = ("-served_on", "-id")


class DisputeList(SignedIn, TemplateView):
    """The disputes of the enterprise that name this person."""

    clause = CLAUSES
    template_name = "protection/disputes/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation, user = enterprise_of(self.request, NO_ENTERPRISE), self.request.user
        rows = OverseasDispute.objects.own(user).filter(organisation=organisation)
        chosen = DisputeFilter(self.request.GET, queryset=rows)
        return super().get_context_data(
            filter=chosen,
            chips=links(self.request, chosen),
            table=table_of(self.request, chosen.qs if chosen.form.is_valid() else rows),
            heading=_heading(capped_count(rows.open())),
            keep=can(user, Permission.KEEP_DISPUTE, organisation),
            clear_url=reverse("dispute-list"),
            **kwargs,
        )


def table_of(request: Any, rows: QuerySet[OverseasDispute]) -> DisputeTable:
    """Return the page of disputes that a request asks for."""
    page = Keyset.of_request(request, rows.select_related("country"), ORDER)
    table: Any = DisputeTable(with_next(page.rows))
    table.keyset, table.empty = page, empty()
    found: DisputeTable = table
    return found


def with_next(rows: list[Any]) -> list[Any]:
    """Give each dispute its nearest open date, by one statement."""
    numbers = [row.number for row in rows]
    found = Deadline.objects.open().filter(subject_type=SUBJECT, subject_number__in=numbers)
    nearest = {row.subject_number: row for row in found.order_by("-target_on", "-pk")}
    for row in rows:
        row.next_date = nearest.get(row.number)
    return rows


def _heading(count: int) -> str:
    if not count:
        return _("没有进行中的海外纠纷")
    return ngettext("有 %(count)s 件海外纠纷正在进行", "有 %(count)s 件海外纠纷正在进行", count) % {"count": count}


def empty() -> dict[str, Any]:
    """Return what an empty list says."""
    return {
        "title": _("这里没有您看得到的海外纠纷"),
        "text": _(
            "收到国外的诉状、调查通知、平台投诉或异议时，先登记：期限立刻推算，证据清单按审理机构列出，还可以向市里申请援助。"
        ),
        "url": reverse("dispute-new"),
        "action": _("登记海外纠纷"),
        "url2": reverse("legal-case-list"),
        "action2": _("看看别的企业经历过什么"),
    }


class Dispute(SignedIn, TemplateView):
    """One file: what is due, what happened, what is there, who helps, who knows."""

    clause = CLAUSES
    template_name = "protection/disputes/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        dispute = fetch_dispute(self.request.user, self.kwargs["number"])
        return super().get_context_data(**shown.page_of(dispute, self.request.user), **kwargs)


class NewDispute(ActionFormView):
    """Intake. ?country= and ?forum= come from the pages of countries and alerts."""

    clause = CLAUSES
    template_name = "protection/disputes/form.html"
    form_class = IntakeForm
    success_message = gettext_lazy("已登记。请先核对期限，再按清单准备证据。")
    subject = "organisation"

    @cached_property
    def organisation(self) -> Organisation:
        organisation = enterprise_of(self.request, NO_ENTERPRISE)
        check(self.request.user, Permission.KEEP_DISPUTE, organisation)
        return organisation

    def get_form_kwargs(self) -> dict[str, Any]:
        members = [one for one in members_of(self.organisation) if one[0] != self.request.user.pk]
        rights = rights_of(self.organisation, self.request.user)
        return {**super().get_form_kwargs(), "members": members, "rights": rights}

    def get_initial(self) -> dict[str, Any]:
        code = self.request.GET.get("country", "").upper()
        country = Country.objects.filter(pk=code).first() if len(code) == 2 else None
        return {"country": country, "forum": self.request.GET.get("forum", ""), "served_on": today()}

    def action(self, form: IntakeForm) -> OverseasDispute:
        given = form.cleaned_data
        readers = [int(pk) for pk in given.get("readers", [])]
        return keeping.open_file(
            self.organisation, values=form.values(), rights=given.get("rights", []), readers=readers,
            by=self.request.user,
        )  # fmt: skip

    def get_success_url(self) -> str:
        return reverse("dispute", args=[self.result.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "title": _("登记海外纠纷"),
            "lede": _("这里写的内容按商业秘密保管：只有您和指定的人看得到，连“有这件纠纷”也不告诉别人。"),
            "submit": _("登记并推算期限"),
        }
        return super().get_context_data(**words, **kwargs)


class ChangeDispute(DisputeForm):
    """Correct the facts."""

    form_class = ChangeForm
    title, submit = gettext_lazy("更正信息"), gettext_lazy("保存")
    lede = gettext_lazy("改了审理机构、地位或送达日，期限随之重新推算；人工确认的日期保留。")
    success_message = gettext_lazy("已保存。")

    def get_form_kwargs(self) -> dict[str, Any]:
        rights = rights_of(self.dispute.organisation, self.request.user)
        values = {name: getattr(self.dispute, name) for name in keeping.FACTS}
        chosen = {"rights": list(self.dispute.rights.values_list("pk", flat=True)), "version": self.dispute.version}
        return {**super().get_form_kwargs(), "rights": rights, "initial": {**values, **chosen}}

    def action(self, form: ChangeForm) -> Any:
        given = form.cleaned_data
        return keeping.change(
            self.dispute, values=form.values(), rights=given.get("rights"), version=given["version"],
            by=self.request.user,
        )  # fmt: skip


class UnseenDisputes(ActionFormView):
    """Disputes whose readers have all left: the owner names somebody for each, knowing the number alone."""

    clause = CLAUSES
    template_name = "protection/disputes/unseen.html"
    form_class = EntrustForm
    success_message = gettext_lazy("已指定，对方已收到通知。")
    subject = "owned"

    @cached_property
    def owned(self) -> Organisation:
        organisation = enterprise_of(self.request, NO_ENTERPRISE)
        check(self.request.user, Permission.MANAGE_MEMBERS, organisation)
        return organisation

    @cached_property
    def numbers(self) -> list[str]:
        return list(people.unseen(self.owned).order_by("pk").values_list("number", flat=True)[:200])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "numbers": self.numbers, "members": members_of(self.owned)}

    def action(self, form: EntrustForm) -> OverseasDispute:
        given = form.cleaned_data
        reader = User.objects.get(pk=given["reader"])
        return people.entrust(self.owned, number=given["number"], reader=reader, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("disputes-unseen")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(numbers=self.numbers, **kwargs)
