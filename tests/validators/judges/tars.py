"""WebDataset's own reader: prints how many samples it finds, with which keys, and that it decodes each picture."""

import json
import sys

import webdataset

samples = list(webdataset.WebDataset(sys.argv[1:], shardshuffle=False, empty_check=False).decode("pil"))
sys.stdout.write(
    json.dumps(
        {
            "samples": len(samples),
            "kinds": sorted({key for sample in samples for key in sample if not key.startswith("__")}),
            "sizes": all(
                sample["png"].size == (sample["json"]["image_width"], sample["json"]["image_height"])
                for sample in samples
                if "png" in sample and "json" in sample
            ),
            "keys": sorted(sample["__key__"] for sample in samples),
        }
    )
)
