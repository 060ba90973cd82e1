"""What the speaker takes of a panel that an attacker may sit in: refused early, in a short and harmless sentence."""

from datetime import date, time, timedelta, timezone

import msgspec
import pytest

from programme.chimes import Chime
from programme.model import DayException
from programme.publication import Publication, PublicationInvalid, encode_publication
from programme.timetable import cues_on
from speaker.intake.acceptance import accepted
from tests.speaker.fakes import a_broadcast, a_message, a_publication

PUBLICATION = a_publication()
MORNING = a_broadcast("morning", "07:30")


def of_broadcast(**changes: object) -> Publication:
    """Return the publication with one broadcast that is different."""
    return a_publication(msgspec.structs.replace(MORNING, **changes))


def of_message(**changes: object) -> Publication:
    """Return the publication with one message that is different."""
    return a_publication(messages=(msgspec.structs.replace(a_message("home"), **changes),))


def test_a_right_publication_is_taken():
    """As it was written."""
    assert accepted(encode_publication(PUBLICATION)) == PUBLICATION


def of_the_version_before(publication: Publication) -> bytes:
    """Return what the version before wrote: it knew one chime or none, no pause, and one kind of sound."""
    written = msgspec.json.decode(encode_publication(publication))
    del written["pause_seconds"], written["sound"]
    return msgspec.json.encode(written)


@pytest.mark.parametrize(("written", "opens_with"), [(True, Chime.BELLS), (False, None), (Chime.HARP, Chime.HARP)])
def test_an_upgrade_does_not_silence_what_is_on_air(written: bool | Chime, opens_with: Chime | None):
    """A publication of the version before is taken, and its chime is the one that it had."""
    publication = accepted(of_the_version_before(of_broadcast(chime=written)))
    (cue,) = cues_on(publication, date(2026, 3, 2))
    assert (cue.chime, cue.pause_seconds) == (opens_with, 1)


@pytest.mark.parametrize("chime", ["emergency", "Bells", "", 1, None])
def test_no_publication_can_open_with_anything_else(chime: object):
    """Neither with the emergency's signal, nor with what there is not."""
    written = msgspec.json.decode(encode_publication(PUBLICATION))
    written["broadcasts"][0]["chime"] = chime
    with pytest.raises(PublicationInvalid):
        accepted(msgspec.json.encode(written))


def test_a_recording_without_words_by_a_person_is_taken():
    """Its voice is whoever spoke, and there may be no text to it."""
    recorded = of_message(text="", voice="王书记 (手机)", engine="recording")
    assert accepted(encode_publication(recorded)) == recorded


@pytest.mark.parametrize(
    "publication",
    [
        of_broadcast(repeat=10**9),
        of_broadcast(gap_seconds=10**9),
        of_broadcast(grace_minutes=10**6),
        of_broadcast(volume_percent=500),
        of_broadcast(volume_percent=-1),
        of_broadcast(at=time(7, 30, 15)),
        of_broadcast(at=time(7, 30, tzinfo=timezone(timedelta(hours=8)))),
        of_broadcast(id="\x1b]0;mine\x07" * 1000, messages=("nowhere" * 1000,)),
        msgspec.structs.replace(PUBLICATION, volume_percent=101),
        msgspec.structs.replace(PUBLICATION, pause_seconds=10**9),
        msgspec.structs.replace(PUBLICATION, timezone="../../etc/localtime"),
        msgspec.structs.replace(PUBLICATION, revision="r" * 81),
        msgspec.structs.replace(PUBLICATION, sound="s" * 81),
        a_publication(*(a_broadcast(f"b{number}", "07:30") for number in range(3000))),
        of_message(voice="v" * 100_000),
        of_message(engine="\x1b[2J"),
        of_message(title="two\nlines"),
        of_message(clip="../../../etc/shadow"),
    ],
)
def test_what_breaks_the_rules_is_refused(publication):
    """Whatever is in it, the sentence about it is short and holds no control character."""
    with pytest.raises(PublicationInvalid) as refused:
        accepted(encode_publication(publication))
    for words in refused.value.sentence:
        assert len(words) < 250
        assert words.isprintable()


def test_a_publication_made_to_be_pondered_over_is_refused_at_its_first_fault():
    """Ten thousand names that are nearly right, against a thousand others, would take half an hour to suggest for."""
    names = tuple(f"nearly-broadcast-{number:05d}" for number in range(10_000))
    exception = DayException(first=date(2026, 6, 7), last=date(2026, 6, 9), reason="高考", air=names)
    many = a_publication(*(a_broadcast(f"broadcast-{number:05d}", "07:30") for number in range(1000)))
    with pytest.raises(PublicationInvalid, match="1000"):
        accepted(encode_publication(msgspec.structs.replace(many, exceptions=(exception,))))
