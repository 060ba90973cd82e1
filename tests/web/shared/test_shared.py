"""社区统一: shown with its badge and who sends it, never to be edited, and 建议修改 for what the yard would have."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from werkzeug.test import TestResponse

from box.sentences import Sentence
from fleet.agent.standing import Answered, write_answers
from programme.shared import encode_shared
from programme.wish import MOST_WISHES
from speaker.condition import CueStatus
from tests.programme.test_together import SHARED
from tests.web.api.test_api import change, program
from tests.web.house import House, Phone
from tts.unfitted import UNFITTED, UnfittedFile
from web.rounds import Rounds

WISH = {"title": "全社区通知", "text": "警苑小区的居民请注意，改到三点。", "note": "三点才有人"}


def wished(phone: Phone, fields: dict[str, str]) -> TestResponse:
    """Send the form of 建议修改."""
    return phone.send("/shared/c-notice", fields, "/messages/")


@pytest.fixture
def joined(house: House) -> House:
    """Give a house whose hub has sent something."""
    house.publisher.shared = SHARED
    house.publish()
    return house


def test_a_box_that_joined_nothing_shows_nothing_of_it(house: House) -> None:
    """Messages and schedule are as they always were."""
    house.publish()
    phone = house.logged_in()
    assert "社区统一" not in phone.get("/messages/").text
    assert "社区统一" not in phone.get("/schedule/").text
    assert phone.get("/shared/c-notice").status_code == 404


def rename(house: House) -> None:
    """Call a message and a broadcast of the yard's own as the hub calls its, in the file, by hand."""
    written = house.file.read_text(encoding="utf-8")
    for own, named in (("  stay:", "  c-1:"), ("[stay", "[c-1"), ("  morning:", "  c-2:")):
        assert own in written
        written = written.replace(own, named)
    house.file.write_text(written, encoding="utf-8")
    house.desk.look()


def test_where_nothing_is_shared_an_own_id_like_the_hubs_is_the_yards_own(house: House) -> None:
    """By the speaker's day and by the plan; it is edited like any other."""
    rename(house)
    house.publish()
    phone = house.logged_in()
    for _by in ("the plan", "the speaker"):
        for page in ("/", "/messages/", "/schedule/", "/schedule/day?day=2026-06-04"):
            answer = phone.get(page)
            assert (answer.status_code, "社区统一" in answer.text) == (200, False), page
        due = house.clock.now() + timedelta(hours=1)
        house.speaker.today = (CueStatus(broadcast="c-2", due=due, titles=("守好阵地",), seconds=9, state="next"),)
    assert phone.get("/shared/c-1").status_code == 404
    assert phone.get("/messages/c-1").status_code == 200
    phone.change("c-1", text="新写的话。")
    house.jobs.run_waiting()
    assert "新写的话。" in house.file.read_text(encoding="utf-8")


def test_beside_what_is_shared_it_is_told_why_it_is_not_aired(joined: House) -> None:
    """The prefix is the hub's there; the ids are named, so that they can be changed."""
    rename(joined)
    joined.publish()
    told = "编号以 c- 开头的是社区统一的，本院自己的 c-1、c-2 播不了。请安装人员在节目文件里换个编号。"
    schedule = joined.logged_in().get("/schedule/").text
    assert told in schedule
    assert "社区统一的节目太多" not in schedule


def test_what_is_shared_is_shown_with_who_sends_it(joined: House) -> None:
    """On the messages, the schedule and Today, each with its badge; what was moved for it is told."""
    phone = joined.logged_in()
    messages = phone.get("/messages/").text
    assert "由大石社区统一发来" in messages
    assert 'href="/shared/c-notice"' in messages
    schedule = phone.get("/schedule/").text
    assert "社区统一的时段" in schedule
    page = phone.get("/shared/c-notice").text
    assert "警苑小区的居民请注意。" in page
    assert "07:30" in page


def test_what_could_not_be_fitted_to_the_loudspeaker_is_told_on_its_page(joined: House) -> None:
    """It sounds as it came; of another message nothing is said."""
    phone, told = joined.logged_in(), "没能调成适合本院喇叭的声音"
    unfitted = UnfittedFile(joined.folder / UNFITTED, joined.clock)
    unfitted.failed("k", "f" * 64, "另一篇", Sentence("超时", "it took too long"))
    assert told not in phone.get("/shared/c-notice").text
    unfitted.failed("k2", SHARED.messages[0].clip, SHARED.messages[0].title, Sentence("超时", "it took too long"))
    assert told in phone.get("/shared/c-notice").text


def test_what_was_moved_for_it_is_told(joined: House) -> None:
    """The yard's own 07:30 comes a minute later, and the schedule says so."""
    assert "本院 07:30 的时段和社区统一的撞在一起，改在 07:31 播。" in joined.logged_in().get("/schedule/").text


