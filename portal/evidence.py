"""Files as answers: add, replace by a new version, remove. The answer of a file question is a list of file numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import files, procedures
from portal.errors import RuleBroken
from portal.models import Answer, Application, StoredFile, User
from portal.procedures import mover

MOST_FILES = 10


@transaction.atomic
def add_files(application: Application, key: str, uploads: Iterable[UploadedFile], *, by: User) -> list[StoredFile]:
    """Attach files to a file question; they join the ones already there. Raises Denied, RuleBroken."""
    application, present = _locked(application, key)
    numbers = list(present.value or []) if present else []
    chosen = list(uploads)
    if len(numbers) + len(chosen) > MOST_FILES:
        raise RuleBroken(_("每一项最多 %(count)s 个文件。") % {"count": MOST_FILES}, code="too_many_files")
    stored = [files.attach(upload, slot=key, application=application, by=by) for upload in chosen]
    _save(application, key, numbers + [file.number for file in stored], present, by)
    return stored


@transaction.atomic
def replace_file(application: Application, key: str, number: str, upload: UploadedFile, *, by: User) -> StoredFile:
    """Put a new version in the place of one file; the old version stays in the history."""
    application, present = _locked(application, key)
    numbers = _having(present, number)
    old = application.files.get(number=number)
    new = files.attach(upload, slot=key, application=application, series=old.series, by=by)
    _save(application, key, [new.number if n == number else n for n in numbers], present, by)
    return new


@transaction.atomic
def remove_file(application: Application, key: str, number: str, *, by: User) -> None:
    """Take a file out of an answer; its bytes stay where an earlier submission names them."""
    application, present = _locked(application, key)
    numbers = [other for other in _having(present, number) if other != number]
    _save(application, key, numbers or None, present, by)


def _locked(application: Application, key: str) -> tuple[Application, Answer | None]:
    application = mover.locked(application)
    return application, application.answers.filter(key=key).first()


def _having(present: Answer | None, number: str) -> list[str]:
    numbers = list(present.value or []) if present else []
    if number not in numbers:
        raise RuleBroken(_("这个文件已经不在这里，请刷新后再看。"), code="file_gone")
    return numbers


def _save(application: Application, key: str, value: Any, present: Answer | None, by: User) -> None:
    procedures.save_answers(application, {key: value}, revisions={key: present.revision if present else 0}, by=by)
