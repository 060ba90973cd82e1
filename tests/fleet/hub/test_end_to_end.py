"""A hub process, its Mosquitto and a light agent: joined, told what to say, heard, stopped, lost."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from msgspec.structs import replace

from box.storage import hash_of
from fleet.flac import decompress
from fleet.hub import protocol as p
from fleet.hub import urgent_protocol as u
from fleet.hub.client import HubRefuses
from fleet.wire.accounts import Proposal, ProposedWords, Report, What
from fleet.wire.documents import Answers, Prepare, Say, SharedProgramme, Stop
from fleet.wire.rows import rows_of
from fleet.wire.topics import Inward, Outward
from programme.community import Community, ForYards, encode_community
from programme.model import Broadcast
from programme.publication import PublishedMessage
from tests.fleet.hub.a_hub import PIN, AHub, eventually, hub_at
from tests.fleet.hub.light_agent import LightAgent, joined
from tests.fleet.wire.test_accounts import airing
from tests.running import HALF_A_DAY_OFF

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


def a_clip(folder: Path, seconds: int = 1, level: int = 1000) -> tuple[str, int]:
    """Put a clip into the panel's library; return its hash and frames."""
    path = folder / "new.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(b"".join((at * level % 32_000).to_bytes(2, "little") for at in range(48_000 * seconds)))
    digest = hash_of(path)
    path.replace(folder / f"{digest}.wav")
    return digest, 48_000 * seconds


def message(name: str, clip: tuple[str, int], text: str = "停水。") -> PublishedMessage:
    """Return a message with its clip."""
    return PublishedMessage(
        id=name, title="停水", text=text, clip=clip[0], frames=clip[1], voice="v", engine="edge", stand_in=False
    )


def publish(hub: AHub, revision: str, *messages: ForYards) -> None:
    """Hand the hub what is for other yards, as the panel does."""
    community = Community(
        revision=revision,
        published=NOW,
        messages=messages,
        broadcasts=(
            Broadcast(
                id="morning",
                at=time.fromisoformat(HALF_A_DAY_OFF),
                messages=tuple(one.id for one in messages),
                zones=("all",),
            ),
        ),
    )
    hub.folders.community.write_bytes(encode_community(community))
    hub.client.refresh()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AHub]:
    """Run one hub for the tests of this module."""
    with hub_at(tmp_path_factory.mktemp("hub")) as one:
        one.start()
        yield one
        one.stop()


