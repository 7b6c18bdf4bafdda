"""How long it takes to wrap the keys of stored episodes for a new reader: python bench/rewrap.py [EPISODES]."""

import hashlib
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from overt.keys.founding import found_all_in_one
from overt.keys.passphrase import no_passphrase
from overt.keys.recording import load_recording_keys
from overt.keys.rewrap import Rewrapper
from overt.keys.rotate import rotate_identity
from overt.seal import EpisodeSealer
from overt.store.episodes import EpisodeStore
from overt.store.home import Home, Role, open_home
from overt.subject.consenting import Choice, give
from overt.subject.submitting import approve, submit

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def record(home: Home) -> str:
    keys = load_recording_keys(home, no_passphrase, NOON)
    sealer, opening = EpisodeSealer.begin(
        grant=keys.grant.id,
        policy_sha256=keys.policy_sha256,
        trial=keys.trial,
        device=keys.device,
        roles=keys.roles,
        vault_recipient=keys.vault_recipient,
    )
    store = EpisodeStore(home.episodes_directory)
    store.put_keys(opening.episode_id, opening.keys)
    store.put(opening.episode_id, opening.first + sealer.close(reason="stopped"))
    return opening.episode_id


def episodes(directory: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in directory.glob("*.ep")}


def timed(what: str, admin: Home, sent: Path) -> None:
    wall, cpu = time.monotonic(), time.process_time()
    rewrapper = Rewrapper(admin, sent, no_passphrase, NOON)
    done = list(rewrapper.run(rewrapper.ids()))
    wrapped = sum(bool(each.sections) for each in done)
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    print(f"{what}: {wrapped} of {len(done)} wrapped in {wall:.2f} s, {cpu:.2f} s CPU")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as place:
        employee, sent = found_all_in_one(Path(place) / "trial"), Path(place) / "sent"
        choice = Choice(sites=("wikipedia",), signals=("text",), purposes=("model_training",), days=30)
        give(employee, choice, no_passphrase, NOON)
        ids = [record(employee) for _ in range(count)]
        approve(employee, ids, no_passphrase, NOON)
        submit(employee, sent, ids)
        before = episodes(sent)
        admin = open_home(Path(place) / "trial", Role.ADMIN)
        rotate_identity(admin, no_passphrase, NOON)
        timed("after a rotation", admin, sent)
        timed("once more", admin, sent)
        assert episodes(sent) == before


if __name__ == "__main__":
    main()
