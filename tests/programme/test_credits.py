"""Who wrote a message and who let it through is known of exactly the words they wrote, and of no others."""

from pathlib import Path

import msgspec
import pytest

from programme.credits import Credit, Credits, mark_of
from programme.model import Message, Programme

DOOR = Message(id="door", title="守好门", text="守好门。")
LAMP = Message(id="lamp", title="关灯", text="请关灯。")
EMPTY = Programme(zone="警苑小区")


def of(*messages: Message) -> Programme:
    """Return a programme of those messages."""
    return msgspec.structs.replace(EMPTY, messages=messages)


def changed(message: Message, **fields: object) -> Message:
    """Return the message with other fields."""
    return msgspec.structs.replace(message, **fields)


@pytest.fixture
def credits(tmp_path: Path) -> Credits:
    """Give what is known after 李 wrote both and 王 let them through."""
    credits = Credits(tmp_path / "credits.json")
    credits.note(EMPTY, of(DOOR, LAMP), "李", "王")
    return credits


def test_what_somebody_changed_is_theirs_and_nothing_else(credits: Credits) -> None:
    """The other message stays whose it was."""
    new = changed(DOOR, text="不用守门。")
    credits.note(of(DOOR, LAMP), of(new, LAMP), "赵")
    assert credits.of(new) == Credit(mark=mark_of(new), wrote="赵")
    assert credits.of(LAMP) == Credit(mark=mark_of(LAMP), wrote="李", approved="王")
    assert credits.of(DOOR) is None


@pytest.mark.parametrize("other", [{"title": "门"}, {"text": "门"}, {"recording": "0" * 64}])
def test_words_that_were_changed_by_hand_are_nobodys(credits: Credits, other: dict[str, object]) -> None:
    """Whatever of what is said was changed; they stay nobody's though somebody saves another message."""
    by_hand = changed(DOOR, **other)
    assert credits.of(by_hand) is None
    credits.note(of(by_hand, LAMP), of(by_hand, changed(LAMP, text="开灯。")), "赵")
    assert credits.of(by_hand) is None


def test_dates_voice_and_source_are_not_words(credits: Credits) -> None:
    """Who only changes the voice, or names the source, has not written it."""
    other = changed(DOOR, voice="zh-CN-YunxiNeural", source="街道办", author="钱")
    credits.note(of(DOOR), of(other), "赵")
    found = credits.of(other)
    assert found is not None
    assert found.wrote == "李"


def test_what_was_put_aside_comes_back_with_its_writer(credits: Credits) -> None:
    """Whoever brings it back."""
    credits.note(of(DOOR, LAMP), of(LAMP), "赵")
    credits.note(of(LAMP), of(LAMP, DOOR), "钱")
    assert credits.of(DOOR) == Credit(mark=mark_of(DOOR), wrote="李", approved="王")


def test_a_damaged_file_knows_nobody_and_goes_on(tmp_path: Path, credits: Credits) -> None:
    """It is written anew by the next who saves."""
    (tmp_path / "credits.json").write_bytes(b"{")
    assert credits.of(DOOR) is None
    credits.note(EMPTY, of(DOOR), "赵")
    assert credits.of(DOOR) == Credit(mark=mark_of(DOOR), wrote="赵")
