"""What disputes tell the portal of: the words of their dates, checks of their figures, people who leave, the search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal import handing_over, kinds, reminding, rule_changes

from . import dates, finding, people, periods
from .access import SUBJECT

TASK = "services.protection.tasks.follow_disputes"


def register() -> None:
    """Plug in; called once when the app is ready."""
    reminding.register_words(SUBJECT, dates.words)
    rule_changes.register_check(periods.check_rule)
    rule_changes.register_recompute(TASK)
    handing_over.register_farewell(people.tell_owner)
    handing_over.register_follower(people.hand_over)
    kinds.register_search("disputes", _("海外纠纷"), finding.hits)
