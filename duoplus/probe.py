"""Is the web server of this container alive? Status 0 when `/healthz` answers 200.

Run as a file, every half minute: standard library only. It passes by any proxy that the environment names.
"""

import http.client
import sys

PORT = 8000
PATIENCE = 3.0


def is_alive(port: int) -> bool:
    """Whether the web server on this port of the loopback says that it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_alive(PORT))
