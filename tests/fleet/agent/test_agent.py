"""The agent as a whole, without a broker: what it takes, what it refuses, what it tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from box.folders import Folders
from fleet.agent.agent import Agent, Mouth, Parts
from fleet.agent.board import Board
from fleet.agent.clips import Clips
from fleet.agent.doorkeeper import Doorkeeper
from fleet.agent.following import Following
from fleet.agent.leaving import forget
from fleet.agent.programme import SharedTaking
from fleet.agent.records import COPY_AWAY_SECONDS, RecordsSending
from fleet.agent.standing import answers_in, standing_in
from fleet.agent.states import State
from fleet.agent.stating import OnAirFile
from fleet.agent.urgent import Urgent
from fleet.agent.wishes import WishesSending
from fleet.enrol.membership import KEYS as KEYS_FILE
from fleet.enrol.membership import Membership, write_membership
from fleet.wire import accounts, topics
from fleet.wire.accounts import AUDIO_AWAY, DeviceState, Proposal, Report, Told, What
from fleet.wire.counters import Counters
from fleet.wire.documents import Acknowledged, Answer, Answers, Command, LogMark, Order
from fleet.wire.keys import SigningKey
from fleet.wire.orders import sign_order
from fleet.wire.rows import Rows
from fleet.wire.topics import Inward, Outward
from fleet.wire.trusted import sign_key_set
from programme.wish import Wish, encode_wish
from speaker.trust.states import Trust
from speaker.words import reason_sentence
from tests.fakes import SetClock
from tests.fleet.agent.fakes import FakeAudio, FakeSpeaker, a_row
from tests.fleet.wire.orders import KEYS, NOW, PROGRAMME, ROOT, SAY, SHARED, STRANGER, URGENT

ME = "yard-3"


class FakeBroker:
    """A broker that remembers."""

    is_connected = True

    def __init__(self) -> None:
        self.sent: list[tuple[Outward, Told]] = []
        self.before_each: Callable[[], object] = lambda: None

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Remember what it says."""
        self.before_each()
        came = topics.read_from(topic)
        assert came is not None
        assert came.name == ME
        assert retain is (came.channel is Outward.STATE)
        self.sent.append((came.channel, accounts.decode(came.channel, payload)))


class Yard:
    """A yard whose agent is moved by hand."""

    def __init__(self, root: Path) -> None:
        self.folders = Folders(root / "data", root / "run")
        self.room = self.folders.fleet
        self.folders.panel.mkdir(parents=True)
        self.clock = SetClock(NOW)
        self.speaker = FakeSpeaker(self.clock)
        self.membership = Membership(
            name=ME,
            zone="盘龙苑",
            hosts=("192.168.1.9",),
            port=8884,
            broker_port=8883,
            root=ROOT.public.raw,
            joined=NOW,
        )
        self.join()
        self.broker = FakeBroker()
        self.agent = self.an_agent()

    def join(self) -> None:
        """Make it a member."""
        keys = sign_key_set(KEYS, ROOT)
        write_membership(self.room, self.membership, key=b"k", certificate=b"c", authority=b"a", keys=keys)

    def an_agent(self) -> Agent:
        """Return an agent as a start of the process makes it."""
        mouth, clips, board = Mouth(ME, self.clock), Clips(self.room, FakeAudio()), Board(self.room)
        mouth.broker = self.broker
        following = Following(self.room, self.speaker, self.clock, reason_sentence)
        self.doorkeeper = Doorkeeper(self.room, ME, ROOT.public, Counters(self.room / "counters.json"))
        self.shared = SharedTaking(
            self.room,
            clips,
            clock=self.clock,
            tell=lambda counter, what, why: mouth.report(counter, Inward.PROGRAMME, what, why),
            in_use=lambda: board.clips,
        )
        self.urgent = Urgent(
            clips=clips, board=board, speaker=self.speaker, clock=self.clock, tell=mouth.urgent, following=following
        )
        parts = Parts(
            doorkeeper=self.doorkeeper,
            shared=self.shared,
            urgent=self.urgent,
            records=RecordsSending(self.room, self.speaker, self.clock, lambda rows: mouth.tell(Outward.RECORDS, rows)),
            wishes=WishesSending(
                self.room, self.folders.panel, self.clock, lambda wish: mouth.tell(Outward.PROPOSAL, wish)
            ),
            speaker=self.speaker,
            on_air=OnAirFile(self.folders.publication),
        )
        return Agent(self.room, self.membership, parts, mouth, clock=self.clock, version="0.1")

    def connect(self) -> None:
        """Let the broker be there."""
        self.agent.connected()
        self.step()

    def step(self, seconds: float = 0) -> None:
        """Let time pass, what was posted be done, and everything be looked after."""
        self.clock.advance(seconds)
        self.agent.settle()

    def hear(self, channel: Inward, payload: bytes) -> None:
        """Let the broker bring something."""
        self.agent.heard(topics.to_device(ME, channel), payload)
        self.step()

    def order(
        self, does: Command, channel: Inward, *, counter: int = 100, key: SigningKey = PROGRAMME, to: str = ME
    ) -> None:
        """Let the hub order something."""
        expires = NOW + timedelta(hours=2)
        self.hear(channel, sign_order(Order(to=to, counter=counter, issued=NOW, expires=expires, does=does), key))

    def told(self, kind: type) -> list:
        """Return what it has told of that kind, and forget it."""
        found = [told for _, told in self.broker.sent if isinstance(told, kind)]
        self.broker.sent = [one for one in self.broker.sent if not isinstance(one[1], kind)]
        return found


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    """Give a yard that is connected, and has told how it is."""
    one = Yard(tmp_path)
    one.connect()
    return one


