"""The socket's file: its folder, its owner and mode, and that only one speaker has it."""

from __future__ import annotations

import fcntl
import grp
import os
import socket
import stat
from pathlib import Path

from box.sentences import XiaolabaError

_LONGEST_PATH_BYTES = 107  # sizeof(sun_path) - 1, unix(7)
_WAITING = 64  # connections the kernel holds while one is being taken


class DoorClosed(XiaolabaError):
    """The socket can't be opened, and what to do about it."""


class SpeakerAlreadyRuns(DoorClosed):
    """Another speaker has this socket."""


class Door:
    """A listening Unix socket at ``path``, and the lock that says whose it is.

    The folder is private to its owner, or to owner and ``group`` where that group exists and this process may
    give files to it. A socket file that a dead process left is replaced; a living process keeps its own.
    """

    def __init__(self, path: Path, group: str | None) -> None:
        if len(os.fsencode(path)) > _LONGEST_PATH_BYTES:
            raise DoorClosed(
                f"运行目录的路径太长，请换一个短一些的目录：{path}", f"this path is too long for a socket: {path}"
            )
        self.path = path
        self.group = _usable_group(group)
        try:
            _private_folder(path.parent, self.group)
            self._lock = _locked(path.with_name(path.name + ".lock"))
            try:
                self.socket = self._listening()
            except BaseException:
                os.close(self._lock)
                raise
        except OSError as error:
            raise DoorClosed(
                f"播音程序打不开它的接口 {path}（{error.strerror}），请检查磁盘空间和目录权限",
                f"the speaker can't open its socket {path} ({error.strerror}): check disk space and permissions",
            ) from error

    def close(self) -> None:
        """Stop listening, take the file away and let go of the lock."""
        self.socket.close()
        self.path.unlink(missing_ok=True)
        os.close(self._lock)

    def _listening(self) -> socket.socket:
        if self.path.is_symlink() or self.path.is_socket():
            self.path.unlink()  # the lock is ours, so whoever made it is gone
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        try:
            listener.setblocking(False)
            listener.bind(str(self.path))
            _give(self.path, self.group)
            self.path.chmod(0o600 if self.group is None else 0o660)
            listener.listen(_WAITING)  # last: before it nobody can connect, whatever the mode was until now
        except BaseException:
            listener.close()
            raise
        return listener


def _usable_group(name: str | None) -> int | None:
    """Return the number of the group, or None where there is none of that name or it is not ours to give to."""
    if name is None:
        return None
    try:
        group = grp.getgrnam(name).gr_gid
    except KeyError:
        return None
    return group if os.geteuid() == 0 or group in {os.getegid(), *os.getgroups()} else None


def _private_folder(folder: Path, group: int | None) -> None:
    """Make ``folder``, or check that nobody else could have prepared it for us (its parent may be /tmp)."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass  # whose it is, is looked at below
    except FileNotFoundError:
        folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    state = folder.lstat()
    ours = state.st_uid == os.geteuid()
    roots = state.st_uid == 0 and not state.st_mode & stat.S_IWOTH
    if not stat.S_ISDIR(state.st_mode) or not (ours or roots):
        raise DoorClosed(
            f"运行目录 {folder} 不是本程序的，请删除它再启动",
            f"the folder {folder} belongs to somebody else: remove it and start again",
        )
    if ours:
        _give(folder, group)
        folder.chmod(0o700 if group is None else 0o750)


def _give(path: Path, group: int | None) -> None:
    """Give ``path`` to ``group``, unless it has it: the unit's sandbox forbids chown, and needs none."""
    if group is not None and path.stat().st_gid != group:
        os.chown(path, -1, group)


def _locked(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise SpeakerAlreadyRuns(
            "小喇叭已经在运行，不能同时运行两个；请先停止另一个",
            "xiaolaba is already running here: stop the other one first",
        ) from error
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
