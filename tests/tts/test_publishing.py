"""Publishing: all clips first, then one file; what fails leaves on air what was."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import msgspec
import pytest

from box.aside import all_aside
from box.settings import Loudspeaker
from programme.credits import Credits
from programme.model import Broadcast, DayException, Message, Programme
from programme.publication import PublicationInvalid, PublishedMessage, decode_publication
from programme.shared import Shared
from speaker.intake.acceptance import accepted
from tests.fakes import SetClock
from tests.programme.test_together import SHARED
from tests.tts.fakes import FakeCleaner, FakeRenderer, phone_file
from tts.child import RenderChild
from tts.clip import Clip, Progress
from tts.engines import EngineUnavailable, SpeechNotWhole
from tts.fitting import Fitting
from tts.library import ClipLibrary
from tts.publishing import Publisher
from tts.recordings import Takes
from tts.rendered import MessageNotRendered
from tts.studio import ChildStudio
from tts.unfitted import UnfittedFile
from tts.voices import EDGE, ESPEAK

AWAY = EngineUnavailable("连不上网络语音", "the voice service can't be reached")
PROGRAMME = Programme(
    zone="警苑小区",
    messages=(
        Message(id="stay-home", title="守好阵地", text="待在家里守阵地！", valid_until=date(2020, 12, 31)),
        Message(id="hotline", title="热线", text="请拨打12345。", voice="zh-CN-YunyangNeural"),
        Message(id="unused", title="备用", text="停水通知。"),
    ),
    broadcasts=(Broadcast(id="morning", at=time(7, 30), messages=("stay-home", "hotline")),),
    exceptions=(DayException(first=date(2020, 6, 7), last=date(2020, 6, 9), reason="高考"),),
)


class Press:
    """A publisher with everything that was handed to it."""

    def __init__(self, folder: Path) -> None:
        self.clock = SetClock(datetime(2020, 1, 17, 8, 0, tzinfo=UTC))
        self.renderer = FakeRenderer()
        self.library = ClipLibrary(folder / "panel" / "clips")
        self.path = folder / "panel" / "on-air.json"
        studio = ChildStudio(library=self.library, renderer=self.renderer, clock=self.clock, chance=lambda: 0.5)
        self.cleaner = FakeCleaner()
        self.takes = Takes(
            folder=folder / "panel" / "recordings", library=self.library, cleaner=self.cleaner, clock=self.clock
        )
        self.publisher = Publisher(studio=studio, takes=self.takes, path=self.path, clock=self.clock, sound="box/1.1")
        self.told: list[Progress] = []

    def publish(self, programme: Programme = PROGRAMME, revision: str = "a1") -> None:
        """Put a programme on air."""
        self.publisher.publish(programme, revision, self.told.append)


class OvertakenStudio(ChildStudio):
    """A studio that takes so long for a better clip that something else happens in the meantime."""

    meanwhile: Callable[[], None]

    def upgrade(self, text: str, voice: str, engine: str = ESPEAK) -> Clip | None:
        """Return the better clip, late."""
        clip = super().upgrade(text, voice, engine)
        self.meanwhile()
        return clip


@pytest.fixture
def press(tmp_path: Path) -> Press:
    """Return a publisher of an empty folder."""
    return Press(tmp_path)


def test_a_publication_tells_how_its_clips_were_made(press: Press) -> None:
    """One that was made for another loudspeaker, or by the version before, which did not tell, is made anew."""
    press.publish()
    published = press.publisher.on_air()
    assert published is not None
    assert published.sound == "box/1.1"
    assert not press.publisher.sounds_otherwise(published)
    for sound in ("horn/1.1", "box/1.2", ""):
        assert press.publisher.sounds_otherwise(msgspec.structs.replace(published, sound=sound))


def test_a_publication_has_every_message_with_its_clip(press: Press) -> None:
    """What is on disk is what was returned, complete, with each clip in the library."""
    press.publish()
    published = decode_publication(press.path.read_bytes())
    assert published == press.publisher.on_air()
    assert (published.revision, published.zone, published.published) == ("a1", "警苑小区", press.clock.now())
    assert [message.id for message in published.messages] == ["stay-home", "hotline", "unused"]
    assert [message.voice for message in published.messages][:2] == ["zh-CN-XiaoxiaoNeural", "zh-CN-YunyangNeural"]
    assert published.messages[0].valid_until == date(2020, 12, 31)
    assert (published.broadcasts, published.exceptions) == (PROGRAMME.broadcasts, PROGRAMME.exceptions)
    assert all(press.library.holds(message.clip, message.frames) for message in published.messages)


def test_a_publication_names_who_wrote_each_message_and_who_approved_it(press: Press, tmp_path: Path) -> None:
    """With its source, for the record of what was aired; nothing of it where it is not known."""
    credits = Credits(tmp_path / "credits.json")
    studio = ChildStudio(library=press.library, renderer=press.renderer, clock=press.clock, chance=lambda: 0.5)
    publisher = Publisher(studio=studio, takes=press.takes, path=press.path, clock=press.clock, credits=credits)
    named = msgspec.structs.replace(PROGRAMME.messages[0], source="街道办〔2020〕3号", author="赵科长")
    programme = msgspec.structs.replace(PROGRAMME, messages=(named, *PROGRAMME.messages[1:]))
    nobody = msgspec.structs.replace(PROGRAMME, messages=PROGRAMME.messages[1:])
    credits.note(nobody, programme, "李", "王")
    first, second, _ = publisher.publish(programme, "a2", press.told.append).messages
    assert (first.source, first.author, first.wrote, first.approved) == ("街道办〔2020〕3号", "赵科长", "李", "王")
    assert (second.source, second.author, second.wrote, second.approved) == ("", "", "", "")


def test_progress_is_told_message_by_message(press: Press) -> None:
    """Each message is named before it is rendered, and the end is told."""
    press.publish()
    assert [(progress.done, progress.total) for progress in press.told] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert "守好阵地" in press.told[0].sentence.zh


def test_what_did_not_change_is_not_rendered_again(press: Press) -> None:
    """A second publication costs no rendering."""
    press.publish()
    press.publish(revision="a2")
    assert len(press.renderer.jobs) == 3
    on_air = press.publisher.on_air()
    assert on_air is not None
    assert on_air.revision == "a2"


def test_a_message_that_fails_is_named_and_what_was_on_air_stays(press: Press) -> None:
    """Nothing is published by halves."""
    press.publish()
    before = press.path.read_bytes()
    press.renderer.failures = {EDGE: AWAY, ESPEAK: SpeechNotWhole("没有读完整", "not whole")}
    changed = Programme(zone="警苑小区", messages=(Message(id="new", title="新稿", text="新的。"),))
    with pytest.raises(MessageNotRendered) as failed:
        press.publish(changed, "a2")
    assert "新稿" in failed.value.sentence.zh
    assert press.path.read_bytes() == before


def test_a_message_with_nothing_to_say_is_named(press: Press) -> None:
    """The title tells the secretary which one it is."""
    with pytest.raises(MessageNotRendered) as failed:
        press.publish(Programme(zone="x", messages=(Message(id="m", title="空的", text="！！"),)))
    assert "空的" in failed.value.sentence.zh
    assert press.publisher.on_air() is None


def test_a_damaged_publication_is_told(press: Press) -> None:
    """What is on disk but not whole is never taken for a publication."""
    press.publish()
    press.path.write_bytes(press.path.read_bytes()[:100])
    with pytest.raises(PublicationInvalid):
        press.publisher.on_air()


def test_stand_ins_are_replaced_when_the_good_voice_is_back(press: Press) -> None:
    """After its rest the good voice is asked, and what it says is published under the same revision."""
    press.renderer.failures[EDGE] = AWAY
    press.publish()
    press.renderer.failures.clear()
    press.clock.advance(90)
    better = press.publisher.retry_stand_ins(PROGRAMME, "a1", may_render=lambda: True)
    assert better is not None
    assert (better.revision, [message.stand_in for message in better.messages]) == ("a1", [False] * 3)
    assert better == press.publisher.on_air()
    assert press.publisher.retry_stand_ins(PROGRAMME, "a1", may_render=lambda: True) is None


@pytest.mark.parametrize(
    ("revision", "may_render", "seconds"), [("a1", False, 90), ("other", True, 90), ("a1", True, 10)]
)
def test_stand_ins_stay(press: Press, revision: str, may_render: bool, seconds: float) -> None:
    """Near a cue, for another revision, or while the voice rests, nothing is rendered."""
    press.renderer.failures[EDGE] = AWAY
    press.publish()
    asked = len(press.renderer.jobs)
    press.clock.advance(seconds)
    assert press.publisher.retry_stand_ins(PROGRAMME, revision, may_render=lambda: may_render) is None
    assert len(press.renderer.jobs) == asked


@pytest.mark.parametrize(("yeses", "jobs"), [(0, 0), (1, 1), (2, 2), (3, 3), (5, 3)])
def test_a_cue_that_comes_near_ends_a_retry(press: Press, yeses: int, jobs: int) -> None:
    """It is asked before each message; what was rendered waits in the library and is published the next time."""
    press.renderer.failures[EDGE] = AWAY
    press.publish()
    before, asked = press.path.read_bytes(), len(press.renderer.jobs)
    press.renderer.failures.clear()
    press.clock.advance(90)
    answers = iter([True] * yeses)
    assert press.publisher.retry_stand_ins(PROGRAMME, "a1", may_render=lambda: next(answers, False)) is None
    assert len(press.renderer.jobs) == asked + jobs
    assert press.path.read_bytes() == before
    assert press.publisher.retry_stand_ins(PROGRAMME, "a1", may_render=lambda: True) is not None
    assert len(press.renderer.jobs) == asked + 3


def test_a_stand_in_says_why_it_is_there(press: Press) -> None:
    """The cause is on air with it, for the panel to show; a good voice has none."""
    press.renderer.failures[EDGE] = AWAY
    press.publish()
    on_air = press.publisher.on_air()
    assert on_air is not None
    assert {message.stand_in_why for message in on_air.messages} == {AWAY.sentence}
    press.renderer.failures.clear()
    press.clock.advance(90)
    better = press.publisher.retry_stand_ins(PROGRAMME, "a1", may_render=lambda: True)
    assert better is not None
    assert {message.stand_in_why for message in better.messages} == {None}


def test_numbers_are_said_twice_where_a_message_asks_for_it(press: Press) -> None:
    """In the sound, and in the text that the ledger will show; another setting is another clip."""
    once = Message(id="hotline", title="热线", text="请拨打12345。")
    twice = msgspec.structs.replace(once, id="twice", say_numbers_twice=True)
    press.publish(Programme(zone="x", messages=(once, twice)))
    assert [job.spoken for job in press.renderer.jobs] == ["请拨打幺二三四五。", "请拨打幺二三四五，幺二三四五。"]
    on_air = press.publisher.on_air()
    assert on_air is not None
    assert [message.text for message in on_air.messages] == ["请拨打12345。", "请拨打12345，12345。"]
    assert on_air.messages[0].clip != on_air.messages[1].clip


def test_a_retry_does_not_bring_old_words_back(press: Press) -> None:
    """While the good voice was asked, a terminal published the next revision: that one stays."""
    press.renderer.failures[EDGE] = AWAY
    press.publish()
    press.renderer.failures.clear()
    press.clock.advance(90)
    studio = OvertakenStudio(library=press.library, renderer=press.renderer, clock=press.clock, chance=lambda: 0.5)
    studio.meanwhile = lambda: press.publish(revision="b2")
    publisher = Publisher(studio=studio, takes=press.takes, path=press.path, clock=press.clock)
    assert publisher.retry_stand_ins(PROGRAMME, "a1", may_render=lambda: True) is None
    on_air = press.publisher.on_air()
    assert on_air is not None
    assert on_air.revision == "b2"


def test_while_the_voice_is_still_away_nothing_is_published(press: Press) -> None:
    """A retry that fails changes nothing on disk."""
    press.renderer.failures[EDGE] = AWAY
    press.publish()
    before = press.path.read_bytes()
    press.clock.advance(90)
    assert press.publisher.retry_stand_ins(PROGRAMME, "a1", may_render=lambda: True) is None
    assert press.path.read_bytes() == before


def test_a_recording_is_aired_in_the_place_of_a_voice(press: Press) -> None:
    """Her voice is named, nothing stands in, the text stays for the ledger, and no voice is asked."""
    press.renderer.failures = {EDGE: AWAY, ESPEAK: SpeechNotWhole("没有读完整", "not whole")}
    take = press.takes.receive(phone_file(press.path.parent), who="王书记", text="待在家里守阵地！")
    press.takes.keep(take.id, "守好阵地")
    hers = Message(id="hers", title="守好阵地", text="待在家里守阵地！", recording=take.id)
    press.publish(Programme(zone="x", messages=(hers, msgspec.structs.replace(hers, id="again"))))
    on_air = press.publisher.on_air()
    assert on_air is not None
    said, again = on_air.messages
    assert (said.text, said.engine, said.voice, said.stand_in) == ("待在家里守阵地！", "recording", "王书记", False)
    assert said.clip == again.clip == press.takes.clip(take.id).sha256
    assert press.renderer.jobs == []


def test_a_recording_that_is_gone_is_named_with_its_message(press: Press) -> None:
    """What was on air stays on air."""
    gone = Message(id="hers", title="守好阵地", text="待在家里！", recording="0" * 16)
    with pytest.raises(MessageNotRendered) as failed:
        press.publish(Programme(zone="x", messages=(gone,)))
    assert "守好阵地" in failed.value.sentence.zh
    assert "录音" in failed.value.sentence.zh


def test_a_clip_that_was_lost_is_made_again_of_the_recording(press: Press) -> None:
    """The original is kept: the library may be emptied."""
    take = press.takes.receive(phone_file(press.path.parent), who="王书记")
    press.takes.keep(take.id, "一")
    clip = press.takes.clip(take.id)
    press.library.path(clip.sha256).unlink()
    assert press.takes.clip(take.id) == clip
    assert press.library.path(clip.sha256).exists()


@dataclass
class Shelf:
    """A library that takes note of what is to be forgotten."""

    asked: list[tuple[set[str], float]] = field(default_factory=list)

    def holds(self, sha256: str, frames: int) -> bool:
        """Hold nothing whole."""
        return False

    def forget_unused(self, used: Collection[str], asked_for_since: float) -> int:
        """Take note."""
        self.asked.append((set(used), asked_for_since))
        return 7


def test_what_is_on_air_is_never_forgotten(press: Press) -> None:
    """And nothing at all while it is not known what is."""
    shelf = Shelf()
    studio = ChildStudio(library=press.library, renderer=press.renderer, clock=press.clock, chance=lambda: 0.5)
    publisher = Publisher(studio=studio, takes=press.takes, path=press.path, clock=press.clock, library=shelf)
    assert publisher.forget_unused_clips() == 0
    press.publish()
    on_air = decode_publication(press.path.read_bytes())
    assert publisher.forget_unused_clips() == 7
    month = press.clock.now() - timedelta(days=30)
    assert shelf.asked == [({message.clip for message in on_air.messages}, month.timestamp())]
    assert not publisher.clips_are_whole(on_air)
    press.path.write_bytes(b"?")
    with pytest.raises(PublicationInvalid):
        publisher.forget_unused_clips()
    assert publisher.is_damaged()
    assert publisher.put_damaged_aside()
    assert publisher.on_air() == on_air
    assert not publisher.is_damaged()
    assert [one.path.read_bytes() for one in all_aside(press.path.parent)] == [b"?"]


def test_without_a_copy_what_is_damaged_lies_aside(press: Press) -> None:
    """Nothing takes its place, and that is told."""
    press.publish()
    press.path.with_name("on-air.good.json").unlink()
    press.path.write_bytes(b"?")
    assert not press.publisher.put_damaged_aside()
    assert press.publisher.on_air() is None


def test_only_what_is_for_this_yard_is_published_with_its_name_said(press: Press) -> None:
    """A hub's programme holds what other yards say too; that is neither rendered nor aired here."""
    messages = (
        Message(id="all", title="{zone}停水", text="{zone}的居民请注意。", zones=("all",)),
        Message(id="theirs", title="盘龙", text="盘龙苑停电。", zones=("panlong-4",)),
    )
    theirs = Broadcast(id="noon", at=time(12, 0), messages=("theirs",), zones=("panlong-4",))
    ours = Broadcast(id="morning", at=time(7, 30), messages=("all",))
    press.publish(Programme(zone="警苑小区", messages=messages, broadcasts=(ours, theirs)))
    on_air = press.publisher.on_air()
    assert on_air is not None
    assert [(one.id, one.title, one.text) for one in on_air.messages] == [
        ("all", "警苑小区停水", "警苑小区的居民请注意。")
    ]
    assert [one.id for one in on_air.broadcasts] == ["morning"]
    assert [job.spoken for job in press.renderer.jobs] == ["警苑小区的居民请注意。"]


