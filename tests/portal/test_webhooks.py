"""Webhooks: only to public https addresses, signed, sent once, tried again with patience."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from portal import webhooks
from portal.errors import Denied, RuleBroken
from portal.models import Notification, Organisation, User, Webhook, WebhookCall

Set = Callable[[str], None]


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what it gets; answers what it is told."""

    got: list[tuple[dict[str, str], bytes]] = []
    status = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append((dict(self.headers), body))
        self.send_response(type(self).status)
        if type(self).status == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
    Receiver.got, Receiver.status = [], 204
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook?a=1"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def hook(organisation: Organisation, applicant: User, receiver: str, settings: Any) -> Webhook:
    settings.WEBHOOKS_MAY_BE_LOCAL = True
    return webhooks.create(organisation, url=receiver, by=applicant)


def test_message_is_signed_and_sent_once(hook: Webhook, applicant: User) -> None:
    webhooks.test(hook, by=applicant)
    assert (webhooks.deliver(), webhooks.deliver()) == (1, 0)
    headers, body = Receiver.got[0]
    expected = webhooks.signature(hook.secret, headers["X-Portal-Timestamp"], body)
    assert headers["X-Portal-Signature"] == f"sha256={expected}" and json.loads(body)["event"] == "test"
    call = WebhookCall.objects.get()
    assert (call.status, call.answer, call.attempts) == ("sent", "HTTP 204", 1)


def test_failures_wait_longer_each_time_and_are_told(
    hook: Webhook, applicant: User, manager: User, frozen: Set
) -> None:
    Receiver.status = 302  # a redirect is not followed
    webhooks.test(hook, by=applicant)
    moments = []
    for _turn in range(webhooks.MAX_ATTEMPTS):
        call = WebhookCall.objects.get()
        moments.append(call.next_at)
        frozen(call.next_at)
        assert (webhooks.deliver(), webhooks.deliver()) == (1, 0)
    call = WebhookCall.objects.get()
    assert (call.status, call.answer, call.attempts) == ("failed", "HTTP 302", webhooks.MAX_ATTEMPTS)
    gaps = [(after - before).total_seconds() / 60 for before, after in pairwise(moments)]
    assert gaps == list(webhooks.RETRY_MINUTES)
    told = Notification.objects.filter(template="webhook_failing").values_list("recipient__name", flat=True)
    assert set(told) == {"林知远", "施怀瑾"}


@pytest.mark.parametrize(
    "url",
    [
        "http://example.cn/", "ftp://example.cn/", "https://user:pw@example.cn/", "https://example.cn:8443/",
        "https:///x", "javascript:alert(1)", "https://exa mple.cn/", "https://example.cn:99999/",
    ],
)  # fmt: skip
def test_unfit_addresses_are_refused_when_set_up(organisation: Organisation, applicant: User, url: str) -> None:
    with pytest.raises(RuleBroken):
        webhooks.create(organisation, url=url, by=applicant)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "2002:0a00:0001::1", "64:ff9b::a00:1",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_when_sent(
    organisation: Organisation, applicant: User, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = webhooks.create(organisation, url="https://hooks.example.cn/x", by=applicant)
    answers = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", (address, 443))]
    monkeypatch.setattr(webhooks.socket, "getaddrinfo", lambda *_a, **_k: answers)
    monkeypatch.setattr(webhooks.socket, "create_connection", lambda *_a: pytest.fail("connected"))
    webhooks.test(hook, by=applicant)
    assert webhooks.deliver() == 1
    assert WebhookCall.objects.get().answer == "not a public address"


def test_only_leaders_and_a_revoked_one_is_silent(
    hook: Webhook, applicant: User, colleague: User, client: Client
) -> None:
    organisation = hook.organisation
    with pytest.raises(Denied):
        webhooks.create(organisation, url="https://hooks.example.cn/", by=colleague)
    url = f"/organisations/{organisation.number}/webhooks/"
    client.force_login(colleague)
    assert client.get(url).status_code == 403
    client.force_login(applicant)
    assert hook.secret not in client.get(url).content.decode()
    assert client.post(url, {"url": "http://example.cn:x"}).status_code == 409
    made = client.post(url, {"url": "https://hooks.example.cn/"})
    assert (
        made.status_code == 201 and Webhook.objects.get(url="https://hooks.example.cn/").secret in made.content.decode()
    )
    assert client.post(f"{url}{hook.number}/test/").status_code == 302
    assert client.post(f"{url}{hook.number}/revoke/").status_code == 302
    assert webhooks.deliver() == 0 and not Receiver.got
