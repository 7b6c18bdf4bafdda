"""A small model that learns, from what was done before, what is done next: prints how well, on people it never saw.

Everything comes through ``datasets.load_dataset``. A feature is of earlier steps alone: the row to be guessed gives its
label and nothing else, for its page, its picture and its target would tell what was done there.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator

import datasets
import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline

datasets.disable_progress_bars()

BACK = 4
"""Earlier steps that the model is shown."""
Features = dict[str, object]


def trajectories(split: datasets.Dataset) -> Iterator[list[dict[str, object]]]:
    """Yield the steps of each trajectory, in order."""
    own: dict[tuple[str, int], list[dict[str, object]]] = {}
    for row in split:
        own.setdefault((row["episode_id"], row["trajectory"]), []).append(row)
    for rows in own.values():
        yield sorted(rows, key=lambda row: row["step_index"])


def seen(before: list[dict[str, object]]) -> Features:
    """Return what is known when *before* was done."""
    told: Features = {"begun": not before}
    for back, row in enumerate(reversed(before[-BACK:]), start=1):
        action, target = row["action"], row["target"] or {}
        told[f"kind {back}"] = action["kind"]
        told[f"keys {back}"] = "+".join(action["keys"] or ())
        told[f"role {back}"] = target.get("role") or ""
        told[f"area {back}"] = row["area"]
        told[f"up {back}"] = (action["dy"] or 0) > 0
    if before:
        told["on the page"] = min(sum(row["visit"] == before[-1]["visit"] for row in before), 12)
    return told


def examples(split: datasets.Dataset) -> tuple[list[Features], np.ndarray, set[str]]:
    features, labels, people = [], [], set()
    for rows in trajectories(split):
        people.add(rows[0]["contributor"])
        for number, row in enumerate(rows):
            features.append(seen(rows[:number]))
            labels.append(row["action"]["kind"])
    return features, np.array(labels), people


def learnt(features: list[Features], labels: np.ndarray) -> object:
    model = make_pipeline(DictVectorizer(), LogisticRegression(max_iter=400))
    return model.fit(features, labels)


def after(before: Features) -> object:
    return before.get("kind 1")


whole = datasets.load_dataset(sys.argv[1])
held_out = [split for name, split in whole.items() if name != "train"]
if not held_out:
    sys.exit("nobody is held out")
train, labels, people = examples(whole["train"])
test, truth, others = examples(datasets.concatenate_datasets(held_out))
most = Counter(labels.tolist()).most_common(1)[0][0]
follows: dict[object, Counter[str]] = {}
for each, label in zip(train, labels, strict=True):
    follows.setdefault(after(each), Counter())[str(label)] += 1
chance = np.random.default_rng(7)
guesses = {
    "majority": np.full(len(truth), most),
    "after_the_last": np.array([follows.get(after(each), Counter({most: 1})).most_common(1)[0][0] for each in test]),
    "model": learnt(train, labels).predict(test),
    # Were a label to shine through by some other way than what was done before, this would know it too.
    "history_of_another": learnt([train[each] for each in chance.permutation(len(train))], labels).predict(test),
}
said = {
    "people": [len(people), len(others), len(people & others)],
    "steps": [len(train), len(test)],
    "kinds": dict(sorted(Counter(truth.tolist()).items())),
    "accuracy": {name: round(accuracy_score(truth, guess), 3) for name, guess in guesses.items()},
    "macro_f1": {
        name: round(f1_score(truth, guess, average="macro", zero_division=0), 3) for name, guess in guesses.items()
    },
}
sys.stdout.write(json.dumps(said))
