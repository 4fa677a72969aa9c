"""What the register of rights can check for a programme: how many inventions are in force."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patents.models import Right, RightKind
from portal import kinds
from portal.kinds import EligibilityRule, Finding, Parameter
from portal.models import Organisation


def valid_inventions(organisation: Organisation, values: dict[str, Any]) -> Finding:
    """The register holds at least so many inventions in force."""
    wanted = int(values["least"])
    held = Right.objects.in_force().filter(organisation=organisation, kind=RightKind.INVENTION)[:wanted].count()
    label = gettext("有效发明专利不少于 %(least)s 件") % {"least": wanted}
    evidence = gettext("台账中有 %(held)s 件") % {"held": held if held < wanted else f"≥ {wanted}"}
    way_out = "" if held >= wanted else gettext("如有遗漏，请先在知识产权台账中补录。")
    return Finding("valid_inventions", held >= wanted, label, evidence, way_out)


def register() -> None:
    """Make the rule known to the editor of programmes."""
    least = Parameter("least", _("件数"), low=1, high=1000, unit=_("件"))
    kinds.register_rule(EligibilityRule("valid_inventions", _("有效发明专利达到件数"), valid_inventions, (least,)))
