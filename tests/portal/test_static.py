"""Collecting the static files: every file that a style sheet names exists, and each gets its hashed name."""

import json
from pathlib import Path

from django.core.management import call_command
from django.test import override_settings


def test_static_files_can_be_collected(tmp_path: Path) -> None:
    storage = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=tmp_path,
        STORAGES={"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}, "staticfiles": storage},
    ):
        call_command("collectstatic", verbosity=0, interactive=False)
    paths = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert "css/portal.css" in paths
    assert not [path for path in paths if "/parts/" in path]
