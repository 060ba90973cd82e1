"""A file that is no whole backup of ours changes nothing, and costs no more memory or disk than it may."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from keeping.manifest import BackupUnusable, Manifest, Member
from keeping.staging import NoRoom, stage
from tests.keeping.rooms import backup, content_of, lived_in

ABOUT = b'{"format":1,"version":"0.1.0","made":"2026-06-03T04:00:00Z","zone":"a"}'
Info = tarfile.TarInfo


def plain(name: str, **fields: object) -> Info:
    """Return a header."""
    info = Info(name)
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def forged(*members: tuple[Info, bytes], about: bytes = ABOUT, fmt: int = tarfile.GNU_FORMAT) -> io.BytesIO:
    """Return a tar with those members whose papers agree with it: all that is wrong is what is told."""
    everything = [(plain("about.json"), about), *members]
    listed = tuple(
        Member(name=info.name, size=len(data), sha256=hashlib.sha256(data).hexdigest()) for info, data in everything
    )
    manifest = msgspec.json.encode(Manifest(members=listed))
    digest = hashlib.sha256(manifest).hexdigest().encode()
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=fmt) as tar:
        for info, data in [*everything, (plain("manifest.json"), manifest), (plain("manifest.sha256"), digest)]:
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    file.seek(0)
    return file


HOSTILE = {
    "an absolute path": lambda: forged((plain("/etc/passwd"), b"x")),
    "a way out": lambda: forged((plain("history/../../../etc/passwd.yaml"), b"x")),
    "a way out in front": lambda: forged((plain("../schedule.yaml"), b"x")),
    "a name of no part": lambda: forged((plain("secret"), b"x")),
    "a hidden name": lambda: forged((plain(".restore-ready/plan.json"), b"x")),
    "a folder too deep": lambda: forged((plain("history/a/b.yaml"), b"x")),
    "another ending": lambda: forged((plain("history/a.sh"), b"x")),
    "a link": lambda: forged((plain("schedule.yaml", type=tarfile.SYMTYPE, linkname="/etc/passwd"), b"")),
    "a hard link": lambda: forged((plain("schedule.yaml", type=tarfile.LNKTYPE, linkname="about.json"), b"")),
    "a device": lambda: forged((plain("schedule.yaml", type=tarfile.CHRTYPE), b"")),
    "a pipe": lambda: forged((plain("schedule.yaml", type=tarfile.FIFOTYPE), b"")),
    "a folder": lambda: forged((plain("history", type=tarfile.DIRTYPE), b"")),
    "extended headers": lambda: forged(
        (plain("schedule.yaml", pax_headers={"comment": "x"}), b"x"), fmt=tarfile.PAX_FORMAT
    ),
    "the same name twice": lambda: forged((plain("schedule.yaml"), b"x"), (plain("schedule.yaml"), b"x")),
    "a clip that is not what its name says": lambda: forged((plain(f"clips/{'0' * 64}.wav"), b"x")),
    "a part too large": lambda: forged((plain("two-people.json"), bytes(1 << 17))),
    "a second paper": lambda: forged((plain("about.json"), ABOUT)),
    "nothing of ours": lambda: io.BytesIO(b"PK\3\4 not a tar" * 1000),
    "nothing": io.BytesIO,
    "another tar": lambda: without_about(),  # noqa: PLW0108 - it is further down
    "no time zone": lambda: forged(about=ABOUT.replace(b"Z", b"")),
    "no version": lambda: forged(about=ABOUT.replace(b"0.1.0", b"new")),
    "a later form": lambda: forged(about=ABOUT.replace(b'"format":1', b'"format":2')),
    "a zone that moves the cursor": lambda: forged(about=ABOUT.replace(b'"a"', b'"\\u001b[2J"')),
    "more fields": lambda: forged(about=ABOUT[:-1] + b',"x":1}'),
}


def without_about() -> io.BytesIO:
    """Return some other tar."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        tar.addfile(plain("schedule.yaml", size=1), io.BytesIO(b"x"))
    file.seek(0)
    return file


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_and_leaves_nothing(make: Callable[[], io.BytesIO], tmp_path: Path) -> None:
    """Whatever it holds, the room is as it was."""
    before = content_of(lived_in(tmp_path))
    with pytest.raises(BackupUnusable):
        stage(make(), tmp_path, version="0.1.0")
    assert content_of(tmp_path) == before
    assert not list(tmp_path.glob(".restor*"))


def test_a_forgery_that_is_none_is_taken(tmp_path: Path) -> None:
    """What the table above forges is refused for what each says of itself, not for how it is made."""
    staged = stage(forged((plain("schedule.yaml"), b"x")), tmp_path, version="0.1.0")
    assert staged.counts == {"schedule.yaml": 1}


def test_a_damaged_byte_and_a_missing_end_are_noticed(tmp_path: Path) -> None:
    """A bit anywhere is refused, or was in the filling between two files and changes nothing; a cut is refused."""
    (tmp_path / "old").mkdir()
    new = tmp_path / "new"
    new.mkdir()
    whole = backup(lived_in(tmp_path / "old")).getvalue()
    stage(io.BytesIO(whole), new, version="0.1.0")
    right = {path.relative_to(new): path.read_bytes() for path in new.rglob("*") if path.is_file()}
    end = whole.rindex(b"manifest.sha256") + tarfile.BLOCKSIZE + 64
    refused = 0
    for at in range(0, end, 509):
        damaged = bytearray(whole)
        damaged[at] ^= 1
        try:
            stage(io.BytesIO(bytes(damaged)), new, version="0.1.0")
        except BackupUnusable:
            refused += 1
        else:
            assert {path.relative_to(new): path.read_bytes() for path in new.rglob("*") if path.is_file()} == right
    assert refused > end // 509 // 2
    for length in range(0, end, 4096):
        with pytest.raises(BackupUnusable):
            stage(io.BytesIO(whole[:length]), new, version="0.1.0")


def test_a_header_that_claims_gigabytes_costs_no_memory(tmp_path: Path) -> None:
    """A long name of two gigabytes is refused before it is read."""
    info = plain("././@LongLink", type=tarfile.GNUTYPE_LONGNAME, size=2 << 30)
    file = forged()
    head = file.getvalue()[:1024]
    hostile = head + info.tobuf(tarfile.GNU_FORMAT) + bytes(4096)
    with pytest.raises(BackupUnusable):
        stage(io.BytesIO(hostile), tmp_path, version="0.1.0")


@pytest.mark.parametrize(
    ("made_by", "here", "taken"),
    [("0.1.0", "0.1.0", True), ("0.9.0", "0.10.0", True), ("0.1.0", "1", True), ("0.2.0", "0.1.0", False)],
)
def test_a_later_version_reads_it_and_an_earlier_does_not(made_by: str, here: str, taken: bool, tmp_path: Path) -> None:
    """Numbers are compared as numbers."""
    (tmp_path / "old").mkdir()
    file = backup(lived_in(tmp_path / "old"), made_by)
    if taken:
        assert stage(file, tmp_path, version=here).about.version == made_by
    else:
        with pytest.raises(BackupUnusable, match="upgrade"):
            stage(file, tmp_path, version=here)


def test_a_full_card_is_told_before_anything_is_written(tmp_path: Path) -> None:
    """The backup needs its size and some more."""
    with pytest.raises(NoRoom, match="MB"):
        stage(forged(), tmp_path, version="0.1.0", free_bytes=lambda _folder: 1 << 20)
    assert list(tmp_path.iterdir()) == []
