"""How the programme file is understood, and how its faults are named."""

from __future__ import annotations

from datetime import date, time

import pytest

from box.folders import share
from programme.faults import MOST_FAULTS, ProgrammeInvalid
from programme.festivals import Festival
from programme.model import (
    Dates,
    Days,
    EveryDay,
    EveryMonth,
    EverySecondWeek,
    Festivals,
    InExceptions,
    RestDays,
    Weekday,
    Weekdays,
    Which,
    Workdays,
)
from programme.nodes import LARGEST_BYTES
from programme.reading import read_programme

HEAD = "version: 1\nzone: 警苑小区\nmessages:\n  a: {title: 甲, text: 你好}\n"


def with_broadcast(fields: str) -> bytes:
    """Return a file whose broadcast ``m`` is in line 6, with those fields in brackets."""
    return f"{HEAD}broadcasts:\n  m: {{messages: [a], {fields}}}\n".encode()


def faults(content: str | bytes) -> list[tuple[int | None, str]]:
    """Return the faults of ``content``, each with its line and its English sentence."""
    with pytest.raises(ProgrammeInvalid) as caught:
        read_programme(content.encode() if isinstance(content, str) else content)
    return [(fault.line, fault.en) for fault in caught.value.faults]


def test_the_starter_programme_is_four_broadcasts_a_day_with_the_slogan_first() -> None:
    """It is what the project promises to say."""
    programme = read_programme((share() / "schedule.yaml").read_bytes())
    assert [broadcast.at for broadcast in programme.broadcasts] == [time(7, 30), time(11, 30), time(15), time(18, 30)]
    assert all(broadcast.messages[0] == "stay-home" for broadcast in programme.broadcasts)
    assert programme.zone == "警苑小区"
    assert programme.hotlines == ("12345",)
    slogan = programme.message("stay-home")
    assert slogan is not None
    assert slogan.text == (
        "只要还有一粒米，不往人多地方挤；只要还有一根葱，不往菜场里面冲；"
        "只要还有一块肉，超市里面不露头；只要还有一口气，待在家里守阵地！"
    )


@pytest.mark.parametrize("at", ["18:00", '"18:00"', "'18:00'", "18：00"])
def test_a_time_is_understood_however_it_is_quoted(at: str) -> None:
    """18:00 without quotes is 18 o'clock and not 1080, also with the wide colon of a Chinese keyboard."""
    assert read_programme(with_broadcast(f"at: {at}")).broadcasts[0].at == time(18)


def test_a_time_of_one_digit_is_understood() -> None:
    """7:30 is half past seven."""
    assert read_programme(with_broadcast("at: 7:30")).broadcasts[0].at == time(7, 30)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("every day", EveryDay()),
        ("workdays", Workdays()),
        ("rest days", RestDays()),
        ("[fri, mon]", Weekdays(days=(Weekday.MON, Weekday.FRI))),
        ("{dates: [2026-03-01, 2026-02-17]}", Dates(dates=(date(2026, 2, 17), date(2026, 3, 1)))),
        ("in exceptions", InExceptions()),
        ("{festival: 春节}", Festivals(festivals=(Festival.SPRING,))),
        ("{festival: [国庆节, 端午]}", Festivals(festivals=(Festival.DRAGON_BOAT, Festival.NATIONAL))),
        (
            "{every second week: [thu, mon], from: 2026-03-02}",
            EverySecondWeek(days=(Weekday.MON, Weekday.THU), first=date(2026, 3, 2)),
        ),
        ("{every month: first, weekday: mon}", EveryMonth(which=(Which.FIRST,), days=(Weekday.MON,))),
        (
            "{every month: [last, first], weekday: [fri, mon]}",
            EveryMonth(which=(Which.FIRST, Which.LAST), days=(Weekday.MON, Weekday.FRI)),
        ),
    ],
)
def test_the_forms_of_days(written: str, meant: Days) -> None:
    """Each is understood; named days and dates come into their order."""
    assert read_programme(with_broadcast(f"at: 18:00, days: {written}")).broadcasts[0].days == meant


@pytest.mark.parametrize("text", ["yes", "12345", "1e3", "2026-02-17", "18:00", "0x10", "true"])
def test_words_stay_words(text: str) -> None:
    """What YAML would take for a number, a date or an answer is said as it was written."""
    content = f"version: 1\nzone: {text}\nmessages:\n  a: {{title: {text}, text: {text}}}\n"
    programme = read_programme(content.encode())
    assert (programme.zone, programme.messages[0].title, programme.messages[0].text) == (text, text, text)


