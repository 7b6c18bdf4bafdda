"""``mlcroissant``, on a description: prints whether it is valid, and how many records of a set it reads."""

import json
import sys

import mlcroissant

try:
    described = mlcroissant.Dataset(jsonld=sys.argv[1])
    records = sum(1 for _ in described.records(sys.argv[2])) if len(sys.argv) > 2 else None
    sys.stdout.write(json.dumps({"valid": True, "records": records}))
except Exception as problem:  # noqa: BLE001 - whatever it raises is its verdict
    sys.stdout.write(json.dumps({"valid": False, "why": f"{type(problem).__name__}: {problem}"[:2_000]}))
