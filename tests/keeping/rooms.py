"""A panel's room that has been lived in, and what is in one."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from keeping.writing import backup_of

NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)
SOUND = b"RIFF of a clip"
CLIP = hashlib.sha256(SOUND).hexdigest()
TAKE = "ab" * 32


def lived_in(room: Path, words: str = "守好阵地") -> Path:
    """Fill ``room`` with some of everything, ``words`` in each file that may differ from room to room."""
    files = {
        "schedule.yaml": f"text: {words}",
        "words.tsv": f"{words}\t…",
        "users.json": json.dumps([{"name": words, "password": "hash", "sessions": [{"token_sha256": "t"}]}]),
        "tokens.json": "[]",
        "two-people.json": '{"on":true}',
        "on-air.json": json.dumps({"messages": [{"clip": CLIP}], "revision": words}),
        "secret": f"only here: {words}",
        "setup-code.json": "{}",
        "history/20260101T000000.000000Z_0123456789abcdef_%E7%8E%8B.yaml": words,
        f"history/20260102T000000.000000Z_0123456789abcdef_{'%E7%8E%8B' * 16}.yaml": words,
        f"recordings/{TAKE}.m4a": words,
        f"recordings/{TAKE}.json": "{}",
        f"recordings/archive/{TAKE}.json": "{}",
        f"recordings/waiting/{TAKE}.json": "not kept yet",
        "archive/20260101T000000000000-01234567.json": words,
        "drafts/stay-0123456789ab.json": words,
        "proposals/stay-0123456789ab.json": words,
        "audit/2026-06-02.jsonl": f'{{"at":"2026-06-02T01:00:00Z","what":"{words}"}}\n',
        f"clips/{'0' * 64}.json": json.dumps({"sha256": CLIP}),
        f"clips/{'1' * 64}.json": json.dumps({"sha256": "2" * 64}),
        f"clips/{'2' * 64}.wav": "of another programme",
        "voices/baker/model.onnx": "large",
    }
    for name, text in files.items():
        path = room / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (room / f"clips/{CLIP}.wav").write_bytes(SOUND)
    with closing(sqlite3.connect(room / "records.sqlite")) as store:
        store.execute("CREATE TABLE airing (log, id, change, day, row, PRIMARY KEY (log, id))")
        store.execute("INSERT INTO airing VALUES (1, 1, 1, '2026-06-02', ?)", (words,))
        store.commit()
    return room


def backup(room: Path, version: str = "0.1.0") -> BytesIO:
    """Return a backup of ``room``."""
    return BytesIO(b"".join(backup_of(room, version=version, zone="警苑小区", now=NOW)))


def content_of(room: Path) -> dict[str, bytes]:
    """Return every file of ``room`` that people made: not what is kept of before, nor what a write left unfinished."""
    return {
        str(path.relative_to(room)): path.read_bytes()
        for path in sorted(room.rglob("*"))
        if path.is_file()
        and not any(part.startswith((".", "before-restore-")) for part in path.relative_to(room).parts)
    }
