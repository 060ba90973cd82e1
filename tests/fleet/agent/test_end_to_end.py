"""Real agents, speakers and panels on virtual cards, a real hub and its Mosquitto."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from cli.hub_walk import walk_round
from cli.places import child_environment
from fleet.agent.records import COPY_SECONDS
from fleet.agent.standing import JOIN_TICKET, standing_in
from fleet.agent.states import State
from fleet.agent.unsent import UNSENT
from fleet.enrol.membership import MEMBERSHIP
from fleet.hub import protocol as p
from fleet.hub import urgent_protocol as u
from fleet.wire.accounts import Report, What
from fleet.wire.walk import Back, Sealed
from programme.community import ForYards
from speaker.airing import Outcome
from speaker.protocol import Done
from speaker.record import Airing
from tests.faults.courtyard import ONE_WORD, pause, until
from tests.fleet.agent.yards import Yard, yards
from tests.fleet.hub.a_hub import PIN, AHub, hub_at
from tests.fleet.hub.test_end_to_end import a_clip, message, publish
from tests.running import ENGLISH, command, done, free_port, running, write
from tests.speaker.listening import once_within

pytestmark = pytest.mark.slow
APART_MS = 20.0  # the first samples of two yards on one clock


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AHub]:
    """Run one hub for the tests of this module."""
    with hub_at(tmp_path_factory.mktemp("hub")) as one:
        one.start()
        yield one
        one.stop()


@pytest.fixture(scope="module")
def two(hub: AHub, built_card: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Yard, ...]]:
    """Give two yards that have joined."""
    with yards(tmp_path_factory.mktemp("yards"), built_card, "panlong-4", "laocheng-1") as found:
        for yard, zone in zip(found, ("盘龙苑", "老城小区"), strict=True):
            yard.join(hub, zone)
            yard.agent()
        yield found


def urgent(hub: AHub, *names: str, seconds: int = 1, level: int = 700) -> str:
    """Have something made ready in these yards; return its id when it is."""
    clip, frames = a_clip(hub.folders.clips, seconds, level)
    asked = u.PrepareUrgent(
        zones=names, title="停水", text="马上停水。", clip=clip, frames=frames, voice="v", engine="recording"
    )
    prepared = hub.client.prepare(asked).urgent
    for name in names:
        until(lambda name=name: What.READY in told(hub, prepared, name))
    return prepared


def told(hub: AHub, urgent_id: str, name: str) -> list[What]:
    """Return what that yard has reported of an urgent announcement, in order."""
    reports = [one.report for one in reversed(hub.client.reports(name).reports)]
    return [report.what for report in reports if report.urgent == urgent_id]


def test_an_edit_reaches_both_yards_and_their_own_words_stay(hub: AHub, two: tuple[Yard, ...]) -> None:
    """From the hub's file to what the speaker has on air, with the clip bit by bit, and the hub is told so."""
    clip = a_clip(hub.folders.clips)
    publish(hub, "r1", ForYards(id="water", zones=("all",), said=message("water", clip), by_yard={}))
    for yard in two:
        until(lambda yard=yard: yard.shared() != "")
        revision = yard.shared()
        until(
            lambda yard=yard, revision=revision: (
                (state := zone_of(hub, yard.name).state) is not None and state.revision == revision
            )
        )
        until(lambda yard=yard: What.APPLIED in [one.report.what for one in hub.client.reports(yard.name).reports])
        status = yard.status()
        assert status is not None
        assert {"c-morning", "morning"} <= {cue.broadcast for cue in status.today}


def test_an_urgent_announcement_starts_in_both_at_the_same_instant(hub: AHub, two: tuple[Yard, ...]) -> None:
    """The first samples of two yards are within 20 ms of one another, and both report from armed to ended."""

    def apart_ms() -> float:
        prepared = urgent(hub, *(yard.name for yard in two))
        starts = len(two[0].card.events("START"))
        said = hub.client.say(saying(prepared, in_seconds=10))
        for yard in two:
            until(lambda yard=yard: What.ENDED in told(hub, prepared, yard.name))
            assert [what for what in told(hub, prepared, yard.name) if what is not What.TAKEN] == [
                What.READY,
                What.ARMED,
                What.STARTED,
                What.ENDED,
            ]
        assert len(two[0].card.events("START")) > starts
        return started_apart_ms(two, said)

    once_within(APART_MS, apart_ms)


