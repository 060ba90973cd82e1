"""The agent's process: ``python -m fleet.agent --data DIR --runtime DIR``. Before it is a member, it joins."""

from __future__ import annotations

import argparse
import logging
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from types import FrameType

from box.clock import SystemClock
from box.folders import Folders
from box.sentences import XiaolabaError
from box.version import version_here
from fleet.agent.agent import Agent, Mouth, Parts
from fleet.agent.audio import HttpsAudio
from fleet.agent.board import Board
from fleet.agent.clips import Clips
from fleet.agent.doorkeeper import Doorkeeper
from fleet.agent.enrolling import Enrolling
from fleet.agent.following import Following
from fleet.agent.leaving import forget
from fleet.agent.programme import SharedTaking
from fleet.agent.records import RecordsSending
from fleet.agent.standing import JOIN_TICKET
from fleet.agent.stating import OnAirFile
from fleet.agent.urgent import Urgent
from fleet.agent.walk import StickFirst
from fleet.agent.wishes import WishesSending
from fleet.enrol import contexts
from fleet.enrol.joining import HttpsHub, Joining
from fleet.enrol.membership import Membership, is_member
from fleet.enrol.mending import whole_membership
from fleet.mqtt import LastWill, Mqtt
from fleet.wire import accounts, topics
from fleet.wire.accounts import LAST_WILL
from fleet.wire.counters import Counters
from fleet.wire.keys import PublicKey
from fleet.wire.topics import Inward, Outward
from speaker.client import SpeakerClient
from speaker.words import reason_sentence

WAIT_SECONDS, FAULT_REST_SECONDS = 2.0, 30.0
LONGEST_REST_SECONDS = 60.0
# A town's boxes come back in one second when its power does, and a handshake costs the broker 1.8 ms (measured).
FRESH_BOOT_SECONDS = 300.0
SPREAD_SECONDS, SPREAD_AFTER_BOOT_SECONDS = 1.0, 20.0
_LOG = logging.getLogger(__name__)


def main() -> int:
    """Be a member until a signal ends it, or this box has left and has no ticket; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m fleet.agent", description="小喇叭联网 · the fleet's agent")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runtime", type=Path, required=True)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="fleet: %(message)s", stream=sys.stderr)
    logging.getLogger("paho").setLevel(logging.WARNING)
    folders = Folders(arguments.data.absolute(), arguments.runtime.absolute())
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ending(ended))
    clock = SystemClock()
    joining = Joining(folders.fleet, HttpsHub(), clock, version_here())
    enrolling = Enrolling(folders.fleet, folders.panel, joining, clock)
    while not ended.is_set():
        rest_seconds = WAIT_SECONDS
        try:
            membership = whole_membership(folders.fleet, clock)
            if membership is not None:
                _serve(folders, membership, ended)
            else:
                had_ticket = (folders.panel / JOIN_TICKET).exists()  # one taken back from now on is given up next time
                enrolling.step()
                if not (had_ticket or (folders.panel / JOIN_TICKET).exists() or is_member(folders.fleet)):
                    break  # it has left, or never joined: whoever keeps it running starts it when there is a ticket
        except (XiaolabaError, OSError) as error:  # of the storage: a start by somebody else would find the same
            _LOG.error("%s", error)
            rest_seconds = FAULT_REST_SECONDS
        ended.wait(rest_seconds)
    return 0


def _serve(folders: Folders, membership: Membership, ended: Event) -> None:
    """Serve as a member until ``ended``, or until this box has left."""
    room, clock, name = folders.fleet, SystemClock(), membership.name
    speaker = SpeakerClient(folders.socket)
    mouth = Mouth(name, clock)
    audio = HttpsAudio(membership.hosts, membership.port, lambda: contexts.member(room))
    clips, board = Clips(room, StickFirst(room, audio)), Board(room)
    following = Following(room, speaker, clock, reason_sentence)
    parts = Parts(
        doorkeeper=Doorkeeper(room, name, PublicKey(membership.root), Counters(room / "counters.json")),
        shared=SharedTaking(
            room,
            clips,
            clock=clock,
            tell=lambda counter, what, why: mouth.report(counter, Inward.PROGRAMME, what, why),
            in_use=lambda: board.clips,
        ),
        urgent=Urgent(clips=clips, board=board, speaker=speaker, clock=clock, tell=mouth.urgent, following=following),
        records=RecordsSending(room, speaker, clock, lambda rows: mouth.tell(Outward.RECORDS, rows)),
        wishes=WishesSending(room, folders.panel, clock, lambda wish: mouth.tell(Outward.PROPOSAL, wish)),
        speaker=speaker,
        on_air=OnAirFile(folders.publication),
    )
    agent = Agent(room, membership, parts, mouth, clock=clock, version=version_here())
    broker = Mqtt(
        name,
        contexts.member(room),
        topics.all_to(name),
        heard=agent.heard,
        connected=agent.connected,
        lost=agent.lost,
        failed=lambda error: _LOG.error("the broker's thread: %s", error),
        will=LastWill(topics.from_device(name, Outward.STATE), accounts.encode(LAST_WILL)),
        longest_rest_seconds=LONGEST_REST_SECONDS,
    )
    mouth.broker = broker
    spread = SPREAD_AFTER_BOOT_SECONDS if clock.monotonic() < FRESH_BOOT_SECONDS else SPREAD_SECONDS
    ended.wait(random.uniform(0, spread))  # noqa: S311 - jitter, not a secret
    if not ended.is_set():
        broker.start(membership.hosts[0], membership.broker_port, *membership.hosts[1:])
        _OPEN.append(agent)
        try:
            agent.run()
        finally:
            _OPEN.clear()
            broker.close()
    if not is_member(room):
        forget(room)


_OPEN: list[Agent] = []  # the one that a signal ends


def _ending(ended: Event) -> Callable[[int, FrameType | None], None]:
    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()
        for agent in _OPEN:
            agent.end()

    return end


if __name__ == "__main__":
    sys.exit(main())
