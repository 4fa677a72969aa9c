"""The schema is valid, complete and said in the reader's language."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.drainage import GENERATOR_STATS

from portal.api import urls
from portal.api.schema import described
from portal.api.views.docs import document

pytestmark = pytest.mark.django_db
METHODS = {"get", "post", "put", "patch", "delete"}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    found = document("zh-hans")["paths"]
    return [(path, method, body[method]) for path, body in found.items() for method in body.keys() & METHODS]


def validate(tmp_path: Any) -> None:
    GENERATOR_STATS.reset()
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_schema_is_valid_without_a_warning(tmp_path: Any) -> None:
    validate(tmp_path)


def test_schema_gate_goes_red_on_a_planted_fault(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urls.public.Districts, "list", described("x", responses=object())(lambda *_: None))
    with pytest.raises(Exception, match="warnings"):
        validate(tmp_path)


def test_schema_every_operation_has_title_description_and_refusals() -> None:
    found = operations()
    assert len(found) > 80
    for path, method, body in found:
        assert body.get("summary"), path
        assert body.get("description"), path
        assert {"401", "429", "503"} <= body["responses"].keys(), path
        assert ("404" in body["responses"]) >= ("{" in path), path
        if method in ("post", "patch"):
            assert {"400", "409", "415"} <= body["responses"].keys(), path
        for status, response in body["responses"].items():
            assert response["description"] or status.startswith("2"), (path, status)


def test_schema_describes_every_route() -> None:
    described_paths = document("zh-hans")["paths"].keys()
    routes = next(url for url in get_resolver().url_patterns if str(url.pattern) == "api/v1/").url_patterns
    undescribed = {"schema", "docs", "absent"}
    counted = 0
    for group in routes:
        for route in getattr(group, "url_patterns", []):
            methods = set(route.callback.actions) - {"head"}
            counted += len(methods)
    assert counted == len(operations())
    assert {route.name for route in routes if hasattr(route, "name")} == undescribed
    assert len(described_paths) > 60


def test_schema_speaks_the_readers_language(client: Client) -> None:
    for language in ("zh-hans", "en"):
        answer = client.get("/api/v1/schema/", {"format": "json"}, headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert answer.headers["Content-Language"] == language
        assert answer.json()["openapi"].startswith("3.")


def test_docs_page_and_script_hold_no_inline_code(client: Client) -> None:
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "<style" not in text
    assert ' style="' not in text
    assert (
        "script-src" not in page.headers["Content-Security-Policy"]
        or "unsafe" not in page.headers["Content-Security-Policy"]
    )
    script = client.get("/api/v1/docs/", {"script": ""})
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert script.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "SwaggerUIBundle(" in script.content.decode()
