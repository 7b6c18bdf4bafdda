"""``mlcroissant`` and ``huggingface_hub``, on a whole data set: prints what they make of its descriptions."""

import json
import sys
from collections import Counter
from pathlib import Path

import mlcroissant
from huggingface_hub import DatasetCard

directory = Path(sys.argv[1])
described = mlcroissant.Dataset(jsonld=directory / "croissant.json")
metadata = described.metadata
records = {}
pictures = 0
for each in metadata.record_sets:
    counted = Counter()
    for record in described.records(each.id):
        split = record.get(f"{each.id}/split", b"")
        counted[split.decode()] += 1
        pictures += getattr(record.get(f"{each.id}/image"), "format", None) == "PNG"
    records[each.id] = counted
card = DatasetCard.load(directory / "README.md")
told = {
    "records": records,
    "pictures": pictures,
    "conforms_to": metadata.conforms_to,
    "warnings": sorted(metadata.ctx.issues.warnings),
    "errors": sorted(metadata.ctx.issues.errors),
    "rai": {
        name: getattr(metadata, name)
        for name in (
            "data_collection",
            "data_collection_type",
            "data_preprocessing_protocol",
            "data_biases",
            "data_limitations",
            "data_use_cases",
            "data_social_impact",
            "data_release_maintenance_plan",
            "personal_sensitive_information",
            "annotations_per_item",
        )
    },
    "months": [each.isoformat()[:7] for each in metadata.data_collection_timeframe],
    "card": card.data.to_dict(),
}
sys.stdout.write(json.dumps(told))
