"""What each device is to say, from the one programme."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from msgspec.structs import replace

from fleet.agent.programme import shared_of
from fleet.hub.devices import Device, Standing
from fleet.hub.issuing import issue
from fleet.wire.documents import Travels
from programme.community import Community, ForYards
from programme.model import Broadcast, DayException
from programme.publication import PublishedMessage

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
WAY = Travels(sha256="f" * 64, size=10)


def device(name: str, *groups: str) -> Device:
    """Return a member."""
    return Device(
        name=name, zone=name, groups=groups, volume_percent=None, standing=Standing.MEMBER, serial="1", since=NOW
    )


def said(name: str, text: str = "停水。", clip: str = "a" * 64) -> PublishedMessage:
    """Return a message as it is said."""
    return PublishedMessage(id=name, title=name, text=text, clip=clip, frames=1, voice="v", engine="e", stand_in=False)


def for_yards(name: str, *zones: str) -> ForYards:
    """Return a message for ``zones``."""
    return ForYards(id=name, zones=zones, said=said(name), by_yard={})


def broadcast(name: str, *zones: str, messages: tuple[str, ...]) -> Broadcast:
    """Return a broadcast for ``zones``."""
    return Broadcast(id=name, at=time(7, 30), messages=messages, zones=zones)


COMMUNITY = Community(
    revision="r1",
    published=NOW,
    messages=(for_yards("water", "all"), for_yards("gate", "yard-3"), for_yards("tower", "group:towers")),
    broadcasts=(
        broadcast("morning", "all", messages=("water", "gate", "tower")),
        broadcast("evening", "yard-3", messages=("gate",)),
    ),
    exceptions=(
        DayException(first=date(2026, 6, 7), last=date(2026, 6, 9), reason="高考", air="none", zones=("all",)),
        DayException(first=date(2026, 10, 1), last=date(2026, 10, 1), reason="国庆", air=("evening",), zones=("all",)),
    ),
)
FLAT = replace(COMMUNITY, loudspeaker="flat")


def test_each_device_has_what_is_for_it() -> None:
    """All, its groups, itself; a broadcast says those of its messages, and is not there without any."""
    three = issue(COMMUNITY, device("yard-3"), lambda _: WAY).programme
    nine = issue(COMMUNITY, device("yard-9", "towers"), lambda _: WAY).programme
    assert [one.message.id for one in three.messages] == ["c-water", "c-gate"]
    assert [one.message.id for one in nine.messages] == ["c-water", "c-tower"]
    assert {one.id: one.messages for one in three.broadcasts} == {
        "c-morning": ("c-water", "c-gate"),
        "c-evening": ("c-gate",),
    }
    assert {one.id: one.messages for one in nine.broadcasts} == {"c-morning": ("c-water", "c-tower")}
    assert [one.air for one in three.exceptions] == ["none", ("c-evening",)]
    assert [one.air for one in nine.exceptions] == ["none", "none"]
    assert not any(one.zones for one in (*three.broadcasts, *three.exceptions))


def test_a_yard_is_told_whose_band_the_clips_have() -> None:
    """And its panel by the agent; another band is another revision, since it is to be published anew."""
    usual, flat = (issue(one, device("yard-3"), lambda _: WAY).programme for one in (COMMUNITY, FLAT))
    assert (usual.loudspeaker, flat.loudspeaker, shared_of(flat).loudspeaker) == ("box", "flat", "flat")
    assert usual.revision != flat.revision


def test_a_yard_says_its_own_name() -> None:
    """Where the words name the yard each has its own; one whose words are not rendered waits, and the rest goes out."""
    named = ForYards(id="name", zones=("all",), by_yard={"yard-3": said("name", "三号院停水。", "b" * 64)})
    community = Community(revision="r", published=NOW, messages=(named, for_yards("water", "all")))
    three = issue(community, device("yard-3"), lambda _: WAY)
    nine = issue(community, device("yard-9"), lambda _: WAY)
    assert [one.message.text for one in three.programme.messages] == ["三号院停水。", "停水。"]
    assert (three.waiting, nine.waiting) == ((), ("name",))
    assert [one.message.id for one in nine.programme.messages] == ["c-water"]


def test_a_clip_that_is_not_here_waits() -> None:
    """Nothing is ordered that could not be fetched."""
    issued = issue(COMMUNITY, device("yard-3"), lambda _: None)
    assert issued.programme.messages == ()
    assert issued.programme.broadcasts == ()
    assert issued.waiting == ("water", "gate")


def test_the_revision_is_that_of_the_content() -> None:
    """What changes nothing for a device is no news to it; what does, is."""
    later = Community(
        revision="r2",
        published=datetime(2026, 11, 26, tzinfo=UTC),
        messages=COMMUNITY.messages,
        broadcasts=COMMUNITY.broadcasts,
        exceptions=COMMUNITY.exceptions,
    )
    one = issue(COMMUNITY, device("yard-3"), lambda _: WAY).programme
    assert issue(later, device("yard-3"), lambda _: WAY).programme.revision == one.revision
    assert issue(COMMUNITY, device("yard-3", "towers"), lambda _: WAY).programme.revision != one.revision