@pytest.fixture
def agent(hub: AHub, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[LightAgent]:
    """Have a device of the test's own join."""
    name = "d-" + str(abs(hash(request.node.name)) % 10**8)
    one = joined(tmp_path / "device", hub, name)
    yield one
    one.mqtt.close()
    assert one.failures == []


def zone_of(hub: AHub, name: str) -> p.Zone:
    """Return the zone as the panel sees it."""
    return next(zone for zone in hub.client.zones().zones if zone.name == name)


def test_a_device_that_has_joined_is_seen(hub: AHub, agent: LightAgent) -> None:
    """Online, with what it tells of itself; and its ticket is used up."""
    eventually(lambda: zone_of(hub, agent.name).online, "it is online")
    zone = zone_of(hub, agent.name)
    assert zone.state is not None
    assert (zone.state.version, zone.zone, zone.standing) == ("test", "三号院", "member")
    assert (zone.digits, zone.ticket_until) == (None, None)


def test_its_programme_comes_signed_and_its_clip_bit_by_bit(hub: AHub, agent: LightAgent, tmp_path: Path) -> None:
    """What it fetches decodes to the very clip; a part of it can be asked for again."""
    clip = a_clip(hub.folders.clips)
    publish(hub, "r1", ForYards(id="water", zones=("all",), said=message("water", clip), by_yard={}))
    programme = agent.wait_for(SharedProgramme).does
    assert isinstance(programme, SharedProgramme)
    (shared,) = programme.messages
    assert shared.message.id == "c-water"
    assert programme.broadcasts[0].messages == ("c-water",)
    path = f"/audio/{shared.travels.sha256}"
    status, content, _ = agent.fetch(path)
    assert (status, len(content)) == (200, shared.travels.size)
    status, end, headers = agent.fetch(path, Range=f"bytes={len(content) - 10}-")
    assert (status, end) == (206, content[-10:])
    assert headers["Content-Range"] == f"bytes {len(content) - 10}-{len(content) - 1}/{len(content)}"
    (tmp_path / "it.flac").write_bytes(content)
    assert decompress(tmp_path / "it.flac", clip[0], tmp_path / "it.wav") == clip[1]
    assert hash_of(tmp_path / "it.wav") == clip[0]
    eventually(lambda: zone_of(hub, agent.name).ordered == programme.revision, "the page says so")


def test_what_changes_nothing_for_a_device_is_not_ordered_again(hub: AHub, agent: LightAgent) -> None:
    """A new edition that is about other yards gives it nothing."""
    clip = a_clip(hub.folders.clips)
    said = ForYards(id="water", zones=("all",), said=message("water", clip), by_yard={})
    publish(hub, "r2", said)
    agent.wait_for(SharedProgramme)
    other = ForYards(id="other", zones=("elsewhere",), said=message("other", clip), by_yard={})
    publish(hub, "r3", said, other)
    hub.client.prepare(prepare_request(clip, agent.name))
    agent.wait_for(Prepare)
    assert len({order.does.revision for order in agent.took(SharedProgramme)}) == 1  # type: ignore[union-attr]  # took() gives that kind only


def prepare_request(clip: tuple[str, int], *zones: str) -> u.PrepareUrgent:
    """Return the request to prepare ``clip``."""
    return u.PrepareUrgent(
        zones=zones, title="着火", text="着火了。", clip=clip[0], frames=clip[1], voice="v", engine="edge", who="li"
    )


def test_each_zone_is_given_the_clip_that_names_it(hub: AHub, agent: LightAgent) -> None:
    """To fetch and to say; who has none of its own is not meant, and what is shown tells whose clip is which."""
    general, own = a_clip(hub.folders.clips, level=12), a_clip(hub.folders.clips, level=13)
    words = u.OwnWords(name=agent.name, zone="三号院", clip=own[0], frames=own[1], voice="v", engine="edge")
    asked = replace(prepare_request(general, "all"), title="{zone}着火", text="{zone}着火了。", own=(words,))
    prepared = hub.client.prepare(asked)
    assert prepared.zones == (agent.name,)
    fetched = agent.wait_for(Prepare).does
    assert isinstance(fetched, Prepare)
    announced = fetched.announcement
    assert (announced.title, announced.text, announced.clip) == ("三号院着火", "三号院着火了。", own[0])
    assert agent.fetch(f"/audio/{announced.travels.sha256}")[0] == 200
    state = hub.client.urgent(prepared.urgent)
    assert (state.text, [zone.clip for zone in state.zones]) == ("{zone}着火了。", [own[0]])
    hub.client.say(u.SayUrgent(urgent=prepared.urgent, pin=PIN, occasion="火警"))
    said = agent.wait_for(Say).does
    assert isinstance(said, Say)
    assert said.announcement == announced


def test_urgent_is_prepared_said_by_the_pin_followed_and_stopped(hub: AHub, agent: LightAgent) -> None:
    """With a wrong PIN nothing is said; what devices report is on the screen; stop reaches who has only armed."""
    clip = a_clip(hub.folders.clips, level=777)
    urgent = hub.client.prepare(prepare_request(clip, agent.name)).urgent
    prepared = agent.wait_for(Prepare).does
    assert isinstance(prepared, Prepare)
    with pytest.raises(HubRefuses, match="口令"):
        hub.client.say(u.SayUrgent(urgent=urgent, pin="271828", occasion="火灾"))
    saying = hub.client.say(u.SayUrgent(urgent=urgent, pin=PIN, occasion="火灾", priority="emergency"))
    say = agent.wait_for(Say).does
    assert isinstance(say, Say)
    assert (say.starts_at, say.occasion, say.announcement) == (saying.starts_at, "火灾", prepared.announcement)
    agent.tell(
        Outward.REPORT,
        Report(of=1, channel=Inward.URGENT, what=What.STARTED, at=NOW, urgent=urgent, lateness_ms=0.3),
    )
    eventually(lambda: hub.client.urgent(urgent).zones[0].what is What.STARTED, "the screen says that it started")
    assert hub.client.urgent(urgent).zones[0].lateness_ms == 0.3
    hub.client.stop(urgent, who="li")
    assert agent.wait_for(Stop).does == Stop(urgent=urgent, who="li")
    with pytest.raises(HubRefuses):
        hub.client.say(u.SayUrgent(urgent=urgent, pin=PIN, occasion="火灾"))


def test_records_are_kept_before_they_are_acknowledged_and_no_gap_is(hub: AHub, agent: LightAgent) -> None:
    """A batch that was lost on the way is asked for again."""
    agent.tell_rows(rows_of("log-1", 0, (airing(1), airing(2))))
    eventually(lambda: agent.acknowledged("log-1") == 2, "two rows are acknowledged")
    agent.tell_rows(rows_of("log-1", 5, (airing(6),)))
    agent.tell_rows(rows_of("log-1", 2, (airing(3),)))
    eventually(lambda: agent.acknowledged("log-1") == 3, "the third is acknowledged, the sixth is not")
    day = date(2026, 11, 25)
    found = hub.client.records(p.AskRecords(first=day, last=day, name=agent.name))
    assert [kept.airing.id for kept in found.airings] == [1, 2, 3]


def test_a_proposal_is_answered(hub: AHub, agent: LightAgent) -> None:
    """The yard learns what became of it."""
    words = ProposedWords(title="停水", text="明天停水。")
    agent.tell(Outward.PROPOSAL, Proposal(id="p1", at=NOW, entry="c-water", revision="r1", words=words))
    eventually(lambda: any(one.device == agent.name for one in hub.client.proposals().proposals), "it is on the page")
    hub.client.answer_proposal(agent.name, "p1", adopted=True, words="好")
    answers = agent.wait_for(Answers).does
    assert isinstance(answers, Answers)
    assert [(one.proposal, one.adopted, one.words) for one in answers.answers] == [("p1", True, "好")]


def test_what_is_arranged_for_a_zone_is_ordered_to_it_alone(hub: AHub, agent: LightAgent, tmp_path: Path) -> None:
    """Its name, its volume, and what its new group has; another zone gets nothing new, and no unknown one is made."""
    other = joined(tmp_path / "other", hub, f"{agent.name}-2")
    clip = a_clip(hub.folders.clips)
    west = ForYards(id="west", zones=("group:west",), said=message("west", clip), by_yard={})
    publish(hub, "r5", ForYards(id="water", zones=("all",), said=message("water", clip), by_yard={}), west)
    eventually(lambda: said_by(agent) == said_by(other) == ["c-water"], "both say what is for all")
    had = len(other.took(SharedProgramme))
    hub.client.arrange(agent.name, zone="新三号院", groups=("west",), volume_percent=35)
    eventually(lambda: said_by(agent) == ["c-water", "c-west"], "it says what its group does")
    programme = agent.took(SharedProgramme)[-1].does
    assert isinstance(programme, SharedProgramme)
    assert (programme.zone, programme.volume_percent) == ("新三号院", 35)
    shown = zone_of(hub, agent.name)
    assert (shown.zone, shown.groups, shown.volume_percent, shown.ordered) == (
        "新三号院",
        ("west",),
        35,
        programme.revision,
    )
    hub.client.prepare(prepare_request(clip, other.name))
    other.wait_for(Prepare)  # what would have been ordered before that is here
    assert len(other.took(SharedProgramme)) == had
    with pytest.raises(HubRefuses):
        hub.client.arrange("no-such-yard", zone="没有", groups=(), volume_percent=None)
    assert "no-such-yard" not in {zone.name for zone in hub.client.zones().zones}
    other.close()


def said_by(agent: LightAgent) -> list[str]:
    """Return the messages of the programme that the device took last."""
    took = agent.took(SharedProgramme)
    does = took[-1].does if took else None
    return [one.message.id for one in does.messages] if isinstance(does, SharedProgramme) else []


def test_a_lost_device_is_off_at_once_and_for_good(hub: AHub, agent: LightAgent) -> None:
    """Its connection ends, it is not let in again, audio is refused, and nothing is kept for it."""
    clip = a_clip(hub.folders.clips)
    publish(hub, "r9", ForYards(id="water", zones=("all",), said=message("water", clip), by_yard={}))
    shared = agent.wait_for(SharedProgramme).does
    assert isinstance(shared, SharedProgramme)
    before = agent.connections
    hub.client.lose(agent.name)
    eventually(lambda: not agent.mqtt.is_connected, "it is thrown off")
    path = f"/audio/{shared.messages[0].travels.sha256}"
    assert agent.fetch(path)[0] == 403
    zone = zone_of(hub, agent.name)
    assert (zone.standing, zone.online) == ("lost", False)
    eventually(lambda: not agent.mqtt.is_connected, "it stays off")
    assert agent.connections <= before + 1
