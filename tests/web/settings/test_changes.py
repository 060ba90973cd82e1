"""What publishers set: the zone's name, the voice, the volume. Saved as every change of the programme is."""

from __future__ import annotations

import pytest

from speaker.airing import Reason
from speaker.protocol import Refused
from tests.web.house import House, Phone
from tts.example_sentence import VOICE_SAMPLE, VOLUME_TEST
from tts.job import ListedVoice

XIAOYI, ESPEAK = "zh-CN-XiaoyiNeural", "cmn-latn-pinyin"


@pytest.fixture
def phone(house: House) -> Phone:
    """Give the secretary's phone, with the programme on air."""
    house.publish()
    return house.logged_in()


def chosen(phone: Phone, page: str, value: str, was: str) -> str:
    """Choose a value and send the form; return where it leads."""
    answer = phone.send(page, {"chosen": value, "was": was}, page=page)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


@pytest.mark.parametrize(
    ("page", "line", "was"),
    [
        ("/settings/zone/", "zone: 桥北小区", "警苑小区"),
        ("/settings/voice/", f"voice: {XIAOYI}", "zh-CN-XiaoxiaoNeural"),
        ("/settings/volume/", "volume: 60", "80"),
    ],
)
def test_a_value_is_saved_into_the_file_and_comes_on_air(
    house: House, phone: Phone, page: str, line: str, was: str
) -> None:
    """In a job; the rest of the file stays as it was written, and the edition is in the history under her name."""
    before = house.file.read_text(encoding="utf-8").splitlines()
    house.clock.advance(5)
    work = chosen(phone, page, line.partition(": ")[2], was)
    house.jobs.run_waiting()
    assert phone.get(work).location == "/settings/"
    after = house.file.read_text(encoding="utf-8").splitlines()
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [line]
    on_air, edition = house.publisher.on_air(), house.desk.on_desk().edition
    assert on_air is not None
    assert edition is not None
    assert on_air.revision == edition.revision
    assert house.history.entries()[0].author == "王书记"


def test_another_voice_says_everything_on_air_anew(house: House, phone: Phone) -> None:
    """Nobody has to save a message to hear it."""
    house.studio.said.clear()
    chosen(phone, "/settings/voice/", XIAOYI, "zh-CN-XiaoxiaoNeural")
    house.jobs.run_waiting()
    assert {voice for _, voice in house.studio.said} == {XIAOYI}
    assert len(house.studio.said) == 2


@pytest.mark.parametrize(
    ("page", "value", "was"),
    [("/settings/zone/", "桥北小区", "警苑小区"), ("/settings/volume/", "60", "80")],
)
def test_what_somebody_else_changed_meanwhile_is_not_written_over(
    house: House, phone: Phone, page: str, value: str, was: str
) -> None:
    """The job says so and leads back to the form, which shows what it is now and still holds what she chose."""
    text = house.file.read_text(encoding="utf-8")
    house.file.write_text(text.replace("警苑小区", "桥南小区").replace("volume: 80", "volume: 50"), encoding="utf-8")
    house.desk.look()
    work = chosen(phone, page, value, was)
    house.jobs.run_waiting()
    told = phone.get(work).text
    assert "别人刚刚改过这里" in told
    assert "volume: 50" in house.file.read_text(encoding="utf-8")
    back = phone.get(told.split('class="main" href="')[1].split('"')[0]).text
    assert value in back
    assert "桥南小区" in back or "现在是 50%" in back


def test_somebody_elses_change_of_another_thing_is_no_conflict(house: House, phone: Phone) -> None:
    """Both are in the file afterwards."""
    work = chosen(phone, "/settings/volume/", "60", "80")
    text = house.file.read_text(encoding="utf-8").replace("守好阵地", "守好家门")
    house.file.write_text(text, encoding="utf-8")
    house.desk.look()
    house.jobs.run_waiting()
    assert phone.get(work).location == "/settings/"
    after = house.file.read_text(encoding="utf-8")
    assert "守好家门" in after
    assert "volume: 60" in after


def test_the_same_value_saves_nothing(house: House, phone: Phone) -> None:
    """It is said, and no edition is made of it."""
    editions = len(house.history.entries())
    assert chosen(phone, "/settings/volume/", "80", "80") == "/settings/"
    assert "没有改动" in phone.get("/settings/").text
    assert len(house.history.entries()) == editions


@pytest.mark.parametrize(
    ("page", "value"),
    [
        ("/settings/zone/", ""),
        ("/settings/zone/", "长" * 81),
        ("/settings/voice/", "随便一个"),
        ("/settings/volume/", "101"),
        ("/settings/volume/", "５０"),
        ("/settings/volume/", ""),
    ],
)
def test_what_can_not_be_is_refused_before_a_job(house: House, phone: Phone, page: str, value: str) -> None:
    """Whatever a form may hold."""
    before = house.file.read_bytes()
    assert phone.send(page, {"chosen": value, "was": ""}, page=page).status_code == 400
    house.jobs.run_waiting()
    assert house.file.read_bytes() == before


