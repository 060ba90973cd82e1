"""The clip library: what counts as there, and what a kill leaves behind."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bench.years import fill_clips
from tests.tts.fakes import write_wave
from tts.library import ClipLibrary, Recipe
from tts.recipes import recipe_for
from tts.treatment import Treatment
from tts.voices import EDGE, ESPEAK, ESPEAK_VOICE

RECIPE = recipe_for(ESPEAK, ESPEAK_VOICE, "请注意")


@pytest.fixture
def library(tmp_path: Path) -> ClipLibrary:
    """Return an empty library."""
    return ClipLibrary(tmp_path / "clips")


def put(library: ClipLibrary, recipe: Recipe = RECIPE, samples: bytes = b"\x01\x02" * 4800) -> Path:
    """Add a clip as the studio does; return its file."""
    with library.workplace() as folder:
        write_wave(folder / "clip.wav", samples)
        return library.path(library.add(recipe, folder / "clip.wav").sha256)


def test_a_clip_is_named_by_its_bytes_and_found_by_its_recipe(library: ClipLibrary) -> None:
    """The file's name is the hash of the file; another library of the folder finds it."""
    path = put(library)
    assert path.stem == hashlib.sha256(path.read_bytes()).hexdigest()
    found = ClipLibrary(path.parent).find(RECIPE)
    assert found is not None
    assert (found.sha256, found.frames, found.engine, found.spoken) == (path.stem, 4800, ESPEAK, "请注意")


def test_the_usual_treatment_is_that_of_clips_before_there_was_another(library: ClipLibrary) -> None:
    """An upgrade finds them: its key is of what was there before."""
    before = msgspec.json.decode(msgspec.json.encode(RECIPE))
    assert "treatment" not in before
    put(library)
    assert library.find(recipe_for(ESPEAK, ESPEAK_VOICE, "请注意", treatment=Treatment())) is not None


def test_only_the_group_may_read_it(library: ClipLibrary) -> None:
    """Clip and sidecar have mode 0640 whatever the umask."""
    path = put(library)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in (path, path.with_name(f"{RECIPE.key}.json"))}
    assert modes == {0o640}


@pytest.mark.parametrize(
    "other",
    [
        recipe_for(ESPEAK, ESPEAK_VOICE, "请注意。"),
        recipe_for(EDGE, ESPEAK_VOICE, "请注意"),
        recipe_for(ESPEAK, "zh-CN-YunxiNeural", "请注意"),
        recipe_for(ESPEAK, ESPEAK_VOICE, "请注意", treatment=Treatment(loudspeaker="horn")),
        recipe_for(ESPEAK, ESPEAK_VOICE, "请注意", treatment=Treatment(sentence_pause_ms=300)),
        Recipe(engine=ESPEAK, voice=ESPEAK_VOICE, spoken="请注意", pace="fast", preparation=1, mixdown=1),
    ],
)
def test_whatever_changes_the_sound_is_another_clip(library: ClipLibrary, other: Recipe) -> None:
    """Engine, voice, words and pace all belong to the key."""
    put(library)
    assert other.key != RECIPE.key
    assert library.find(other) is None


@pytest.mark.parametrize("cut_to", [0, 20, 44, 5000])
def test_a_cut_clip_counts_as_not_there(library: ClipLibrary, cut_to: int) -> None:
    """A file that a power cut shortened is not found, and is made again."""
    path = put(library)
    path.write_bytes(path.read_bytes()[:cut_to])
    assert library.find(RECIPE) is None
    put(library)
    assert library.find(RECIPE) is not None


def test_a_clip_with_a_changed_sample_counts_as_not_there(library: ClipLibrary) -> None:
    """The bytes must be those that the name says."""
    path = put(library)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert library.find(RECIPE) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"sha256": 1}', b"\xff\xfe"])
def test_a_broken_sidecar_counts_as_not_there(library: ClipLibrary, content: bytes) -> None:
    """Whatever is in the sidecar, it is a clip that is not known."""
    path = put(library)
    path.with_name(f"{RECIPE.key}.json").write_bytes(content)
    assert library.find(RECIPE) is None


