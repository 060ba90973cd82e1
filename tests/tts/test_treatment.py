"""The treatment: what the installer's settings make of every clip."""

from __future__ import annotations

from pathlib import Path

import pytest

from box.settings import SettingsInvalid, read_settings
from tts.recipes import sound_of
from tts.treatment import USUAL, Treatment, treatment_of


def test_what_the_installer_has_set_is_what_is_done(tmp_path: Path) -> None:
    """Nothing set is the usual treatment."""
    file = tmp_path / "settings.toml"
    assert treatment_of(read_settings(file).audio) == USUAL
    file.write_text('[audio]\nloudspeaker = "horn"\nsentence_pause_ms = 400\n', encoding="utf-8")
    assert treatment_of(read_settings(file).audio) == Treatment(loudspeaker="horn", sentence_pause_ms=400)


@pytest.mark.parametrize("line", ['loudspeaker = "tweeter"', "sentence_pause_ms = 3001", "sentence_pause_ms = -1"])
def test_what_there_is_not_is_refused(tmp_path: Path, line: str) -> None:
    """A slip is named, not guessed at."""
    (tmp_path / "settings.toml").write_text(f"[audio]\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsInvalid):
        read_settings(tmp_path / "settings.toml")


def test_every_treatment_has_a_name_of_its_own() -> None:
    """By which a publication tells whether its clips are still what they would be."""
    treatments = [USUAL, Treatment(loudspeaker="horn"), Treatment(loudspeaker="flat"), Treatment(sentence_pause_ms=1)]
    assert len({sound_of(treatment) for treatment in treatments}) == len(treatments)
