"""Webhooks of enterprises: set up by owner or manager, signed, sent from rows by a sweep with growing patience.

Only https to public addresses: the name is resolved when it is sent, the connection goes to the address that was
checked, redirects are not followed, and little of the answer is read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import http.client
import ipaddress
import json
import secrets
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, notifications, nudges
from portal.clock import now
from portal.errors import RuleBroken
from portal.models import Organisation, User, Webhook, WebhookCall
from portal.organisations import leaders_of
from portal.permissions import Permission, check

log = structlog.get_logger(__name__)

TASK = "portal.tasks.deliver_webhooks"
MOST_LIVE, BATCH, MAX_ATTEMPTS = 5, 100, 8
RETRY_MINUTES = (1, 5, 15, 60, 240, 720, 1440)
TIMEOUT = 8.0
TOLD_AFTER = 4  # failures in a row before owner and managers are told
HTTPS = 443
NAT64 = ipaddress.ip_network("64:ff9b::/96")
Status = WebhookCall.Status


class Refused(Exception):
    """The address may not be called; the text is kept as the answer of the call."""


@transaction.atomic
def create(organisation: Organisation, *, url: str, by: User) -> Webhook:
    """Set up a webhook and return it; its secret is shown once. Raises Denied, RuleBroken for an unfit address."""
    check(by, Permission.MANAGE_WEBHOOKS, organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    try:
        _parts(url)
    except Refused as refused:
        raise RuleBroken(_("地址须以 https:// 开头，不含用户名和密码，端口为 443。"), code="bad_address") from refused
    if Webhook.objects.live().filter(organisation=organisation).count() >= MOST_LIVE:
        raise RuleBroken(_("有效的对接最多 %(most)s 个。请先撤销不用的。") % {"most": MOST_LIVE}, code="too_many")
    hook = Webhook.objects.create(
        organisation=organisation, url=url.strip(), secret=secrets.token_hex(32), created_by=by, created_at=now()
    )
    host = urlsplit(hook.url).hostname
    audit.record(organisation, "webhook.created", by=by, data={"webhook": hook.number, "host": host})
    return hook


@transaction.atomic
def revoke(hook: Webhook, *, by: User) -> None:
    """End a webhook; what still waits for it is not sent. Revoking it again changes nothing."""
    hook = Webhook.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=hook.pk)
    check(by, Permission.MANAGE_WEBHOOKS, hook.organisation)
    if hook.revoked_at is None:
        hook.revoked_at = now()
        hook.save(update_fields=["revoked_at"])
        hook.calls.filter(status=Status.WAITING).update(status=Status.FAILED, answer="revoked")
        audit.record(hook.organisation, "webhook.revoked", by=by, data={"webhook": hook.number})


@transaction.atomic
def test(hook: Webhook, *, by: User) -> WebhookCall:
    """Ask for a test message; it goes the way of all others."""
    check(by, Permission.MANAGE_WEBHOOKS, hook.organisation)
    if hook.revoked_at is not None:
        raise RuleBroken(_("这个对接已撤销。"), code="wrong_state")
    body = {"event": "test", "webhook": hook.number, "at": now().isoformat()}
    call = WebhookCall.objects.create(webhook=hook, key=f"test:{secrets.token_hex(8)}", body=body)
    nudges.nudge(TASK)
    return call


def signature(secret: str, moment: str, body: bytes) -> str:
    """Return what the receiver compares: HMAC-SHA256 over the moment, a dot and the body."""
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def deliver(*, limit: int = BATCH) -> int:
    """Send what is due; return how many were taken. Safe to run twice at once; a death in between sends once more."""
    due = WebhookCall.objects.filter(status=Status.WAITING, next_at__lte=now()).order_by("next_at", "pk")
    sent = 0
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        sent += _deliver_one(pk)
    return sent


@transaction.atomic
def _deliver_one(pk: int) -> int:
    rows = WebhookCall.objects.select_for_update(skip_locked=True, of=("self",)).select_related("webhook__organisation")
    call = rows.filter(pk=pk, status=Status.WAITING).first()
    if call is None:
        return 0
    if call.webhook.revoked_at is not None:
        call.status, call.answer = Status.FAILED, "revoked"
    else:
        is_fine, call.answer = _send(call)
        call.attempts += 1
        if is_fine:
            call.status, call.sent_at = Status.SENT, now()
        elif call.attempts >= MAX_ATTEMPTS:
            call.status = Status.FAILED
        else:
            call.next_at = now() + dt.timedelta(minutes=RETRY_MINUTES[min(call.attempts, len(RETRY_MINUTES)) - 1])
        if not is_fine and call.attempts == TOLD_AFTER:
            _tell(call)
    call.save(update_fields=["status", "attempts", "next_at", "sent_at", "answer"])
    return 1


def _tell(call: WebhookCall) -> None:
    hook = call.webhook
    values = {
        "host": urlsplit(hook.url).hostname or "",
        "organisation": hook.organisation.name,
        "answer": call.answer,
    }
    notifications.notify(
        "webhook_failing",
        leaders_of(hook.organisation),
        key=f"webhook:{hook.number}:{now():%Y-%m-%d}",
        values=values,
        link=f"/organisations/{hook.organisation.number}/webhooks/",
        organisation=hook.organisation,
    )


def _send(call: WebhookCall) -> tuple[bool, str]:
    """Post one message; return whether it was taken, and the answer in a word."""
    body = json.dumps(call.body, ensure_ascii=False, separators=(",", ":")).encode()
    moment = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "ip-portal-webhook",
        "X-Portal-Delivery": call.key,
        "X-Portal-Timestamp": moment,
        "X-Portal-Signature": "sha256=" + signature(call.webhook.secret, moment, body),
    }
    try:
        status = _post(call.webhook.url, body, headers)
    except Refused as refused:
        return False, str(refused)[:200]
    except (OSError, http.client.HTTPException) as error:
        log.warning("webhook_not_sent", webhook=call.webhook.number, error=type(error).__name__)
        return False, type(error).__name__
    return 200 <= status < 300, f"HTTP {status}"


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    scheme, host, port, path = _parts(url)
    line = _Line(host, port, _resolve(host, port), is_plain=scheme == "http")
    try:
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        answer.read(1024)
        return answer.status
    finally:
        line.close()


def _parts(url: str) -> tuple[str, str, int, str]:
    """Return scheme, host, port and path of an address that may be called at all. Raises Refused."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise Refused("bad address") from error
    is_local = settings.WEBHOOKS_MAY_BE_LOCAL
    if parts.scheme != "https" and not (is_local and parts.scheme == "http"):
        raise Refused("not https")
    if not parts.hostname or parts.username or parts.password or any(char < "!" for char in url.strip()):
        raise Refused("bad address")
    if port not in (None, HTTPS) and not is_local:
        raise Refused("bad port")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port or (HTTPS if parts.scheme == "https" else 80), path


def _resolve(host: str, port: int) -> str:
    """Return one public address of a host; every address it has must be public. Raises Refused."""
    found = {str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    for text in found:
        address: Any = ipaddress.ip_address(text.partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        is_tunnel = any(getattr(address, name, None) for name in ("sixtofour", "teredo")) or address in NAT64
        is_allowed = address.is_global and not (address.is_multicast or address.is_reserved or is_tunnel)
        if not is_allowed and not (settings.WEBHOOKS_MAY_BE_LOCAL and address.is_loopback):
            raise Refused("not a public address")
    if not found:
        raise Refused("unknown host")
    return sorted(found)[0]


class _Line(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name it was looked up by."""

    def __init__(self, host: str, port: int, address: str, *, is_plain: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self.address, self.is_plain = address, is_plain

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), TIMEOUT)
        if self.is_plain:
            self.sock = plain
            return
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
