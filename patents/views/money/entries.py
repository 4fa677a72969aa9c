"""The money of one right: its ledger, a new entry, a correction, and the rewards of its inventors."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from patents import grades, money, outlook, rewards, valuing
from patents.forms.money import EntryForm, InventorForm, ReasonForm, RewardPaidForm
from patents.models import MoneyEntry, Right, RightKind
from patents.views.money import figures, words
from portal.clock import today
from portal.errors import Denied
from portal.models import standing_of
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView, ActionView, fetch


def fetch_right(user: Any, number: str) -> Right:
    """Return the right, or 404; Denied for officials, who see the right and not its money."""
    right = fetch(Right.objects.select_related("organisation"), user, number=number)
    if not {right.organisation_id, right.agency_id} & standing_of(user).roles.keys():
        raise Denied(_("收支只有本企业成员和受托机构看得到。"))
    return right


def section(right: Right, user: Any) -> dict[str, Any]:
    """Return what the money part of a right's page shows: ledger, rewards, what one may do."""
    rows = list(right.rewards.order_by("inventor", "pk"))
    ahead = outlook.of_right(right, user=user)
    return {
        "outlook": ahead,
        "keep_or_drop": figures.keep_or_drop(ahead) if ahead else None,
        "ledger": money.ledger(right, user=user),
        "rewards": rows,
        "reward": rewards.standing(right, rows, today()),
        "may_edit": can(user, Permission.EDIT_RIGHT, right),
        "codes": money.CODES,
        **judged(right, user),
    }


def judged(right: Right, user: Any) -> dict[str, Any]:
    """Return how a right is judged: its grade with reasons, and for an invention the conditions of high value."""
    found: dict[str, Any] = {"grade": grades.explain(right), "may_steer": can(user, Permission.STEER_RIGHT, right)}
    if right.kind == RightKind.INVENTION and right.is_in_force:
        judgement = valuing.judge_all([right], user=user, on=today())[right.pk]
        found |= {"judgement": judgement, "findings": words.lines(judgement)}
    return found


class RightMoney(ActionFormView):
    """The page of a right's money, with the form for a new entry."""

    clause = "4"
    template_name = "patents/money/right.html"
    form_class = EntryForm
    success_message = _("已登记。")

    @cached_property
    def right(self) -> Right:
        return fetch_right(self.request.user, self.kwargs["number"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "right": self.right}

    def action(self, form: EntryForm) -> MoneyEntry:
        return money.record(self.right, by=self.request.user, **form.cleaned_data)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        check(request.user, Permission.EDIT_RIGHT, self.right)
        return super().post(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse("right-money", args=[self.right.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        right = self.right
        forms = {
            "agree_form": InventorForm(right=right, auto_id="agree_%s"),
            "paid_form": RewardPaidForm(right=right, auto_id="paid_%s"),
        }
        return super().get_context_data(right=right, **section(right, self.request.user), **forms, **kwargs)


class MoneyReverse(ActionFormView):
    """Take an entry back: a page with its facts and the reason."""

    clause = "4"
    template_name = "patents/money/reverse.html"
    form_class = ReasonForm
    success_message = _("已冲正。")
    subject = "entry"

    @cached_property
    def entry(self) -> MoneyEntry:
        rows = MoneyEntry.objects.select_related("right__organisation")
        entry = fetch(rows, self.request.user, number=self.kwargs["entry"], right__number=self.kwargs["number"])
        check(self.request.user, Permission.EDIT_RIGHT, entry.right)
        return entry

    def action(self, form: ReasonForm) -> MoneyEntry:
        return money.reverse(self.entry, reason=form.cleaned_data["reason"], by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("right-money", args=[self.entry.right.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = money.CODES.get(self.entry.code, self.entry.code)
        return super().get_context_data(entry=self.entry, right=self.entry.right, code=code, **kwargs)


class RewardVerb(ActionView):
    """What the two verbs on rewards share."""

    def get_object(self) -> Right:
        return fetch_right(self.request.user, self.kwargs["number"])

    def get_form(self, obj: Right) -> Any:
        check(self.request.user, Permission.EDIT_RIGHT, obj)
        return self.form_class(self.request.POST, right=obj)  # type: ignore[call-arg]

    def get_success_url(self) -> str:
        return reverse("right-money", args=[self.object.number]) + "#rewards"


class RewardAgree(RewardVerb):
    """What was agreed with an inventor."""

    form_class = InventorForm
    success_message = _("约定已登记。")

    def action(self, obj: Right, form: InventorForm) -> Any:
        return rewards.agree(obj, by=self.request.user, **form.cleaned_data)


class RewardPay(RewardVerb):
    """What an inventor was paid."""

    form_class = RewardPaidForm
    success_message = _("发放已登记。")

    def action(self, obj: Right, form: RewardPaidForm) -> Any:
        return rewards.pay(obj, by=self.request.user, **form.cleaned_data)
