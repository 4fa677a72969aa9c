"""What the dates of rights tell the portal of: the words of their rules, rule changes, and people who hand over."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q

from patents import rights
from patents.models import Right
from portal import handing_over, reminding, rule_changes
from portal.models import Organisation, Secrecy, User

from . import codes, moving, recompute

TASK = "patents.tasks.recompute_dates"


def register() -> None:
    """Plug in; called once when the app is ready."""
    reminding.register_words("right", lambda rule_code: codes.words(codes.code_of(rule_code)))
    rights.AFTER.append(_follow)
    handing_over.register_follower(_hand_over)
    rule_changes.register_mover(moving.moves)
    rule_changes.register_recompute(TASK)


def _follow(pks: Sequence[int]) -> None:
    recompute.of_rights(pks)


def _hand_over(organisation: Organisation, former: User, to: User, by: User) -> None:
    """Rights name the same persons as their dates."""
    allowed = ~Q(secrecy=Secrecy.NAMED) | Q(readers__contains=[to.pk])
    known = Right.objects.visible_to(by).filter(allowed, organisation=organisation)
    rows = Right.objects.filter(pk__in=known.values("pk"))
    up = {"version": F("version") + 1}
    rows.filter(Q(responsible=former) | Q(responsible=to), backup__in=[former, to]).update(backup=None, **up)
    rows.filter(backup=former).update(backup=to, **up)
    rows.filter(responsible=former).update(responsible=to, **up)