def test_a_byte_order_mark_and_windows_line_ends_are_tolerated() -> None:
    """Both come from Notepad."""
    content = (
        b"\xef\xbb\xbf"
        + (HEAD + "  b:\n    title: 乙\n    text: |\n      一\n      二\n").replace("\n", "\r\n").encode()
    )
    assert read_programme(content).messages[1].text == "一\n二\n"


def test_a_year_of_the_calendar_is_understood() -> None:
    """What was announced, and a fault where it can't be."""
    content = with_broadcast("at: 18:00").decode() + (
        "calendar:\n"
        "  2027:\n"
        "    holidays:\n"
        "      - {name: 春节, from: 2027-02-05, to: 2027-02-11}\n"
        "    workdays: [2027-01-30]\n"
    )
    (year,) = read_programme(content.encode()).calendar
    assert (year.year, year.workdays) == (2027, (date(2027, 1, 30),))
    assert [(one.name, one.first, one.last) for one in year.holidays] == [("春节", date(2027, 2, 5), date(2027, 2, 11))]
    assert faults(content.replace("2027-01-30", "2027-01-29")) == [(11, "2027-01-29 is no Saturday or Sunday")]
    assert faults(content.replace("2027:", "next:")) == [(8, "a year belongs here, as 2027")]
    assert faults(content.replace("to: 2027-02-11", "to: 11")) == [(10, "a date is written as 2026-02-17")]
    assert faults(content.replace("{name: 春节, from: 2027-02-05, to: 2027-02-11}", "春节")) == [
        (10, "names with a colon and a value belong here")
    ]


