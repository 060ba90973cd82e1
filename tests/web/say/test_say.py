"""Say something now: typed or recorded, heard, confirmed; an emergency is another, deliberate act."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from programme.bulletins import MOST_BULLETINS, decode_bulletins
from programme.publication import PublishedMessage
from speaker.airing import Reason
from speaker.condition import Sounding
from speaker.protocol import Refused
from tests.web.house import SCHEDULE, House, Phone, hidden, new_house
from tests.web.voice.test_recordings import SOUND, kept, send

WORDS = "今天下午两点到五点停水，请提前存水。"


def prepared(house: House, phone: Phone, text: str = WORDS) -> str:
    """Type ``text`` and wait for it; return the page where it is heard."""
    work = phone.send("/say/", {"text": text}, page="/say/")
    assert work.status_code == 303, work.text
    house.jobs.run_waiting()
    page: str = phone.get(work.location).location
    assert page.startswith("/say/b-")
    return page


def put_up(house: House) -> tuple[PublishedMessage, ...]:
    """Return what is put up for the speaker."""
    return decode_bulletins((house.folder / "bulletins.json").read_bytes()).messages


@pytest.fixture
def phone(house: House) -> Phone:
    """Give the secretary's phone, with the programme on air."""
    house.publish()
    return house.logged_in()


def test_what_is_typed_is_heard_before_it_is_on_air(house: House, phone: Phone) -> None:
    """Its clip is put up for the speaker with the words; nothing sounds until she says so."""
    page = prepared(house, phone)
    (bulletin,) = put_up(house)
    assert (bulletin.text, bulletin.voice, bulletin.frames) == (WORDS, "zh-CN-XiaoxiaoNeural", 48_000)
    heard = phone.get(page).text
    assert f"/clips/{bulletin.clip}.wav" in heard
    assert WORDS in heard
    assert house.speaker.pages == []


def test_it_is_on_air_as_loud_and_as_often_as_she_chose(house: House, phone: Phone) -> None:
    """Under her name; the page of today follows, with the button that stops it."""
    page = prepared(house, phone)
    answer = phone.send(page, {"volume": "50", "repeat": "3"}, page=page)
    assert answer.location == "/"
    assert house.speaker.pages == [
        {"bulletin": put_up(house)[0].id, "priority": "page", "who": "王书记", "why": "", "volume": 50, "repeat": 3}
    ]
    assert "开始播了" in phone.get("/").text


def test_the_usual_volume_is_the_programmes(house: House, phone: Phone) -> None:
    """It is what is chosen unless she chooses another."""
    text = phone.get(prepared(house, phone)).text
    assert 'value="80" checked' in text
    assert text.index('value="50"') < text.index('value="80"') < text.index('value="100"')


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"volume": "50"},
        {"volume": "101", "repeat": "1"},
        {"volume": "-1", "repeat": "1"},
        {"volume": "50", "repeat": "0"},
        {"volume": "50", "repeat": "99"},
        {"volume": "５０", "repeat": "1"},
    ],
)
def test_a_choice_that_is_none_plays_nothing(house: House, phone: Phone, fields: dict[str, str]) -> None:
    """Whatever a form may hold."""
    page = prepared(house, phone)
    assert phone.send(page, fields, page=page).location == page
    assert house.speaker.pages == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "内容是空的"), ("  \n ", "内容是空的"), ("字" * 4001, "太长了"), ("……", "没有能念出来的字")],
)
def test_what_can_not_be_said_comes_back_filled_in(house: House, phone: Phone, text: str, sentence: str) -> None:
    """With what is wrong; nothing is rendered."""
    before = len(house.studio.said)
    answer = phone.send("/say/", {"text": text}, page="/say/")
    assert answer.status_code == 400
    assert sentence in answer.text
    assert text.strip() in answer.text
    assert len(house.studio.said) == before


