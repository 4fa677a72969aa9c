"""Everything the workstreams share: one app, one migration history."""

from .access import ApiToken, IdempotencyKey, Installation
from .audit import AuditAnchor, AuditEvent
from .coordination import CityTask, Meeting, TaskNote, TaskShare
from .deadlines import Deadline
from .decisions import BulkDecision, BulkItem, CasePaper, HeldDecision, decides
from .desk import CalendarFeed, SavedView, Webhook, WebhookCall
from .figures import Figure, FigureMonth, Span, Target
from .files import Refusal, StoredFile
from .joining import DistrictChange, Invitation, JoinRequest, Registration, Verification
from .notifications import AccountMail, Notification
from .outcomes import Appeal, Objection, Recognition
from .people import (
    District,
    Expert,
    Membership,
    Office,
    OfficeRole,
    Organisation,
    Posting,
    Role,
    Standing,
    User,
    database_token,
    public_token,
    standing_of,
)
from .procedures import (
    DECIDING,
    Answer,
    Application,
    Assignment,
    Call,
    CaseEvent,
    CorrectionItem,
    CorrectionRequest,
    Message,
    Review,
    Sequence,
    Stage,
    Status,
    Submission,
)
from .programmes import Programme
from .questionnaires import Questionnaire, QuestionnaireEdit
from .registry import RegistryRecord
from .reports import ReportRun
from .rules import Holiday, HolidayKind, HolidayYear, Rule, RuleStatus, RuleUnit
from .secrecy import MOST_READERS, Secrecy, may_know
from .workbench import Absence, AssignmentRule, ReasonTemplate

__all__ = [
    "DECIDING",
    "MOST_READERS",
    "Absence",
    "AccountMail",
    "Answer",
    "ApiToken",
    "Appeal",
    "Application",
    "Assignment",
    "AssignmentRule",
    "AuditAnchor",
    "AuditEvent",
    "BulkDecision",
    "BulkItem",
    "CalendarFeed",
    "Call",
    "CaseEvent",
    "CasePaper",
    "CityTask",
    "CorrectionItem",
    "CorrectionRequest",
    "Deadline",
    "District",
    "DistrictChange",
    "Expert",
    "Figure",
    "FigureMonth",
    "HeldDecision",
    "Holiday",
    "HolidayKind",
    "HolidayYear",
    "IdempotencyKey",
    "Installation",
    "Invitation",
    "JoinRequest",
    "Meeting",
    "Membership",
    "Message",
    "Notification",
    "Objection",
    "Office",
    "OfficeRole",
    "Organisation",
    "Posting",
    "Programme",
    "Questionnaire",
    "QuestionnaireEdit",
    "ReasonTemplate",
    "Recognition",
    "Refusal",
    "Registration",
    "RegistryRecord",
    "ReportRun",
    "Review",
    "Role",
    "Rule",
    "RuleStatus",
    "RuleUnit",
    "SavedView",
    "Secrecy",
    "Sequence",
    "Span",
    "Stage",
    "Standing",
    "Status",
    "StoredFile",
    "Submission",
    "Target",
    "TaskNote",
    "TaskShare",
    "User",
    "Verification",
    "Webhook",
    "WebhookCall",
    "database_token",
    "decides",
    "may_know",
    "public_token",
    "standing_of",
]
