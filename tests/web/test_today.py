"""Today: the day, play, stop, putting on air, and what is wrong in words."""

import re
from datetime import timedelta

import msgspec
import pytest

from box.aside import all_aside
from speaker.airing import Reason
from speaker.condition import Alarm, CueStatus, Sounding, Waiting
from speaker.protocol import Refused
from tests.web.fakes import airing
from tests.web.house import NOON, House

MORNING = CueStatus(
    broadcast="morning", due=NOON - timedelta(hours=4, minutes=30), titles=("守好阵地",), seconds=65, state="aired"
)
EVENING = CueStatus(
    broadcast="evening",
    due=NOON + timedelta(hours=6, minutes=30),
    titles=("守好阵地", "监督举报电话"),
    seconds=20,
    state="next",
)


def test_the_day_shows_each_broadcast_with_its_state_in_a_word(house: House) -> None:
    """What was aired, what is next and how long until then."""
    house.publish()
    house.speaker.today = (MORNING, EVENING)
    page = house.logged_in().get("/").text
    for words in ("警苑小区", "6月3日 星期三", "07:30", "已播", "18:30", "下一次", "还有 6 小时 30 分", "约 1 分 5 秒"):
        assert words in page


def test_after_the_last_broadcast_tomorrows_first_is_next(house: House) -> None:
    """In the evening the page tells when it goes on."""
    house.publish()
    house.speaker.today = (MORNING,)
    house.speaker.next_due = NOON + timedelta(hours=19, minutes=30)
    page = house.logged_in().get("/").text
    assert "07:30<small>明天早上" in page
    assert "还有 19 小时 30 分" in page


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        ("missed", Reason.TOO_LATE, ("漏播", "停过电")),
        ("missed", Reason.CARD_MISSING, ("漏播", "请检查音箱")),
        ("cut", Reason.STOPPED, ("没播完", "按了停止")),
        ("pre-empted", Reason.HIGHER_PRIORITY, ("被打断", "更要紧")),
        ("refused", Reason.QUIET_HOURS, ("没有播", "安静时段")),
    ],
)
def test_what_went_wrong_is_a_word_and_a_sentence(
    house: House, state: str, reason: Reason, words: tuple[str, ...]
) -> None:
    """No state is a colour alone."""
    house.publish()
    house.speaker.today = (
        CueStatus(broadcast="morning", due=NOON, titles=("守好阵地",), seconds=0, state=state, reason=reason),  # type: ignore[arg-type] - from the table
    )
    page = house.logged_in().get("/").text
    for word in words:
        assert word in page


def test_what_sounds_now_is_on_the_screen_word_for_word(house: House) -> None:
    """Title, words and a position, and the large button stops it."""
    house.publish()
    house.speaker.today = (MORNING, EVENING)
    house.speaker.sounding = Sounding(
        priority="page",
        broadcast="evening",
        message="stay",
        title="守好阵地",
        text="只要还有一口气，待在家里守阵地！",
        position_seconds=3.5,
        length_seconds=20,
    )
    page = house.logged_in().get("/").text
    for words in ("正在播", "待在家里守阵地", 'value="3.5"', "停止"):
        assert words in page
    assert "现在播放" not in page


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh-CN", ("接下来", "王书记的插播，在排队", "被打断了，等会儿接着播", "等着接播")),
        (
            "en",
            ("What comes then", "a page by 王书记, waiting its turn", "was cut, goes on afterwards", "Goes on soon"),
        ),
    ],
)
def test_what_was_cut_and_what_waits_is_shown_in_its_order(house: House, language: str, told: tuple[str, ...]) -> None:
    """With whose it is; the broadcast of the day says that it goes on, and the page is drawn anew when that changes."""
    house.publish()
    before = house.logged_in().get("/?live").text
    house.speaker.today = (msgspec.structs.replace(MORNING, state="held"), EVENING)
    house.speaker.waiting = (
        Waiting(priority="page", broadcast=None, title="停水", who="王书记", was_cut=False),
        Waiting(priority="programme", broadcast="morning", title="守好阵地", who="", was_cut=True),
    )
    page = house.logged_in().get("/?live", headers={"Accept-Language": language}).text
    for words in told:
        assert words in page
    assert page.index("停水") < page.index(told[2])
    assert re.search('data-key="[^"]*"', page) != re.search('data-key="[^"]*"', before)


