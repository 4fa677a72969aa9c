"""Which letters and certificates go out: their content is frozen in the transaction that makes them due."""

from __future__ import annotations

from django.utils import translation

from portal import letters, nudges
from portal.clock import now
from portal.models import Application, CasePaper, Recognition

SWEEP = "portal.tasks.make_papers"


def want_letter(application: Application) -> None:
    """Freeze the decision letter of a case just decided, in every language; the worker makes the files."""
    ruling = letters.ruling_of(application)
    CasePaper.objects.bulk_create(
        CasePaper(
            application=application,
            kind=CasePaper.Kind.LETTER,
            language=language,
            revision=application.revision,
            data=data,
            dated_at=ruling.at,
            created_at=now(),
        )
        for language, data in letters.in_both(application, ruling)
    )
    nudges.nudge(SWEEP)


def want_certificate(recognition: Recognition) -> None:
    """Freeze the certificate of a recognition just granted, in every language."""
    application, rows = recognition.application, []
    for language in letters.LANGUAGES:
        with translation.override(language):
            data = letters.certificate(recognition)
        rows.append(
            CasePaper(
                application=application,
                kind=CasePaper.Kind.CERTIFICATE,
                language=language,
                revision=application.revision,
                data=data,
                dated_at=letters.certificate_moment(recognition),
                created_at=now(),
            )
        )
    CasePaper.objects.bulk_create(rows)
    nudges.nudge(SWEEP)
