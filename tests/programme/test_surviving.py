"""What must hold for every programme and for every byte: nothing is lost in the file, nothing breaks the reader."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from box.folders import share
from programme.checking import faults_in
from programme.faults import MOST_FAULTS, ProgrammeInvalid
from programme.model import Programme
from programme.reading import read_programme
from programme.writing import fresh, written
from tests.programme.samples import programmes
from tests.thorough import examples

STARTER = (share() / "schedule.yaml").read_bytes()

COMMENTED = """\
# 一 最上面
version: 1   # 二
zone: 警苑小区  # 三

messages:    # 四
  # 五
  a:
    title: 甲   # 六
    text: |     # 七
      第一行
      第二行

    # 八
    author: 王
  "yes":
    title: '乙'
    # 九
    text: "引号"
broadcasts:  # 十
  m:
    at: 18:00   # 十一
    days:
    - mon       # 十二
    - fri
    messages:   # 十三
      - a       # 十四
      # 十五
      - "yes"
  n: {at: 06:30, messages: [a]}  # 十六
# 十七
exceptions:
  - from: 2026-06-07   # 十八
    to: 2026-06-09
    reason: 高考
# 十九
""".encode()

thorough = settings(
    max_examples=examples(60, everyday=15),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],  # two large programmes overrun at times
)


@thorough
@given(programme=programmes())
def test_every_programme_survives_a_new_file(programme: Programme) -> None:
    """What the model allows is written, read and the same, whatever the words look like to YAML."""
    assert faults_in(programme) == ()
    assert read_programme(fresh(programme)) == programme


@thorough
@given(programme=programmes())
@pytest.mark.parametrize("content", [COMMENTED, STARTER, COMMENTED.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + STARTER])
def test_every_programme_survives_a_file_written_by_hand(content: bytes, programme: Programme) -> None:
    """Saved over a file with comments of all kinds, any programme is what is read back."""
    assert read_programme(written(programme, content)) == programme


@thorough
@given(first=programmes(), second=programmes())
def test_every_programme_survives_another_one(first: Programme, second: Programme) -> None:
    """Saved over any other programme's file, it is what is read back; saved again, not a byte changes."""
    content = written(second, fresh(first))
    assert read_programme(content) == second
    assert written(second, content) == content


edits = st.lists(
    st.tuples(
        st.sampled_from(["delete", "insert", "swap", "truncate", "repeat", "set"]),
        st.floats(0, 1),
        st.floats(0, 1),
        st.one_of(
            st.binary(max_size=4),
            st.sampled_from([b":", b"\n", b"  ", b"- ", b"'", b'"', b"#", b"[", b"*a", b"&a", b"\t"]),
        ),
    ),
    min_size=1,
    max_size=4,
)


def mutated(content: bytes, edit: tuple[str, float, float, bytes]) -> bytes:
    """Return ``content`` with one thing done to it."""
    kind, one, other, piece = edit
    first, last = sorted((int(one * len(content)), int(other * len(content))))
    match kind:
        case "delete":
            return content[:first] + content[min(last, first + 20) :]
        case "insert":
            return content[:first] + piece + content[first:]
        case "swap":
            return content[:first] + content[first + 1 : last] + content[first : first + 1] + content[last:]
        case "truncate":
            return content[:last]
        case "repeat":
            return content[:last] + content[first:last] + content[last:]
    return content[:first] + piece + content[first + len(piece) :]


@settings(thorough, max_examples=examples(150, everyday=40))
@given(edits=edits)
@pytest.mark.parametrize("content", [STARTER, COMMENTED])
def test_any_damage_gives_a_programme_or_faults(content: bytes, edits: list[tuple[str, float, float, bytes]]) -> None:
    """However the bytes are changed, they are a programme that may be saved, or a list of faults with sentences."""
    for edit in edits:
        content = mutated(content, edit)
    try:
        programme = read_programme(content)
    except ProgrammeInvalid as error:
        assert 0 < len(error.faults) <= MOST_FAULTS
        last_line = content.count(b"\n") + content.count(b"\r") + 1
        assert all(fault.zh and fault.en for fault in error.faults)
        assert all(fault.line is None or 1 <= fault.line <= last_line for fault in error.faults)
    else:
        assert faults_in(programme) == ()
        assert read_programme(written(programme, content)) == programme


@settings(thorough, max_examples=examples(300, everyday=100))
@given(content=st.binary(max_size=200))
def test_any_bytes_give_faults(content: bytes) -> None:
    """Bytes that never were a programme are faults, not a traceback."""
    with pytest.raises(ProgrammeInvalid):
        read_programme(content)
