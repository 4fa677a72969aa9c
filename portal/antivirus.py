"""Optional virus scanner: clamd's INSTREAM over TCP, asked only where CLAMAV_URL is set (tcp://host:port)."""

import socket
import struct
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings

CHUNK = 256 * 1024
TIMEOUT = 30.0


class Unreachable(Exception):
    """A scanner is configured and cannot be asked: nothing may pass meanwhile."""


def finds_virus(stream: IO[bytes] | Any) -> bool:
    """Return whether the scanner objects; False where none is configured. Raises Unreachable."""
    if not settings.CLAMAV_URL:
        return False
    address = urlsplit(settings.CLAMAV_URL)
    try:
        with socket.create_connection((address.hostname or "", address.port or 3310), TIMEOUT) as line:
            answer = _ask(line, stream)
    except OSError as error:
        raise Unreachable(str(error)) from error
    if answer.endswith(b"OK"):
        return False
    if answer.endswith(b"FOUND"):
        return True
    raise Unreachable(answer.decode(errors="replace")[:200])


def _ask(line: socket.socket, stream: IO[bytes] | Any) -> bytes:
    line.sendall(b"zINSTREAM\0")
    while chunk := stream.read(CHUNK):
        line.sendall(struct.pack("!I", len(chunk)) + chunk)
    line.sendall(struct.pack("!I", 0))
    answer = b""
    while not answer.endswith(b"\0"):
        part = line.recv(4096)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n ")
