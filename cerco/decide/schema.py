"""JSON Schemas of the files that people write, for editors that complete and check as they type.

In:    the pydantic models, which are the only validators there are.
Out:   one schema a file type, as JSON text.
Never: a rule of its own: what only the models check (patterns, phrases, tests) the editor does not.
"""

import json
from collections.abc import Mapping

from pydantic import BaseModel

from cerco.decide.policy import Policy
from cerco.decide.suppress import Suppression
from cerco.dingtalk.endpoints import Endpoints
from cerco.dingtalk.scope import Scope
from cerco.scan.rule import DetectRule

SCHEMAS: Mapping[str, type[BaseModel]] = {
    "detect": DetectRule,
    "policy": Policy,
    "suppression": Suppression,
    "scope": Scope,
    "endpoints": Endpoints,
}


def schema(name: str) -> str:
    """Return the schema of one of `SCHEMAS`, JSON Schema 2020-12."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **SCHEMAS[name].model_json_schema(by_alias=True)}
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def stale(name: str, text: str) -> bool:
    """Tell whether a schema that was written earlier is another one today."""
    return text != schema(name)
