"""The speaker's process, put together: everything is opened here, in order, and closed in reverse."""

from __future__ import annotations

import fcntl
import gc
import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from box.clock import Clock
from box.folders import INSTALLED_CLOCK_SETTER, Folders
from box.notify import Notifier
from box.sentences import Sentence, XiaolabaError
from box.settings import Settings
from box.version import version_here
from programme.timetable import cues_on
from speaker.alarm_clock import ScheduledAlarmClock
from speaker.alarms import LOG_LOST, ON_TOO_LONG, AlarmBoard
from speaker.asrun.log import AsRunLog
from speaker.card_watch import CardWatch, PlayoutOnCard
from speaker.contacts.scan import Scan
from speaker.hearing.ears import ListenedPlayout
from speaker.hearing.self_test import SelfTest
from speaker.hearing.watch import HearingWatch
from speaker.intake.kept import has_kept_one, kept_copy
from speaker.intake.publications import Intake
from speaker.limits import HardLimits
from speaker.on_air import Timetable
from speaker.pins.board import Pins, open_pins
from speaker.pins.press import NoButton
from speaker.protocol import Reply, Request
from speaker.quiet_request import FILE_NAME, QuietRequests
from speaker.socket.server import SocketServer
from speaker.sound.alsa import AlsaCard, cards_present
from speaker.sound.amplifier import LimitedAmplifier, NoAmplifier
from speaker.sound.card import Card
from speaker.sound.playout import ARM_SECONDS, SWITCH_SECONDS, CardPlayout
from speaker.sound.recorder import Recorder
from speaker.stage import Stage
from speaker.station import SLOW_LOOK_SECONDS, Station
from speaker.telling import Surroundings
from speaker.trust.keeper import Assumed, BelievedClock, ClockKeeper, ClockTrust
from speaker.trust.machine import Machine
from speaker.trust.memory import MemoryFile
from speaker.trust.proposal import SocketSetter, TimeProposal
from speaker.trust.states import Trust
from speaker.wakeup import ClockSteps

logger = logging.getLogger(__name__)

GROUP = "xiaolaba"
DEFAULT_DEVICE = "default"
STUCK_SECONDS = 8.0  # a card that is looked at for so long will not answer any more
AMPLIFIER_MARGIN_SECONDS = 60.0  # chime, lead-in and tail come on top of what the limit counts
_ENDINGS = frozenset({signal.SIGTERM, signal.SIGINT})


class AlreadyRuns(XiaolabaError):
    """Another speaker has this data folder."""


@dataclass(frozen=True)
class Means:
    """What the process is given: where things are, what the installer set, and how it is watched.

    ``assumes_clock`` takes the machine's clock on trust: for a person at a terminal, never on a wall. ``pin_factory``
    is gpiozero's for other pins than this machine's.
    """

    folders: Folders
    settings: Settings
    clock: Clock
    notifier: Notifier
    records_without_card: bool
    assumes_clock: bool = False
    timetable: Timetable = cues_on
    settings_trouble: Sentence | None = None
    pin_factory: object | None = None


def serve(means: Means) -> None:
    """Speak until SIGTERM or SIGINT, which end it in under two seconds with the amplifier off."""
    # Blocked before any thread is begun, and waited for: a handler that runs while the main thread is about to sleep
    # is not noticed before the next signal (1 end in 30 right after the start).
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    with opened(means):
        gc.collect()
        gc.freeze()  # what is here now stays; only what comes later is worth looking through
        means.notifier.ready()
        signal.sigwait(_ENDINGS)
        means.notifier.stopping()


