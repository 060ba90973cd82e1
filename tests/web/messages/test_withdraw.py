"""Withdrawing a message stops it everywhere at once, says who and why, and offers a correction in its place."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from programme.file import ProgrammeFile
from programme.model import Programme
from speaker.airing import Reason
from speaker.condition import Sounding
from speaker.protocol import Refused
from tests.web.house import NAME, NOON, House, Phone, hidden
from tests.web.messages.test_message_acts import finish
from web.messages.silencing import says
from web.messages.withdrawing import LONGEST_REASON


def programme_of(house: House) -> Programme:
    """Return what the file says."""
    return ProgrammeFile(house.file).read().programme


def sounding(message: str | None, broadcast: str | None = None, title: str = "") -> Sounding:
    """Return what sounds."""
    return Sounding(
        priority="programme",
        broadcast=broadcast,
        message=message,
        title=title,
        text="",
        position_seconds=1,
        length_seconds=9,
    )


def withdraw(house: House, phone: Phone, reason: str = "停水改到后天") -> str:
    """Withdraw the message "stay"; return the page it ends on."""
    answer = phone.send("/messages/stay/withdraw", {"reason": reason}, page="/messages/stay/withdraw")
    assert answer.status_code == 303
    return finish(house, phone, answer.location)


def test_what_sounds_is_stopped_before_anything_else(house: House) -> None:
    """In the request itself: the rendering and saving of the job come after."""
    house.publish()
    phone = house.logged_in()
    house.speaker.sounding = sounding("stay", "morning")
    phone.send("/messages/stay/withdraw", {"reason": "念错了"}, page="/messages/stay/withdraw")
    assert house.speaker.asked == [("stop", NAME)]
    assert programme_of(house).message("stay") is not None
    house.jobs.run_waiting()
    assert programme_of(house).message("stay") is None
    current = house.publisher.current
    assert current is not None
    assert current.message("stay") is None


def test_what_says_something_else_goes_on(house: House) -> None:
    """A page, an emergency or another broadcast is nobody's mistake."""
    house.publish()
    phone = house.logged_in()
    house.speaker.sounding = sounding("other", None, "煤气泄漏")
    withdraw(house, phone)
    assert house.speaker.asked == []


def test_what_was_armed_with_the_old_words_is_stopped_as_soon_as_it_sounds(house: House) -> None:
    """A cue that is due in seconds has its clips already: it is watched until it could have begun."""
    house.publish()
    phone = house.logged_in()
    house.speaker.next_due = NOON + timedelta(seconds=2)
    answer = phone.send("/messages/stay/withdraw", {"reason": "念错了"}, page="/messages/stay/withdraw")
    assert house.speaker.asked == []
    house.speaker.sounding = sounding("stay", "morning")
    finish(house, phone, answer.location)
    assert house.speaker.asked[0] == ("stop", NAME)
    assert sum(house.pauses) == pytest.approx(5)


def test_nobody_waits_where_nothing_is_near(house: House) -> None:
    """The next cue is hours away."""
    house.publish()
    phone = house.logged_in()
    house.speaker.next_due = NOON + timedelta(hours=2)
    withdraw(house, phone)
    assert house.pauses == []


@pytest.mark.parametrize(
    ("one", "is_said"),
    [
        (sounding("stay", "morning"), True),
        (sounding(None, "morning"), True),
        (sounding("stay"), True),
        (sounding(None, None, "守好阵地"), True),
        (sounding("other", "night"), False),
        (sounding(None, None, "别的"), False),
    ],
)
def test_whether_what_sounds_says_it(house: House, one: Sounding, is_said: bool) -> None:
    """Now, or later in the same broadcast; in a gap or a chime too."""
    house.publish()
    message = programme_of(house).message("stay")
    assert message is not None
    assert says(one, message, house.publisher.current) is is_said


def test_why_and_who_are_on_record_and_it_is_undone_in_one_tap(house: House) -> None:
    """In the audit log and in the list; the message comes back with its broadcasts."""
    house.publish()
    phone, before = house.logged_in(), programme_of(house)
    page = withdraw(house, phone, "  停水\n改到后天 ")
    assert "《守好阵地》已经撤回，不再播。" in page
    assert f"{NAME}撤回的：停水 改到后天" in page
    (act,) = [one for one in house.acts() if one.what == "message_withdrawal.withdraw"]
    assert (act.who, act.target, act.new) == (NAME, "stay", "停水 改到后天")
    assert "守好阵地" in act.old
    (entry,) = house.handed_in.archive.entries()
    assert (entry.by, entry.reason) == (NAME, "停水 改到后天")
    finish(house, phone, phone.send(f"/archive/{entry.id}/back", {}, page="/messages/").location)
    assert programme_of(house) == before


@pytest.mark.parametrize("reason", ["", "  ", "字" * (LONGEST_REASON + 1)])
def test_a_reason_is_needed(house: House, reason: str) -> None:
    """Without one, or with one too long, nothing is withdrawn."""
    house.publish()
    phone = house.logged_in()
    answer = phone.send("/messages/stay/withdraw", {"reason": reason}, page="/messages/stay/withdraw")
    assert (answer.status_code, "请写撤回的原因" in answer.text) == (400, True)
    assert programme_of(house).message("stay") is not None