def saying(prepared: str, *, in_seconds: int, late_ok_seconds: int = 10) -> u.SayUrgent:
    """Return the word to say what is prepared. Ten seconds ahead: all of it has come by then on a busy machine too."""
    return u.SayUrgent(
        urgent=prepared,
        pin=PIN,
        occasion="停水",
        in_seconds=in_seconds,
        late_ok_seconds=late_ok_seconds,
        priority="emergency",
    )


def started_apart_ms(two: tuple[Yard, ...], said: u.Saying) -> float:
    """Return how far the first samples of the two yards were from one another; a busy machine is late now and then."""
    first, second = (next(row.started for row in yard.airings() if row.due == said.starts_at) for yard in two)
    assert first is not None and second is not None
    return abs((first - second).total_seconds()) * 1000


def test_what_sounds_in_one_yard_goes_on_until_its_fade_and_both_still_start_together(
    hub: AHub, two: tuple[Yard, ...]
) -> None:
    """The page that is cut ends a second and a half before the instant at most; the first samples are 20 ms apart."""
    busy, idle = two

    def apart_ms() -> float:
        prepared = urgent(hub, busy.name, idle.name, level=620)
        assert isinstance(busy.client.play(message="hello", repeat=10), Done)
        said = hub.client.say(saying(prepared, in_seconds=10))
        for yard in two:
            until(lambda yard=yard: What.ENDED in told(hub, prepared, yard.name))
        row = next(row for row in busy.airings() if row.due == said.starts_at)
        cut = next(row_ for row_ in busy.airings() if row_.parts and row_.parts[0].cut_by == row.id)
        busy.client.stop()
        until(lambda: busy.status().sounding is None)
        was_in_time = timedelta() < said.starts_at - cut.parts[0].ended < timedelta(seconds=1.5)
        return started_apart_ms(two, said) if was_in_time else math.inf

    once_within(APART_MS, apart_ms)


def test_a_stop_reaches_what_is_only_armed(hub: AHub, two: tuple[Yard, ...]) -> None:
    """A minute ahead, both armed: a stop takes both back, and neither card is started."""
    prepared = urgent(hub, *(yard.name for yard in two), level=800)
    started = [len(yard.card.events("START")) for yard in two]
    hub.client.say(u.SayUrgent(urgent=prepared, pin=PIN, occasion="停水", in_seconds=60, priority="emergency"))
    for yard in two:
        until(lambda yard=yard: What.ARMED in told(hub, prepared, yard.name))
        assert yard.status().armed is not None
    hub.client.stop(prepared, "王书记")
    for yard in two:
        until(lambda yard=yard: told(hub, prepared, yard.name).count(What.STOPPED) == 2)  # the order's, and the row's
        assert yard.status().armed is None
        row = yard.airings()[-1]
        assert (row.outcome, row.reason, row.frames_played) == ("cut", "stopped", 0)
    assert [len(yard.card.events("START")) for yard in two] == started  # that a card is there is looked at now and then


def test_a_latecomer_does_not_sound_after_the_rest(hub: AHub, two: tuple[Yard, ...]) -> None:
    """One agent hangs over the instant: when it goes on it says too late, and the other has sounded."""
    punctual, late = two
    prepared = urgent(hub, *(yard.name for yard in two), level=900)
    rows = len(late.airings())
    late.running.hang()
    hub.client.say(saying(prepared, in_seconds=10, late_ok_seconds=2))
    until(lambda: What.ENDED in told(hub, prepared, punctual.name))
    pause(3)
    late.running.go_on()
    until(lambda: What.TOO_LATE in told(hub, prepared, late.name))
    assert len(late.airings()) == rows


def test_records_are_complete_after_a_day_without_the_agent_and_none_is_there_twice(
    hub: AHub, two: tuple[Yard, ...]
) -> None:
    """The agent is killed, the yard airs on, the agent comes back: every row is at the hub, once, in its last form."""
    yard = two[0]
    yard.running.kill()
    until(lambda: not zone_of(hub, yard.name).online, 60)
    for _ in range(3):
        assert isinstance(yard.client.play(message="hello"), Done)
        until(lambda: yard.status().sounding is None)
    yard.agent()
    ended = yard.airings()
    until(lambda: {row.id: row.outcome for row in at_hub(hub, yard)} == {row.id: row.outcome for row in ended})
    assert len(at_hub(hub, yard)) == len(ended)


