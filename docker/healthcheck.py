"""Asks this container's web process whether it is well: the page it asks reaches the database."""

import http.client
import os
import sys


def main() -> int:
    """0 when the answer is 200; any other end makes the container unhealthy."""
    # Django answers only to its own names.
    host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip()
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    connection.request("GET", "/health/", headers={"Host": host})
    return 0 if connection.getresponse().status == http.client.OK else 1


if __name__ == "__main__":
    sys.exit(main())