def test_it_tells_how_it_is_when_it_connects_and_when_that_changes(yard: Yard) -> None:
    """With its counters and keys, by which a hub that was restored finds its way; not each second anew."""
    (state,) = yard.told(DeviceState)
    assert (state.online, state.version, state.zone, state.keys, state.clock) == (
        True,
        "0.1",
        "盘龙苑",
        1,
        Trust.SYNCHRONISED,
    )
    yard.step(10)
    assert yard.told(DeviceState) == []
    yard.speaker.trust = Trust.KEPT
    yard.step(10)
    assert [state.clock for state in yard.told(DeviceState)] == [Trust.KEPT]
    yard.step(300)
    assert len(yard.told(DeviceState)) == 1


def test_a_programme_is_taken_reported_and_its_counter_told(yard: Yard) -> None:
    """What the hub reads of it next is that it was taken."""
    yard.told(DeviceState)
    yard.order(SHARED, Inward.PROGRAMME)
    assert [(report.what, report.of) for report in yard.told(Report)] == [(What.TAKEN, 100)]
    assert yard.shared.revision == "r1"
    assert yard.told(DeviceState)[-1].counters == {Inward.PROGRAMME: 100}


def test_a_clip_that_can_not_be_had_is_told_to_the_hub(yard: Yard) -> None:
    """Its page says which yard waits for audio."""
    yard.order(SHARED, Inward.PROGRAMME)
    assert not yard.shared.work()
    yard.step(10)
    assert [alarm.code for alarm in yard.told(DeviceState)[-1].alarms] == [AUDIO_AWAY]


@pytest.mark.parametrize(
    "wrong",
    [{"key": STRANGER}, {"key": ROOT}, {"key": URGENT}, {"to": "yard-4"}],
    ids=["a stranger's key", "the root's", "the urgent key's", "for another"],
)
def test_what_breaks_a_rule_is_refused_and_the_hub_is_told(yard: Yard, wrong: dict[str, object]) -> None:
    """Nothing of it is done, and the reason is in the report."""
    yard.order(SHARED, Inward.PROGRAMME, **wrong)
    assert yard.shared.revision == ""
    (report,) = yard.told(Report)
    assert report.what is What.REFUSED
    assert report.why is not None


