"""The keychain of the operating system: a real one, none, and those that only look like one."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked, PasswordSetError

from overt.errors import BackendUnavailableError, KeyAccessError
from overt.keys.device import DeviceStorage, storage_for
from overt.keys.founding import found_home
from overt.keys.keychain import SystemKeychain, system_keychain
from overt.keys.passphrase import PassphraseSource, no_passphrase
from overt.store.home import Home, Role

Knows = Callable[[str], PassphraseSource]
TOOLS = ("dbus-run-session", "gnome-keyring-daemon", "dbus-send")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]


class PlaintextKeyring(NullKeyring):
    """Stands for the backend of ``keyrings.alt`` that keeps secrets in a file."""


PlaintextKeyring.__module__ = "keyrings.alt.file"


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Return what makes a backend the one that ``keyring`` finds."""
    return lambda backend: monkeypatch.setattr(keyring, "get_keyring", lambda: backend)


@pytest.mark.parametrize("backend", [FailKeyring, NullKeyring, PlaintextKeyring], ids=["fail", "null", "plain"])
def test_a_backend_that_keeps_nothing_or_plain_text_is_no_keychain(
    use: Callable[[object], None], backend: type
) -> None:
    use(backend())

    with pytest.raises(KeyAccessError, match="no OS keychain") as caught:
        system_keychain()

    assert "--device-key passphrase" in caught.value.hint


def test_a_chain_whose_best_backend_keeps_plain_text_is_no_keychain(use: Callable[[object], None]) -> None:
    """The chainer hides its members behind a module of its own: a plain file stood in for a keychain unseen."""
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415 - its class is a registry

    class Chain(ChainerBackend):
        backends = [PlaintextKeyring(), NullKeyring()]  # noqa: RUF012 - as the original

    use(Chain())

    with pytest.raises(KeyAccessError, match="no OS keychain"):
        system_keychain()


@pytest.mark.parametrize("wanted", [DeviceStorage.KEYCHAIN, None])
def test_where_there_is_no_keychain_no_file_takes_its_place_unasked(
    tmp_path: Path, use: Callable[[object], None], wanted: DeviceStorage | None
) -> None:
    """Asked for a keychain it refuses; asked for nothing it wants a passphrase. A plain file is never written."""
    use(FailKeyring())

    with pytest.raises(KeyAccessError):
        found_home(tmp_path / "home", Role.EMPLOYEE, no_passphrase, device_storage=wanted)

    assert list(tmp_path.iterdir()) == []


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)

    with pytest.raises(BackendUnavailableError) as caught:
        system_keychain()

    assert "overt[keychain]" in caught.value.hint


@pytest.mark.parametrize(
    "problem", [KeyringLocked("dismissed"), PasswordSetError("no"), OSError(), RuntimeError()], ids=repr
)
def test_a_keychain_that_is_locked_or_refuses_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def refuse(*_: object) -> None:
        raise problem

    monkeypatch.setattr(keyring, "set_password", refuse)
    monkeypatch.setattr(keyring, "get_password", refuse)

    with pytest.raises(KeyAccessError, match="locked or refused"):
        SystemKeychain().put("device-1", "00")
    with pytest.raises(KeyAccessError, match="locked or refused"):
        SystemKeychain().get("device-1")


def test_a_device_key_that_is_not_in_the_keychain_asks_whether_the_home_was_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keyring, "get_password", lambda *_: None)

    with pytest.raises(KeyAccessError) as caught:
        SystemKeychain().get("device-1")

    assert "copied" in caught.value.hint


def test_a_trial_never_touches_the_keychain(employee: Home) -> None:
    assert storage_for(employee, DeviceStorage.KEYCHAIN) is DeviceStorage.TRIAL


STORY = """
import json, sys
from pathlib import Path
import keyring
from overt.keys import at_rest
from overt.keys.device import DeviceStorage, device_storage, load_device
from overt.keys.founding import found_home
from overt.keys.identities import load_signer, signer_vkey
from overt.keys.passphrase import no_passphrase
from overt.store.home import Role, open_home

at_rest.WORK_FACTOR = 2
path = Path(sys.argv[1])
home = found_home(path, Role.EMPLOYEE, lambda what, new=False: "correct horse")
signer = load_signer(open_home(path, Role.EMPLOYEE), no_passphrase)
seed = keyring.get_password("overt", signer.name)
held = b"".join(file.read_bytes() for file in path.rglob("*") if file.is_file())
print(json.dumps({
    "backend": type(keyring.get_keyring()).__module__,
    "storage": device_storage(home).value,
    "signs": signer.vkey == signer_vkey(home),
    "kept": seed == signer.seed().hex(),
    "in a file": seed.encode() in held or bytes.fromhex(seed) in held,
}))
"""


@pytest.mark.skipif(bool(MISSING), reason=f"no {', '.join(MISSING)} here: a real keychain is not tried")
def test_a_real_keychain_keeps_the_device_key_and_no_file_of_the_home_does(tmp_path: Path) -> None:
    """A session bus, a home directory and a keyring of its own: nothing of this machine's user is touched."""
    script = tmp_path / "story.py"
    script.write_text(STORY)
    for name in ("run", "user"):
        (tmp_path / name).mkdir(mode=0o700)
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}
    environment = kept | {"HOME": str(tmp_path / "user"), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    inside = (
        'eval "$(printf secret | gnome-keyring-daemon --unlock --components=secrets)" >/dev/null 2>&1; '
        f"exec {sys.executable} {script} {tmp_path / 'home'}"
    )

    run = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", inside],
        env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout.splitlines()[-1])
    assert said.pop("backend").startswith("keyring.backends.SecretService")
    assert said == {"storage": "keychain", "signs": True, "kept": True, "in a file": False}
    assert not (tmp_path / "home/keys/device.age").exists()
