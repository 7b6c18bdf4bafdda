"""The providers' own models, on each action of a list: prints how many hold, and what is wrong with the others."""

import importlib
import json
import sys
from pathlib import Path

from openai.types.responses.computer_action import ComputerAction
from pydantic import TypeAdapter, ValidationError

OPENAI = TypeAdapter(ComputerAction)


def anthropic(action: dict) -> None:
    module = importlib.import_module(f"anthropic.types.beta.beta_computer_{action['name']}_input")
    words = "".join(part.capitalize() for part in action["name"].split("_"))
    getattr(module, f"BetaComputer{words}Input").model_validate(action["input"], strict=True)


def check(provider: str, action: dict) -> None:
    if provider == "anthropic":
        anthropic(action)
    else:
        OPENAI.validate_python(action)


fine, wrong = 0, []
for line in Path(sys.argv[2]).read_text().splitlines():
    for step in json.loads(line)["steps"]:
        for action in step["actions"]:
            try:
                check(sys.argv[1], action)
                fine += 1
            except (ValidationError, ImportError) as problem:
                wrong.append(type(problem).__name__)
sys.stdout.write(json.dumps({"fine": fine, "wrong": wrong}))
