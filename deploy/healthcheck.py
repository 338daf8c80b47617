"""Healthy means: the web server answers, and not with an error of its own. `healthcheck.py PORT`"""

import sys
import urllib.error
import urllib.request


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect to https is an answer too."""

    def redirect_request(self, *_arguments):
        return None


request = urllib.request.Request(f"http://127.0.0.1:{sys.argv[1]}/healthz", headers={"X-Forwarded-Proto": "https"})
try:
    urllib.request.build_opener(Stay).open(request, timeout=5)
except urllib.error.HTTPError as answer:
    sys.exit(answer.code >= 500)