def test_a_speaker_that_can_not_be_asked_is_told_and_it_is_withdrawn(house: House) -> None:
    """What the speaker refuses, or being away, keeps nothing in the programme."""
    house.publish()
    phone = house.logged_in()
    house.speaker.away = True
    assert "没能马上停下来" in withdraw(house, phone)
    assert programme_of(house).message("stay") is None


def test_a_correction_begins_with_the_word_and_is_aired_in_its_place(house: House) -> None:
    """The form is filled in, and what is saved is where the other was, in the list and in the broadcasts."""
    house.publish()
    phone, before = house.logged_in(), programme_of(house)
    withdraw(house, phone)
    (entry,) = house.handed_in.archive.entries()
    form = phone.get(f"/messages/~new?corrects={entry.id}").text
    assert 'value="更正：守好阵地"' in form
    assert "前面播过的《守好阵地》有误" in form
    answer = phone.client.post(
        "/messages/~new", data=hidden(form) | {"title": "更正：守好阵地", "text": "停水改到后天。", "act": "save"}
    )
    assert "更正已经保存" in finish(house, phone, answer.location)
    after = programme_of(house)
    index = [one.id for one in before.messages].index("stay")
    made = after.messages[index]
    assert (made.title, made.text) == ("更正：守好阵地", "停水改到后天。")
    placed = [[made.id if name == "stay" else name for name in one.messages] for one in before.broadcasts]
    assert [list(one.messages) for one in after.broadcasts] == placed


def hand_in(house: House, phone: Phone) -> str:
    """Withdraw a message, and let an editor hand in its correction; return the correction's id."""
    withdraw(house, phone)
    (entry,) = house.handed_in.archive.entries()
    editor = house.logged_in_as("editor")
    form = editor.get(f"/messages/~new?corrects={entry.id}").text
    answer = editor.client.post(
        "/messages/~new", data=hidden(form) | {"title": "更正", "text": "停水改到后天。", "act": "save"}
    )
    assert "已经送审" in finish(house, editor, answer.location)
    return programme_of(house).messages[-1].id


def approve(house: House, phone: Phone, message_id: str) -> str:
    """Approve what waits for that message; return the page it ends on."""
    page = phone.get(f"/reviews/{message_id}").text
    shown = {name: re.findall(rf'name="{name}" value="([^"]*)"', page)[0] for name in ("proposal", "message")}
    answer = phone.client.post(f"/reviews/{message_id}/approve", data={"csrf_token": phone.token()} | shown)
    assert answer.status_code == 303
    return finish(house, phone, answer.location)


def test_a_correction_that_must_be_approved_airs_nowhere_before(house: House) -> None:
    """An editor's: what stands there until then says nothing of theirs, and is in no broadcast."""
    house.publish()
    made = hand_in(house, house.logged_in())
    assert all(made not in one.messages for one in programme_of(house).broadcasts)


def test_an_approved_correction_is_aired_where_the_withdrawn_one_was(house: House) -> None:
    """In every broadcast, at its place; those that said nothing else are there again. A later change places nothing."""
    house.publish()
    phone, before = house.logged_in(), programme_of(house)
    made = hand_in(house, phone)
    assert "原来的时段里播（07:30、18:30）" in phone.get(f"/reviews/{made}").text
    assert "已经放在撤回的那一篇原来的时段里" in approve(house, phone, made)
    after = programme_of(house)
    message = after.message(made)
    assert message is not None
    assert message.text == "停水改到后天。"
    placed = {one.id: [made if name == "stay" else name for name in one.messages] for one in before.broadcasts}
    assert {one.id: list(one.messages) for one in after.broadcasts} == placed
    current = house.publisher.current
    assert current is not None
    assert {one.id: list(one.messages) for one in current.broadcasts} == placed
    (entry,) = house.handed_in.archive.entries()
    assert not entry.correction_waits


def test_where_its_broadcasts_have_no_room_any_more_it_is_approved_and_said(house: House) -> None:
    """Another broadcast took the minute meanwhile: the words count, and a person places them."""
    house.publish()
    phone, before = house.logged_in(), programme_of(house)
    made = hand_in(house, phone)
    lying = programme_of(house)
    gone = next(one for one in before.broadcasts if one.id not in {each.id for each in lying.broadcasts})
    other = replace(gone, id="other", messages=(lying.messages[0].id,))
    ProgrammeFile(house.file).save(
        replace(lying, broadcasts=(*lying.broadcasts, other)), ProgrammeFile(house.file).read().revision
    )
    house.handed_in.desk.look()
    assert "请到“时段”里排一下" in approve(house, phone, made)
    after = programme_of(house)
    message = after.message(made)
    assert message is not None
    assert message.text == "停水改到后天。"
    assert all(made not in one.messages for one in after.broadcasts)


def test_only_a_publisher_withdraws(house: House) -> None:
    """An editor sees no button and gets nowhere."""
    house.publish()
    editor = house.logged_in_as("editor")
    assert "/withdraw" not in editor.get("/messages/stay").text
    assert editor.get("/messages/stay/withdraw").status_code == 403


def test_a_refused_stop_is_told(house: House) -> None:
    """With the speaker's own sentence."""
    house.publish()
    phone = house.logged_in()
    house.speaker.sounding = sounding("stay", "morning")
    refusal = Refused(reason=Reason.NONE, zh="现在停不了", en="it can't be stopped now")
    house.speaker.stop = lambda _who="": refusal  # type: ignore[method-assign] - one answer of a fake
    assert "现在停不了" in withdraw(house, phone)
