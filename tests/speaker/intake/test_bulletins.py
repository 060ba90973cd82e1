"""The bulletin intake: what is to be said once is as little trusted as what is published."""

import msgspec
import pytest

from programme.bulletins import MOST_BULLETINS, Bulletins, encode_bulletins
from speaker.intake.publications import SWEEP_SECONDS
from speaker.intake.watched import RETRY_SECONDS
from tests.speaker.fakes import a_message
from tests.speaker.intake.a_panel import Panel, wav


@pytest.fixture
def panel(tmp_path):
    """Give a panel that has prepared nothing."""
    return Panel(tmp_path)


def test_bulletins_are_taken_with_their_clips(panel):
    """Once for each time they change; the clips are the speaker's own copies."""
    clip = panel.clip(wav())
    bulletins = panel.prepare(clip)
    panel.intake.look()
    panel.intake.look()
    assert panel.bulletins == [bulletins]
    assert panel.own_clips() == [clip]
    assert panel.bulletin_sentence is None


def test_a_bulletin_whose_clip_is_another_is_refused(panel):
    """Its name is its content: what was put under it meanwhile never sounds, and a good one is taken later."""
    clip = panel.clip(wav())
    (panel.folders.clips / f"{clip}.wav").write_bytes(wav(value=2))
    panel.prepare(clip)
    panel.intake.look()
    assert panel.bulletins == []
    assert panel.own_clips() == []
    assert "内容与名称不符" in panel.bulletin_sentence.zh
    panel.clip(wav())
    panel.clock.advance(RETRY_SECONDS)
    panel.intake.look()
    assert len(panel.bulletins) == 1
    assert panel.bulletin_sentence is None


@pytest.mark.parametrize(
    ("content", "frames"), [(wav(rate=44_100), 480), (wav(channels=2), 480), (wav(), 481), (b"RIFF", 480)]
)
def test_only_what_the_speaker_plays_is_taken(panel, content, frames):
    """48 kHz, mono, 16 bit, and as long as it is said to be."""
    panel.prepare(panel.clip(content), frames=frames)
    panel.intake.look()
    assert panel.bulletins == []
    assert panel.bulletin_sentence is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "字" * 4001},
        {"text": "\x1b[2J"},
        {"title": ""},
        {"title": "题" * 81},
        {"id": "../x"},
        {"voice": "v" * 81},
        {"engine": "e\n"},
        {"clip": "../../etc/passwd"},
        {"frames": 0},
    ],
)
def test_the_rules_of_a_message_hold(panel, changes):
    """Length, unseen characters, names: what a publication may not say, a bulletin may not say either."""
    clip = panel.clip(wav())
    message = msgspec.structs.replace(a_message("b-0"), clip=clip, frames=480)
    panel.folders.bulletins.write_bytes(
        encode_bulletins(Bulletins(messages=(msgspec.structs.replace(message, **changes),)))
    )
    panel.intake.look()
    assert panel.bulletins == []
    assert panel.bulletin_sentence is not None


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"version": 2, "messages": []}', b" " * 200_000])
def test_what_is_no_bulletin_is_refused(panel, content):
    """And those before stay as they are."""
    panel.folders.bulletins.write_bytes(content)
    panel.intake.look()
    assert panel.bulletins == []
    assert panel.bulletin_sentence is not None


def test_there_are_only_so_many(panel):
    """Each may be twenty minutes long, and the storage is small."""
    panel.prepare(*(panel.clip(wav(value=value)) for value in range(1, MOST_BULLETINS + 2)))
    panel.intake.look()
    assert panel.bulletins == []


def test_a_clip_stays_as_long_as_its_bulletin(panel):
    """Also while the clips of former publications are swept; then it goes."""
    first, second = panel.clip(wav(value=1)), panel.clip(wav(value=2))
    panel.publish(panel.clip(wav(value=3)))
    panel.prepare(first)
    panel.intake.look()
    panel.clock.advance(SWEEP_SECONDS)
    panel.intake.go()
    assert first in panel.own_clips()
    panel.prepare(second)
    panel.intake.go()
    panel.clock.advance(SWEEP_SECONDS)
    panel.intake.go()
    assert second in panel.own_clips()
    assert first not in panel.own_clips()


def test_a_restart_takes_them_again(panel):
    """Nothing but the clips is kept of them."""
    bulletins = panel.prepare(panel.clip(wav()))
    panel.intake.look()
    again = panel.an_intake()
    again.look()
    assert panel.bulletins == [bulletins, bulletins]


def test_the_fleets_room_is_looked_at_too_by_the_same_rules(panel):
    """What the hub sends stands beside what the panel prepared; a tampered clip is refused, and the panel's stays."""
    own = panel.prepare(panel.clip(wav()))
    panel.intake.look()
    clip = panel.prepare_in_fleet(wav(value=2))
    panel.intake.look()
    assert [message.id for message in panel.bulletins[-1].messages] == [own.messages[0].id, "u-1"]
    assert panel.own_clips() == sorted([own.messages[0].clip, clip])
    clip = panel.prepare_in_fleet(wav(value=3), called=wav(value=4))
    panel.intake.look()
    assert "内容与名称不符" in panel.bulletin_sentence.zh
    assert clip not in panel.own_clips()
    panel.prepare(panel.clip(wav(value=5)))
    panel.intake.look()
    assert panel.bulletin_sentence is not None, "the one room's new file does not hide what is wrong in the other"
