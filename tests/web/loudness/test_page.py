"""The installer plays the test sound, writes down what the meter reads, and the records show how loud it was."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from speaker.airing import Outcome, Reason
from speaker.protocol import Refused
from speaker.record import Airing, Said
from tests.web.fakes import airing
from tests.web.house import NOON, House, Phone
from tests.web.messages.test_message_acts import finish
from tts.ffmpeg import process
from tts.library import ClipLibrary
from tts.noise import NOISE, SECONDS, noise_for
from tts.treatment import AIM_LUFS
from web.loudness.kept import LoudnessFile

PAGE = "/settings/loudness/"
READ = {"dba": "68,5", "place": " 2 号楼 201\n窗前 ", "meter": "声级计"}


def noise_row(number: int = 1, *, minutes_ago: float = 2, **changes: object) -> Airing:
    """Return the row of a test sound that has sounded."""
    words = Said(message="b-1", title="测试音", text="", clip="0" * 64, voice="", engine=NOISE, stand_in=False)
    at = NOON - timedelta(minutes=minutes_ago)
    values: dict[str, object] = {"priority": "page", "origin": "panel", "broadcast": None, "volume_percent": 80}
    return airing(number, at, said=(words,), **(values | {"frames_played": 960_000} | changes))


def played(house: House, *rows: Airing) -> Phone:
    """Return an installer's phone after those airings."""
    house.publish()
    house.logged_in()
    house.speaker.airings = rows
    return house.logged_in_as("installer")


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not here")
def test_the_sound_is_played_as_a_page_at_the_chosen_volume(house: House) -> None:
    """Under every limit, since it is a page like any other; who played it is on record."""
    phone = played(house)
    work = phone.send(f"{PAGE}play", {"chosen": "60"}, page=PAGE).location
    assert "读分贝数" in finish(house, phone, work)
    (page,) = house.speaker.pages
    assert (page["priority"], page["volume"], page["repeat"], page["who"]) == ("page", 60, 1, "师傅")
    (act,) = [one for one in house.acts() if one.what == "loudness.play"]
    assert (act.who, act.new) == ("师傅", "60%")


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not here")
def test_a_refusal_is_told(house: House) -> None:
    """In quiet hours nothing sounds, and nothing is to be read."""
    phone = played(house)
    house.speaker.refuse = Refused(reason=Reason.QUIET_HOURS, zh="现在是静音时段", en="quiet hours")
    assert "现在是静音时段" in finish(house, phone, phone.send(f"{PAGE}play", {"chosen": "60"}, page=PAGE).location)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not here")
@pytest.mark.parametrize("loudspeaker", ["horn", "box", "flat"])
def test_the_sound_is_as_loud_as_every_clip(tmp_path: Path, loudspeaker: str) -> None:
    """In whatever band; made once, and the same each time."""
    library = ClipLibrary(tmp_path / "clips")
    clip = noise_for(library, loudspeaker)  # type: ignore[arg-type] - the three kinds
    assert (clip.frames, clip.engine) == (SECONDS * 48_000, NOISE)
    raw = tmp_path / "noise.raw"
    raw.write_bytes(library.path(clip.sha256).read_bytes()[44:])
    level = process(raw, (), tmp_path / "again.wav")
    assert level.loudness_lufs == pytest.approx(AIM_LUFS, abs=0.3)
    assert level.peak_dbfs < -1
    assert noise_for(library, loudspeaker) == clip  # type: ignore[arg-type] - as above


def test_a_reading_is_bound_to_the_sound_that_was_played(house: House) -> None:
    """Its time and its real volume are the record's, not what somebody typed."""
    phone = played(house, noise_row(7, volume_percent=64))
    answer = phone.send(f"{PAGE}reading", READ, page=PAGE)
    assert answer.status_code == 303
    (kept,) = LoudnessFile(house.folder / "loudness.json").read().readings
    assert (kept.dba, kept.place, kept.meter, kept.who) == (68.5, "2 号楼 201 窗前", "声级计", "师傅")
    assert (kept.volume_percent, kept.airing, kept.at) == (64, 7, NOON - timedelta(minutes=2))
    assert "68.5 分贝(A)，音量 64%，2 号楼 201 窗前" in phone.get(PAGE).text
    (act,) = [one for one in house.acts() if one.what == "loudness.read"]
    assert act.new == "68.5 dB(A), 64%, 声级计"