def test_a_page_that_has_to_wait_says_how_many_are_before_it(house: House) -> None:
    """Rather than that it sounds."""
    house.publish()
    house.speaker.ahead = 2
    phone = house.logged_in()
    phone.send("/play", {"broadcast": "morning"}, "/")
    assert "前面还有 2 个" in phone.get("/").text


def test_play_and_stop_ask_the_speaker_under_her_name(house: House) -> None:
    """Who pressed goes into the records."""
    house.publish()
    house.speaker.today = (MORNING, EVENING)
    phone = house.logged_in()
    assert phone.send("/play", {"broadcast": "evening"}, page="/").location == "/"
    assert phone.send("/stop", {}, page="/").location == "/"
    assert house.speaker.asked == [("play", "evening", "page", "panel", "王书记"), ("stop", "王书记")]


@pytest.mark.parametrize("fields", [{}, {"broadcast": ""}, {"broadcast": "a", "message": "b"}, {"broadcast": "x" * 65}])
def test_a_play_that_names_nothing_asks_nobody(house: House, fields: dict[str, str]) -> None:
    """A form that was tampered with is told, and the speaker is not bothered."""
    phone = house.logged_in()
    answer = phone.send("/play", fields, page="/")
    assert "请先选" in phone.get(answer.location).text
    assert house.speaker.asked == []


def test_a_refusal_is_told_in_the_speakers_words(house: House) -> None:
    """Quiet hours hold for the panel too."""
    house.speaker.refuse = Refused(reason=Reason.QUIET_HOURS, zh="现在是安静时段，不能播。", en="quiet hours")
    phone = house.logged_in()
    answer = phone.send("/play", {"broadcast": "evening"}, page="/")
    assert "现在是安静时段，不能播。" in phone.get(answer.location).text


def test_the_speaker_away_is_told_and_the_day_is_still_there(house: House) -> None:
    """The page works from the programme and from the copy of the records."""
    house.publish()
    house.speaker.airings = (airing(1, NOON - timedelta(hours=4)),)
    phone = house.logged_in()
    phone.get("/records")
    house.speaker.away = True
    page = phone.get("/").text
    for words in ("播音程序没有运行", "07:30", "已播", "18:30", "下一次"):
        assert words in page
    answer = phone.send("/play", {"broadcast": "evening"}, page="/")
    assert "没有播：播音程序没有运行" in phone.get(answer.location).text
    answer = phone.send("/stop", {}, page="/")
    assert "没有停下来" in phone.get(answer.location).text


def test_what_was_due_while_nobody_can_be_asked_is_said_to_be_unclear(house: House) -> None:
    """No guess is shown as if it were known."""
    house.publish()
    house.speaker.away = True
    assert "不清楚" in house.logged_in().get("/").text


def test_each_alarm_is_a_sentence(house: House) -> None:
    """The speaker's alarms are shown as they are."""
    house.speaker.alarms = (Alarm(code="card", zh="声卡没有连接，请检查音箱插头。", en="no card"),)
    assert "声卡没有连接，请检查音箱插头。" in house.logged_in().get("/").text


def test_what_the_speaker_has_not_taken_yet_is_on_its_way(house: House) -> None:
    """Just published: the speaker's alarm is not shown as if nothing had been done."""
    house.speaker.alarms = (Alarm(code="nothing-on-air", zh="还没有发布节目", en="nothing is on air yet"),)
    phone = house.logged_in()
    assert "还没有发布节目" not in phone.get("/").text
    house.publish()
    page = phone.get("/").text
    assert "还没有发布节目" not in page
    assert "正在送到喇叭" in page


def test_recording_instead_of_sounding_is_never_silent(house: House) -> None:
    """Without a sound card the page says that nothing is heard."""
    house.speaker.card = "recorder"
    assert "只录音" in house.logged_in().get("/").text


