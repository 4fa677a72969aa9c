"""Models of the patents workstream: the register of rights, its money, and imports."""

from .imports import ImportMapping, ImportRow, ImportRun, Verdict
from .money import Grade, InventorReward, MoneyEntry, MoneyStage, Scenario
from .rights import (
    Family,
    Flag,
    LegalStatus,
    OfficialNotice,
    Product,
    Reduction,
    Right,
    RightEvent,
    RightKind,
    Route,
    UseEvidence,
)

__all__ = [
    "Family",
    "Flag",
    "Grade",
    "ImportMapping",
    "ImportRow",
    "ImportRun",
    "InventorReward",
    "LegalStatus",
    "MoneyEntry",
    "MoneyStage",
    "OfficialNotice",
    "Product",
    "Reduction",
    "Right",
    "RightEvent",
    "RightKind",
    "Route",
    "Scenario",
    "UseEvidence",
    "Verdict",
]
