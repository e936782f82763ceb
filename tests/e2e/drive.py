"""Run clients where the client host is: one JSON object on stdin, one `Sent` a line on stdout.

A call is {"call": name, "kind": …, "language": …, "form": …, "seed": …, "options": {…}}; with "file": PATH it sends
that file, under its own name, in place of the payload's.
"""

import json
import mimetypes
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from cerco.lab import clients, inparts, uploads
from cerco.lab.clients import Proxy
from cerco.lab.payloads import Kind, make
from tests.e2e import families, moreclients

WHERE: tuple[Any, ...] = (clients, uploads, inparts, moreclients, families)


def main() -> None:
    given = json.load(sys.stdin)
    proxy = Proxy(given["proxy"]["host"], given["proxy"]["port"], Path(given["proxy"]["ca_file"]))
    for call in given["calls"]:
        function = next(getattr(module, call["call"]) for module in WHERE if hasattr(module, call["call"]))
        payload = make(Kind(call["kind"]), call.get("language", "zh-Hant"), call.get("form", "csv"), call["seed"])
        if "file" in call:
            file = Path(call["file"])
            mime = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            payload = replace(payload, data=file.read_bytes(), filename=file.name, mime=mime)
        way = replace(proxy, ca_file=Path(given["origin_ca"])) if call["call"] == "other_site" else proxy
        print(json.dumps(asdict(function(payload, way, **call.get("options", {})))), flush=True)


if __name__ == "__main__":
    main()
