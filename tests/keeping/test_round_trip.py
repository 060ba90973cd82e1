"""What is backed up comes back, and nothing else."""

from __future__ import annotations

import json
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from keeping.staging import stage
from keeping.swap import NothingToUndo, add_files, add_lines, commit, finish, undo
from tests.keeping.rooms import CLIP, NOW, TAKE, backup, content_of, lived_in

ADDERS = {"audit": add_lines, "clips": add_files, "records.sqlite": lambda new, here: new.replace(here)}


def restore(file, room: Path) -> None:
    """Do all of it."""
    stage(file, room, version="0.1.0")
    commit(room, NOW)
    assert finish(room, ADDERS)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Give a room that was lived in."""
    (tmp_path / "old").mkdir()
    return lived_in(tmp_path / "old")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Give an empty room."""
    (tmp_path / "new").mkdir()
    return tmp_path / "new"


def test_an_empty_box_becomes_the_old_one(old: Path, new: Path) -> None:
    """Every file that people made is there again, byte for byte; what is another box's own business is not."""
    restore(backup(old), new)
    before, after = content_of(old), content_of(new)
    stays = {
        "secret",
        "setup-code.json",
        "voices/baker/model.onnx",
        f"recordings/waiting/{TAKE}.json",
        f"clips/{'1' * 64}.json",
        f"clips/{'2' * 64}.wav",
    }
    assert set(before) - set(after) == stays
    differ = {name for name in after if after[name] != before[name]}
    assert differ <= {"users.json", "records.sqlite"}
    with closing(sqlite3.connect(new / "records.sqlite")) as store:
        assert store.execute("SELECT row FROM airing").fetchall() == [("守好阵地",)]


def test_nobody_is_logged_in_by_a_backup(old: Path, new: Path) -> None:
    """Passwords come back, sessions and invitations do not: who was logged out since stays out."""
    (old / "users.good.json").write_bytes((old / "users.json").read_bytes())
    restore(backup(old), new)
    for name in ("users.json", "users.good.json"):
        assert json.loads((new / name).read_bytes()) == [
            {"name": "守好阵地", "password": "hash", "sessions": [], "invitation": None}
        ]


def test_what_was_here_is_replaced_and_can_be_put_back(old: Path, new: Path) -> None:
    """Also what the backup does not have goes; undoing brings all of it back, and undoing that too."""
    lived_in(new, "别的")
    (new / "drafts/other-0123456789ab.json").write_text("{}")
    (old / "words.tsv").unlink()
    was = content_of(new)
    restore(backup(old), new)
    restored = content_of(new)
    assert restored["schedule.yaml"] == "text: 守好阵地".encode()
    assert "words.tsv" not in restored
    assert "drafts/other-0123456789ab.json" not in restored
    undo(new, NOW)
    assert finish(new, ADDERS)
    undone = content_of(new)
    added = {"audit/2026-06-02.jsonl", "records.sqlite"}
    assert {name: undone[name] for name in undone if name not in added} == {
        name: was[name] for name in was if name not in added
    }
    undo(new, NOW)
    assert finish(new, ADDERS)
    assert content_of(new)["schedule.yaml"] == restored["schedule.yaml"]


def test_the_acts_of_both_stay(old: Path, new: Path) -> None:
    """An audit log is only ever added to: each line once, in the order of time."""
    lived_in(new, "别的")
    (new / "audit/2026-06-02.jsonl").write_text(
        '{"at":"2026-06-02T00:30:00Z","what":"早"}\n{"at":"2026-06-02T02:00:00Z","what":"晚"}\n', encoding="utf-8"
    )
    restore(backup(old), new)
    restore(backup(old), new)
    lines = (new / "audit/2026-06-02.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["what"] for line in lines] == ["早", "守好阵地", "晚"]


def test_three_states_before_are_kept(old: Path, new: Path) -> None:
    """A card is not filled by restoring again and again."""
    for _ in range(5):
        restore(backup(old), new)
    assert len(list(new.glob("before-restore-*"))) == 3


def test_nothing_to_undo_is_a_sentence(new: Path) -> None:
    """Where nothing was restored, nothing is changed."""
    with pytest.raises(NothingToUndo):
        undo(new, NOW)
    assert not finish(new, ADDERS)


def test_it_is_a_tar_that_any_machine_opens(old: Path) -> None:
    """Names as they are in the room; the sound on air is in it, other clips are not."""
    with tarfile.open(fileobj=backup(old)) as tar:
        names = tar.getnames()
    assert (names[0], names[-2:]) == ("about.json", ["manifest.json", "manifest.sha256"])
    assert [name for name in names if name.startswith("clips/")] == [f"clips/{'0' * 64}.json", f"clips/{CLIP}.wav"]
    assert f"recordings/{TAKE}.m4a" in names


def test_a_file_that_grows_meanwhile_does_not_spoil_it(old: Path, new: Path) -> None:
    """An act is written to the audit log while it is read: the backup has what was there when it was opened."""
    pieces = []
    from keeping.writing import backup_of  # noqa: PLC0415

    for piece in backup_of(old, version="0.1.0", zone="", now=NOW):
        pieces.append(piece)
        with (old / "audit/2026-06-02.jsonl").open("ab") as file:
            file.write(b"{}\n")
    from io import BytesIO  # noqa: PLC0415

    restore(BytesIO(b"".join(pieces)), new)
    assert (new / "audit/2026-06-02.jsonl").read_bytes().startswith(b'{"at":"2026-06-02T01:00:00Z"')
