"""The two processes as ``run`` and the units start them, to be killed and starved: a courtyard of real parts."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from bench.visitor import Visitor
from box.clock import SystemClock
from box.folders import Folders
from cli.places import child_environment
from speaker.client import SpeakerAway
from speaker.protocol import Status
from speaker.record import Airing
from tests.patient import PatientClient
from tests.running import HALF_A_DAY_OFF, done, free_port, write
from web.people.tokens import Tokens
from web.people.users import Users

PATIENCE_SECONDS = 60.0
NAME, PASSWORD = "王书记", "longhai-2020"
ONE_WORD = f"""\
version: 1
zone: 警苑小区
timezone: Asia/Shanghai
voice: cmn-latn-pinyin
messages:
  hello: {{title: 你好, text: 你好。}}
broadcasts:
  morning: {{at: "{HALF_A_DAY_OFF}", messages: [hello], chime: false}}
"""
NO_QUIET_HOURS = """\
[audio]
device = "default"
lead_in_ms = 50
tail_ms = 20
[limits]
quiet_hours = ""
longest_minutes_per_day = 1440
"""


def until(happens: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Return as soon as ``happens`` is true; fails the test after ``seconds``."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, f"it did not happen within {seconds} s"
        time.sleep(0.01)


def pause(seconds: float) -> None:
    """Let the processes run on for a while before something is done to them."""
    time.sleep(seconds)


class Process:
    """One of the two processes, and what it has written to standard error."""

    def __init__(self, words: list[str], environment: Mapping[str, str], said: Path) -> None:
        self._said = said
        with said.open("ab") as log:
            self.popen = subprocess.Popen(
                words,
                env={**child_environment(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """What it has said."""
        return self._said.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """Kill it, as the kernel does: it has no time for a word."""
        self.popen.kill()
        self.popen.wait()

    def hang(self) -> None:
        """Let it do nothing more, but live."""
        self.popen.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on after ``hang``."""
        self.popen.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """End it in order, by force where it does not."""
        if self.popen.poll() is None:
            self.go_on()
            self.popen.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.popen.wait(5)
        self.kill()


