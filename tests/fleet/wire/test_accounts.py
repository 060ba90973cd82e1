"""What devices tell: whole, bounded, and readable across versions."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from box.sentences import Sentence
from fleet.wire import accounts
from fleet.wire.accounts import AccountUnreadable, DeviceState, Proposal, ProposedWords, Report, Told, What
from fleet.wire.bounded import LARGEST_BODY_BYTES
from fleet.wire.rows import rows_of
from fleet.wire.topics import Inward, Outward
from speaker.airing import Outcome, Reason
from speaker.condition import Alarm
from speaker.record import Airing, Said
from speaker.trust.states import Trust

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def airing(number: int, text: str = "停水。") -> Airing:
    """Return a row that says ``text``."""
    return Airing(
        id=number,
        change=number,
        priority="programme",
        origin="schedule",
        who="",
        broadcast="c-morning",
        day=date(2026, 11, 25),
        attempt=1,
        due=NOW,
        started=NOW,
        ended=NOW,
        outcome=Outcome.AIRED,
        reason=Reason.NONE,
        frames=1,
        frames_played=1,
        lateness_ms=0.1,
        volume_percent=70,
        revision="r1",
        said=(Said(message="m", title="t", text=text, clip="a" * 64, voice="v", engine="e", stand_in=False),),
    )


TOLD: list[tuple[Outward, Told]] = [
    (Outward.STATE, accounts.LAST_WILL),
    (
        Outward.STATE,
        DeviceState(
            online=True,
            since=NOW,
            clock=Trust.SYNCHRONISED,
            card="card",
            counters={Inward.PROGRAMME: 5},
            alarms=(Alarm(code="card", zh="声卡不见了", en="no card"),),
        ),
    ),
    (Outward.REPORT, Report(of=5, channel=Inward.URGENT, what=What.STARTED, at=NOW, lateness_ms=0.2, airing=3)),
    (
        Outward.REPORT,
        Report(of=5, channel=Inward.URGENT, what=What.REFUSED, at=NOW, why=Sentence("静音时段", "quiet hours")),
    ),
    (Outward.RECORDS, rows_of("log-1", 0, (airing(1), airing(2)))),
    (
        Outward.PROPOSAL,
        Proposal(id="p1", at=NOW, entry="c-water", revision="r1", words=ProposedWords(title="t", text="x")),
    ),
]


@pytest.mark.parametrize(("channel", "told"), TOLD)
def test_it_arrives_as_it_was_told(channel: Outward, told: Told) -> None:
    """Every payload, both ways."""
    assert accounts.decode(channel, accounts.encode(told)) == told


def test_a_field_of_a_later_version_is_passed_over() -> None:
    """Boxes are upgraded one after the other."""
    assert accounts.decode(Outward.STATE, b'{"online": true, "humidity": 40}') == DeviceState(online=True)


@pytest.mark.parametrize(
    ("payload", "known"),
    [
        (
            b'{"online":true,"clock":"stellar","card":"wireless","version":"9","counters":{"weather":5}}',
            DeviceState(online=True, version="9"),
        ),
        (b'{"online":false,"volume_percent":"loud"}', DeviceState(online=False)),
        (b'{"clock":"stellar"}', None),
        (b'{"online":"yes"}', None),
        (b"[]", None),
        (b"[" * 100_000, None),
    ],
)
def test_of_a_state_of_a_later_version_what_is_known_is_understood(payload: bytes, known: DeviceState | None) -> None:
    """A box that is there must not look as if it were away, because it has one more word for its clock."""
    with pytest.raises(AccountUnreadable):
        accounts.decode(Outward.STATE, payload)
    assert accounts.known_of_state(payload) == known


@pytest.mark.parametrize(
    ("channel", "payload"),
    [
        (Outward.STATE, b""),
        (Outward.STATE, b"null"),
        (Outward.STATE, b'{"online": 1}'),
        (Outward.STATE, b'{"online": true, "since": "2026-11-25T08:00:00"}'),
        (Outward.STATE, b'{"online": true, "zone": "\\u0000"}'),
        (Outward.REPORT, b"[" * 100_000),
        (Outward.RECORDS, b'{"log": "x", "after": 0, "rows": []}'),
        (Outward.PROPOSAL, b'{"id": "p1", "at": "2026-11-25T08:00:00Z", "entry": "c-water", "revision": "r"}'),
        (Outward.STATE, b'{"online": true, "zone": "' + b"x" * LARGEST_BODY_BYTES + b'"}'),
    ],
)
def test_what_is_no_account_gets_a_sentence(channel: Outward, payload: bytes) -> None:
    """A compromised device can't make the hub stumble."""
    with pytest.raises(AccountUnreadable):
        accounts.decode(channel, payload)
