"""ms-swift's strict load: prints the rows that are left, with their pictures, or what it raised."""

import json
import sys

from absent import stand_in

stand_in("torchaudio")

from swift.dataset import load_dataset  # noqa: E402 - after the stand-ins

try:
    rows, _ = load_dataset(sys.argv[1:], strict=True, num_proc=1, split_dataset_ratio=0.0)
    said = {"rows": len(rows), "pictures": sum(len(row["images"] or []) for row in rows)}
except Exception as problem:  # noqa: BLE001 - whatever it raises is its verdict
    said = {"error": type(problem).__name__, "why": str(problem)[:300]}
sys.stdout.write("\n" + json.dumps(said))
