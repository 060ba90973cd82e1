"""``log --verify``: every row of the as-run log and of the panel's copy against the chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from box.folders import Folders
from box.sentences import Sentence, XiaolabaError
from cli import terminal, wire
from cli.owner import as_owner_of
from speaker.chain import Head, follow
from speaker.client import SpeakerAway
from speaker.protocol import Records
from speaker.record import Airing
from web.records.copy import RecordsCopy

Ask = Callable[[int], Records]

_LIGHTLY = 200  # changes before the last that the panel has copied: some weeks of a courtyard


def verify(folders: Folders) -> int:
    """Check the speaker's log and the panel's copy, tell of each, and return the exit code: 1 where one doesn't fit."""
    client = wire.client_of(folders)

    def work() -> int:
        found = [
            log_finding(lambda after: client.records(changed_after=after), _copy_in(folders)),
            *copy_findings(_copy_in(folders)),
        ]
        for _, sentence in found:
            terminal.tell(*sentence)
        return int(not all(fits for fits, _ in found))

    # The copy is opened as the panel, to whom it belongs: root would leave files that the panel can't write.
    return as_owner_of(folders.panel, work)


def log_finding(ask: Ask, copy: RecordsCopy | None) -> tuple[bool, Sentence]:
    """Tell whether the speaker's log is whole, and holds every row whose hash the panel kept, with a sentence."""
    try:
        rows, log = told_by(ask)
        head = follow(rows, log, _known(copy, log))
    except XiaolabaError as error:
        zh, en = error.sentence
        return False, Sentence(f"播音程序的记录：{zh}", f"the speaker's log: {en}")
    return True, _whole("播音程序的记录", "the speaker's log", head)


def copy_findings(copy: RecordsCopy | None) -> list[tuple[bool, Sentence]]:
    """Tell of each log in the panel's copy whether it is whole."""
    found = []
    for number, log in copy.logs() if copy else ():
        zh, en = f"面板抄下的记录（{log[:8] or number}）", f"the panel's copy ({log[:8] or number})"
        try:
            head = follow(copy.in_order_of_change(number), log, copy.links(number)) if copy else Head(0, "")
        except XiaolabaError as error:
            found.append((False, Sentence(f"{zh}：{error.sentence.zh}", f"{en}: {error.sentence.en}")))
        except msgspec.DecodeError as error:
            found.append((False, Sentence(f"{zh}：有一条读不出来（{error}）", f"{en}: a row can't be read ({error})")))
        else:
            found.append((True, _whole(zh, en, head)))
    return found


def ends_well(ask: Ask, copy: RecordsCopy | None) -> bool:
    """Tell whether the end of the speaker's log fits the panel's copy. Raises SpeakerAway."""
    log = ask(0).log
    number = _number_of(copy, log)
    since = max(0, copy.newest_change(number) - _LIGHTLY) if copy and number else 0
    try:
        rows, log = told_by(ask, since)
        follow(rows, log, _known(copy, log), from_the_first=since == 0)
    except SpeakerAway:
        raise
    except XiaolabaError:
        return False
    return True


def told_by(ask: Ask, after: int = 0) -> tuple[Iterator[Airing], str]:
    """Return the rows changed after a number, in the order of change, and the identity of their log."""
    first = ask(after)

    def rows() -> Iterator[Airing]:
        told = first
        while True:
            yield from told.airings
            if not told.more or not told.airings:
                return
            told = ask(told.airings[-1].change)

    return rows(), first.log


def copy_at(path: Path) -> RecordsCopy | None:
    """Return the panel's copy, None where it has not made one yet."""
    return RecordsCopy(path) if path.is_file() else None


def _copy_in(folders: Folders) -> RecordsCopy | None:
    return copy_at(folders.panel / "records.sqlite")


def _known(copy: RecordsCopy | None, log: str) -> dict[int, str]:
    number = _number_of(copy, log)
    return copy.links(number) if copy and number else {}


def _number_of(copy: RecordsCopy | None, log: str) -> int:
    return next((number for number, identity in copy.logs() if identity == log), 0) if copy else 0


def _whole(zh: str, en: str, head: Head) -> Sentence:
    if head.link == 0:
        return Sentence(f"{zh}：还没有可以核对的", f"{en}: nothing to check yet")
    return Sentence(
        f"{zh}：完整，到第 {head.link} 条，校验码 {head.hash}", f"{en}: whole, up to link {head.link}, hash {head.hash}"
    )
