"""What happens to an enterprise and its people: registering, joining, members, verification, change of district."""

from .joining import (
    answer_join_request,
    invite_member,
    is_owner_gone,
    request_join,
    withdraw_join,
)
from .members import change_role, end_membership, hand_over_ownership, switch_organisation
from .moving import change_district
from .people import leaders_of, officials_of, owners_of
from .registering import complete, hold, register
from .verifying import Comparison, comparisons, decide_verification, matches_registry, request_verification

__all__ = [
    "Comparison",
    "answer_join_request",
    "change_district",
    "change_role",
    "comparisons",
    "complete",
    "decide_verification",
    "end_membership",
    "hand_over_ownership",
    "hold",
    "invite_member",
    "is_owner_gone",
    "leaders_of",
    "matches_registry",
    "officials_of",
    "owners_of",
    "register",
    "request_join",
    "request_verification",
    "switch_organisation",
    "withdraw_join",
]
