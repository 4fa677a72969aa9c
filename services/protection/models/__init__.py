"""What the protection workstream keeps: alerts and whom they reached, exposure, knowledge, disputes abroad."""

from .alerts import Alert, AlertDelivery, AlertKind, AlertNotice, AlertVersion, DeliveryState, Join, Severity
from .disputes import DisputeAid, DisputeEvent, DisputeEvidence, OverseasDispute, is_helping
from .exposure import PART, Dimension, Exposure, ProductWords, StaleExposure, Watch
from .knowledge import Country, CountryFact, LawChange, LegalCase

__all__ = [
    "PART",
    "Alert",
    "AlertDelivery",
    "AlertKind",
    "AlertNotice",
    "AlertVersion",
    "Country",
    "CountryFact",
    "DeliveryState",
    "Dimension",
    "DisputeAid",
    "DisputeEvent",
    "DisputeEvidence",
    "Exposure",
    "Join",
    "LawChange",
    "LegalCase",
    "OverseasDispute",
    "ProductWords",
    "Severity",
    "StaleExposure",
    "Watch",
    "is_helping",
]