def test_a_recording_is_said_too(house: House, phone: Phone) -> None:
    """Cleaned, heard, and put up with its words and whose voice it is; it needs not be kept."""
    fields = {"csrf_token": hidden(phone.get("/say/").text)["csrf_token"], "words": "停水通知"}
    work = send(phone, "/say/recording", SOUND, "a.m4a", fields)
    house.jobs.run_waiting()
    page = phone.get(work.location).location
    (bulletin,) = put_up(house)
    assert (bulletin.text, bulletin.voice, bulletin.engine) == ("停水通知", "王书记", "recording")
    assert "王书记的录音" in phone.get(page).text
    wav = phone.get(f"/clips/{bulletin.clip}.wav")
    assert wav.data.startswith(b"RIFF")
    wav.close()
    assert house.takes.all() == ()


def test_a_recording_that_was_kept_can_be_said(house: House, phone: Phone) -> None:
    """It is chosen from the list, and called by its name."""
    take_id = kept(house, phone)
    assert take_id in phone.get("/say/").text
    phone.send("/say/take", {"take": take_id}, page="/say/")
    house.jobs.run_waiting()
    assert put_up(house)[0].title == "早上好"
    gone = phone.send("/say/take", {"take": "0" * 16}, page="/say/")
    assert gone.location == "/say/"
    assert len(put_up(house)) == 1


def test_the_job_waits_until_the_speaker_has_it(house: House, phone: Phone) -> None:
    """So that play answers at once; a speaker that is slow or away is not waited for without end."""
    prepared(house, phone)
    assert 0 < len(house.pauses) < 50
    house.pauses.clear()
    house.speaker.away = True
    prepared(house, phone, "停电。")
    assert house.pauses == []


def test_what_the_speaker_has_not_got_yet_is_told_so(house: House, phone: Phone) -> None:
    """As is every other refusal, on the page where she can try again."""
    page = prepared(house, phone)
    house.speaker.refuse = Refused(reason=Reason.UNKNOWN, zh="找不到", en="unknown")
    assert phone.send(page, {"volume": "50", "repeat": "1"}, page=page).location == page
    assert "还没有收到这一段" in phone.get(page).text
    house.speaker.refuse = Refused(reason=Reason.BUSY, zh="正在播别的，要等它结束", en="busy")
    phone.send(page, {"volume": "50", "repeat": "1"}, page=page)
    assert "没有播：正在播别的" in phone.get(page).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"away": True}, "现在播不了"),
        ({"quiet_now": True}, "安静时段（21:30-06:30）"),
        ({"card": "missing"}, "声卡没有连接"),
    ],
)
def test_what_hinders_is_shown_before_she_tries(
    house: House, phone: Phone, change: dict[str, object], sentence: str
) -> None:
    """On the form already, not only after the words are written."""
    for name, value in change.items():
        setattr(house.speaker, name, value)
    assert sentence in phone.get("/say/").text


def test_before_the_programme_is_on_air_nothing_is_said(house: House) -> None:
    """And the page tells how to begin."""
    assert "还没有开播" in house.logged_in().get("/say/").text


def test_stop_is_there_while_something_sounds(house: House, phone: Phone) -> None:
    """On the form and where it is heard: she may want silence before she speaks."""
    page = prepared(house, phone)
    house.speaker.sounding = Sounding(
        priority="programme",
        broadcast="morning",
        message="stay",
        title="守好阵地",
        text="待着",
        position_seconds=1,
        length_seconds=9,
    )
    for address in ("/say/", page):
        text = phone.get(address).text
        assert 'action="/stop"' in text
        assert "守好阵地" in text


