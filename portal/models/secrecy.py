"""Who may know of a thing an enterprise keeps: everybody with a right to look, its members, or persons by name."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .people import standing_of

MOST_READERS = 200  # persons named on one right: they stand in indexes, whose rows are short


class Secrecy(models.TextChoices):
    """How far a right, a date or a paper of an enterprise may be seen."""

    OPEN = "open", _("成员和主管部门")
    INTERNAL = "internal", _("仅本企业成员")
    NAMED = "named", _("仅指定人员")


def may_know(user: Any, *, organisation: str = "organisation", agency: str = "", is_case_work: bool = False) -> Q:
    """Return the rows this person may know of, by their `secrecy`, `readers` (user keys) and organisation.

    Officials see open rows of their area; members, and the agency named in the row, open and internal ones; a row for
    named persons is for those named, and only as long as they are members. Where it `is_case_work`, only officials who
    see cases count. Use it inside `visible_to` only.
    """
    standing = standing_of(user)
    seen = Q(pk__in=[])
    if standing.sees_all_cases if is_case_work else standing.is_city:
        seen |= Q(secrecy=Secrecy.OPEN)
    elif districts := standing.case_districts if is_case_work else standing.districts:
        seen |= Q(secrecy=Secrecy.OPEN, **{f"{organisation}__district__in": districts})
    if standing.roles:
        inside = Q(secrecy__in=[Secrecy.OPEN, Secrecy.INTERNAL])
        own = Q(**{f"{organisation}__in": list(standing.roles)})
        seen |= own & (inside | Q(readers__contains=[user.pk]))
        # Only for people of an agency: an OR over two columns costs everybody else the order of the index.
        if agency and standing.agencies:
            seen |= inside & Q(**{f"{agency}__in": list(standing.agencies)})
    return seen
