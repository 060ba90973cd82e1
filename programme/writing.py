"""A changed programme into the bytes of its file, what somebody wrote into it by hand left as it is."""

from __future__ import annotations

import codecs

from programme.checking import faults_in
from programme.faults import Fault, ProgrammeInvalid
from programme.form import form_of
from programme.model import Programme
from programme.nodes import LARGEST_BYTES, Mapping, decode, parse
from programme.patching import patched
from programme.reading import read_programme
from programme.rendering import entry


def fresh(programme: Programme) -> bytes:
    """Return the bytes of a new programme file.

    Raises ProgrammeInvalid for a programme that is not allowed or that makes a file too large.
    """
    return _proved("".join(entry(key, value, 0) for key, value in form_of(programme).items()).encode(), programme)


def written(programme: Programme, content: bytes) -> bytes:
    """Return ``content``, the bytes of a valid programme file, changed so that they hold ``programme``.

    Comments, order, line ends and byte order mark stay. The result is read again and is exactly ``programme``.
    Raises ProgrammeInvalid for a programme that is not allowed, or if the result would not be the same.
    """
    faults = faults_in(programme)
    if faults:
        raise ProgrammeInvalid(faults)
    text, _ = decode(content)
    if not text.endswith("\n"):  # a block of lines that ends with the file means one line end more with it
        text += "\n"
    old, new = form_of(read_programme(text.encode())), form_of(programme)
    root, _ = parse(text)
    if not isinstance(root, Mapping):  # it was read as one two lines above
        raise TypeError(root)
    changed = patched(text, root, old, new)
    if b"\r\n" in content:
        changed = changed.replace("\n", "\r\n")
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    return _proved(mark + changed.encode(), programme)


def _proved(content: bytes, programme: Programme) -> bytes:
    if len(content) > LARGEST_BYTES:
        kib = LARGEST_BYTES // 1024
        zh = f"所有稿件加起来超过 {kib} KiB，请删掉不用的稿件"
        raise ProgrammeInvalid([Fault(None, zh, f"all messages together are over {kib} KiB; remove some")])
    if read_programme(content) != programme:
        zh = "节目文件的写法太特别，没法自动改，请照样例整理后再试；原来的文件没有动"
        en = "the file is written in a way that can't be changed automatically; tidy it first. It was not touched"
        raise ProgrammeInvalid([Fault(None, zh, en)])
    return content