def test_the_preview_of_a_day_has_both_layers(joined: House) -> None:
    """The community's broadcast with its mark, and the yard's own at the minute that it is moved to."""
    (joined.folder / "shared.json").write_bytes(encode_shared(SHARED))
    page = joined.logged_in().get("/schedule/day?day=2026-02-17").text
    assert "全社区通知" in page
    assert "社区统一" in page
    assert "改在 07:31 播" in page


def test_what_a_hub_changes_tomorrow_is_told_today(joined: House) -> None:
    """Its examination silences the yard too."""
    assert "特殊" not in joined.logged_in().get("/").text
    tomorrow = joined.clock.now().date() + timedelta(days=1)
    exam = replace(SHARED.exceptions[0], first=tomorrow, last=tomorrow)
    (joined.folder / "shared.json").write_bytes(encode_shared(replace(SHARED, exceptions=(exam,))))
    assert "高考" in joined.logged_in().get("/").text


def test_it_can_not_be_edited_like_the_yards_own(joined: House) -> None:
    """There is no such message on the desk."""
    phone = joined.logged_in()
    for page in ("/messages/c-notice", "/messages/c-notice/archive", "/messages/c-notice/withdraw"):
        assert phone.get(page).status_code == 404
    before = joined.publisher.on_air()
    assert phone.get("/schedule/at/c-morning").location == "/schedule/"  # led back: there is none on the desk
    phone.send("/schedule/at/c-morning", {"act": "save", "at": "09:00"}, "/schedule/new")
    assert joined.publisher.on_air() == before
    asks = program(joined)
    assert asks.ask("PUT", "/messages/c-notice", change("was"))[0] == 404
    assert asks.ask("POST", "/messages/c-notice/withdraw", {"reason": "不要"})[0] == 404


def test_a_wish_is_kept_for_the_agent_and_on_record(joined: House) -> None:
    """It is a file in the panel's room, with who wishes it; the audit log has what was and what is wished."""
    phone = joined.logged_in()
    assert wished(phone, WISH).status_code == 303
    (wish,) = joined.handed_in.wishes.waiting()
    assert (wish.entry, wish.text, wish.note, wish.revision) == ("c-notice", WISH["text"], WISH["note"], "h1")
    assert wish.who
    act = joined.acts()[0]
    assert (act.what, act.target) == ("shared.propose", "c-notice")
    assert WISH["text"] in act.new
    assert "等社区答复" in phone.get("/shared/c-notice").text


@pytest.mark.parametrize(
    "changes",
    [{"text": ""}, {"title": ""}, {"text": "字" * 4001}, {"title": "全社区通知", "text": "警苑小区的居民请注意。"}],
    ids=["no words", "no title", "too long", "nothing changed"],
)
def test_what_can_not_be_wished_comes_back_filled_in(joined: House, changes: dict[str, str]) -> None:
    """Nothing is kept of it."""
    answer = wished(joined.logged_in(), WISH | changes)
    assert answer.status_code == 400
    assert joined.handed_in.wishes.waiting() == ()


def test_wishes_without_end_are_refused(joined: House) -> None:
    """A phone that sends a thousand fills nothing."""
    phone = joined.logged_in()
    for number in range(MOST_WISHES):
        assert wished(phone, (WISH | {"text": f"第 {number} 个建议。"})).status_code == 303
    assert wished(phone, WISH).status_code == 409
    assert len(joined.handed_in.wishes.waiting()) == MOST_WISHES


@pytest.mark.parametrize(("adopted", "words"), [(True, "社区采纳了这条建议"), (False, "社区没有采纳这条建议")])
def test_the_hubs_answer_is_shown(joined: House, adopted: bool, words: str) -> None:
    """The wish waits no more, and the page says what became of it in the hub's words."""
    phone = joined.logged_in()
    wished(phone, WISH)
    (wish,) = joined.handed_in.wishes.waiting()
    joined.handed_in.fleet.mkdir(parents=True, exist_ok=True)
    write_answers(joined.handed_in.fleet, (Answered(proposal=wish.id, adopted=adopted, words="谢谢提醒"),))
    Rounds(joined.handed_in, joined.publisher).go()
    assert joined.handed_in.wishes.waiting() == ()
    page = phone.get("/shared/c-notice").text
    assert words in page
    assert "谢谢提醒" in page


def test_an_installer_may_look_and_not_wish(joined: House) -> None:
    """Words are the writers'."""
    phone = joined.logged_in_as("installer")
    assert "建议修改" not in phone.get("/shared/c-notice").text
    assert wished(phone, WISH).status_code == 403
