"""verl's own building of messages, without a tokenizer: prints how many pictures it consumed."""

import json
import sys

from absent import stand_in

stand_in("ray", "tensordict", "tensordict.tensorclass", "codetiming", "qwen_vl_utils", "torchaudio")
sys.modules["qwen_vl_utils"].fetch_image = lambda image, **_: image["image"].convert("RGB")

import pandas as pd  # noqa: E402 - after the stand-ins
from verl.utils.dataset.multiturn_sft_dataset import MultiTurnSFTDataset  # noqa: E402

bare = MultiTurnSFTDataset.__new__(MultiTurnSFTDataset)
bare.messages_key, bare.image_key, bare.video_key = "messages", "images", "videos"
bare.processor, bare.image_patch_size = object(), 14
said = {"rows": 0, "pictures": 0, "wrong": []}
for path in sys.argv[1:]:
    frame = pd.read_parquet(path)
    for index in range(len(frame)):
        try:
            messages = bare._build_messages(frame.iloc[index].to_dict())
        except (AssertionError, IndexError, ValueError, TypeError) as problem:
            said["wrong"].append(type(problem).__name__)
            continue
        said["rows"] += 1
        said["pictures"] += sum(part["type"] == "image" for each in messages for part in each["content"])
sys.stdout.write("\n" + json.dumps(said))
