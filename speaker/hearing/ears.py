"""Has each airing listened to by an ear of its own; the speaker tells it what is played, and waits for nothing."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Literal

import msgspec

from box.clock import Clock
from box.sentences import Sentence
from speaker.airing import Position, Reason, Result, Rundown, Sound
from speaker.card_watch import PlayoutOnCard
from speaker.heard import Hearing
from speaker.hearing.listening import AFTER_SECONDS, Part, Played
from speaker.sound.card import RATE_HZ

logger = logging.getLogger(__name__)

ANSWER_SECONDS = AFTER_SECONDS + 60.0  # it reckons for a twentieth of the time on a slow board, less on others
FAILED = Hearing(verdict="not-listened", why="failed")
TOO_SLOW = Hearing(verdict="not-listened", why="too-slow")
_LOOK_SECONDS = 0.1
_MOST_BYTES = 4096
_PROJECT = Path(__file__).resolve().parents[2]

Told = Callable[[int, Hearing], None]


class _Judgement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    verdict: Literal["heard", "faint", "not-heard", "not-listened"]
    likeness: float | None
    above_noise_db: float | None
    delay_ms: int | None
    why: Literal["", "missing", "busy", "denied", "unfit", "lost", "deaf", "too-short", "clip-gone"]


class ListenedPlayout:
    """A playout whose rundowns are listened to. ``told`` is handed each verdict, with the number in the result.

    What is played is as it would be without: an ear is begun and told of the end by a thread of its own.
    """

    def __init__(
        self,
        playout: PlayoutOnCard,
        device: str,
        clock: Clock,
        told: Told,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._playout = playout
        self._answer_seconds = answer_seconds
        self._device = device
        self._clock = clock
        self._told = told
        self._numbers = 0
        self._listening: Listening | None = None

    def start(self, rundown: Rundown, ended: Callable[[Result], None]) -> None:
        """Sound ``rundown`` and have it listened to; the listening before, if it is not over, ends now.

        What is only recorded, or has no volume, is in no air.
        """
        if self._listening is not None:
            self._listening.hurry()
        if self._playout.card_state() == "recorder" or rundown.volume_percent == 0:
            self._listening = None
            self._playout.start(rundown, ended)
            return
        self._numbers += 1
        listening = self._listening = Listening(
            self._numbers, self._device, parts_of(rundown), self._told, self._answer_seconds
        )
        listening.start()

        def has_ended(result: Result) -> None:
            if result.frames_played == 0:
                ended(result)
                listening.forget()
                return
            began = self._clock.monotonic() - result.frames_played / RATE_HZ
            ended(replace(result, listening=listening.number))
            listening.end(Played(began, result.frames_played))

        self._playout.start(rundown, has_ended)

    def stop(self, reason: Reason) -> None:
        """End what sounds, or what is armed."""
        self._playout.stop(reason)

    def position(self) -> Position | None:
        """Return where playout is, or None in silence."""
        return self._playout.position()

    def card_state(self) -> Literal["card", "recorder", "missing"]:
        """Return what it plays on."""
        return self._playout.card_state()

    def card_sentence(self) -> Sentence | None:
        """Return what is wrong with the card and what to do, or None."""
        return self._playout.card_sentence()

    def close(self) -> None:
        """End what sounds, and whatever listens."""
        self._playout.close()
        if self._listening is not None:
            self._listening.forget()


def parts_of(rundown: Rundown) -> tuple[Part, ...]:
    """Return what the ear must know: words are compared, chimes and signals are not, since other yards have the same.

    A rundown without words is compared as it is.
    """
    has_words = any(isinstance(item, Sound) and item.message_id for item in rundown.items)
    return tuple(
        Part(str(item.path), item.frames, item.message_id is not None or not has_words)
        if isinstance(item, Sound)
        else Part(None, item.frames, counts=False)
        for item in rundown.items
    )


class Listening:
    """One ear from its beginning to its verdict; whatever becomes of it, one is told, unless it is forgotten."""

    def __init__(self, number: int, device: str, parts: Sequence[Part], told: Told, answer_seconds: float) -> None:
        self._answer_seconds = answer_seconds
        self.number = number
        self._device = device
        self._parts = parts
        self._told = told
        self._played: Played | None = None
        self._is_hurried = False
        self._notices: SimpleQueue[Played | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="ear", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def end(self, played: Played) -> None:
        """Tell what was played."""
        self._played = played
        self._notices.put(replace(played, enough=self._is_hurried))

    def hurry(self) -> None:
        """Ask for the verdict without the noise afterwards: something else is to sound, and to be listened to."""
        self._is_hurried = True
        if self._played is not None:
            self._notices.put(replace(self._played, enough=True))

    def forget(self) -> None:
        """Let it end without a verdict."""
        self._notices.put(None)

    def _run(self) -> None:
        hearing: Hearing | None = FAILED
        try:
            with subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
                (sys.executable, "-P", "-m", "speaker.hearing", "--device", self._device),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": str(_PROJECT), "PYTHONUTF8": "1"},
                bufsize=0,
            ) as ear:
                _offer_to_the_kernel(ear)
                try:
                    hearing = self._listened(ear)
                finally:
                    ear.kill()
        except Exception:  # whatever became of the ear, what is played is none of its business
            logger.exception("an ear failed")
        if hearing is not None:
            self._told(self.number, hearing)

    def _listened(self, ear: subprocess.Popen[bytes]) -> Hearing | None:
        """Return what the ear says when it has been told of the end; None where nobody wants to know."""
        _tell(ear, [astuple(part) for part in self._parts])
        if not _has_been_told(ear, self._notices.get()):
            return None
        answer, waits_until = b"", time.monotonic() + self._answer_seconds
        while ear.stdout is not None and b"\n" not in answer and len(answer) < _MOST_BYTES:
            if select.select([ear.stdout], [], [], _LOOK_SECONDS)[0]:
                more = os.read(ear.stdout.fileno(), _MOST_BYTES)
                if not more:
                    break
                answer += more
            with contextlib.suppress(Empty):
                if not _has_been_told(ear, self._notices.get_nowait()):
                    return None
            if time.monotonic() > waits_until:
                return TOO_SLOW
        return _hearing_of(answer)


def _has_been_told(ear: subprocess.Popen[bytes], notice: Played | None) -> bool:
    if notice is not None:
        _tell(ear, asdict(notice))
    return notice is not None


def _tell(ear: subprocess.Popen[bytes], what: object) -> None:
    if ear.stdin is not None:
        with contextlib.suppress(BrokenPipeError):  # it has nothing to listen with, and has said so
            ear.stdin.write(json.dumps(what).encode() + b"\n")


def _hearing_of(answer: bytes) -> Hearing:
    try:
        told = msgspec.json.decode(answer, type=_Judgement)
        return Hearing(
            verdict=told.verdict,
            likeness_percent=None if told.likeness is None else round(100 * max(0.0, told.likeness)),
            above_noise_db=None if told.above_noise_db is None else round(told.above_noise_db, 1),
            delay_ms=told.delay_ms,
            why=told.why,
        )
    except (msgspec.DecodeError, ValueError):
        logger.exception("the ear said no verdict: %r", answer[:200])
        return FAILED


def _offer_to_the_kernel(ear: subprocess.Popen[bytes]) -> None:
    """Where memory runs out, let the kernel kill the ear and not the voice."""
    with contextlib.suppress(OSError):  # it has ended already, or /proc is hidden
        Path(f"/proc/{ear.pid}/oom_score_adj").write_text("1000", encoding="ascii")
