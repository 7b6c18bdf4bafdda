"""TRL's own preparation of messages with pictures: prints how many found their place."""

import json
import sys

from datasets import load_dataset
from trl.data_utils import prepare_multimodal_messages

said = {"rows": 0, "pictures": 0, "placed": 0, "first": 0, "wrong": []}
for row in load_dataset("parquet", data_files=sys.argv[1:], split="train"):
    try:
        messages = prepare_multimodal_messages(row["messages"], images=row["images"])
    except (ValueError, TypeError, KeyError) as problem:
        said["wrong"].append(type(problem).__name__)
        continue
    counts = [sum(part["type"] == "image" and "image" in part for part in each["content"]) for each in messages]
    said["rows"] += 1
    said["pictures"] += len(row["images"])
    said["placed"] += sum(counts)
    said["first"] = max(said["first"], *counts)
sys.stdout.write("\n" + json.dumps(said))
