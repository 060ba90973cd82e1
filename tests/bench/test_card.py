"""Lateness by the card's log, out of a recording whose answer is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bench.card import lateness
from bench.tone import timezone_of, write_tone
from tests.card.virtual import VirtualCard

FRAMES = 4800
DUE = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def card_with(tmp_path, sounds: dict[float, bytes]) -> VirtualCard:
    """Return a card that started at DUE and has recorded ``sounds``, each at so many seconds after it."""
    write_tone(tmp_path / "tone.wav", FRAMES)
    recording = bytearray(48_000 * 2 * 10)
    for seconds, samples in sounds.items():
        begin = round(seconds * 48_000) * 2
        recording[begin : begin + len(samples)] = samples
    (tmp_path / "recording.raw").write_bytes(recording)
    (tmp_path / "card.log").write_text(f"OPEN 0 0 0 0\nSTART {int(DUE.timestamp()) * 10**9} 0 0 0\n")
    return VirtualCard(tmp_path / "library.so", tmp_path)


def tone(tmp_path) -> bytes:
    """Return the samples of the tone."""
    write_tone(tmp_path / "tone.wav", FRAMES)
    return (tmp_path / "tone.wav").read_bytes()[44:]


def test_each_cue_is_late_by_where_its_first_sample_is(tmp_path):
    """Early is negative, and what was not heard is counted."""
    sounds = {0.999: tone(tmp_path), 2.010: tone(tmp_path)}
    dues = [DUE + timedelta(seconds=second) for second in (1, 2, 3)]
    found = lateness(card_with(tmp_path, sounds), FRAMES, dues, 1)
    assert [round(one, 2) for one in found.ms] == [-1.0, 10.0]
    assert found.missed == 1


def test_what_an_mp3_leaves_around_a_sound_is_not_its_beginning(tmp_path):
    """A faint echo before the tone and after it is no sample of a cue."""
    faint = (300).to_bytes(2, "little") * 480
    sounds = {0.995: faint, 1.005: tone(tmp_path), 1.2: faint}
    found = lateness(card_with(tmp_path, sounds), FRAMES, [DUE + timedelta(seconds=1)], 1)
    assert [round(one, 2) for one in found.ms] == [5.0]


def test_the_bench_is_far_from_midnight_at_any_hour():
    """Whatever the hour, all cues fall on one local day."""
    for hour in range(24):
        instant = datetime(2026, 3, 2, hour, 30, tzinfo=UTC)
        ahead = -int((timezone_of(instant).removeprefix("Etc/GMT")) or 0)
        assert (hour + ahead) % 24 == 10