@contextmanager
def opened(means: Means) -> Iterator[Station]:
    """Open the whole speaker, serving its socket, and close it in reverse."""
    folders, settings, clock = means.folders, means.settings, means.clock
    with ExitStack() as stack:
        folders.speaker.mkdir(parents=True, exist_ok=True, mode=0o750)
        folders.runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
        stack.callback(os.close, _sole_user(folders.speaker))
        alarms = AlarmBoard()
        if means.settings_trouble is not None:
            alarms.put("settings-damaged", means.settings_trouble)
        limits = HardLimits(settings.limits)
        pins = open_pins(settings.gpio, means.pin_factory, contacts=settings.contacts, work_folder=folders.runtime)
        stack.callback(pins.close)
        stage = Stage(folders, limits)
        trust, believed = _trusted(means)
        stack.callback(trust.close)
        had_one = has_kept_one(folders)
        kept = kept_copy(folders, clock, version_here())
        log = _log(folders, believed, trust, alarms, follows_another=had_one)
        stack.callback(log.close)
        playout = CardPlayout(
            card=_card(means),
            amplifier=LimitedAmplifier(
                pins.amplifier,
                settings.limits.longest_minutes * 60 + AMPLIFIER_MARGIN_SECONDS,
                lambda: alarms.put("amplifier-on-too-long", ON_TOO_LONG),
            ),
            clock=clock,
            lead_in_ms=settings.audio.lead_in_ms,
            tail_ms=settings.audio.tail_ms,
            loudest_percent=settings.limits.loudest_percent,
            quiet_from=limits.quiet_from,
        )
        stack.callback(playout.close)
        alarm_clock = ScheduledAlarmClock()

        def post(event: Callable[[], None]) -> None:
            station.post(event)  # the station is made after the playout, which it sounds by

        heard = _listened(playout, means, HearingWatch(log, alarms), post)

        def ask(request: Request) -> Reply:
            return station.ask(request)  # the station is made after the server, which it asks how it is

        server = SocketServer(folders.socket, ask, group=GROUP, clock=clock)
        station = Station(
            clock=believed,
            trust=trust,
            proposal=TimeProposal(
                believed,
                trust,
                SocketSetter(INSTALLED_CLOCK_SETTER),
                has_button=not isinstance(pins.button, NoButton),
            ),
            playout=heard,
            log=log,
            limits=limits,
            quiet=QuietRequests(folders.speaker / FILE_NAME, believed, limits),
            timetable=means.timetable,
            stage=stage.rundown,
            alarm_clock=alarm_clock,
            alarms=alarms,
            card=CardWatch(heard, alarms),
            lamp=pins.lamp,
            surroundings=Surroundings(
                amplifier=lambda: _amplifier(pins), alarms=lambda: pins.alarms, button=lambda: pins.button_state
            ),
            version=version_here(),
            contacts=settings.contacts,
            self_test=lambda on_air: SelfTest(
                settings.heard, ZoneInfo(settings.limits.timezone), on_air=on_air, log=log, clock=believed
            ),
            alive=lambda: _feed(means.notifier, clock, playout, server, scan),
            arm_early=timedelta(seconds=ARM_SECONDS + 1, milliseconds=settings.audio.lead_in_ms),
            switch_early=timedelta(seconds=SWITCH_SECONDS, milliseconds=settings.audio.lead_in_ms),
            slow_look_seconds=min(SLOW_LOOK_SECONDS, means.notifier.watchdog_interval_seconds or SLOW_LOOK_SECONDS),
        )
        scan = Scan(pins.contacts, clock, changed=station.contact_is, tick=station.look_at_contacts)
        if kept is not None:
            station.take(kept.publication)
        stack.callback(station.close)
        alarm_clock.start(station.rang)
        stack.callback(alarm_clock.close)
        station.start()
        steps = ClockSteps(station.clock_was_set)
        stack.callback(steps.close)
        steps.start()
        intake = Intake(
            folders,
            clock=clock,
            taken=station.take,
            refused=lambda sentence: _tell_refusal(alarms, "publication-refused", sentence),
            bulletins_taken=station.take_bulletins,
            bulletins_refused=lambda sentence: _tell_refusal(alarms, "bulletin-refused", sentence),
            clips_in_use=lambda: station.clips_in_use,
            kept=kept,
        )
        stack.callback(intake.close)
        intake.start()
        pins.button.listen(station.press_short, station.press_long)
        scan.start()  # what is on air has been taken: a contact that is active already has its message
        stack.callback(scan.close)
        server.start()
        stack.callback(server.close)
        yield station


def _trusted(means: Means) -> tuple[ClockTrust, Clock]:
    """Return the watch over the clock, and the clock by which everything is dated."""
    if means.assumes_clock:
        return Assumed(), means.clock
    memory = MemoryFile(means.folders.speaker / "clock.json", means.clock)
    keeper = ClockKeeper(means.clock, Machine(means.clock).read, memory)
    return keeper, BelievedClock(means.clock, keeper)


def _log(folders: Folders, clock: Clock, trust: ClockTrust, alarms: AlarmBoard, *, follows_another: bool) -> AsRunLog:
    is_lost = trust.trust is Trust.UNTRUSTED
    log = AsRunLog(folders.speaker / "as-run.db", clock, follows_another=follows_another, in_doubt=is_lost)
    if log.moved_aside is not None:
        logger.error("%s %s", LOG_LOST, log.moved_aside)
        alarms.put("log-lost", LOG_LOST)
    if log.went_back is not None:
        logger.warning("the log of a later version lies in %s; all of it was taken over", log.went_back)
    last = log.last_airing()
    if last is not None:
        trust.not_before(last)
    return log


def _feed(notifier: Notifier, clock: Clock, playout: CardPlayout, server: SocketServer, scan: Scan) -> None:
    """Tell the watchdog that all is well: called by the station, which has just looked at the time.

    Not while the playout's thread is stuck in the card, nobody serves the socket or looks at the contacts: then a new
    start is what helps.
    """
    stuck = clock.monotonic() - playout.turned > STUCK_SECONDS or scan.is_stuck(STUCK_SECONDS)
    if not stuck and (server.is_serving or not server.has_started):
        notifier.watchdog()


def _card(means: Means) -> Card:
    """Return the card that ``settings.toml`` names, else the default one, else the recorder where that is wanted."""
    device = means.settings.audio.device
    if device is None and means.records_without_card and not cards_present():
        return Recorder(means.folders.air, means.clock, zone=ZoneInfo(means.settings.limits.timezone))
    return AlsaCard(device or DEFAULT_DEVICE)


def _listened(
    playout: PlayoutOnCard, means: Means, verdicts: HearingWatch, post: Callable[[Callable[[], None]], None]
) -> PlayoutOnCard:
    """Return a playout that is listened to, where a microphone is named; ``post`` has a thing done by the station."""
    device = means.settings.heard.device
    if device is None:
        return playout
    verdicts.look()
    return ListenedPlayout(
        playout, device, means.clock, lambda number, hearing: post(lambda: verdicts.take(number, hearing))
    )


def _amplifier(pins: Pins) -> Literal["on", "off", "none"]:
    if isinstance(pins.amplifier, NoAmplifier):
        return "none"
    return "on" if pins.amplifier.is_on else "off"


def _tell_refusal(alarms: AlarmBoard, code: str, sentence: Sentence | None) -> None:
    if sentence is None:
        alarms.clear(code)
    else:
        alarms.put(code, sentence)


def _sole_user(folder: Path) -> int:
    """Hold the folder for this process alone; the kernel lets go of it however the process ends."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise AlreadyRuns(
            f"另一个播音程序正在使用 {folder}，请先结束它",
            f"another speaker is using {folder}; end that one first",
        ) from error
    return descriptor
