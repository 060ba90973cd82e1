"""The shared layer: taken whole with its clips from a room that is trusted in nothing, or not at all."""

import hashlib
from pathlib import Path

import pytest
from msgspec.structs import replace

from programme.shared import Shared, encode_shared
from tests.programme.test_together import NOTICE, SHARED
from tests.speaker.intake.a_panel import wav
from tts.library import ClipLibrary
from tts.shared_layer import TakenLayer

FRAMES = 480


class Room:
    """The fleet's room, and the panel's side of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "fleet" / "clips").mkdir(parents=True)
        (root / "panel" / "clips").mkdir(parents=True)
        self.library = ClipLibrary(root / "panel" / "clips")
        self.layer = self.a_layer()

    def a_layer(self) -> TakenLayer:
        """Return the layer as a start of the panel makes it."""
        return TakenLayer(self.root / "fleet", self.root / "panel" / "shared.json", self.library)

    def send(self, content: bytes = wav(FRAMES), *, named: bytes | None = None, **changes: object) -> Shared:
        """Lay a shared programme of one message there, its clip under the name of ``named`` if given."""
        name = hashlib.sha256(named or content).hexdigest()
        (self.root / "fleet" / "clips" / f"{name}.wav").write_bytes(content)
        message = replace(NOTICE, clip=name, frames=FRAMES)
        shared = replace(SHARED, **{"messages": (message,), **changes})
        new = self.root / "fleet" / "new"
        new.write_bytes(encode_shared(shared))
        new.replace(self.root / "fleet" / "shared.json")
        return shared


@pytest.fixture
def room(tmp_path):
    """Give a room in which nothing lies yet."""
    return Room(tmp_path)


def test_nothing_is_shared_where_nothing_lies(room):
    """A box that joined nothing has no layer, and no room either."""
    room.layer.look()
    assert (room.layer.current(), room.layer.revision, room.layer.takings) == (None, "", 0)
    away = TakenLayer(room.root / "nowhere", room.root / "panel" / "shared.json", room.library)
    away.look()
    assert away.current() is None


def test_it_is_taken_with_its_clips_once(room):
    """The clip is in the library afterwards, and the copy does not hang on the agent's room."""
    shared = room.send()
    room.layer.look()
    room.layer.look()
    assert (room.layer.current(), room.layer.revision, room.layer.takings) == (shared, "h1", 1)
    assert room.library.holds(shared.messages[0].clip, FRAMES)
    assert room.a_layer().current() == shared


def test_a_tampered_clip_is_refused_and_the_one_before_stays(room):
    """Nothing of the new one is aired, and the panel can say why."""
    before = room.send()
    room.layer.look()
    room.send(wav(FRAMES, value=3), named=wav(FRAMES, value=4), revision="h2")
    room.layer.look()
    assert (room.layer.current(), room.layer.revision) == (before, "h1")
    assert "不一样" in room.layer.trouble.zh


@pytest.mark.parametrize("content", [wav(FRAMES, rate=44_100), wav(FRAMES, channels=2), wav(FRAMES + 1), b"RIFF", b""])
def test_only_the_one_kind_of_clip_is_taken(room, content):
    """Right by its hash is not enough: it must be what the speaker plays, in the length that was said."""
    room.send(content)
    room.layer.look()
    assert room.layer.current() is None
    assert room.layer.trouble is not None


def test_a_link_in_the_room_is_not_followed(room):
    """The agent can't have the panel read its own secrets into the library."""
    shared = room.send()
    clip = room.root / "fleet" / "clips" / f"{shared.messages[0].clip}.wav"
    clip.replace(room.root / "secret")
    clip.symlink_to(room.root / "secret")
    room.layer.look()
    assert room.layer.current() is None


def test_a_missing_clip_is_named(room):
    """Until it is there, what was taken before goes on."""
    shared = room.send()
    (room.root / "fleet" / "clips" / f"{shared.messages[0].clip}.wav").unlink()
    room.layer.look()
    assert "没有声音" in room.layer.trouble.zh


def test_when_it_is_taken_away_it_is_forgotten(room):
    """A box that has left the fleet says only its own."""
    room.send()
    room.layer.look()
    (room.root / "fleet" / "shared.json").unlink()
    room.layer.look()
    assert (room.layer.current(), room.layer.revision, room.layer.takings) == (None, "", 2)


def test_a_clip_that_the_library_lost_is_taken_again(room):
    """Storage may damage what was whole when it came."""
    shared = room.send()
    room.layer.look()
    room.library.path(shared.messages[0].clip).write_bytes(b"damaged")
    assert room.layer.current() == shared
    assert room.library.holds(shared.messages[0].clip, FRAMES)


def test_where_it_is_damaged_its_last_good_copy_counts(room):
    """What is shared falls silent for no bad block, whatever has become of the agent's room."""
    shared = room.send()
    room.layer.look()
    (room.root / "panel" / "shared.json").write_bytes(b"{")
    (room.root / "fleet" / "shared.json").write_bytes(b"{")
    assert room.layer.current() == shared
    room.layer.look()
    assert (room.layer.current(), room.layer.revision) == (shared, "h1")


def test_damaged_with_its_copy_it_is_taken_anew(room):
    """It counts as not there, and the next look takes it again."""
    shared = room.send()
    room.layer.look()
    for name in ("shared.json", "shared.good.json"):
        (room.root / "panel" / name).write_bytes(b"{")
    assert room.layer.current() is None
    room.layer.look()
    assert room.layer.current() == shared


def test_what_is_too_large_is_refused_unread(room):
    """A file of a gigabyte costs nothing."""
    with (room.root / "fleet" / "shared.json").open("wb") as file:
        file.truncate(1 << 30)
    room.layer.look()
    assert room.layer.trouble is not None
