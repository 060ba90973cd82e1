"""Work that takes seconds: one thread does one piece after another, and a page shows how far it is."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import Empty, Queue
from threading import Lock, Thread
from typing import Literal

from box.sentences import Sentence, XiaolabaError
from tts.clip import Progress, ReportProgress
from web.language import in_the_askers_language

MOST_WAITING = 20
MOST_KEPT = 50
_LOG = logging.getLogger(__name__)


class TooMuchWaiting(XiaolabaError):
    """The queue is full."""

    def __init__(self) -> None:
        super().__init__("前面还有很多事没做完，请过一分钟再试。", "Too much is waiting; please try again in a minute.")


@dataclass(frozen=True)
class Finish:
    """How a piece of work ended well: the page to show next, and what to say there."""

    page: str
    said: str = ""


@dataclass(frozen=True)
class Job:
    """One piece of work. ``back`` is the page to return to when it failed, ``kept`` says then what is not lost."""

    id: str
    title: str
    back: str
    kept: str = ""
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    progress: Progress | None = None
    finish: Finish | None = None
    fault: Sentence | None = None

    @property
    def over(self) -> bool:
        """Tell whether nothing more will happen."""
        return self.state in {"done", "failed"}


Work = Callable[[ReportProgress], Finish]


class Jobs:
    """The queue. ``start`` lets a thread work through it; a test calls ``run_waiting`` instead."""

    def __init__(self) -> None:
        self._waiting: Queue[tuple[str, Work]] = Queue(MOST_WAITING)
        self._jobs: dict[str, Job] = {}
        self._lock = Lock()

    def start(self) -> None:
        """Work from now on, on a thread of its own that dies with the process."""
        Thread(target=self._run_for_ever, name="jobs", daemon=True).start()

    def submit(self, title: str, work: Work, *, back: str, kept: str = "") -> Job:
        """Queue ``work``, whose words will be in the language of this request; raises TooMuchWaiting.

        ``kept`` is told beside the reason when it fails: what of hers is not lost. Only what is so is to be promised.
        """
        job = Job(id=secrets.token_urlsafe(9), title=title, back=back, kept=kept)
        with self._lock:
            if self._waiting.full():
                raise TooMuchWaiting
            for over in [kept.id for kept in self._jobs.values() if kept.over][: max(0, len(self._jobs) - MOST_KEPT)]:
                del self._jobs[over]
            self._jobs[job.id] = job
            self._waiting.put_nowait((job.id, in_the_askers_language(work)))
        return job

    def find(self, job_id: str) -> Job | None:
        """Return the job as it stands, or None when it is unknown or long over."""
        with self._lock:
            return self._jobs.get(job_id)

    def busy(self) -> bool:
        """Tell whether anything waits or runs."""
        with self._lock:
            return any(not job.over for job in self._jobs.values())

    def run_waiting(self) -> None:
        """Do all that waits, on the caller's thread."""
        while True:
            try:
                job_id, work = self._waiting.get_nowait()
            except Empty:
                return
            self._do(job_id, work)

    def _run_for_ever(self) -> None:
        while True:
            self._do(*self._waiting.get())

    def _do(self, job_id: str, work: Work) -> None:
        self._change(job_id, lambda job: replace(job, state="running"))

        def report(progress: Progress) -> None:
            self._change(job_id, lambda job: replace(job, progress=progress))

        try:
            finish = work(report)
        except XiaolabaError as error:
            self._fail(job_id, error.sentence)
        except OSError as error:
            _LOG.warning("a job failed: %s", error)
            self._fail(
                job_id,
                Sentence(
                    f"存储卡写不进去（{error.strerror}），没有保存。请检查存储卡是不是满了。",
                    f"The storage can't be written ({error.strerror}); nothing was saved. Is it full?",
                ),
            )
        except Exception:  # noqa: BLE001 - the thread must outlive any piece of work; the trace is in the log
            _LOG.exception("a job failed")
            self._fail(
                job_id,
                Sentence(
                    "出了没有料到的问题，没有做完。请再试一次；还不行就请安装人员看日志。",
                    "Something unforeseen went wrong. Please try again, or ask the installer to read the log.",
                ),
            )
        else:
            self._change(job_id, lambda job: replace(job, state="done", finish=finish))

    def _fail(self, job_id: str, fault: Sentence) -> None:
        self._change(job_id, lambda job: replace(job, state="failed", fault=fault))

    def _change(self, job_id: str, change: Callable[[Job], Job]) -> None:
        with self._lock:
            job = self._jobs.get(job_id)
            if job is not None:
                self._jobs[job_id] = change(job)
