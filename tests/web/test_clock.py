"""The phone's time is sent from Today where the box does not know it, and counts once the button is pressed."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from speaker.airing import Reason
from speaker.condition import Alarm, ClockStatus, CueStatus
from speaker.protocol import Refused
from speaker.trust.states import Proof, Trust
from tests.web.house import NOON, House

LOST = ClockStatus(trust=Trust.UNTRUSTED, confirmable=True)


def test_the_page_asks_for_the_time_where_the_box_does_not_know_it(house: House) -> None:
    """With what to do; what is typed is local to the programme, and who sent it goes with it."""
    house.publish()
    house.speaker.clock = LOST
    house.speaker.alarms = (Alarm(code="clock-untrusted", zh="设备不知道现在几点", en="the time is not known"),)
    phone = house.logged_in()
    page = phone.get("/").text
    assert "设备不知道现在几点" in page
    assert 'action="/clock/"' in page
    answer = phone.send("/clock/", {"at": "2026-06-03T12:30", "milliseconds": ""}, page="/")
    assert (answer.status_code, answer.location) == (303, "/")
    assert house.speaker.asked == [("propose-time", "2026-06-03T12:30:00+08:00", "王书记")]
    assert [act.what for act in house.acts()][:1] == ["clock.propose"]


def test_no_next_broadcast_is_promised_where_the_time_is_not_known(house: House) -> None:
    """Neither in how many hours nor that tomorrow all is as usual."""
    house.publish()
    phone = house.logged_in()
    before = phone.get("/?live=1").text
    assert "data-due" in before
    house.speaker.clock = LOST
    page = phone.get("/?live=1").text
    assert "data-due" not in page
    assert "时间对好了就按时播，对好以前不出声。" in page
    assert before.split("data-key=")[1].split(">")[0] != page.split("data-key=")[1].split(">")[0]


@pytest.mark.parametrize("by_speaker", [True, False], ids=["the speaker's day", "the plan's"])
def test_nothing_is_next_and_nothing_can_be_played_where_the_time_is_not_known(house: House, by_speaker: bool) -> None:
    """Each broadcast waits, and the page says why there is no button; what was aired before stays."""
    house.publish()
    phone = house.logged_in()
    before = phone.get("/").text
    for offered in ("下一次", "现在播放 18:30 的广播", "现在播这一段", "插播一段话", "从现在起安静"):
        assert offered in before
    house.speaker.clock = LOST
    if by_speaker:
        morning = CueStatus(
            broadcast="morning", due=NOON - timedelta(hours=4), titles=("早",), seconds=9, state="aired"
        )
        evening = msgspec.structs.replace(
            morning, broadcast="evening", due=NOON, state="refused", reason=Reason.CLOCK_UNTRUSTED
        )
        house.speaker.today = (morning, evening)
    page = phone.get("/").text
    for offered in ("下一次", "的广播</button>", "现在播这一段", "插播一段话", "从现在起安静", 'action="/play"'):
        assert offered not in page
    assert page.count("等时间</") == 1  # of the evening
    assert ("已播" in page) is by_speaker
    assert "“现在播放”和“插播”也要等时间对好。" in page


def test_a_script_sends_it_to_the_millisecond(house: House) -> None:
    """Whatever the field shows: the phone's zone may be another than the programme's."""
    house.publish()
    house.speaker.clock = LOST
    phone = house.logged_in()
    milliseconds = str(int(NOON.timestamp() * 1000) + 250)
    phone.send("/clock/", {"at": "2020-01-01T00:00", "milliseconds": milliseconds}, page="/")
    assert house.speaker.asked == [("propose-time", "2026-06-03T04:00:00.250000+00:00", "王书记")]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"at": "noon"},
        {"at": "2026-13-40T12:00"},
        {"at": "2026-06-03T25:00"},
        {"at": "", "milliseconds": "9" * 30},
        {"at": "", "milliseconds": "-5"},
    ],
)
def test_a_time_that_is_none_is_told(house: House, form: dict[str, str]) -> None:
    """With an example, and nothing is sent."""
    house.publish()
    house.speaker.clock = LOST
    phone = house.logged_in()
    phone.send("/clock/", form, page="/")
    assert house.speaker.asked == []
    assert "例如 2026-03-02 12:00" in phone.get("/").text


def test_while_it_waits_the_page_says_to_press_the_button(house: House) -> None:
    """In the place of the form, and drawn anew when that changes."""
    house.publish()
    house.speaker.clock = LOST
    phone = house.logged_in()
    before = phone.get("/?live=1").text
    house.speaker.clock = msgspec.structs.replace(LOST, waits=True)
    page = phone.get("/?live=1").text
    assert "短按一下设备上的按钮" in page
    assert 'action="/clock/"' not in page
    assert before.split("data-key=")[1][:20] != page.split("data-key=")[1][:20]


def test_a_clock_that_nobody_compared_for_a_month_is_a_warning(house: House) -> None:
    """It goes on; the page asks for a comparison."""
    house.publish()
    house.speaker.clock = ClockStatus(
        trust=Trust.KEPT,
        proof=Proof.CHIP,
        checked=NOON - timedelta(days=45),
        wants_checking=True,
        confirmable=True,
    )
    page = house.logged_in().get("/").text
    assert "时间45 天没有核对了" in page
    assert 'action="/clock/"' in page


@pytest.mark.parametrize(
    "clock",
    [
        ClockStatus(),
        ClockStatus(trust=Trust.SYNCHRONISED, proof=Proof.SYNCHRONISED),
        ClockStatus(trust=Trust.KEPT, proof=Proof.CHIP, confirmable=True),
        ClockStatus(trust=Trust.UNTRUSTED),
    ],
)
def test_it_is_not_asked_for_otherwise(house: House, clock: ClockStatus) -> None:
    """Where the time is known, or where nobody at the box could confirm it."""
    house.publish()
    house.speaker.clock = clock
    assert 'action="/clock/"' not in house.logged_in().get("/").text


def test_what_the_speaker_says_against_it_is_told(house: House) -> None:
    """Also that it is away."""
    house.publish()
    house.speaker.clock = LOST
    house.speaker.refuse = Refused(reason=Reason.NONE, zh="手机上的时间不对", en="wrong")
    phone = house.logged_in()
    phone.send("/clock/", {"at": "1990-06-03 12:30"}, page="/")
    assert "手机上的时间不对" in phone.get("/").text
    house.speaker.away = True
    phone.send("/clock/", {"at": "2026-06-03 12:30"}, page="/")
    assert "没有发过去" in phone.get("/").text


def test_an_editor_does_not_set_the_clock(house: House) -> None:
    """It decides when it sounds: that is the publishers' and the installer's."""
    house.publish()
    house.speaker.clock = LOST
    phone = house.logged_in_as("editor")
    assert 'action="/clock/"' not in phone.get("/").text
    assert phone.send("/clock/", {"at": "2026-06-03T12:30"}, page="/").status_code == 403
