"""What a save changes in a file that somebody has written into by hand, and what it leaves alone."""

from __future__ import annotations

import difflib
import re
from datetime import date, time

import pytest
from msgspec.structs import replace

from box.folders import share
from programme.faults import ProgrammeInvalid
from programme.model import Broadcast, DayException, Message, Programme, Weekday, Weekdays
from programme.reading import read_programme
from programme.writing import fresh, written
from tests.programme.samples import SMALL
from tests.programme.test_surviving import COMMENTED

STARTER = (share() / "schedule.yaml").read_bytes()


def changes(before: bytes, after: bytes) -> list[str]:
    """Return the lines that were taken out (``-``) and put in (``+``)."""
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [f"{line[0]}{line[2:]}" for line in lines if line[0] in "-+"]


def with_message(programme: Programme, message: Message) -> Programme:
    """Return the programme with the message of that id replaced."""
    return replace(programme, messages=tuple(message if m.id == message.id else m for m in programme.messages))


def with_broadcast(programme: Programme, broadcast: Broadcast) -> Programme:
    """Return the programme with the broadcast of that id replaced."""
    some = tuple(broadcast if b.id == broadcast.id else b for b in programme.broadcasts)
    return replace(programme, broadcasts=some)


def message(programme: Programme, message_id: str) -> Message:
    """Return the message, which is there."""
    found = programme.message(message_id)
    assert found is not None
    return found


def broadcast(programme: Programme, broadcast_id: str) -> Broadcast:
    """Return the broadcast, which is there."""
    found = programme.broadcast(broadcast_id)
    assert found is not None
    return found


def test_an_unchanged_programme_leaves_every_byte() -> None:
    """Saving what was read is no change."""
    assert written(read_programme(STARTER), STARTER) == STARTER


def test_a_changed_text_changes_its_line_alone() -> None:
    """Her edit of today's message touches nothing else."""
    programme = read_programme(STARTER)
    after = written(with_message(programme, replace(message(programme, "today"), text="今天一切正常。")), STARTER)
    assert len(changes(STARTER, after)) == 2
    assert changes(STARTER, after)[1] == "+    text: 今天一切正常。"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("好：中文冒号", "+    text: 好：中文冒号"),
        ("好: 英文冒号", '+    text: "好: 英文冒号"'),
        ("好 # 不是说明", '+    text: "好 # 不是说明"'),
        ("yes", '+    text: "yes"'),
        ("18:00", '+    text: "18:00"'),
        (' "引号" ', '+    text: " \\"引号\\" "'),
        ("\U0001f637", "+    text: \U0001f637"),
    ],
)
def test_words_are_quoted_where_another_reader_would_mistake_them(text: str, line: str) -> None:
    """Plain words stay plain; what looks like YAML is put in quotes."""
    programme = read_programme(STARTER)
    after = written(with_message(programme, replace(message(programme, "today"), text=text)), STARTER)
    assert changes(STARTER, after)[-1] == line


def test_a_long_text_stays_on_its_line() -> None:
    """Chinese has no spaces to fold at; a fold would put blanks into the words."""
    programme = read_programme(STARTER)
    text = "请戴好口罩，" * 200
    after = written(with_message(programme, replace(message(programme, "today"), text=text)), STARTER)
    assert changes(STARTER, after)[1] == f"+    text: {text}"


def test_several_lines_are_written_as_lines() -> None:
    """So that a person can read and edit them."""
    programme = read_programme(STARTER)
    after = written(with_message(programme, replace(message(programme, "today"), text="第一行\n\n第二行: x")), STARTER)
    assert changes(STARTER, after)[1:] == ["+    text: |-", "+      第一行", "+", "+      第二行: x"]


def test_a_comment_beside_a_value_stays_when_the_value_changes() -> None:
    """The remark in the line is about the key, not about the old value."""
    after = written(replace(read_programme(STARTER), volume_percent=65), STARTER)
    removed, added = changes(STARTER, after)
    assert added == removed.replace("80", "65").replace("-", "+", 1)


def test_every_comment_survives_a_change_of_every_value() -> None:
    """Nineteen comments in nineteen kinds of place: beside, above, below, in lists, behind a block's mark."""
    programme = read_programme(COMMENTED)
    changed = replace(
        programme,
        zone="别处",
        volume_percent=5,
        messages=tuple(replace(m, title="新", text="新的话", author="李") for m in programme.messages),
        broadcasts=tuple(
            replace(b, at=time(9, index), messages=("yes", "a"), repeat=3, volume_percent=9)
            for index, b in enumerate(programme.broadcasts)
        ),
        exceptions=(replace(programme.exceptions[0], last=date(2026, 6, 10), reason="考试"),),
    )
    numbers = re.findall("# ([一二三四五六七八九十]+)", written(changed, COMMENTED).decode())
    assert sorted(numbers) == sorted(re.findall("# ([一二三四五六七八九十]+)", COMMENTED.decode()))
    assert len(numbers) == 19


