"""The publication intake: wholly there or not at all, and nothing of the panel's is trusted."""

import hashlib
import os
from queue import SimpleQueue

import msgspec
import pytest

from programme.publication import Publication
from speaker.intake.clip_store import KEPT_FREE_BYTES
from speaker.intake.kept import kept_copy
from speaker.intake.publications import FAILED, SWEEP_SECONDS, Intake
from speaker.intake.watched import RETRY_SECONDS
from tests.speaker.fakes import a_broadcast
from tests.speaker.intake.a_panel import Panel, wav


@pytest.fixture
def panel(tmp_path):
    """Give a panel that has published nothing."""
    return Panel(tmp_path)


def test_a_whole_publication_is_taken_and_kept(panel):
    """Its clips are copies of the speaker's own, and after a restart nobody else is needed."""
    clip = panel.clip(wav())
    publication = panel.publish(clip)
    panel.intake.look()
    panel.intake.look()
    assert panel.taken == [publication]
    assert panel.sentence is None
    original, copy = panel.folders.clips / f"{clip}.wav", panel.folders.speaker / "clips" / f"{clip}.wav"
    assert copy.read_bytes() == original.read_bytes()
    assert copy.stat().st_ino != original.stat().st_ino
    original.unlink()
    panel.folders.publication.unlink()
    kept = kept_copy(panel.folders, panel.clock)
    assert kept.publication == publication
    restarted = panel.an_intake()
    restarted.look()
    restarted.mend()
    assert panel.taken == [publication]
    assert panel.sentence is None


def test_nothing_published_is_no_fault(panel):
    """There is just nothing to take."""
    panel.intake.look()
    assert (panel.taken, panel.sentence, kept_copy(panel.folders, panel.clock)) == ([], None, None)


def a_link_out(panel) -> None:
    """Put a link in the place of the clip."""
    secret = panel.folders.data / "secret.wav"
    secret.write_bytes(wav())
    name = hashlib.sha256(wav()).hexdigest()
    (panel.folders.clips / f"{name}.wav").symlink_to(secret)
    panel.publish(name)


def a_linked_folder(panel) -> None:
    """Put a link in the place of the clips' folder."""
    name = panel.clip(wav())
    elsewhere = panel.folders.data / "elsewhere"
    panel.folders.clips.rename(elsewhere)
    panel.folders.clips.symlink_to(elsewhere)
    panel.publish(name)


def a_pipe(panel) -> None:
    """Put a pipe in the place of the clip, which nobody writes to."""
    os.mkfifo(panel.folders.clips / f"{'0' * 64}.wav")
    panel.publish("0" * 64)


def a_linked_publication(panel) -> None:
    """Put a link in the publication's place."""
    panel.publish(panel.clip(wav()))
    panel.folders.publication.rename(panel.folders.data / "other.json")
    panel.folders.publication.symlink_to(panel.folders.data / "other.json")


def a_lie_about_content(panel) -> None:
    """Name a clip by what it is not."""
    (panel.folders.clips / f"{'a' * 64}.wav").write_bytes(wav())
    panel.publish("a" * 64)


@pytest.mark.parametrize(
    "publish",
    [
        a_link_out,
        a_linked_folder,
        a_pipe,
        a_linked_publication,
        a_lie_about_content,
        lambda panel: panel.publish("b" * 64),
        lambda panel: panel.publish(panel.clip(wav()), frames=481),
        lambda panel: panel.publish(panel.clip(wav()[:-100])),
        lambda panel: panel.publish(panel.clip(wav(rate=44_100))),
        lambda panel: panel.publish(panel.clip(wav(channels=2))),
        lambda panel: panel.publish(panel.clip(b"ID3 not a wave")),
        lambda panel: panel.publish(panel.clip(b"")),
        lambda panel: panel.publish(panel.clip(wav()), timezone="Mars/Olympus"),
        lambda panel: panel.publish(panel.clip(wav()), broadcasts=(a_broadcast("a", "07:30", grace_minutes=9999),)),
        lambda panel: panel.publish(
            panel.clip(wav()), broadcasts=(msgspec.structs.replace(a_broadcast("a", "07:30"), repeat=10**9),)
        ),
        lambda panel: panel.put(b"{"),
        lambda panel: panel.put(b"[" * 100_000),
        lambda panel: panel.put(b" " * 2_000_000),
    ],
)
def test_a_publication_that_is_not_whole_is_refused(panel, publish):
    """With a sentence in both languages; the one before goes on, and nothing half is left behind."""
    good = panel.publish(panel.clip(wav(value=7)))
    panel.intake.look()
    own = panel.own_clips()
    publish(panel)
    panel.intake.look()
    assert panel.taken == [good]
    assert panel.sentence.zh
    assert panel.sentence.en
    assert kept_copy(panel.folders, panel.clock).publication == good
    assert panel.own_clips() == own


