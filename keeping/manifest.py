"""The two papers in a backup: at its head where it comes from, at its end what must be in it, byte for byte."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from box.sentences import XiaolabaError

FORMAT = 1
ABOUT, MANIFEST, DIGEST = "about.json", "manifest.json", "manifest.sha256"
MOST_MEMBERS = 50_000
MOST_PAPER_BYTES = 16 << 20  # of 50,000 members, about 200 bytes each

# It is shown on terminals: nothing that moves a cursor.
_Text = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z")]
_Version = Annotated[str, Meta(pattern=r"^[0-9]{1,6}(\.[0-9]{1,6}){0,3}$")]


class BackupUnusable(XiaolabaError):
    """A file that is no backup, not whole, or of a later version; nothing was changed."""


class About(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a backup comes from: which xiaolaba made it, when (UTC), of which courtyard."""

    format: int
    version: _Version
    made: datetime
    zone: _Text


class Member(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a backup."""

    name: Annotated[str, Meta(max_length=300)]
    size: Annotated[int, Meta(ge=0)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All files of a backup, in their order. Its own hash is the digest over all."""

    members: Annotated[tuple[Member, ...], Meta(max_length=MOST_MEMBERS)]


def read_about(content: bytes, version_here: str) -> About:
    """Return the head's paper. Raises BackupUnusable where it is none, or of a version later than ``version_here``."""
    try:
        about = msgspec.json.decode(content, type=About)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise not_a_backup() from error
    if about.format > FORMAT or _numbers(about.version) > _numbers(version_here):
        raise BackupUnusable(
            f"这个备份是 {about.version} 版做的，这台机器是 {version_here} 版。请先升级这台机器，再恢复",
            f"this backup was made by version {about.version}, and here is {version_here}: upgrade this machine first",
        )
    if about.made.tzinfo is None:
        raise not_a_backup()
    return about


def read_manifest(content: bytes, digest: bytes) -> Manifest:
    """Return the end's paper. Raises BackupUnusable where it is not the one that ``digest`` was written for."""
    if hashlib.sha256(content).hexdigest().encode() != digest.strip():
        raise damaged()
    try:
        return msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise damaged() from error


def not_a_backup() -> BackupUnusable:
    """Return the sentence for a file that is something else."""
    return BackupUnusable(
        "这个文件不是小喇叭的备份，没有改动任何东西。请选 xiaolaba backup 做出来的文件",
        "this file is no backup of xiaolaba; nothing was changed. Choose one that xiaolaba backup has made",
    )


def damaged(name: str = "") -> BackupUnusable:
    """Return the sentence for a backup that is not as it was written."""
    where = f"：{name}" if name else ""
    return BackupUnusable(
        f"这个备份坏了或者不完整{where}，没有改动任何东西。请换一个备份",
        f"this backup is damaged or not whole{f' ({name})' if name else ''}; nothing was changed. Take another one",
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"[0-9]+", version))
