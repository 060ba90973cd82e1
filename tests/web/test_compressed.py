"""What travels compressed, what does not, and what a phone keeps."""

from __future__ import annotations

import gzip
import re

import pytest
from werkzeug.test import TestResponse

from tests.web.house import House, Phone

TAKES = {"Accept-Encoding": "gzip, deflate"}
OURS = "https://localhost/messages/"


def asset(phone: Phone, name: str) -> str:
    """Return the address by which Today asks for that file."""
    found = re.search(rf'"(/static/{name}\?[^"]+)"', phone.get("/").text)
    assert found
    return found[1]


def ask(phone: Phone, address: str, headers: dict[str, str] | None = None, scheme: str = "http") -> TestResponse:
    """Return the whole answer, its file closed."""
    answer = phone.get(address, headers=headers or {}, base_url=f"{scheme}://localhost")
    answer.get_data()
    answer.close()
    return answer


def is_packed(answer: TestResponse) -> bool:
    """Tell whether it came compressed."""
    return answer.headers.get("Content-Encoding") == "gzip"


@pytest.mark.parametrize("address", ["/", "/?live=1", "/messages/stay", "/help/", "/no-such-page"])
def test_a_page_is_the_same_in_a_third_of_the_bytes(house: House, address: str) -> None:
    """Also a refusal; the length that is told is that of what travels."""
    phone = house.logged_in()
    plain, packed = ask(phone, address), ask(phone, address, TAKES)
    assert not is_packed(plain)
    assert is_packed(packed)
    assert packed.content_length == len(packed.data) < len(plain.data) / 2
    assert _without_tokens(gzip.decompress(packed.data).decode()) == _without_tokens(plain.text)
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in packed.vary


@pytest.mark.parametrize("name", ["panel.css", "today.js"])
def test_style_sheet_and_script_travel_compressed(house: House, name: str) -> None:
    """The second time from what was kept of the first."""
    phone = house.logged_in()
    plain = ask(phone, asset(phone, name))
    for _ in range(2):
        packed = ask(phone, asset(phone, name), TAKES)
        assert is_packed(packed)
        assert packed.content_length == len(packed.data) < len(plain.data) / 2
        assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize("takes", ["", "identity", "br", "gzip;q=0"])
def test_who_does_not_take_it_gets_it_as_it_is(house: House, takes: str) -> None:
    """A browser says what it takes."""
    phone = house.logged_in()
    for address in ("/", asset(phone, "panel.css")):
        assert not is_packed(ask(phone, address, {"Accept-Encoding": takes}))


def test_sound_and_what_is_small_are_not_compressed(house: House) -> None:
    """Sound would only cost the processor; what is one packet stays one."""
    house.publish()
    phone = house.logged_in()
    [clip, *_] = (house.folder / "clips").glob("*.wav")
    for address in (f"/clips/{clip.name}", asset(phone, "mark.svg"), "/healthz"):
        answer = ask(phone, address, TAKES)
        assert (answer.status_code, is_packed(answer)) == (200, False), address


def test_a_part_of_a_file_is_of_the_file_as_it_is(house: House) -> None:
    """A range counts the bytes of what lies there."""
    phone = house.logged_in()
    part = ask(phone, asset(phone, "panel.css"), TAKES | {"Range": "bytes=0-99"})
    assert (part.status_code, len(part.data), is_packed(part)) == (206, 100, False)


def test_what_is_kept_is_no_persons(house: House) -> None:
    """No cookie comes with a style sheet, and it varies by none: else a phone asks for it anew on every page."""
    phone = house.logged_in()
    for headers in (dict[str, str](), TAKES):
        answer = ask(phone, asset(phone, "panel.css"), headers)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Vary"] == "Accept-Encoding"
        again = ask(phone, asset(phone, "panel.css"), headers | {"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.headers["Vary"]) == (304, "Accept-Encoding")
        assert again.headers["ETag"] == answer.headers["ETag"]
    assert "Set-Cookie" in phone.get("/").headers


def test_what_a_page_of_another_version_asks_for_is_not_kept(house: House) -> None:
    """After a rollback its address would bring the newer version's for a year."""
    for address in ("/static/panel.css?v=0123456789", "/static/panel.css"):
        assert ask(house.phone(), address).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("asked", "packed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Referer": OURS}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Referer": OURS}, True),
        ({"Referer": "http://localhost/messages/"}, False),
        ({"Referer": "https://localhost.evil.example/"}, False),
        ({}, False),
    ],
)
def test_encrypted_a_page_elsewhere_learns_nothing_by_lengths(
    house: House, asked: dict[str, str], packed: bool
) -> None:
    """What it has the phone ask for is not compressed (BREACH); what our pages, or a person, ask for is."""
    phone = house.logged_in()
    answer = ask(phone, "/login?after=/guessed", TAKES | asked, "https")
    assert answer.status_code == 200
    assert is_packed(answer) is packed


def _without_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)
