"""Makes the files of letters and certificates: once per row, by the worker, after the decision is in force."""

from __future__ import annotations

import structlog
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import translation

from portal import audit, documents, files
from portal.models import CasePaper, Recognition

log = structlog.get_logger(__name__)

BATCH = 200
MAX_ATTEMPTS = 5


def sweep(*, limit: int = BATCH) -> int:
    """Make what waits, oldest first; return how many files. Safe in several workers, and when killed half-way."""
    waiting = CasePaper.objects.filter(file=None, attempts__lt=MAX_ATTEMPTS).order_by("id")
    done = 0
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        try:
            done += make(pk)
        except DatabaseError:
            raise  # the connection died: the row waits for the next worker
        except Exception:
            log.exception("paper_failed", paper=pk)
            CasePaper.objects.filter(pk=pk).update(attempts=F("attempts") + 1)
    return done


@transaction.atomic
def make(pk: int) -> bool:
    """Make one paper under its row's lock and keep it with the case; return whether it was ours to make.

    A worker that dies leaves the row as it was; at worst a file without a row lies in the store.
    """
    rows = CasePaper.objects.select_for_update(skip_locked=True, of=("self",))
    paper = rows.select_related("application__organisation").filter(pk=pk, file=None).first()
    if paper is None:
        return False
    application = paper.application
    with translation.override(paper.language):
        content = documents.render(paper.kind, paper.data, made_at=paper.dated_at)
        name = f"{CasePaper.Kind(paper.kind).label}-{paper.data.get('number', application.number)}.pdf"
    paper.file = files.keep(
        content, name=name, media_type="application/pdf", slot=paper.kind, by=None,
        organisation=application.organisation, application=application,
    )  # fmt: skip
    paper.save(update_fields=["file"])
    if paper.kind == CasePaper.Kind.CERTIFICATE and paper.language != "en":
        Recognition.objects.filter(application=application).update(certificate=paper.file)
    data = {"kind": paper.kind, "language": paper.language, "sha256": paper.file.sha256}
    audit.record(("paper", f"{application.number}:{paper.kind}"), "paper.made", data=data,
                 organisation_id=application.organisation_id)  # fmt: skip
    return True