def test_a_clip_that_comes_later_is_found(panel):
    """What was refused is tried again, and the alarm ends."""
    content = wav()
    panel.publish(hashlib.sha256(content).hexdigest())
    panel.intake.look()
    assert panel.sentence is not None
    panel.clip(content)
    panel.intake.look()
    assert panel.taken == []
    panel.clock.advance(RETRY_SECONDS)
    panel.intake.look()
    assert len(panel.taken) == 1
    assert panel.sentence is None


def test_clips_that_nothing_needs_are_removed(panel):
    """Not those of the publication kept, nor of what is sounding."""
    old, new = panel.clip(wav(value=1)), panel.clip(wav(value=2))
    panel.publish(old)
    panel.intake.look()
    panel.publish(new, revision="r2")
    panel.intake.look()
    panel.in_use = frozenset({old})
    panel.intake.sweep()
    assert panel.own_clips() == sorted([old, new])
    panel.in_use = frozenset()
    panel.intake.sweep()
    assert panel.own_clips() == [new]
    assert SWEEP_SECONDS >= 60


def test_who_publishes_without_end_does_not_fill_the_storage(panel):
    """Each publication does not put the sweep off again."""
    for minute in range(20):
        panel.publish(panel.clip(wav(value=minute + 1)), revision=f"r{minute}")
        panel.intake.go()
        panel.clock.advance(60)
    assert len(panel.own_clips()) <= SWEEP_SECONDS / 60 + 1


def test_room_is_left_for_the_log(panel):
    """A clip that would fill the storage is refused: nothing sounds that can't be written down before."""
    panel.free_bytes = KEPT_FREE_BYTES + len(wav()) - 1
    clip = panel.clip(wav())
    panel.publish(clip)
    panel.intake.look()
    assert panel.taken == []
    assert "已满" in panel.sentence.zh
    assert panel.own_clips() == []
    panel.free_bytes += 1
    panel.clock.advance(RETRY_SECONDS)
    panel.intake.look()
    assert panel.own_clips() == [clip]


def test_a_damaged_copy_is_mended_from_the_panel(panel):
    """One bit of it is enough; where the panel has it no more, that is told."""
    clip = panel.clip(wav())
    panel.publish(clip)
    panel.intake.look()
    copy = panel.folders.speaker / "clips" / f"{clip}.wav"
    damaged = bytearray(copy.read_bytes())
    damaged[100] ^= 1
    copy.write_bytes(damaged)
    panel.intake.mend()
    assert copy.read_bytes() == wav()
    copy.write_bytes(damaged)
    (panel.folders.clips / f"{clip}.wav").unlink()
    panel.intake.mend()
    assert panel.sentence is not None


def test_a_damaged_kept_publication_is_not_used(panel):
    """The panel's is taken instead."""
    publication = panel.publish(panel.clip(wav()))
    panel.intake.look()
    (panel.folders.speaker / "on-air.json").write_bytes(b"\0" * 100)
    assert kept_copy(panel.folders, panel.clock) is None
    panel.an_intake().look()
    assert panel.taken == [publication, publication]


def test_its_thread_ends_when_it_is_closed(panel):
    """Whether or not it was started."""
    panel.publish(panel.clip(wav()))
    panel.intake.start()
    panel.intake.close()
    panel.an_intake().close()


def test_a_fault_of_its_own_is_told_and_outlived(panel):
    """The thread goes on to the next publication, and says that this one failed."""

    def fail(_: Publication) -> None:
        raise RuntimeError("a fault")

    told: SimpleQueue[object] = SimpleQueue()
    panel.publish(panel.clip(wav()))
    intake = Intake(
        panel.folders,
        clock=panel.clock,
        taken=fail,
        refused=told.put,
        bulletins_taken=panel.bulletins.append,
        bulletins_refused=lambda _sentence: None,
        clips_in_use=frozenset,
        poll_seconds=0.001,
    )
    intake.start()
    assert told.get(timeout=60) == FAILED
    panel.put(b"{")
    assert "播出文件不完整" in told.get(timeout=60).zh
    intake.close()
