"""The law status machine of a right: what may follow what (rules, cross-cutting 4), and what a status ends.

The register's word beats any certificate: a correction with its source may set any status.
"""

from __future__ import annotations

from patents.models import LegalStatus as S

TRANSITIONS: dict[S, frozenset[S]] = {
    S.DRAFT: frozenset([S.PENDING, S.PUBLISHED, S.GRANTED, S.WITHDRAWN]),
    S.PENDING: frozenset([S.PUBLISHED, S.GRANTED, S.REFUSED, S.WITHDRAWN]),
    S.PUBLISHED: frozenset([S.GRANTED, S.REFUSED, S.WITHDRAWN]),
    S.GRANTED: frozenset([S.IN_GRACE, S.LAPSED, S.EXPIRED, S.INVALIDATED, S.PARTIALLY_INVALIDATED]),
    S.IN_GRACE: frozenset([S.GRANTED, S.LAPSED, S.EXPIRED, S.INVALIDATED, S.PARTIALLY_INVALIDATED]),
    S.LAPSED: frozenset([S.RESTORED, S.INVALIDATED]),
    S.RESTORED: frozenset([S.IN_GRACE, S.LAPSED, S.EXPIRED, S.INVALIDATED, S.PARTIALLY_INVALIDATED]),
    S.EXPIRED: frozenset([S.INVALIDATED]),
    S.INVALIDATED: frozenset([S.GRANTED, S.PARTIALLY_INVALIDATED]),  # a court may set a decision aside
    S.PARTIALLY_INVALIDATED: frozenset([S.IN_GRACE, S.LAPSED, S.EXPIRED, S.INVALIDATED, S.GRANTED]),
    S.REFUSED: frozenset([S.PENDING, S.PUBLISHED, S.GRANTED]),  # re-examination (专利法 art. 41)
    S.WITHDRAWN: frozenset([S.PENDING, S.PUBLISHED]),  # restoration (专利法实施细则 art. 6)
}
ENDED = frozenset([S.LAPSED, S.EXPIRED, S.INVALIDATED, S.REFUSED, S.WITHDRAWN])


def may_follow(present: str, wanted: str) -> bool:
    """Whether the law knows a way from one status to the other."""
    return S(wanted) in TRANSITIONS[S(present)]