def test_what_a_hub_missed_of_a_log_that_was_lost_meanwhile_reaches_its_ledger(
    hub: AHub, built_card: Path, tmp_path: Path
) -> None:
    """The hub is away, the yard airs, storage damages the log: the hub then has the rows of that one and the new."""
    with yards(tmp_path, built_card, "lost-1") as (yard,):
        yard.join(hub, "丢失小区")
        membership = (yard.folders.fleet / MEMBERSHIP).read_bytes()
        yard.cut_off()
        agent = yard.agent(wait=False)
        assert isinstance(yard.client.play(message="hello"), Done)
        until(lambda: [row.outcome for row in yard.airings()] == [Outcome.AIRED])
        before = yard.airings()
        until((yard.folders.fleet / UNSENT).exists, 60)
        pause(COPY_SECONDS + 1)
        agent.end()
        yard.speaking.kill()
        for path in yard.folders.speaker.glob("as-run.db*"):
            path.write_bytes(b"?" * path.stat().st_size)
        yard.speaker()
        assert not {row.id for row in yard.airings()} & {row.id for row in before}
        assert isinstance(yard.client.play(message="hello"), Done)
        until(lambda: yard.airings()[-1].outcome is Outcome.AIRED)
        (yard.folders.fleet / MEMBERSHIP).write_bytes(membership)
        yard.agent()
        expected = {(row.id, row.outcome) for row in (*before, *yard.airings())}
        until(lambda: {(row.id, row.outcome) for row in at_hub(hub, yard)} == expected, 60)
        assert len(at_hub(hub, yard)) == len(expected)


def test_a_clip_that_was_changed_on_the_hubs_disk_is_refused(hub: AHub, two: tuple[Yard, ...]) -> None:
    """What comes is not what was signed: the programme before stays on air, and the hub is told why."""
    yard = two[1]
    before = yard.shared()
    clip = a_clip(hub.folders.clips, level=1234)
    audio = hub.folders.hub / "audio"
    had = set(audio.glob("*.flac"))
    yard.running.hang()
    publish(hub, "r-forged", ForYards(id="water", zones=(yard.name,), said=message("water", clip), by_yard={}))
    until(lambda: set(audio.glob("*.flac")) - had)
    (forged,) = set(audio.glob("*.flac")) - had
    good = forged.read_bytes()
    forged.write_bytes(good[:-100] + bytes([good[-100] ^ 1]) + good[-99:])
    yard.running.go_on()
    until(lambda: any("不一样" in one.why.zh for one in refusals(hub, yard) if one.why))
    assert yard.shared() == before
    forged.write_bytes(good)
    publish(hub, "r-good", ForYards(id="water", zones=("all",), said=message("water", clip), by_yard={}))
    until(lambda: yard.shared() not in {"", before})


def test_a_box_whose_clock_is_not_trusted_takes_programmes_and_says_nothing_urgent(
    hub: AHub, built_card: Path, tmp_path: Path
) -> None:
    """Nobody knows its hour: what the community says every day is laid ready, and what is urgent is refused."""
    with yards(tmp_path, built_card, "clockless-1", trusted=False) as (yard,):
        yard.join(hub, "无钟小区")
        yard.agent()
        clip = a_clip(hub.folders.clips, level=77)
        publish(hub, "r-clock", ForYards(id="water", zones=(yard.name,), said=message("water", clip), by_yard={}))
        until(lambda: yard.shared() != "")
        prepared = urgent(hub, yard.name, level=78)
        hub.client.say(u.SayUrgent(urgent=prepared, pin=PIN, occasion="停水", in_seconds=4, priority="emergency"))
        until(lambda: any("时间" in one.why.zh for one in refusals(hub, yard) if one.why))
        assert [row for row in yard.airings() if row.origin == "fleet"] == []


def refusals(hub: AHub, yard: Yard) -> list[Report]:
    """Return what that yard has refused."""
    return [one.report for one in hub.client.reports(yard.name).reports if one.report.what is What.REFUSED]


def at_hub(hub: AHub, yard: Yard) -> tuple[Airing, ...]:
    """Return what the hub has of the yard's log."""
    asked = p.AskRecords(first=date(2020, 1, 1), last=date(2099, 1, 1), name=yard.name)
    return tuple(one.airing for one in hub.client.records(asked).airings)


def zone_of(hub: AHub, name: str) -> p.Zone:
    """Return the zone as the hub's panel sees it."""
    return next(zone for zone in hub.client.zones().zones if zone.name == name)


