"""Harbor's own validator, on each ATIF document that is named: prints its complaints by file name."""

import json
import sys
from pathlib import Path

from harbor.utils.trajectory_validator import TrajectoryValidator

said = {}
for name in sys.argv[1:]:
    validator = TrajectoryValidator()
    valid = validator.validate(Path(name))
    assert valid == (not validator.errors)
    said[Path(name).name] = validator.errors
sys.stdout.write(json.dumps(said))
