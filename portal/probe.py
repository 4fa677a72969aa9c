"""`python -m portal.probe PATH`: the containers' health check; asks this container's own web server."""

import os
import sys
from http.client import HTTPConnection, HTTPException


def ask(path: str, *, port: int, host: str) -> bool:
    """Does the web server on this machine answer 200? It must be asked under a name of ALLOWED_HOSTS."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    name = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    sys.exit(0 if ask(sys.argv[1], port=int(os.environ.get("PORT", "8000")), host=name) else 1)