def test_a_draft_is_told_and_put_on_air_by_one_button(house: House) -> None:
    """Nothing is aired before she says so; then the programme is published."""
    phone = house.logged_in()
    page = phone.get("/").text
    assert "还没有开播" in page
    assert "开始播出" in page
    work = phone.send("/on-air", {}, page="/")
    house.jobs.run_waiting()
    done = phone.get(work.location)
    assert "已经送到喇叭" in phone.get(done.location).text
    assert house.publisher.on_air() is not None


def test_a_change_that_is_not_on_air_yet_is_told(house: House) -> None:
    """The file and what is on air differ: one button mends it."""
    house.publish()
    house.file.write_text(house.file.read_text(encoding="utf-8").replace("一粒米", "一碗米"), encoding="utf-8")
    house.desk.look()
    assert "有改动还没有送到喇叭" in house.logged_in().get("/").text


def test_a_broken_file_is_an_alarm_with_its_line_and_the_last_good_goes_on(house: House) -> None:
    """A hand edit that went wrong is named; the page still shows the day."""
    house.publish()
    house.file.write_text(
        house.file.read_text(encoding="utf-8").replace('at: "07:30"', 'at: "27:30"'), encoding="utf-8"
    )
    house.desk.look()
    page = house.logged_in().get("/").text
    assert "节目文件有错" in page
    assert "第 15 行" in page
    assert "18:30" in page


def test_a_broken_file_makes_way_for_the_last_good_one_at_a_touch(house: House) -> None:
    """Half a programme, as a failing card leaves it: nothing of it is lost, and words can be changed again."""
    house.publish()
    whole = house.file.read_bytes()
    half = whole[: len(whole) // 2]
    house.file.write_bytes(half)
    house.desk.look()
    phone = house.logged_in()
    assert "放回上一次好的" in phone.get("/").text
    assert phone.send("/mending/", {}, page="/").location == "/"
    assert house.file.read_bytes() == whole
    assert [one.path.read_bytes() for one in all_aside(house.folder)] == [half]
    page = phone.get("/").text
    assert "放回去了" in page
    assert "节目文件有错" not in page
    assert "放回上一次好的" not in page
    assert [act.what for act in house.acts()][:1] == ["mending.put_back"]
    assert phone.change("stay", text="放回以后改的话。").status_code == 303


def test_a_file_that_was_mended_meanwhile_stays(house: House) -> None:
    """The installer was quicker than the touch."""
    phone = house.logged_in()
    whole = house.file.read_text(encoding="utf-8")
    house.file.write_text(whole.replace('at: "07:30"', 'at: "27:30"'), encoding="utf-8")
    house.desk.look()
    mended = whole.replace('at: "07:30"', 'at: "07:40"')
    house.file.write_text(mended, encoding="utf-8")
    phone.send("/mending/", {}, page="/")
    assert house.file.read_text(encoding="utf-8") == mended
    assert all_aside(house.folder) == ()


def test_an_editor_does_not_put_the_file_back(house: House) -> None:
    """Who only writes may not put anything on air either."""
    house.file.write_text("version: 1\n", encoding="utf-8")
    house.desk.look()
    phone = house.logged_in_as("editor")
    assert "放回上一次好的" not in phone.get("/").text
    assert phone.send("/mending/", {}, page="/").status_code == 403


def test_the_part_that_moves_can_be_had_alone(house: House) -> None:
    """A script asks for it every few seconds; it carries no page around it."""
    live = house.logged_in().get("/?live=1").text
    assert "data-key" in live
    assert "<html" not in live


def test_what_is_different_tomorrow_is_told_the_day_before(house: House) -> None:
    """An exception, and a broadcast that will have nothing to say."""
    text = house.file.read_text(encoding="utf-8").replace(
        "    text: 发现", "    valid_until: 2026-06-03\n    text: 发现"
    )
    text = text.replace("[stay, hotline]", "[hotline]")
    text += "exceptions:\n  - {from: 2026-06-05, to: 2026-06-05, reason: 修路, air: none}\n"
    house.file.write_text(text, encoding="utf-8")
    house.desk.look()
    house.publish()
    page = house.logged_in().get("/").text
    assert "明天和平时不一样" in page
    assert "18:30 的稿件都不在有效期，到时候不响" in page
    assert "修路" not in page
    house.clock.step(24 * 3600)
    page = house.logged_in().get("/").text
    assert "修路，全部停播。" in page