def test_a_person_at_a_terminal_joins_a_box_that_runs_and_leaves_again(hub: AHub, tmp_path: Path) -> None:
    """The digits are printed, ``run`` starts the agent when they are confirmed; leaving forgets all but counters."""
    data, port = tmp_path / "data", free_port()
    write(data, ONE_WORD)
    with running(data, port, at_most_seconds=400) as run:
        run.until("on duty")
        ticket = join_at_the_terminal(hub, data, tmp_path)
        assert "online since" in done("--data", str(data), "status").stdout
        again = done("--data", str(data), "join", str(ticket))
        assert "has joined a hub already" in again.stderr
        left = done("--data", str(data), "leave")
        assert left.returncode == 0, left.stderr
        until(lambda: not zone_of(hub, "terminal-1").online, 60)
        until(lambda: not agents_of(data))
        left_behind = {path.name for path in (data / "fleet").glob("*.json")}
        assert left_behind <= {"counters.json", "counters.good.json"}
        join_at_the_terminal(hub, data, tmp_path)
        assert len(agents_of(data)) == 1


def join_at_the_terminal(hub: AHub, data: Path, folder: Path) -> Path:
    """Join as terminal-1, with a person who compares the digits, until the hub sees the box; return the ticket."""
    ticket = folder / "xiaolaba-join.json"
    ticket.write_text(hub.client.invite("terminal-1", "终端小区").ticket, encoding="utf-8")
    with subprocess.Popen(
        command("--data", str(data), "join", str(ticket)),
        env={**child_environment(), **ENGLISH},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as joining:
        assert joining.stdout is not None
        digits = joining.stdout.readline().replace(" ", "").strip()
        until(lambda: zone_of(hub, "terminal-1").digits == digits)
        hub.client.confirm("terminal-1", digits)
        _, said = joining.communicate(timeout=60)
    assert joining.returncode == 0, said
    assert "joined as terminal-1" in said
    until(lambda: zone_of(hub, "terminal-1").online, 60)
    return ticket


def agents_of(data: Path) -> list[str]:
    """Return the processes that are the agent of that data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            if b"fleet.agent" in words and str(data).encode() in words:
                found.append(process.name)
    return found


def test_a_yard_without_network_is_served_by_a_stick(hub: AHub, built_card: Path, tmp_path: Path) -> None:
    """What is signed goes out, and is on air; the records come back complete, and are not brought twice."""
    stick = tmp_path / "stick"
    stick.mkdir()
    with yards(tmp_path, built_card, "valley-1") as (yard,):
        yard.join(hub, "山谷小区")
        yard.cut_off()
        yard.agent(wait=False)
        clip = a_clip(hub.folders.clips, level=55)
        publish(hub, "r-walk", ForYards(id="water", zones=(yard.name,), said=message("water", clip), by_yard={}))
        assert walk_round(stick, hub.folders) == 0
        at_yard = done("--data", str(yard.folders.data), "walk", str(stick))
        assert at_yard.returncode == 0, at_yard.stderr
        until(lambda: yard.shared() != "")
        until(lambda: yard.stands() is State.OFFLINE)
        assert isinstance(yard.client.play(message="c-water"), Done)
        until(lambda: yard.status().sounding is None)
        assert done("--data", str(yard.folders.data), "walk", str(stick)).returncode == 0
        assert walk_round(stick, hub.folders) == 0
        ended = yard.airings()
        assert [row.id for row in at_hub(hub, yard)] == [row.id for row in ended]
        assert done("--data", str(yard.folders.data), "walk", str(stick)).returncode == 0
        back = msgspec.json.decode((stick / "xiaolaba-walk" / yard.name / "back").read_bytes(), type=Sealed).body
        assert msgspec.json.decode(back, type=Back).rows == ()
        other = done("--data", str(tmp_path / "elsewhere"), "walk", str(stick))
        assert other.returncode == 2


def test_a_ticket_that_is_handed_in_at_the_panel_makes_a_member(hub: AHub, built_card: Path, tmp_path: Path) -> None:
    """The agent asks by it, shows the digits, and goes on as a member once they are confirmed: nothing is restarted."""
    with yards(tmp_path, built_card, "panel-1") as (yard,):
        process = yard.agent(wait=False)
        ticket = hub.client.invite(yard.name, "面板小区").ticket
        (yard.folders.panel / JOIN_TICKET).write_text(ticket, encoding="utf-8")
        until(lambda: yard.stands() is State.ENROLLED)
        standing = standing_in(yard.folders.fleet)
        assert standing is not None
        until(lambda: zone_of(hub, yard.name).digits == standing.digits)
        hub.client.confirm(yard.name, standing.digits)
        until(lambda: yard.stands() is State.JOINED)
        assert process.popen.poll() is None
        until(lambda: zone_of(hub, yard.name).online)
