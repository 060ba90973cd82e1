"""The as-run log as a person reads it."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from cli.log import cells_of, line_of, zone_of
from speaker.airing import Outcome, Reason
from speaker.heard import Hearing
from speaker.record import Airing, Part

HALF_PAST_SEVEN = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
AIRING = Airing(
    id=1,
    change=1,
    priority="programme",
    origin="schedule",
    who="",
    broadcast="morning",
    day=date(2026, 3, 2),
    attempt=1,
    due=HALF_PAST_SEVEN,
    started=HALF_PAST_SEVEN,
    ended=None,
    outcome=Outcome.AIRED,
    reason=Reason.NONE,
    frames=48_000,
    frames_played=48_000,
    lateness_ms=0.1,
    volume_percent=70,
    revision="0123456789abcdef",
    said=(),
)


@pytest.mark.parametrize(
    ("timezone", "told"), [("Asia/Shanghai", "2026-03-02 07:30:00"), ("Europe/London", "2026-03-01 23:30:00")]
)
def test_an_instant_is_told_by_the_clock_of_the_courtyard(timezone: str, told: str) -> None:
    """Not by that of the machine, which is often left at UTC: the occurrence of half past seven says so."""
    assert line_of(AIRING, zone_of(timezone)).startswith(told)


def test_as_long_as_nothing_is_on_air_the_machines_clock_tells() -> None:
    """There is no courtyard yet whose time it could be."""
    assert zone_of("") is None


@pytest.mark.parametrize(("lateness_ms", "told"), [(0.1, "+0.1 ms"), (-0.03, "-0.0 ms"), (81_143.7, "+81 s")])
def test_lateness_is_told_in_the_unit_that_fits(lateness_ms: float, told: str) -> None:
    """Milliseconds on time, seconds after a power cut."""
    row = msgspec.structs.replace(AIRING, lateness_ms=lateness_ms)
    assert f"  {told}  " in line_of(row, None) + "  "


def test_what_a_contact_did_is_told_by_its_name() -> None:
    """Also where nothing was said: it was triggered, or its wire was cut."""
    row = msgspec.structs.replace(
        AIRING, origin="contact", who="消防主机", outcome=Outcome.NOTED, reason=Reason.CONTACT_CUT, broadcast=None
    )
    assert line_of(row, None).endswith("消防主机")


def test_what_the_microphone_says_stands_in_the_row() -> None:
    """With its figures; where no microphone is set there is nothing to say."""
    heard = Hearing(verdict="faint", likeness_percent=61, above_noise_db=3.2)
    told = line_of(msgspec.structs.replace(AIRING, heard=heard), None)
    assert "听到了，但很轻（相似 61%，比播出前后响 3 分贝）" in told
    assert "听到" not in line_of(AIRING, None)


def test_what_was_cut_says_how_often() -> None:
    """An open row that was cut waits to go on."""
    part = Part(started=HALF_PAST_SEVEN, ended=HALF_PAST_SEVEN, frames_played=10, cut_by=2)
    assert "aired, cut once  " in line_of(msgspec.structs.replace(AIRING, parts=(part,)), None)
    assert "cut, goes on afterwards, cut 2 times" in line_of(
        msgspec.structs.replace(AIRING, outcome=None, parts=(part, part)), None
    )


def test_no_cell_of_the_table_is_a_formula() -> None:
    """Whatever somebody called himself; a number stays one, also below zero."""
    cells = cells_of(msgspec.structs.replace(AIRING, who="-1+1|cmd", lateness_ms=-0.3))
    assert "'-1+1|cmd" in cells
    assert -0.3 in cells