def test_an_emergency_needs_its_reason_and_a_second_yes(house: House, phone: Phone) -> None:
    """Without scripts: the reason, then a page of its own, whose button sounds it three times at the loudest."""
    page = f"{prepared(house, phone)}/emergency"
    without = phone.send(page, {"occasion": "  ", "sure": "yes"}, page=page)
    assert without.status_code == 400
    assert "请写明事由" in without.text
    asked = phone.send(page, {"occasion": "三号楼煤气泄漏"}, page=page)
    assert house.speaker.pages == []
    fields = hidden(asked.text)
    assert (fields["occasion"], fields["sure"]) == ("三号楼煤气泄漏", "yes")
    assert phone.client.post(page, data=fields).location == "/"
    (paged,) = house.speaker.pages
    assert (paged["priority"], paged["who"], paged["why"]) == ("emergency", "王书记", "三号楼煤气泄漏")
    assert (paged["volume"], paged["repeat"]) == (100, 3)


@pytest.mark.parametrize("occasion", ["事" * 61, "\x07\x1b", ""])
def test_a_reason_is_a_short_line(house: House, phone: Phone, occasion: str) -> None:
    """Of what can be seen."""
    page = f"{prepared(house, phone)}/emergency"
    assert phone.send(page, {"occasion": occasion, "sure": "yes"}, page=page).status_code == 400
    assert house.speaker.pages == []


def test_an_emergency_that_is_refused_says_why(house: House, phone: Phone) -> None:
    """The installer's limits hold for it too; its reason is still there."""
    page = f"{prepared(house, phone)}/emergency"
    house.speaker.refuse = Refused(reason=Reason.QUIET_HOURS, zh="在安静时段里，不能出声", en="quiet")
    answer = phone.send(page, {"occasion": "煤气泄漏", "sure": "yes"}, page=page)
    assert answer.status_code == 409
    assert "在安静时段里" in answer.text
    assert 'value="煤气泄漏"' in answer.text


def test_only_a_few_are_put_up(house: House, phone: Phone) -> None:
    """The oldest makes way, and its page says what to do."""
    first = prepared(house, phone, "第一。")
    for number in range(MOST_BULLETINS):
        prepared(house, phone, f"通知{number}。")
    assert len(put_up(house)) == MOST_BULLETINS
    gone = phone.get(first)
    assert gone.status_code == 404
    assert "再写一次" in gone.text
    assert phone.send(first, {"volume": "50", "repeat": "1"}, page="/say/").status_code == 404


def test_a_damaged_board_is_begun_anew(house: House, phone: Phone) -> None:
    """It holds nothing that must last."""
    (house.folder / "bulletins.json").write_bytes(b"{")
    prepared(house, phone)
    assert len(put_up(house)) == 1


def test_words_are_shown_as_words(house: House, phone: Phone) -> None:
    """Whatever they hold, on every page of the way."""
    page = prepared(house, phone, "<script>alert(1)</script>停水")
    for address in (page, f"{page}/emergency"):
        assert "<script>alert" not in phone.get(address).text
    house.clock.advance(timedelta(minutes=1).total_seconds())
    asked = phone.send(f"{page}/emergency", {"occasion": '"><script>alert(1)</script>'}, page=f"{page}/emergency")
    assert "<script>alert" not in asked.text


def test_a_number_that_is_nearly_a_registered_one_is_questioned(tmp_path: Path) -> None:
    """As in a message: what she typed stays, nothing is rendered; a tap says that it is right."""
    house = new_house(tmp_path, SCHEDULE + 'hotlines: ["12345"]\n')
    house.publish()
    phone, words = house.logged_in(), "停水了，请拨打 12354。"
    had = len(house.studio.said)
    asked = phone.send("/say/", {"text": words}, page="/say/")
    assert asked.status_code == 409
    for shown in ("您写的是 12354", "登记的号码是 12345", words, 'name="right" value="12354"'):
        assert shown in asked.text
    assert phone.send("/say/", {"text": words, "right": "12346"}, page="/say/").status_code == 409
    house.jobs.run_waiting()
    assert len(house.studio.said) == had
    assert phone.send("/say/", {"text": words, "right": "12354"}, page="/say/").status_code == 303
    assert phone.send("/say/", {"text": "请拨打 12345。"}, page="/say/").status_code == 303
