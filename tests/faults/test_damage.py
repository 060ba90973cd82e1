"""Files that storage has damaged: each is put aside with its time, the last good one counts, and nothing is deleted."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from box.aside import all_aside
from box.folders import Folders
from programme.file import ProgrammeFile
from programme.publication import decode_publication
from speaker.airing import Outcome
from speaker.protocol import Done
from tests.card.virtual import VirtualCard
from tests.faults.courtyard import NO_QUIET_HOURS, Courtyard, until

WORDS = "第二次改的话。"
PAGES = ("/", "/messages/", "/messages/hello", "/messages/hello/history", "/schedule/", "/records", "/users/")


def zeroed(content: bytes) -> bytes:
    """Return what ext4 leaves of a file whose blocks were never written."""
    return bytes(len(content))


def scrambled(content: bytes) -> bytes:
    """Return what a worn card gives back: something else, of that length."""
    return random.Random(0).randbytes(len(content))  # noqa: S311 - any bytes do


def emptied(_content: bytes) -> bytes:
    """Return nothing."""
    return b""


def halved(content: bytes) -> bytes:
    """Return what came before the end of the card."""
    return content[: len(content) // 2]


def a_sector_of(content: bytes) -> bytes:
    """Return it with 512 bytes in its middle that are something else: its head and its length are as they were."""
    middle = len(content) // 1024 * 512
    return content[:middle] + scrambled(content[middle : middle + 512]) + content[middle + 512 :]


Damage = Callable[[bytes], bytes]
KINDS = [zeroed, *(pytest.param(kind, marks=pytest.mark.slow) for kind in (scrambled, emptied, halved))]
CLIP_KINDS = [
    a_sector_of,
    *(pytest.param(kind, marks=pytest.mark.slow) for kind in (zeroed, scrambled, emptied, halved)),
]


@pytest.fixture(scope="module")
def used(built_card: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data of a courtyard that was used: saves, a page, records that the panel has copied, a login."""
    folder = tmp_path_factory.mktemp("used")
    with Courtyard(folder, VirtualCard(built_card, folder).environment) as yard:
        yard.publish()
        person = yard.person()
        yard.speaker()
        yard.panel()
        assert person.save("第一次改的话。")[0] == "done"
        assert person.save(WORDS)[0] == "done"
        until(yard.taken)
        assert isinstance(yard.client.play(message="hello"), Done)
        until(lambda: [row.outcome for row in yard.airings()] == [Outcome.AIRED])
        visitor = yard.visitor()
        visitor.get("/records")
        visitor.get("/messages/hello/history")
    return yard.folders.data


@pytest.fixture
def yard(used: Path, courtyard: Courtyard) -> Courtyard:
    """Give a courtyard that was used and does not run."""
    shutil.copytree(used, courtyard.folders.data, dirs_exist_ok=True)
    (courtyard.folders.speaker / "settings.good.toml").write_bytes(courtyard.settings.read_bytes())
    return courtyard


def damage(path: Path, kind: Damage) -> bytes:
    """Damage ``path`` as it lies; return what is there now. A database's log goes too."""
    path.write_bytes(kind(path.read_bytes()))
    for companion in ("-wal", "-shm"):
        path.with_name(path.name + companion).unlink(missing_ok=True)
    return path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_damaged_the_last_good_counts_and_nothing_is_deleted(yard: Courtyard, kind: Damage) -> None:
    """All at once: programme, users, keys, what is on air, the records, the copies, the settings.

    She gets in with her password, finds her words, and what is due is heard, by the limits as they were.
    """
    folders = yard.folders
    broken = {
        path: damage(path, kind)
        for path in (
            *([folders.programme] if kind is not halved else []),  # half a programme looks like a person's mistake
            folders.panel / "users.json",
            folders.panel / "tokens.json",
            folders.publication,
            *([folders.panel / "records.sqlite"] if kind is not emptied else []),  # no bytes: a new database
            folders.speaker / "on-air.json",
            *([folders.speaker / "as-run.db"] if kind is not emptied else []),
        )
    }
    damage(yard.settings, kind)
    yard.speaker()
    yard.panel()
    visitor = yard.visitor()
    until(lambda: ProgrammeFile(folders.programme).read().programme.messages[0].text == WORDS)
    until(lambda: folders.publication.exists() and yard.taken())
    assert "坏过" in visitor.get("/")
    assert WORDS in visitor.get("/messages/")
    assert yard.person().save("坏过以后改的话。")[0] == "done"
    until(yard.taken)
    until(lambda: isinstance(yard.client.play(message="hello"), Done))
    until(lambda: Outcome.AIRED in {row.outcome for row in yard.airings()})
    expected = {"settings-damaged"} | ({"log-lost"} if kind is not emptied else set())
    assert yard.alarms() == expected
    status = yard.status()
    assert status is not None
    assert status.quiet_hours == ""  # as it was set, not as it is by default
    for path, content in broken.items():
        aside = [one for one in all_aside(path.parent) if one.name == path.name]
        assert [one.path.read_bytes() for one in aside] == [content], path