def test_an_exception_is_understood() -> None:
    """Nothing airs, or only what is named."""
    content = with_broadcast("at: 18:00").decode() + (
        "exceptions:\n"
        "  - {from: 2026-06-07, to: 2026-06-09, reason: 高考, air: none}\n"
        "  - {from: 2026-06-10, to: 2026-06-10, reason: 中考, air: [m]}\n"
    )
    first, second = read_programme(content.encode()).exceptions
    assert (first.first, first.last, first.reason, first.air) == (date(2026, 6, 7), date(2026, 6, 9), "高考", "none")
    assert second.air == ("m",)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("at: 25:00", '"25:00" is no time'),
        ("at: 18", '"18" is no time'),
        ("at: 18:60", '"18:60" is no time'),
        ("at: ", "is missing|is no time|a time is written"),
        ("repeat: 2", "at is missing"),
        ("at: 18:00, repeat: many", "a number belongs here"),
        ("at: 18:00, repeat: 0", "from 1 to 10"),
        ("at: 18:00, repeat: 9999999999999999999", "a number belongs here"),
        ("at: 18:00, gap_seconds: 61", "from 0 to 60"),
        ("at: 18:00, volume: 101", "from 0 to 100"),
        ("at: 18:00, volume: 70%", "a number belongs here"),
        ("at: 18:00, grace_minutes: 121", "from 0 to 120"),
        ("at: 18:00, after_cut: restart", 'did you mean "start"'),
        ("at: 18:00, after_cut: maybe", "next message · start · drop"),
        ("at: 18:00, chime: maybe", "true · false · bells · ding-dong · harp"),
        ("at: 18:00, chime: dingdong", 'did you mean "ding-dong"'),
        ("at: 18:00, chime: emergency", 'there is no chime "emergency"'),
        ("at: 18:00, chime: [bells]", "there is no chime"),
        ("at: 18:00, gap_second: 3", 'did you mean "gap_seconds"'),
        ("at: 18:00, days: workday", 'did you mean "workdays"'),
        ("at: 18:00, days: 工作日", 'did you mean "workdays"'),
        ("at: 18:00, days: [mon, tus]", 'did you mean "tue"'),
        ("at: 18:00, days: [mon, mon]", '"mon" is here twice'),
        ("at: 18:00, days: []", "no day is named"),
        ("at: 18:00, days: {dates: [2026-02-30]}", "the calendar has no 2026-02-30"),
        ("at: 18:00, days: {dates: [17.2.2026]}", "a date is written as"),
        ("at: 18:00, days: {dates: []}", "no day is named"),
        ("at: 18:00, days: {festival: 圣诞节}", 'there is no festival "圣诞节"'),
        ("at: 18:00, days: {festival: []}", "no day is named"),
        ("at: 18:00, days: {festival: [端午, 端午节]}", '"端午" is here twice'),
        ("at: 18:00, days: {festivals: 春节}", 'did you mean "festival"'),
        ("at: 18:00, days: {every second week: [mon]}", "from is missing"),
        ("at: 18:00, days: {every second week: [mon], from: soon}", "a date is written as"),
        ("at: 18:00, days: {every second week: [mon], form: 2026-03-02, from: 2026-03-02}", 'did you mean "from"'),
        ("at: 18:00, days: {every month: fist, weekday: mon}", 'did you mean "first"'),
        ("at: 18:00, days: {every month: first}", "weekday is missing"),
        ("at: 18:00, days: {every month: first, weekday: {}}", "words belong here"),
        ("at: 18:00, days: {}", "it does not say which days"),
        ("at: 18:00, at: 19:00", '"at" is here twice, first in line 6'),
        ("at: &x 18:00", "marks with & are not allowed"),
        ("at: *x", "references with * are not allowed"),
        ("at: !!str 18:00", "tags with ! are not allowed"),
        ("<<: {at: 18:00}, at: 18:00", 'there is no key "<<"'),
    ],
)
def test_a_fault_in_a_broadcast_is_named_with_its_line(fields: str, said: str) -> None:
    """Each mistake makes one fault, in the line it is in."""
    found = faults(with_broadcast(fields))
    assert len(found) == 1, found
    line, sentence = found[0]
    assert line == 6
    assert any(part in sentence for part in said.split("|"))


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("", 1, "the file is empty"),
        ("# nothing\n", 1, "the file is empty"),
        ("hello\n", 1, "names with a colon"),
        ("- a\n", 1, "names with a colon"),
        ("zone: x\n", 1, "version is missing"),
        ("version: 2\nzone: x\n", 1, "this must be version: 1"),
        ("version: 1\n", 1, "zone is missing"),
        ("version: 1\nzone:\n", 2, "zone is empty"),
        ("version: 1\nzone: x\nvolum: 3\n", 3, 'did you mean "volume"'),
        ("version: 1\nzone: x\ntimezone: Asia/Shangha\n", 3, "there is no time zone"),
        ("version: 1\nzone: x\ntimezone: ../../etc/passwd\n", 3, "there is no time zone"),
        ("version: 1\nzone: x\ntimezone: Asia\n", 3, "there is no time zone"),
        ("version: 1\nzone: x\nmessages: [a]\n", 3, "names with a colon"),
        ("version: 1\nzone: x\nmessages:\n  a: {title: t, text: '  '}\n", 4, "the message is empty"),
        ("version: 1\nzone: x\nmessages:\n  a: {title: t}\n", 4, "the message is empty"),
        ("version: 1\nzone: x\nmessages:\n  a: {title: t, text: [x]}\n", 4, "words belong here"),
        ("version: 1\nzone: x\nmessages:\n  A b: {title: t, text: x}\n", 4, "may have only a-z"),
        ("version: 1\nzone: x\nmessages:\n  ａ: {title: t, text: x}\n", 4, "may have only a-z"),
        ("version: 1\nzone: x\nmessages:\n  a: {title: t, text: \"\\a\"}\n", 4, "unseen control character U+0007"),
        ("version: 1\nzone: x\nmessages:\n  a: {title: \"a\\nb\", text: x}\n", 4, "title must be one line"),
        (f"version: 1\nzone: x\nmessages:\n  a: {{title: t, text: {'长' * 4001}}}\n", 4, "at most 4000"),
        (
            """version: 1
zone: x
messages:
  a:
    title: t
    text: x
    valid_from: 2026-03-02
    valid_until: 2026-03-01
""",
            8, "valid_from 2026-03-02 is after valid_until 2026-03-01",
        ),
        ("version: 1\nzone: x\nhotlines:\n  - 12345\n  - call us\n", 5, "is not a telephone number"),
        ("version: 1\nzone: x\nhotlines: 12345\n", 3, "a list belongs here"),
        ("version: 1\nzone: x\nexceptions:\n  - {from: 2026-06-07, to: 2026-06-01, reason: r}\n", 4, "is after to"),
        ("version: 1\nzone: x\nexceptions:\n  - {from: 2026-06-07, to: 2026-06-08}\n", 4, "reason is missing"),
        ("version: 1\nzone: x\nexceptions:\n  - {from: 2026-06-07, to: 2026-06-08, reason: r, air: [z]}\n", 4, '"z"'),
        ("version: 1\nzone: 'x\n", 3, "this can't be read"),
        ("version: 1\n zone: x\n", 2, "this can't be read"),
        ("version: 1\nzone: x\u0007\n", 2, "unseen control character U+0007"),
        ("version: 1\nzone: x\n---\nversion: 1\n", 3, "only one document"),
        ("%YAML 1.1\n---\nversion: 1\nzone: x\n", 2, "start with %"),
        ("version: 1\nzone: x\n[a]: b\n", 3, "a name is needed before the colon"),
    ],
)  # fmt: skip
def test_a_fault_of_the_file_is_named_with_its_line(content: str, line: int, said: str) -> None:
    """Each mistake makes one fault, in the line it is in."""
    found = faults(content)
    assert len(found) == 1, found
    assert found[0][0] == line
    assert said in found[0][1]


