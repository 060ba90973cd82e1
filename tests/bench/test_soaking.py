"""What a long run is judged by: sound beyond the record and at night, out of a log whose answer is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.soaking import Night, heard_beyond_the_rows, seconds_within
from tests.card.virtual import VirtualCard

BEGIN = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def card_with(folder: Path, *starts: float) -> VirtualCard:
    """Return a card that was opened and sounded for a second, so many seconds after BEGIN each."""
    log = []
    for number, seconds in enumerate(starts):
        at = int((BEGIN.timestamp() + seconds) * 1e9)
        log += [f"OPEN {at} 0 {number * 48_000} 0", f"START {at} 0 {number * 48_000} 0"]
    (folder / "card.log").write_text("\n".join(["OPEN 0 0 0 0", "CLOSE 0 0 0 0", *log]) + "\n")
    (folder / "recording.raw").write_bytes(b"\x40\x1f" * 48_000 * len(starts))
    return VirtualCard(folder / "library.so", folder)


def test_sound_without_a_row_is_counted(tmp_path: Path) -> None:
    """An opening that only looked whether the card is there is none."""
    card = card_with(tmp_path, 0, 10, 20)
    assert heard_beyond_the_rows(card, 3) == 0
    assert heard_beyond_the_rows(card, 2) == 1


def test_sound_at_night_is_measured_to_the_frame(tmp_path: Path) -> None:
    """Half a second before the night, half a second in it; another one after it."""
    night = Night(BEGIN + timedelta(seconds=60), BEGIN + timedelta(seconds=120))
    assert seconds_within(card_with(tmp_path, 10, 59.5, 119.75, 130), night) == 0.75


def test_a_night_is_in_the_middle_and_of_whole_minutes() -> None:
    """As the settings take it."""
    night = Night.in_the_middle(BEGIN, timedelta(minutes=10))
    assert night.as_setting() == "07:35-07:37"