def test_the_hubs_own_speaker_takes_what_is_for_all(press: Press) -> None:
    """It knows no zones: what is published names none, or the rules would find its messages to be for nobody."""
    message = Message(id="water", title="停水", text="今天停水。", zones=("all",))
    noon = Broadcast(id="noon", at=time(12, 0), messages=("water",), zones=("all",))
    closed = DayException(first=date(2026, 6, 7), last=date(2026, 6, 9), reason="高考", air=("noon",), zones=("all",))
    press.publish(Programme(zone="大石社区", messages=(message,), broadcasts=(noon,), exceptions=(closed,)))
    assert accepted(press.path.read_bytes()).broadcasts[0].messages == ("water",)


class Layer:
    """A shared layer with one message; its clip is in the library as far as the publisher is concerned."""

    def current(self) -> Shared | None:
        """Return it."""
        return SHARED


def test_what_is_shared_is_published_beside_the_yards_own(press: Press) -> None:
    """Its messages are not rendered here; who sends it and which edition is named."""
    publisher = Publisher(
        studio=ChildStudio(library=press.library, renderer=press.renderer, clock=press.clock, chance=lambda: 0.5),
        takes=press.takes,
        path=press.path,
        clock=press.clock,
        shared=Layer(),
    )
    publisher.publish(PROGRAMME, "a1", press.told.append)
    on_air = publisher.on_air()
    assert on_air is not None
    assert [message.id for message in on_air.messages] == ["c-notice", "stay-home", "hotline", "unused"]
    times = [f"{one.at:%H:%M} {one.id}" for one in on_air.broadcasts if one.id.endswith("morning")]
    assert times == ["07:30 c-morning", "07:31 morning"]
    assert (on_air.revision, on_air.shared, on_air.hub) == ("a1", "h1", "大石社区")
    assert len(press.renderer.jobs) == 3


def test_what_is_shared_is_brought_into_the_band_of_this_box(press: Press) -> None:
    """The publication names the fitted clip; the yard's own are made in that band anyhow."""
    fitted = msgspec.structs.replace(SHARED.messages[0], clip="f" * 64, frames=7)

    class Fits(Fitting):
        """A fitting that was done before."""

        def messages(
            self, messages: tuple[PublishedMessage, ...], made_for: Loudspeaker
        ) -> tuple[PublishedMessage, ...]:
            """Return the fitted one."""
            assert (messages, made_for) == (SHARED.messages, "box")
            return (fitted,)

    publisher = Publisher(
        studio=ChildStudio(library=press.library, renderer=press.renderer, clock=press.clock, chance=lambda: 0.5),
        takes=press.takes,
        path=press.path,
        clock=press.clock,
        shared=Layer(),
        fitting=Fits(
            press.library, RenderChild(), "horn", UnfittedFile(press.path.with_name("unfitted.json"), press.clock)
        ),
    )
    publisher.publish(PROGRAMME, "a1", press.told.append)
    on_air = publisher.on_air()
    assert on_air is not None
    assert on_air.messages[0] == fitted
    assert on_air.shared == "h1"