def test_what_is_added_stands_behind_what_it_follows() -> None:
    """A new message comes last, set off as the others are; a new field has its place among the fields."""
    programme = read_programme(STARTER)
    more = replace(programme, messages=(*programme.messages, Message(id="new", title="新", text="新的")))
    assert changes(STARTER, written(more, STARTER)) == ["+", "+  new:", "+    title: 新", "+    text: 新的"]
    until = replace(message(programme, "today"), valid_until=date(2026, 3, 1))
    assert changes(STARTER, written(with_message(programme, until), STARTER)) == ["+    valid_until: 2026-03-01"]


def test_a_removed_message_takes_only_itself_and_the_remark_above_it() -> None:
    """The comments of its neighbours stay."""
    programme = read_programme(STARTER)
    less = replace(
        programme,
        messages=tuple(m for m in programme.messages if m.id != "today"),
        broadcasts=tuple(
            replace(b, messages=tuple(name for name in b.messages if name != "today")) for b in programme.broadcasts
        ),
    )
    after = written(less, STARTER).decode()
    assert "# 今日情况：" not in after
    assert "# 过了期的稿件" in after
    assert after.count("#") == STARTER.decode().count("#") - 1


def test_messages_that_were_moved_take_their_comments_along() -> None:
    """The order of the file is the order in the panel."""
    programme = read_programme(STARTER)
    today, *others = sorted(programme.messages, key=lambda m: m.id != "today")
    after = written(replace(programme, messages=(today, *others)), STARTER).decode()
    assert read_programme(after.encode()).messages[0].id == "today"
    assert after.index("# 今日情况：") < after.index("  today:") < after.index("  stay-home:")
    assert after.count("#") == STARTER.decode().count("#")


def test_a_time_without_quotes_gets_them_at_the_next_save() -> None:
    """Another YAML reader would take 18:00 for 1080."""
    after = written(read_programme(COMMENTED), COMMENTED)
    assert changes(COMMENTED, after) == [
        "-    at: 18:00   # 十一",
        '+    at: "18:00"   # 十一',
        "-  n: {at: 06:30, messages: [a]}  # 十六",
        '+  n: {at: "06:30", messages: [a]}  # 十六',
    ]


def test_a_broadcast_in_brackets_stays_in_them() -> None:
    """A short form by hand is kept, and only what differs from its meaning is added."""
    programme = read_programme(COMMENTED)
    changed = replace(broadcast(programme, "n"), repeat=2, days=Weekdays(days=(Weekday.SUN,)))
    after = written(with_broadcast(programme, changed), COMMENTED).decode()
    assert '  n: {at: "06:30", days: [sun], messages: [a], repeat: 2}  # 十六\n' in after


def test_an_exception_is_added_where_there_was_none() -> None:
    """It is one line that a person can read."""
    programme = read_programme(STARTER)
    exam = DayException(first=date(2026, 6, 7), last=date(2026, 6, 9), reason="高考")
    assert changes(STARTER, written(replace(programme, exceptions=(exam,)), STARTER)) == [
        "+exceptions:",
        "+  - {from: 2026-06-07, to: 2026-06-09, reason: 高考, air: none}",
        "+",
    ]


@pytest.mark.parametrize("keep", [0, 1, 2])
def test_everything_can_be_taken_out_and_put_back(keep: int) -> None:
    """An empty programme and a full one can follow one another in the same file."""
    programme = read_programme(STARTER)
    less = replace(programme, messages=programme.messages[:keep], broadcasts=(), hotlines=())
    emptied = written(less, STARTER)
    assert read_programme(emptied) == less
    assert read_programme(written(programme, emptied)) == programme


@pytest.mark.parametrize(
    "content",
    [
        b"version: 1\nzone: x",
        b"version: 1\nzone: x\nmessages:\nbroadcasts: {}\nhotlines: []",
        b'{"version": 1, "zone": "x"}',
        b"---\nversion: 1\nzone: x\n...\n",
        b"zone: x\nversion: 1\nmessages: # none\n",
    ],
)
def test_a_bare_file_takes_a_programme(content: bytes) -> None:
    """Whether its last line ends, its values are there, or it is JSON."""
    assert read_programme(written(SMALL, content)) == SMALL


def test_line_ends_and_byte_order_mark_stay() -> None:
    """A file from Notepad can be opened there again."""
    content = b"\xef\xbb\xbf" + STARTER.replace(b"\n", b"\r\n")
    after = written(replace(read_programme(content), volume_percent=5), content)
    assert after.startswith(b"\xef\xbb\xbf")
    assert after.count(b"\n") == after.count(b"\r\n") == STARTER.count(b"\n")


def test_a_programme_that_is_not_allowed_is_not_written() -> None:
    """Every fault is named."""
    wrong = replace(read_programme(STARTER), zone="", volume_percent=101)
    with pytest.raises(ProgrammeInvalid) as caught:
        written(wrong, STARTER)
    assert [fault.path for fault in caught.value.faults] == [("zone",), ("volume",)]


def test_a_programme_that_is_too_large_in_all_is_not_written() -> None:
    """Each message is allowed, all of them are over 64 KiB, and the sentence says so."""
    many = tuple(Message(id=f"m{n}", title="长", text="长" * 3000) for n in range(10))
    with pytest.raises(ProgrammeInvalid, match="64 KiB"):
        fresh(replace(SMALL, messages=many, broadcasts=()))