@pytest.mark.parametrize(
    "row",
    [
        None,
        noise_row(minutes_ago=90),
        noise_row(outcome=Outcome.CUT),
        airing(1, NOON - timedelta(minutes=2)),
    ],
    ids=["none", "long ago", "cut", "something else"],
)
def test_without_a_sound_there_is_nothing_to_read(house: House, row: Airing | None) -> None:
    """And nothing is kept; what was typed stays."""
    phone = played(house, *([row] if row else []))
    answer = phone.send(f"{PAGE}reading", READ, page=PAGE)
    assert answer.status_code == 400
    assert "请先播一次" in answer.text
    assert 'value="68,5"' in answer.text
    assert not (house.folder / "loudness.json").exists()


@pytest.mark.parametrize(
    "wrong", [{"dba": ""}, {"dba": "nan"}, {"dba": "200"}, {"dba": "1e9"}, {"place": ""}, {"place": "字" * 81}]
)
def test_a_reading_that_is_none_is_refused(house: House, wrong: dict[str, str]) -> None:
    """With a sentence."""
    phone = played(house, noise_row())
    assert phone.send(f"{PAGE}reading", READ | wrong, page=PAGE).status_code == 400
    assert not (house.folder / "loudness.json").exists()


def test_the_ceiling_can_be_changed_within_reason(house: House) -> None:
    """Who and from what is on record."""
    phone = played(house)
    assert phone.send(f"{PAGE}ceiling", {"ceiling": "50"}, page=PAGE).status_code == 303
    assert phone.send(f"{PAGE}ceiling", {"ceiling": "99"}, page=PAGE).status_code == 400
    assert LoudnessFile(house.folder / "loudness.json").read().ceiling_dba == 50
    old = [(one.old, one.new, one.outcome) for one in house.acts() if one.what == "loudness.limit"]
    assert ("55 dB(A)", "50 dB(A)", 303) in old


def test_an_editor_sees_and_changes_nothing(house: House) -> None:
    """Neither sound nor figures."""
    house.publish()
    house.logged_in()
    phone = house.logged_in_as("editor")
    assert "<form" not in re.sub(r'(?s)<form class="foot.*?</form>', "", phone.get(PAGE).text)
    for act in ("play", "reading", "ceiling"):
        assert phone.send(f"{PAGE}{act}", READ, page=PAGE).status_code == 403


def test_the_month_shows_minutes_and_after_a_reading_the_level(house: House) -> None:
    """As a picture with the same as a table; the ledger and the workbook have the sums."""
    phone = played(house, noise_row(7), airing(8, NOON - timedelta(days=1), frames_played=48_000 * 600))
    page = phone.get("/records?month=2026-06").text
    assert '<svg viewBox="0 0 360' in page
    assert "还不知道有多响" in page
    assert 'class="ceiling"' not in page
    phone.send(f"{PAGE}reading", READ, page=PAGE)
    page = phone.get("/records?month=2026-06").text
    assert 'class="ceiling"' in page
    assert re.search(r'<th scope="row">06-02</th><td>10\.0</td>\s*<td>—</td>', page)
    assert re.search(r'<th scope="row">06-03</th><td>0\.3</td>\s*<td>6[89]</td>', page)
    assert "按2 号楼 201 窗前的读数估算" in page
    assert "响度（喇叭在2 号楼 201 窗前处的等效声级" in phone.get("/records/ledger?month=2026-06").text
    assert phone.get("/records/ledger.xlsx?month=2026-06").status_code == 200
    assert "<svg viewBox" not in phone.get("/records").text
    english = phone.get("/records?month=2026-06", headers={"Accept-Language": "en"}).text
    assert "Equivalent level of the day, dB(A)" in english
