"""What devices tell, taken in many at a time: the disk takes as long for fifty as for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import Empty, Queue
from threading import Thread

from fleet.hub.database import Database
from fleet.mqtt import Message

MOST_AT_ONCE = 100  # the broker has as many under way (``fleet.hub.broker_files``)
MOST_WAITING = 10 * MOST_AT_ONCE  # what is sent without asking for a word (QoS 0) is not among those


class Intake:
    """Hands each message to ``take`` (topic, payload, kept) on a thread of its own, what has come meanwhile as one act.

    The broker is told that a message came when what became of it is on the disk. Where one of an act fails, each is
    taken by itself, and what fails goes to ``failed``.
    """

    def __init__(
        self, database: Database, take: Callable[[str, bytes, bool], None], failed: Callable[[Exception], None]
    ) -> None:
        self._database = database
        self._take = take
        self._failed = failed
        self._queue: Queue[Message | None] = Queue(MOST_WAITING)
        self._thread = Thread(target=self._run, name="intake", daemon=True)

    def start(self) -> None:
        """Begin to take in."""
        self._thread.start()

    def close(self) -> None:
        """Take in what has come, and no more."""
        self._queue.put(None)
        self._thread.join()

    def put(self, message: Message) -> None:
        """Take in ``message``, soon. Waits while too many wait: the broker keeps them then, not this memory."""
        self._queue.put(message)

    def take_in(self, messages: Sequence[Message]) -> None:
        """Take in ``messages`` as one act."""
        try:
            with self._database.transaction():
                for message in messages:
                    self._take(message.topic, message.payload, message.kept)
        except Exception as error:  # noqa: BLE001 - the thread must outlive whatever a device sends; it is told
            if len(messages) == 1:
                self._failed(error)
            else:
                for message in messages:
                    self.take_in([message])
                return
        for message in messages:
            try:
                message.acknowledge()
            except Exception as error:  # noqa: BLE001 - what is not acknowledged comes again; the thread must outlive it
                self._failed(error)

    def _run(self) -> None:
        ended = False
        while not ended:
            batch = [self._queue.get()]
            while len(batch) < MOST_AT_ONCE:
                try:
                    batch.append(self._queue.get_nowait())
                except Empty:
                    break
            ended = None in batch
            messages = [message for message in batch if message is not None]
            if messages:
                self.take_in(messages)
