"""Episodes from an object store and exports to one, against a real server: OpenStack Swift by its S3 API."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from overt.cli import export as export_command
from overt.cli import synth
from overt.dataset import objects, upload
from overt.dataset.objects import Prefix
from overt.dataset.shelf import _BESIDE, Copied
from overt.errors import OvertError, StorageError, UsageError

sys.path.append(str(Path(__file__).parent))
import swift

pytest.importorskip("obstore", reason="obstore is not installed: nothing is said of object stores")

pytestmark = [
    pytest.mark.skipif(not swift.is_here(), reason="Swift is not installed: object stores are not tried"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    root = tmp_path_factory.mktemp("swift")
    with swift.running(root) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("AWS_ACCESS_KEY_ID", swift.KEY_ID)
        patch.setenv("AWS_SECRET_ACCESS_KEY", swift.SECRET)
        patch.setenv("AWS_REGION", "us-east-1")
        yield SimpleNamespace(address=address, disk=root / "devices")


@pytest.fixture
def bucket(server: SimpleNamespace, request: pytest.FixtureRequest) -> str:
    """A bucket of its own, as an address."""
    del server
    name = f"b{abs(hash(request.node.name)) % 10**12}"
    swift.make_bucket(name)
    return f"s3://{name}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "synthetic"
    asked = ["--episodes", "2", "--seed", "6", "--contributors", "2", "--frames", "--out", str(root)]
    assert CliRunner().invoke(synth.command, asked).exit_code == 0
    return root


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


def submissions(home: Path) -> Path:
    (first,) = {path.parent for path in home.rglob("*.approval.note") if list(path.parent.glob("*.ep"))}
    return first


def sent(home: Path, address: str) -> str:
    """Put what was submitted at *address*."""
    here, place = submissions(home), Prefix(address)
    for path in here.rglob("*"):
        if path.is_file():
            place.put(path.relative_to(here).as_posix(), path)
    return address


def run(home: Path, out: str, *more: str) -> Result:
    usual = ["--home", str(home), "--purpose", "model_training", "--out", out]
    return CliRunner().invoke(export_command.command, [*usual, *more])


def content(address: str) -> dict[str, bytes | None]:
    place = Prefix(address)
    return {name: place.read(name) for name in place.names()}


def local(out: Path) -> dict[str, bytes | None]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_export_between_two_object_stores_is_the_local_one(
    home: Path, tmp_path: Path, bucket: str, workers: str
) -> None:
    assert run(home, str(tmp_path / "out")).exit_code == 0
    source = sent(home, f"{bucket}/submitted")

    result = run(home, f"{bucket}/sets/one", "--from", source, "--workers", workers)

    assert result.exit_code == 0, result.output
    assert f"{bucket}/sets/one written" in result.output
    assert content(f"{bucket}/sets/one") == local(tmp_path / "out")
    assert not [path for path in (home / "admin").rglob("*") if path.name in {"dataset", "work"}]


def test_a_second_export_to_the_same_place_changes_nothing_and_says_so(home: Path, bucket: str) -> None:
    run(home, f"{bucket}/one")
    before = content(f"{bucket}/one")

    result = run(home, f"{bucket}/one", "--json")

    assert result.exit_code == 0, result.output
    assert '"unchanged": true' in result.output
    assert content(f"{bucket}/one") == before


def test_the_manifest_comes_last_and_what_was_interrupted_is_gone_on_with(
    home: Path, tmp_path: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(home, str(tmp_path / "out"))
    put, order = Prefix.put, list[str]()

    def failing(place: Prefix, name: str, held: Path | bytes) -> None:
        order.append(name)
        if len(order) == 4:
            raise StorageError("the line is cut")
        put(place, name, held)

    monkeypatch.setattr(Prefix, "put", failing)
    cut = run(home, f"{bucket}/one")
    names = Prefix(f"{bucket}/one").names()
    result = run(home, f"{bucket}/one")

    assert isinstance(cut.exception, StorageError)
    assert order[0] == upload.UNFINISHED
    assert order[-1] == "MANIFEST.json"
    assert upload.UNFINISHED in names
    assert "MANIFEST.json" not in names
    assert result.exit_code == 0, result.output
    assert content(f"{bucket}/one") == local(tmp_path / "out")


@pytest.mark.parametrize("there", ["notes.txt", "MANIFEST.json"])
def test_nothing_of_anybody_else_is_overwritten(home: Path, bucket: str, there: str) -> None:
    Prefix(f"{bucket}/one").put(there, b"mine")

    result = run(home, f"{bucket}/one")

    assert isinstance(result.exception, UsageError)
    assert content(f"{bucket}/one") == {there: b"mine"}


def test_no_key_and_nothing_unfinished_reaches_the_store(
    home: Path, bucket: str, server: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, seen = set(raw(server)), list[bytes]()

    def look(*_: object) -> bool:
        seen.extend(path.read_bytes() for path in raw(server) if path not in before)
        return True

    monkeypatch.setattr("overt.cli.exporting.upload", look)
    source = sent(home, f"{bucket}/submitted")

    result = run(home, f"{bucket}/one", "--from", source, "--workers", "2")

    clear = (b"AGE-SECRET", b"\x89PNG", b"page_entered", b"PAR1")
    assert result.exit_code == 0, result.output
    assert seen
    assert not [held for held in seen for word in clear if word in held]


def raw(server: SimpleNamespace) -> Iterator[Path]:
    return server.disk.rglob("*.data")


def test_a_bucket_that_is_not_there_is_a_clear_refusal(home: Path, server: SimpleNamespace) -> None:
    del server

    result = run(home, "s3://nowhere/one")

    assert isinstance(result.exception, OvertError)
    assert "s3://nowhere/one" in str(result.exception)
    assert "AWS_ENDPOINT_URL" in result.exception.hint


@pytest.mark.parametrize("address", ["s3://", "s3:///x", "s3://b/../c", "s3://b/x?y=1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        Prefix(address)


def test_only_names_that_episodes_have_become_files_here(bucket: str, tmp_path: Path) -> None:
    place = Prefix(bucket)
    for name in ("grants/a.note", "a" * 32 + ".keys", "a" * 32 + ".ep", "deep/er/x", ".hidden", "grants/.x"):
        place.put(name, b"x")

    shelf = Copied(place, tmp_path)

    assert shelf.ids() == ["a" * 32]
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == {
        "grants/a.note",
        "a" * 32 + ".keys",
    }


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a/../../x", "a/b/c", "a//b", ".ssh/x", "a/", "a\x00b", "a\\b/c"]
)
def test_no_name_in_a_store_leads_out_of_the_copy(name: str) -> None:
    assert _BESIDE.fullmatch(name) is None


def test_plain_http_is_for_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, bool] = {}
    for endpoint in ("http://127.0.0.1:9", "http://localhost:1", "http://192.0.2.7", ""):
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        told[endpoint] = objects._plain_allowed()

    assert list(told.values()) == [True, True, False, False]


def test_without_obstore_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)

    with pytest.raises(OvertError) as refused:
        Prefix("s3://b/x")

    assert "overt[objects]" in refused.value.hint
