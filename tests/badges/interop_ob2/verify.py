"""Usage: python verify.py FILE. Runs in an environment of its own; prints one JSON list.

FILE holds {"urls": {address: {"body": base64, "status": 200, "type": "…"}},
"checks": [{"url": address}, {"png": base64} or {"token": JWS}, each with "email"]}.
"""

import base64
import json
import sys
from io import BytesIO
from pathlib import Path

import responses  # type: ignore[import-not-found]
from openbadges.verifier import verify  # type: ignore[import-not-found]

given = json.loads(Path(sys.argv[1]).read_text())
answers = []
for check in given["checks"]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
        for url, answer in given["urls"].items():
            body = base64.b64decode(answer["body"])
            web.add("GET", url, body=body, status=answer["status"], content_type=answer["type"])
        baked = BytesIO(base64.b64decode(check["png"])) if "png" in check else None
        subject = baked or check.get("url") or check["token"]
        report = verify(subject, {"email": check["email"]}, use_cache=False)["report"]
    failed = [message["name"] for message in report["messages"]]
    answers.append({"valid": report["valid"], "failed": failed})
sys.stdout.write(json.dumps(answers))