def test_a_mistake_made_by_hand_is_left_to_the_hand(yard: Courtyard) -> None:
    """Half a programme is told with its lines and stays where it is; the last good one is on air meanwhile."""
    programme = yard.folders.programme
    content = damage(programme, lambda _: "version: 1\nzone: 警苑小区\nmessages: [\n".encode())
    yard.speaker()
    yard.panel()
    person = yard.person()
    assert person.words() == WORDS
    assert person.save("存不进去的话。")[0] == "refused"
    assert "节目文件有错" in yard.visitor().get("/")
    assert programme.read_bytes() == content
    assert isinstance(yard.client.play(message="hello"), Done)


@pytest.mark.parametrize("kind", CLIP_KINDS)
def test_damaged_clips_are_made_anew_and_never_heard_as_noise(yard: Courtyard, kind: Damage) -> None:
    """In both folders at once: the panel renders, the speaker takes, the damaged ones lie aside."""
    folders = yard.folders
    on_air = decode_publication(folders.publication.read_bytes())
    [clip] = {message.clip for message in on_air.messages}
    store = folders.speaker / "clips"
    broken = damage(store / f"{clip}.wav", kind)
    damage(folders.clips / f"{clip}.wav", kind)
    yard.speaker()
    yard.panel()
    until(lambda: sound_is_whole(folders))
    until(lambda: not yard.alarms())
    assert isinstance(yard.client.play(message="hello"), Done)
    until(lambda: [row.outcome for row in yard.airings()][-1] is Outcome.AIRED)
    [aside] = all_aside(store)
    assert aside.path.read_bytes() == broken


def test_broken_settings_without_a_last_good_start_nothing(courtyard: Courtyard) -> None:
    """Limits are never guessed: one sentence says what to mend."""
    courtyard.settings.write_text(NO_QUIET_HOURS + "loudest_percent = 500\n", encoding="utf-8")
    speaker = courtyard.speaker(wait=False)
    until(lambda: speaker.popen.poll() is not None)
    assert speaker.popen.returncode == 1
    assert "settings.toml" in speaker.said


@pytest.mark.slow
def test_whichever_file_alone_is_damaged_every_page_is_still_shown(yard: Courtyard) -> None:
    """Each file of the panel's room, in each way, one after the other: no page fails, and she gets in."""
    room, whole = yard.folders.panel, yard.folder / "whole"
    shutil.copytree(room, whole)
    files = [path.relative_to(whole) for path in sorted(whole.rglob("*")) if path.is_file() and path.stat().st_size]
    assert len(files) > 10
    for name in files:
        for kind in (zeroed, scrambled, emptied, halved):
            damage(room / name, kind)
            panel = yard.panel()
            visitor = yard.visitor()
            for page in PAGES:
                assert visitor.get(page), (name, kind, page)
            assert "Traceback" not in panel.said, (name, kind, panel.said[-3000:])
            panel.kill()
            shutil.rmtree(room)
            shutil.copytree(whole, room)


def sound_is_whole(folders: Folders) -> bool:
    """Tell whether what the speaker has is what the panel has published, to the last byte."""
    if not folders.publication.exists():
        return False
    clips = {message.clip for message in decode_publication(folders.publication.read_bytes()).messages}
    ours, theirs = (folders.clips, folders.speaker / "clips")
    return all(
        (theirs / f"{clip}.wav").exists()
        and (theirs / f"{clip}.wav").read_bytes() == (ours / f"{clip}.wav").read_bytes()
        for clip in clips
    )
