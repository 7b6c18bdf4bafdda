"""Write the JSON Schema of the consent record beside its specification: python make_schema.py."""

import json
from pathlib import Path

from overt.consent.schema import record_schema

PLACE = Path(__file__).parents[3] / "docs/spec/consent-v1.schema.json"


def schema_text() -> str:
    return json.dumps(record_schema(), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    PLACE.write_text(schema_text())