def test_a_rollback_is_refused_also_after_a_restart(yard: Yard) -> None:
    """Yesterday's programme, put back by whoever has the broker, is passed over."""
    yard.order(SHARED, Inward.PROGRAMME, counter=200)
    yard.agent = yard.an_agent()
    yard.connect()
    yard.told(Report)
    yard.order(replace(SHARED, revision="r0"), Inward.PROGRAMME, counter=199)
    assert yard.shared.revision == "r1"
    assert yard.told(Report) == []


@pytest.mark.parametrize("does", [SHARED, SAY], ids=["programme", "urgent"])
def test_the_counter_is_on_the_disk_before_anything_is_done(yard: Yard, does: Command) -> None:
    """Before the first word about it even; and where it can't be kept, nothing is done at all."""
    channel, key = (Inward.URGENT, URGENT) if does is SAY else (Inward.PROGRAMME, PROGRAMME)
    found: list[int] = []
    path = yard.room / "counters.json"
    yard.broker.before_each = lambda: found.append(Counters(path).highest(channel, (key.public.id,)))
    yard.order(does, channel, counter=100, key=key)
    assert found[0] == 100
    yard.broker.before_each = lambda: None
    yard.told(Report)
    for name in ("counters.json", "counters.good.json"):
        (yard.room / name).unlink()
    path.mkdir()
    yard.order(
        replace(does, **({"revision": "r9"} if does is SHARED else {"urgent": "u-9"})), channel, counter=101, key=key
    )
    assert yard.told(Report) == []
    assert yard.shared.revision in {"", "r1"}
    assert yard.doorkeeper.counters()[channel] == 100


def test_the_same_order_once_more_is_not_reported_again(yard: Yard) -> None:
    """The broker gives what is retained at every connection."""
    yard.order(SHARED, Inward.PROGRAMME)
    yard.told(Report)
    yard.order(SHARED, Inward.PROGRAMME)
    assert yard.told(Report) == []


def test_noise_and_empty_payloads_are_no_orders(yard: Yard) -> None:
    """An empty one takes a retained message back; noise is refused."""
    yard.hear(Inward.PROGRAMME, b"")
    assert yard.told(Report) == []
    yard.hear(Inward.PROGRAMME, b"\x00" * 300)
    assert [report.what for report in yard.told(Report)] == [What.REFUSED]
    yard.agent.heard("xiaolaba/1/yard-4/in/programme", b"x")
    yard.step()
    assert yard.told(Report) == []


def test_new_keys_count_from_when_they_come_and_after_a_restart(yard: Yard) -> None:
    """An order of the old key is refused from then on."""
    newer = replace(KEYS, serial=2, programme=(STRANGER.public.raw,))
    yard.hear(Inward.KEYS, sign_key_set(newer, ROOT))
    assert (yard.room / KEYS_FILE).read_bytes() == sign_key_set(newer, ROOT)
    yard.order(SHARED, Inward.PROGRAMME, key=PROGRAMME)
    assert yard.shared.revision == ""
    yard.agent = yard.an_agent()
    yard.connect()
    yard.order(SHARED, Inward.PROGRAMME, key=STRANGER)
    assert yard.shared.revision == "r1"


def test_without_a_clock_a_programme_is_taken_and_nothing_urgent_said(yard: Yard) -> None:
    """Nobody knows whether the instant has passed; that is told with its sentence."""
    yard.speaker.trust = Trust.UNTRUSTED
    yard.order(SAY, Inward.URGENT, key=URGENT)
    (report,) = yard.told(Report)
    assert report.what is What.REFUSED
    assert "时间" in report.why.zh
    yard.order(SHARED, Inward.PROGRAMME)
    assert yard.shared.revision == "r1"


def test_while_the_speaker_is_away_nothing_urgent_is_said_either(yard: Yard) -> None:
    """Who can't be asked for the time vouches for none."""
    yard.speaker.away = True
    yard.order(SAY, Inward.URGENT, key=URGENT)
    assert [report.what for report in yard.told(Report)] == [What.REFUSED]