def test_a_missing_file_counts_as_not_there(library: ClipLibrary) -> None:
    """A sidecar without its clip finds nothing."""
    put(library).unlink()
    assert library.find(RECIPE) is None


@pytest.mark.parametrize("left_in", [".rendering", ".rendering-of-a-version-before"])
def test_what_a_killed_renderer_left_is_cleared(library: ClipLibrary, tmp_path: Path, left_in: str) -> None:
    """The next renderer clears it, and leaves nothing of its own."""
    put(library)
    left = tmp_path / "clips" / left_in
    (left / "sentences").mkdir(parents=True)
    (left / "edge.mp3").write_bytes(b"half")
    (left / "elsewhere").symlink_to(tmp_path)
    with library.workplace() as folder:
        assert list(folder.iterdir()) == []
        (folder / "job.json").write_bytes(b"{}")
    files = [path for path in (tmp_path / "clips").rglob("*") if path.is_file()]
    assert sorted(path.suffix for path in files) == ["", ".json", ".wav"]
    assert [path.name for path in (tmp_path / "clips").iterdir() if path.is_dir()] == [".rendering"]
    assert tmp_path.exists()


def test_one_renderer_after_the_other_works_in_the_same_folder(library: ClipLibrary) -> None:
    """A voice that is away is asked each hour for years: to make a folder each time wears the card."""
    made = []
    for _ in range(3):
        with library.workplace() as folder:
            made.append((folder, folder.stat().st_ino))
    assert len(set(made)) == 1


def test_a_file_that_is_not_whole_is_not_taken(library: ClipLibrary, tmp_path: Path) -> None:
    """Half a WAV never gets a name in the library."""
    with library.workplace() as folder:
        (folder / "clip.wav").write_bytes(b"RIFF")
        with pytest.raises(ValueError, match=r"clip\.wav"):
            library.add(RECIPE, folder / "clip.wav")
    assert [path.name for path in (tmp_path / "clips").rglob("*") if path.is_file()] == [".lock"]


def test_two_renderers_take_turns(library: ClipLibrary) -> None:
    """The second begins only when the first has left."""
    order: list[str] = []
    first_is_in = threading.Event()

    def second() -> None:
        first_is_in.wait(60)
        with library.workplace():
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with library.workplace():
        first_is_in.set()
        order.append("first")
    thread.join(60)
    assert order == ["first", "second"]


def test_the_clips_asked_for_the_longest_ago_make_way(tmp_path: Path) -> None:
    """Every draft that is listened to is a clip: without a bound they would fill the storage in a few months."""
    library = ClipLibrary(tmp_path / "clips", most_bytes=25_000)
    recipes = [recipe_for(ESPEAK, ESPEAK_VOICE, text) for text in ("甲", "乙", "丙")]
    first, second = put(library, recipes[0], b"\1\0" * 4800), put(library, recipes[1], b"\2\0" * 4800)
    for path in (first, second):
        os.utime(path, (0, 0))
    assert library.find(recipes[0]) is not None
    third = put(library, recipes[2], b"\3\0" * 4800)
    assert (first.exists(), second.exists(), third.exists()) == (True, False, True)
    assert library.find(recipes[1]) is None
    assert len(list(first.parent.glob("*.json"))) == 2


def test_clips_that_nobody_uses_are_removed_and_those_in_use_or_asked_for_stay(tmp_path: Path) -> None:
    """The rule goes by use; its sidecars go with a clip."""
    folder = tmp_path / "clips"
    old, new = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    fill_clips(folder, 1_000, old)
    used = {path.stem for path in list(folder.glob("*.wav"))[:20]}
    asked = [path for path in folder.glob("*.wav") if path.stem not in used][:30]
    for path in asked:
        os.utime(path, times=(new.timestamp(),) * 2)
    library = ClipLibrary(folder)
    assert library.forget_unused(used, datetime(2026, 2, 1, tzinfo=UTC).timestamp()) == 1_000 - 50
    assert {path.stem for path in folder.glob("*.wav")} == used | {path.stem for path in asked}
    assert len(list(folder.glob("*.json"))) == 50
    assert library.forget_unused(used, datetime(2026, 2, 1, tzinfo=UTC).timestamp()) == 0