def test_bytes_that_are_not_utf8_are_named_with_their_line() -> None:
    """A file saved as GBK says so instead of turning into nonsense."""
    assert faults("version: 1\nzone: 警苑小区\n".encode("gbk"))[0] == (2, "this is not UTF-8; save the file as UTF-8")


def test_every_fault_is_there_at_once_in_the_order_of_lines() -> None:
    """One look is enough to mend the file."""
    content = (
        "version: 1\nzone: x\nvolum: 3\nmessages:\n  a: {title: t, text: ''}\nbroadcasts:\n"
        "  m: {at: 99:00, messages: [a]}\n  n: {at: 18:00, messages: [b], repeat: 99}\n"
        "  o: {at: 18:00, messages: [a]}\nhotlines: [x]\n"
    )
    assert [line for line, _ in faults(content)] == [3, 5, 7, 8, 8, 9, 10]


def test_two_broadcasts_at_the_same_minute_are_a_fault_only_on_days_they_share() -> None:
    """Monday and Tuesday may use the same time; a workday and a Monday may not."""
    apart = (
        HEAD
        + "broadcasts:\n  m: {at: 18:00, days: [mon], messages: [a]}\n  n: {at: 18:00, days: [tue], messages: [a]}\n"
    )
    assert len(read_programme(apart.encode()).broadcasts) == 2
    assert faults(apart.replace("[tue]", "workdays")) == [(7, '18:00 is also the time of "m"; move one')]


DEEP = 64_000
HOSTILE = {
    "brackets": "[" * DEEP,
    "braces": "{" * DEEP,
    "dashes": "- " * (DEEP // 2),
    "questions": "? " * (DEEP // 2),
    "steps": "".join(" " * depth + "a:\n" for depth in range(350)),
    "billion laughs": "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(900)),
    "merge keys": "a: &a {x: y}\n" + "".join(f"b{n}: {{<<: *a}}\n" for n in range(2500)),
    "anchors": "".join(f"- &a{n} v\n" for n in range(5000)),
    "tags": "- !a b\n" * 9000,
    "documents": "---\n" * 16_000,
    "a long key": "k" * DEEP + ": 1\n",
    "a huge number": "version: " + "9" * DEEP,
    "many keys": "".join(f"k{n}: v\n" for n in range(7000)),
    "many items": "[" + "a," * 32_000 + "]",
    "one key again and again": "a: b\n" * 12_000,
    "unknown keys": "version: 1\nzone: x\nmessages:\n" + "".join(f"  a{n}: {{tle: x}}\n" for n in range(2000)),
    "comments": "#a\n" * 21_000,
    "quotes": "'" * 64_001,
    "escapes": 'zone: "' + "\\n" * 30_000 + '"',
    "control characters": "\x01" * DEEP,
    "tabs": "\t" * DEEP,
    "colons": ": " * (DEEP // 2),
    "unreadable escapes": 'zone: "\\Uffffffff"',
    "too large": "x" * (LARGEST_BYTES + 1),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_at_little_cost(name: str) -> None:
    """No nesting, repetition or size makes the reader slow or deep; without limits the brackets take minutes."""
    found = faults(HOSTILE[name])
    assert 0 < len(found) <= MOST_FAULTS