class Person:
    """Somebody who changes words from a phone: the panel's own API, with a key of hers."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._key = key

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        """Ask the panel for ``path``; return the status and what it answered. Raises OSError where it is away."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        try:
            content = None if body is None else json.dumps(body).encode()
            connection.request(method, path, content, {"Authorization": f"Bearer {self._key}"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()

    def words(self, message: str = "hello") -> str:
        """Return the words of a message as the panel has them."""
        _, content = self.ask("GET", f"/api/v1/messages/{message}")
        return str(json.loads(content)["text"])

    def change(self, text: str, message: str = "hello") -> tuple[int, bytes]:
        """Hand in new words; return what the panel answered."""
        _, content = self.ask("GET", f"/api/v1/messages/{message}")
        had = json.loads(content)
        new = {"title": had["title"], "text": text, "was": had["was"]}
        return self.ask("PUT", f"/api/v1/messages/{message}", new)

    def save(self, text: str, message: str = "hello") -> tuple[str, str]:
        """Change the words of a message and wait for its end; return the job's state and what was told."""
        status, content = self.change(text, message)
        told = json.loads(content)
        if status != 202:
            return "refused", str(told.get("error", told))
        while True:
            _, content = self.ask("GET", told["work"])
            job = json.loads(content)
            if job["state"] in {"done", "failed"}:
                return job["state"], job["said"] or job["error"]
            time.sleep(0.01)

    def troubles(self) -> str:
        """Return the speaker's alarms as the panel hands them on, all in one text."""
        status, content = self.ask("GET", "/api/v1/status")
        return content.decode() if status == 200 else f"{status} {content.decode()}"


class Courtyard:
    """A data folder with the programme of one word, the installer's settings, and the two processes on it.

    ``environment`` is what a sound card needs. ``data`` may lie on a disk of its own, to be filled or taken away.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        data: Path | None = None,
        settings: str = NO_QUIET_HOURS,
        programme: str = ONE_WORD,
    ) -> None:
        self.folder = folder
        self.folders = Folders(data or folder / "data", folder / "run")
        self.environment = dict(environment)
        self.settings = folder / "settings.toml"
        self.settings.write_text(settings, encoding="utf-8")
        self.client = PatientClient(self.folders.socket)
        self.port = free_port()
        write(self.folders.data, programme)
        self._processes: list[Process] = []

    def __enter__(self) -> Courtyard:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.end()

    def person(self) -> Person:
        """Return somebody who may change and publish, with a key of their own."""
        users, now = Users(self.folders.panel / "users.json"), SystemClock().now()
        if not users.exist():
            users.set_password(NAME, PASSWORD)
        return Person(self.port, Tokens(self.folders.panel / "tokens.json").make("test", NAME, now))

    def visitor(self) -> Visitor:
        """Return a browser that is logged in."""
        visitor = Visitor(self.port)
        visitor.post("/login", name=NAME, password=PASSWORD)
        return visitor

    def publish(self) -> None:
        """Render the programme and put it on air, as the command does."""
        (self.folders.data / "settings.toml").write_text(self.settings.read_text(encoding="utf-8"), encoding="utf-8")
        result = done("--data", str(self.folders.data), "publish")
        assert result.returncode == 0, result.stderr

    def speaker(self, module: str = "speaker", *more: str, wait: bool = True, **environment: str) -> Process:
        """Start the speaker; it answers when this returns."""
        assumes = ("--assume-clock",) if module == "speaker" else ()  # nobody knows what this clock is worth
        process = self._start(module, (*assumes, *more), environment)
        if wait:
            self.await_speaker(process)
        return process

    def panel(self, *, wait: bool = True, under: Sequence[str] = (), **environment: str) -> Process:
        """Start the panel, by the command ``under`` where there is one; it answers when this returns."""
        where = ("--host", "127.0.0.1", "--port", str(self.port))
        process = self._start("web", where, environment, under)
        if wait:
            until(lambda: self.panel_answers() or process.popen.poll() is not None)
            assert process.popen.poll() is None, process.said
        return process

    def panel_answers(self, seconds: float = 1.0) -> bool:
        """Tell whether the panel answers within ``seconds``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def await_speaker(self, process: Process) -> None:
        """Return as soon as the speaker answers."""
        until(lambda: self.status() is not None or process.popen.poll() is not None)
        assert process.popen.poll() is None, process.said

    def status(self) -> Status | None:
        """Return how the speaker is, None while it does not answer."""
        with suppress(SpeakerAway):
            return self.client.status()
        return None

    def alarms(self) -> set[str]:
        """Return the codes of the alarms that stand."""
        status = self.status()
        return {alarm.code for alarm in status.alarms} if status else set()

    def airings(self) -> tuple[Airing, ...]:
        """Return the whole as-run log."""
        rows: list[Airing] = []
        while True:
            records = self.client.records(after=rows[-1].id if rows else 0)
            rows += records.airings
            if not records.more:
                return tuple(rows)

    def taken(self) -> bool:
        """Tell whether the speaker has on air what the panel has published."""
        status = self.status()
        published: str = msgspec.json.decode(self.folders.publication.read_bytes())["revision"]
        return status is not None and status.revision == published

    def _start(
        self, module: str, more: tuple[str, ...], environment: Mapping[str, str], under: Sequence[str] = ()
    ) -> Process:
        where = ("--data", str(self.folders.data), "--runtime", str(self.folders.runtime))
        words = [*under, sys.executable, "-P", "-m", module, *where, "--settings", str(self.settings), *more]
        said = self.folder / f"{module}.said"
        process = Process(words, {**self.environment, **environment}, said)
        self._processes.append(process)
        return process
