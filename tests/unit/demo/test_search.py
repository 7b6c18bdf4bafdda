"""The searcher finds a planted secret in every form that it claims to know: this is the proof that it can fail."""

import base64
import io
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image
from stdnum import luhn

from overt.demo import canary, pictures, search
from overt.demo.canary import Canary
from overt.demo.pages import table
from overt.demo.pages.shell import SECRET_COLOUR
from overt.errors import FormatError
from overt.redact.detect import detect

SECRET = canary.plant("password", random.Random(7))
OTHER = canary.plant("terminal", random.Random(8))

FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "hex": lambda text: text.encode().hex().encode(),
    "HEX": lambda text: text.encode().hex().upper().encode(),
    "reversed": lambda text: text[::-1].encode(),
    "base64+0": lambda text: base64.b64encode(text.encode() + b"xyz"),
    "base64+1": lambda text: base64.b64encode(b"q" + text.encode() + b"tail"),
    "base64+2": lambda text: base64.b64encode(b"qq" + text.encode() + b"t"),
    "base64url+1": lambda text: base64.urlsafe_b64encode(b"\xff" + text.encode() + b"\xff\xff"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_found_in_each_form_wherever_it_stands(tmp_path: Path, form: str) -> None:
    directory = tmp_path / "deep" / "down"
    directory.mkdir(parents=True)
    noise = random.Random(1).randbytes(3000)
    (directory / "file.bin").write_bytes(noise + FORMS[form](SECRET.text) + noise)

    found = search.search_tree(tmp_path, [OTHER, SECRET])

    assert form in {each.form for each in found.findings}
    assert {each.act for each in found.findings} == {"password"}
    assert found.files == 1
    assert found.size > 6000


@pytest.mark.parametrize("before", range(6))
def test_base64_is_found_at_every_alignment(before: int) -> None:
    data = base64.b64encode(b"{" * before + SECRET.text.encode() + b"}" * (5 - before))

    assert search.search_bytes(data, [SECRET], "x")


def test_a_url_encoded_secret_is_found() -> None:
    spaced = Canary(act="search", text="4111 1111/1111 1111")

    found = search.search_bytes(quote(spaced.text, safe="").encode(), [spaced], "x")

    assert [each.form for each in found] == ["url"]


def test_a_secret_in_the_name_of_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / f"shot-{SECRET.text}.png").touch()

    assert search.search_tree(tmp_path, [SECRET]).findings[0].where.startswith("the name of")


def test_nothing_is_found_where_nothing_was_planted(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(random.Random(2).randbytes(1 << 20))

    assert search.search_tree(tmp_path, [SECRET, OTHER]).findings == []


def test_only_what_is_named_is_skipped(tmp_path: Path) -> None:
    for name in ("profile", "home"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data").write_text(SECRET.text)

    found = search.search_tree(tmp_path, [SECRET], skip=["profile"])

    assert [each.where for each in found.findings] == [f"{tmp_path.name}/home/data"]


def test_a_socket_is_not_read_and_does_not_stop_the_search(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert search.search_tree(tmp_path, [SECRET]).files == 0


def test_a_finding_never_holds_the_secret() -> None:
    found = search.search_bytes(SECRET.text.encode(), [SECRET], "here")

    assert SECRET.text not in repr(found)
    assert SECRET.text not in repr(SECRET)


@pytest.mark.parametrize(
    "record",
    [
        {"text": f"lamp {SECRET.text[3:8]} oil"},
        {"field": {"name": SECRET.text[:5].upper()}},
        {"keys": ["ctrl", SECRET.text]},
        {SECRET.text: 1},
        {"text": SECRET.text[::-1]},
    ],
    ids=["run", "upper", "list", "name", "reversed"],
)
def test_a_run_of_more_than_four_characters_is_found_in_records(record: object) -> None:
    assert search.search_records([{"text": "before"}, record], [SECRET], "episode").findings


def test_a_secret_scattered_over_one_record_for_each_key_is_found() -> None:
    records = [{"kind": "key", "keys": [letter]} for letter in SECRET.text]

    assert search.search_records(records, [SECRET], "episode").findings


def test_a_run_of_four_and_a_digest_are_not_reported() -> None:
    card = canary.plant_card("card", random.Random(3))
    records = [{"text": f"{card.text[:4]}-{SECRET.text[4:8]}-"}, {"sha256": card.text[:8] + "ab" * 28}]

    assert search.search_records(records, [SECRET, card], "episode").findings == []


def test_records_are_searched_after_their_escapes_are_read() -> None:
    text = json.dumps({"text": SECRET.text}).replace(SECRET.text[0], f"\\u{ord(SECRET.text[0]):04x}", 1)

    assert search.search_records([json.loads(text)], [SECRET], "episode").findings


@pytest.mark.parametrize("seed", range(20))
def test_planted_cards_pass_the_check_that_detectors_apply(seed: int) -> None:
    card = canary.plant_card("card", random.Random(seed))

    assert luhn.is_valid(card.text)
    assert len(card.text) == 16


def test_no_detector_would_withhold_a_planted_word_by_itself() -> None:
    randomness = random.Random(0)

    assert [word for word in (canary.plant("x", randomness).text for _ in range(500)) if detect(word)] == []


def test_no_run_of_a_planted_word_occurs_on_our_own_pages() -> None:
    pages = "".join(page({"q": "x"}) for page in table.ALL.values()).casefold()
    randomness = random.Random(0)

    assert [run for _ in range(500) for run in canary.plant("x", randomness).runs() if run in pages] == []


def test_of_the_name_of_a_place_only_the_whole_counts() -> None:
    place = Canary(act="place", text="shop.example.net", whole=True)

    assert search.search_records([{"url": "https://example.net/"}], [place], "episode").findings == []
    assert search.search_records([{"url": "https://shop.example.net/"}], [place], "episode").findings


def test_no_two_acts_plant_the_same_secret() -> None:
    randomness = random.Random(0)

    assert len({canary.plant("x", randomness).text for _ in range(100)}) == 100


def _png(colour: tuple[int, int, int], mode: str = "RGB") -> bytes:
    image = Image.new("RGB", (20, 10), (1, 2, 3))
    image.putpixel((7, 7), colour)
    data = io.BytesIO()
    image.convert(mode).save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_one_pixel_of_the_secret_colour_is_found(mode: str) -> None:
    assert pictures.secret_pixels(_png(SECRET_COLOUR, mode)) == 1


def test_a_neighbouring_colour_is_not_the_secret_one() -> None:
    red, green, blue = SECRET_COLOUR

    assert pictures.secret_pixels(_png((red, green, blue - 1))) == 0


def test_the_colour_across_two_pixels_does_not_count() -> None:
    assert pictures.count_colour(bytes((0, *SECRET_COLOUR, 0, 0)), SECRET_COLOUR) == 0


def test_bytes_that_are_no_image_are_refused() -> None:
    with pytest.raises(FormatError):
        pictures.secret_pixels(b"not a picture")


def test_no_planted_word_is_like_the_name_of_a_site_said_twice() -> None:
    """ "awiki" stands in the joined names of the site, and was taken for a run of a secret."""
    names = "".join(site * 2 for site in ("google", "wikipedia", "linkedin"))

    words = [canary.plant("act", random.Random(seed)) for seed in range(3000)]

    assert not any(run in names for word in words for run in word.runs())
