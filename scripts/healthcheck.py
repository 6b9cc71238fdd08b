"""Exit 0 when the web process in this container is ready. Names one of the allowed hosts, as a client would."""

import os
import sys
import urllib.request

request = urllib.request.Request(f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/readyz")
request.add_header("Host", os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip())
try:
    with urllib.request.urlopen(request, timeout=5) as answer:
        sys.exit(0 if answer.status == 200 else 1)
except OSError as fault:
    sys.exit(f"not ready: {fault}")