def test_records_go_when_it_is_connected_and_the_hubs_word_ends_it(yard: Yard) -> None:
    """Not while it is offline: they would only wait in memory, and be lost with it."""
    yard.agent.lost()
    yard.speaker.rows.append(a_row(1, 1))
    yard.step(60)
    assert yard.told(Rows) == []
    yard.connect()
    assert [row.id for rows in yard.told(Rows) for row in rows.airings()] == [1]
    yard.order(Acknowledged(marks=(LogMark(log="log-1", change=1),)), Inward.ACKNOWLEDGED)
    yard.step(60)
    assert yard.told(Rows) == []


def test_while_it_is_offline_the_rows_are_copied_and_leaving_forgets_them(yard: Yard) -> None:
    """Should the speaker's log be set aside before the hub is back, they are here."""
    yard.step(60)
    yard.agent.lost()
    yard.step(0)
    yard.speaker.rows.append(a_row(1, 1))
    yard.step(COPY_AWAY_SECONDS)
    yard.speaker.log, yard.speaker.rows = "log-2", []
    yard.connect()
    assert [(rows.log, [row.id for row in rows.airings()]) for rows in yard.told(Rows)] == [("log-1", [1])]
    forget(yard.room)
    assert not list(yard.room.glob("unsent*"))


def test_a_wish_is_sent_until_it_is_answered(yard: Yard) -> None:
    """After each connection again, and what is answered is there for the panel to read."""
    wish = Wish(id="w-1", at=NOW, entry="c-water", revision="r1", who="王", title="停水", text="改到三点。")
    (yard.folders.panel / "wishes").mkdir()
    (yard.folders.panel / "wishes" / "w-1.json").write_bytes(encode_wish(wish))
    (yard.folders.panel / "wishes" / "w-2.json").write_bytes(b"{}")
    yard.step(10)
    (proposal,) = yard.told(Proposal)
    assert (proposal.id, proposal.entry, proposal.words.text) == ("w-1", "c-water", "改到三点。")
    yard.step(10)
    assert yard.told(Proposal) == []
    yard.connect()
    assert len(yard.told(Proposal)) == 1
    yard.order(Answers(answers=(Answer(proposal="w-1", adopted=True, words="好"),)), Inward.ANSWERS)
    assert [(answer.proposal, answer.adopted) for answer in answers_in(yard.room)] == [("w-1", True)]
    yard.connect()
    assert yard.told(Proposal) == []


def test_how_it_stands_is_there_to_be_read(yard: Yard) -> None:
    """For the panel, doctor and status: joined and offline, each with since when."""
    assert standing_in(yard.room).state is State.JOINED
    yard.clock.advance(60)
    yard.agent.lost()
    yard.step()
    standing = standing_in(yard.room)
    assert (standing.state, standing.since, standing.name) == (State.OFFLINE, NOW + timedelta(seconds=60), ME)


def test_it_says_goodbye_when_it_ends_and_when_the_box_leaves(yard: Yard) -> None:
    """A graceful end sends no last will: it is said before. Leaving forgets what was shared."""
    yard.agent.end()
    yard.agent.run()
    assert yard.told(DeviceState)[-1].online is False
    yard.order(SHARED, Inward.PROGRAMME)
    forget(yard.room)
    yard.agent.run()
    assert yard.agent.state is State.LEFT
    assert yard.told(DeviceState)[-1].online is False
    left = {path.name for path in yard.room.iterdir()}
    assert left - {"standing.json"} == {"counters.json", "counters.good.json"}


def test_what_was_ordered_before_it_left_or_was_damaged_is_refused_when_it_is_back(yard: Yard) -> None:
    """By the same hub's keys as before: the counters stay, whatever becomes of the membership."""
    yard.order(SHARED, Inward.PROGRAMME, counter=200)
    forget(yard.room)
    yard.join()
    yard.agent = yard.an_agent()
    yard.connect()
    yard.order(replace(SHARED, revision="r0"), Inward.PROGRAMME, counter=199)
    assert yard.shared.revision == ""
    yard.order(replace(SHARED, revision="r2"), Inward.PROGRAMME, counter=201)
    assert yard.shared.revision == "r2"
