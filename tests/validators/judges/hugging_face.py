"""``datasets``, as whoever trains on an export would use it: prints rows and pictures of each thing that it loads."""

import json
import sys
from pathlib import Path

import datasets

datasets.disable_progress_bars()


def load(what: str, root: Path, **options: object) -> datasets.Dataset:
    if what.startswith("card:"):
        return datasets.load_dataset(str(root), what.removeprefix("card:"), split="train", **options)
    builder, pattern = what.split(":", 1)
    return datasets.load_dataset(builder, data_files=str(root / pattern), split="train", **options)


said = {}
for what in sys.argv[2:]:
    root = Path(sys.argv[1])
    try:
        table = load(what, root)
        streamed = sum(1 for _ in load(what, root, streaming=True))
        pictures = {name: str(kind) for name, kind in table.features.items() if "Image" in str(kind)}
        shown = 0
        for row in table if pictures else []:
            for name in pictures:
                many = row[name] if isinstance(row[name], list) else [row[name]]
                shown += sum(each is not None and each.size[0] > 0 for each in many)
        said[what] = {"rows": len(table), "streamed": streamed, "pictures": shown, "columns": sorted(table.features)}
    except Exception as problem:  # noqa: BLE001 - whatever it raises is its verdict
        said[what] = {"error": type(problem).__name__}
sys.stdout.write(json.dumps(said))
