"""The models -> the JSON Schema of catalogue files, by which editors complete and check YAML."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import models_json_schema

from credgap.catalogue import ENTRY

TITLE = "A catalogue file of credgap"


def text() -> str:
    """The schema as JSON (draft 2020-12)."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def schema() -> dict[str, Any]:
    """A mapping with any of the keys of a catalogue, each a list of entries."""
    refs, definitions = models_json_schema([(model, "validation") for model in ENTRY.values()], ref_template="#/$defs/{model}")
    found = definitions["$defs"]
    found["Alias"] = {"anyOf": [{"type": "string"}, found["Alias"]]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": TITLE,
        "type": "object",
        "additionalProperties": False,
        "properties": {section: {"type": "array", "items": refs[model, "validation"]} for section, model in ENTRY.items()},
        "$defs": _dates_as_written(found),
    }


def _dates_as_written(found: Any) -> Any:
    """The schema with `checked` also as the number that YAML reads a year as."""
    if isinstance(found, dict):
        return {
            k: {"anyOf": [v, {"type": "integer"}]} if k == "checked" and isinstance(v, dict) else _dates_as_written(v)
            for k, v in found.items()
        }
    return [_dates_as_written(v) for v in found] if isinstance(found, list) else found
