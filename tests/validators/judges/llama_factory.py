"""LLaMA-Factory's converter and its count of pictures, on an export's own ``dataset_info.json``."""

import json
import sys
from pathlib import Path

from absent import stand_in

stand_in("torchaudio")

from datasets import load_dataset  # noqa: E402 - after the stand-ins
from llamafactory.data.converter import SharegptDatasetConverter  # noqa: E402
from llamafactory.data.mm_plugin import get_mm_plugin  # noqa: E402
from llamafactory.data.parser import get_dataset_list  # noqa: E402

folder = Path(sys.argv[1])
(attributes,) = get_dataset_list(["overt"], str(folder))
files = sorted(str(path) for path in (folder / attributes.dataset_name).iterdir())
rows = load_dataset("parquet", data_files=files, split="train")


class Arguments:
    media_dir = ""


convert = SharegptDatasetConverter(attributes, Arguments())
plugin = get_mm_plugin("qwen2_vl", image_token="<|image_pad|>", video_token="<|video_pad|>")
said = {"rows": len(rows), "kept": 0, "pictures": 0, "wrong": []}
for row in rows:
    converted = convert(row)
    turns = [*converted["_prompt"], *converted["_response"]]
    try:
        plugin._validate_messages(turns, converted["_images"] or [], [], [])
        plugin._regularize_images(converted["_images"] or [], image_max_pixels=768 * 768, image_min_pixels=32 * 32)
        said["kept"] += bool(converted["_prompt"])
        said["pictures"] += len(converted["_images"] or [])
    except (ValueError, TypeError) as problem:
        said["wrong"].append(type(problem).__name__)
sys.stdout.write("\n" + json.dumps(said))