def test_a_name_that_is_refused_comes_back_with_the_reason(phone: Phone) -> None:
    """In her words, with what she typed."""
    answer = phone.send("/settings/zone/", {"chosen": "长" * 81, "was": "警苑小区"}, page="/settings/zone/")
    assert "太长" in answer.text.split('role="alert"')[1]
    assert f'value="{"长" * 81}"' in answer.text


def test_the_volume_is_tried_on_the_loudspeaker_before_it_is_saved(house: House, phone: Phone) -> None:
    """A page with a fixed sentence, as loud as is chosen, under her name; nothing is changed by it."""
    before = house.file.read_bytes()
    work = phone.send("/settings/volume/test", {"chosen": "40", "was": "80"}, page="/settings/volume/")
    house.jobs.run_waiting()
    (page,) = house.speaker.pages
    assert (page["volume"], page["repeat"], page["priority"], page["who"]) == (40, 1, "page", "王书记")
    assert house.studio.said[-1] == (VOLUME_TEST, "zh-CN-XiaoxiaoNeural")
    back = phone.get(phone.get(work.location).location).text
    assert 'value="40" checked' in back
    assert house.file.read_bytes() == before


def test_a_test_in_quiet_hours_says_why_it_was_not_heard(house: House, phone: Phone) -> None:
    """What the speaker refuses is told, and what was chosen is still chosen."""
    house.speaker.refuse = Refused(reason=Reason.QUIET_HOURS, zh="现在是静音时段", en="quiet hours")
    work = phone.send("/settings/volume/test", {"chosen": "40", "was": "80"}, page="/settings/volume/")
    house.jobs.run_waiting()
    told = phone.get(work.location).text
    assert "现在是静音时段" in told
    assert "/settings/volume/?chosen=40" in told


def test_trying_twice_makes_no_second_bulletin(house: House, phone: Phone) -> None:
    """The few that are kept for 插播 are not pushed out by it."""
    for _ in range(6):
        phone.send("/settings/volume/test", {"chosen": "40", "was": "80"}, page="/settings/volume/")
        house.jobs.run_waiting()
    assert len({page["bulletin"] for page in house.speaker.pages}) == 1


def test_every_voice_can_be_heard_and_is_rendered_once(house: House, phone: Phone) -> None:
    """One tap for all, with progress; who has spoken has a player instead of a button."""
    page = "/settings/voice/"
    assert "<audio" not in phone.get(page).text
    for _ in range(2):
        phone.send("/settings/voice/samples", {}, page=page)
        house.jobs.run_waiting()
    said = [voice for text, voice in house.studio.said if text == VOICE_SAMPLE]
    assert len(said) == len(set(said)) == 9
    shown = phone.get(page).text
    assert shown.count("<audio") == 9
    assert "让每个声音都念一遍" not in shown


def test_the_networks_voices_are_those_it_says_it_has(house: House, phone: Phone) -> None:
    """Hearing all asks it first; what is new is heard too, what is gone is not offered, and both stay so offline."""
    kept = [ListedVoice(name=name, female=True) for name in (XIAOYI, "zh-CN-XiaoxiaoNeural", "zh-HK-HiuMaanNeural")]
    house.lister.there = tuple(kept)
    phone.send("/settings/voice/samples", {}, page="/settings/voice/")
    house.jobs.run_waiting()
    house.lister.there = ()
    page = phone.get("/settings/voice/").text
    assert "HiuMaan（女声，粤语）" in page
    assert "云扬" not in page
    assert page.count("<audio") == 4
    assert {voice for text, voice in house.studio.said if text == VOICE_SAMPLE} >= {"zh-HK-HiuMaanNeural", ESPEAK}


def test_one_voice_is_heard_and_what_was_chosen_stays_chosen(house: House, phone: Phone) -> None:
    """Listening is not choosing."""
    work = phone.send("/settings/voice/samples", {"hear": XIAOYI, "chosen": ESPEAK}, page="/settings/voice/")
    house.jobs.run_waiting()
    back = phone.get(phone.get(work.location).location).text
    assert back.count("<audio") == 1
    assert f'value="{ESPEAK}" checked' in back


def test_a_stand_in_is_no_sample_of_a_voice(house: House, phone: Phone) -> None:
    """While the network is away its voices are named, and nothing is passed off as theirs."""
    house.studio.stand_in = True
    work = phone.send("/settings/voice/samples", {"hear": XIAOYI}, page="/settings/voice/")
    house.jobs.run_waiting()
    page = phone.get(phone.get(work.location).location).text
    assert "现在念不了：晓伊（女声）" in page
    assert "<audio" not in page


def test_a_sample_that_made_way_is_rendered_again(house: House, phone: Phone) -> None:
    """The clip library forgets what nobody asked for; a damaged list of samples counts as none."""
    phone.send("/settings/voice/samples", {"hear": XIAOYI}, page="/settings/voice/")
    house.jobs.run_waiting()
    assert "<audio" in phone.get("/settings/voice/").text
    for clip in (house.folder / "clips").glob("*.wav"):
        clip.unlink()
    assert "<audio" not in phone.get("/settings/voice/").text
    (house.folder / "voice-samples.json").write_bytes(b"{")
    assert phone.get("/settings/voice/").status_code == 200
