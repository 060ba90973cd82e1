"""The studio: which voice is asked, what stands in, and when the good voice is asked again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes import SetClock
from tests.tts.fakes import FakeRenderer
from tests.tts.made_voice import Made, make_voice
from tts.engines import EngineUnavailable, SpeechNotWhole, TextRefused, VoiceBroken
from tts.library import ClipLibrary
from tts.spoken import SpokenFormEmpty
from tts.studio import ChildStudio
from tts.treatment import USUAL, Treatment
from tts.voice_store.installed import VoiceStore
from tts.voices import EDGE, ESPEAK, ESPEAK_VOICE, SHERPA
from tts.word_list import STARTER_ROWS, WordList, starter
from tts.word_row import Row

GOOD = "zh-CN-XiaoxiaoNeural"
AWAY = EngineUnavailable("连不上网络语音", "the voice service can't be reached")


class Room:
    """A studio with everything that was handed to it."""

    def __init__(self, folder: Path) -> None:
        self.clock = SetClock(datetime(2020, 1, 17, 8, 0, tzinfo=UTC))
        self.renderer = FakeRenderer()
        self.library = ClipLibrary(folder)
        self.voices = VoiceStore(folder.with_name("voices"))
        self.words = starter()
        self.studio = self.another()

    def another(self, treatment: Treatment = USUAL) -> ChildStudio:
        """Return a studio as after a restart."""
        return ChildStudio(
            library=self.library,
            renderer=self.renderer,
            clock=self.clock,
            chance=lambda: 0.5,
            voices=self.voices,
            words=lambda: self.words,
            treatment=treatment,
        )

    def install(self, hold: int = 1) -> None:
        """Put a neural voice on this machine; with another ``hold`` it is another model."""
        make_voice(self.voices.folder / "made-echo", Made(hold=hold))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Return an empty studio."""
    return Room(tmp_path / "clips")


def test_the_voice_that_was_asked_for_speaks(room: Room) -> None:
    """Its own engine is asked, with the spoken form, and the clip is no stand-in."""
    clip = room.studio.clip("请拨打12345", GOOD)
    assert (clip.engine, clip.voice, clip.stand_in, clip.why) == (EDGE, GOOD, False, None)
    assert clip.spoken == room.renderer.jobs[0].spoken == "请拨打幺二三四五"
    assert room.studio.path(clip).is_file()


def test_what_is_in_the_library_is_not_rendered_again(room: Room) -> None:
    """The same words and voice are the same clip, also after a restart."""
    first = room.studio.clip("请注意", GOOD)
    assert room.another().clip("请注意", GOOD) == first
    assert room.renderer.asked == [EDGE]


def test_espeak_stands_in_and_is_marked(room: Room) -> None:
    """Where the good voice fails, the stand-in says why it is there."""
    room.renderer.failures[EDGE] = AWAY
    clip = room.studio.clip("请注意", GOOD)
    assert (clip.engine, clip.voice, clip.stand_in, clip.why) == (ESPEAK, ESPEAK_VOICE, True, AWAY.sentence)


def test_espeak_by_choice_is_no_stand_in(room: Room) -> None:
    """Who chooses the machine's voice gets it unmarked, and the network is left alone."""
    assert not room.studio.clip("请注意", ESPEAK_VOICE).stand_in
    assert room.renderer.asked == [ESPEAK]


def test_a_failed_voice_rests_for_the_whole_batch(room: Room) -> None:
    """After one failure the other messages are not kept waiting for the same one."""
    room.renderer.failures[EDGE] = AWAY
    clips = [room.studio.clip(f"第{number}条", GOOD) for number in "一二三四"]
    assert room.renderer.asked.count(EDGE) == 1
    assert [clip.why for clip in clips] == [AWAY.sentence] * 4


def test_after_its_rest_the_good_voice_is_asked_and_replaces_the_stand_in(room: Room) -> None:
    """The stand-in of a passing failure does not stay for ever."""
    room.renderer.failures[EDGE] = AWAY
    room.studio.clip("请注意", GOOD)
    room.renderer.failures.clear()
    assert room.studio.upgrade("请注意", GOOD) is None
    room.clock.advance(61)
    assert room.studio.upgrade("请注意", GOOD) is not None
    assert not room.studio.clip("请注意", GOOD).stand_in


def test_another_loudspeaker_is_another_clip(room: Room) -> None:
    """It is rendered with what the installer has set, and the one before is still there for the box before."""
    box = room.studio.clip("请注意", GOOD)
    horn = Treatment(loudspeaker="horn", sentence_pause_ms=400)
    room.another(horn).clip("请注意", GOOD)
    assert [job.treatment for job in room.renderer.jobs] == [USUAL, horn]
    assert room.another().clip("请注意", GOOD) == box
    assert len(room.renderer.jobs) == 2


def test_the_good_voice_in_the_band_before_is_better_than_a_machines(room: Room) -> None:
    """While the network is away after the loudspeaker was changed; it is marked, and mended when it can be."""
    room.studio.clip("请注意", GOOD)
    room.renderer.failures[EDGE] = AWAY
    horn = room.another(Treatment(loudspeaker="horn"))
    kept = horn.clip("请注意", GOOD)
    assert (kept.engine, kept.stand_in, kept.why) == (EDGE, True, AWAY.sentence)
    room.renderer.failures.clear()
    room.clock.advance(61)
    assert horn.upgrade("请注意", GOOD, EDGE) is not None
    assert not horn.clip("请注意", GOOD).stand_in


def test_quality_never_goes_down(room: Room) -> None:
    """A clip by the good voice is used although the network is away now."""
    good = room.studio.clip("请注意", GOOD)
    room.renderer.failures[EDGE] = AWAY
    room.studio.clip("别的话", GOOD)
    assert room.studio.clip("请注意", GOOD) == good


def test_text_that_a_voice_refuses_does_not_make_it_rest(room: Room) -> None:
    """The next message is asked of the good voice again: nothing is wrong with the network."""
    room.renderer.failures[EDGE] = TextRefused("不会读", "can't")
    assert room.studio.clip("怪字", GOOD).stand_in
    room.renderer.failures.clear()
    assert not room.studio.clip("请注意", GOOD).stand_in


def test_the_wall_clock_does_not_end_a_rest(room: Room) -> None:
    """Setting the clock back or forward neither shortens nor lengthens it."""
    room.renderer.failures[EDGE] = AWAY
    room.studio.clip("请注意", GOOD)
    room.clock.step(-86400)
    room.clock.advance(61)
    room.studio.upgrade("请注意", GOOD)
    assert room.renderer.asked.count(EDGE) == 2


def test_where_no_engine_can_say_it_there_is_an_error(room: Room) -> None:
    """Both fail: the stand-in's error is raised, and nothing is left in the library."""
    room.renderer.failures = {EDGE: AWAY, ESPEAK: SpeechNotWhole("备用声音没有读完整", "not whole")}
    with pytest.raises(SpeechNotWhole):
        room.studio.clip("请注意", GOOD)
    left = [path.name for path in room.library.path("x").parent.rglob("*") if path.is_file()]
    assert left == [".lock"]


def test_a_voice_that_nobody_has_is_stood_in_for(room: Room) -> None:
    """A misspelt voice still gives a clip, marked, with what to do."""
    clip = room.studio.clip("请注意", "Xiaoxiao")
    assert clip.stand_in
    assert clip.why is not None
    assert "Xiaoxiao" in clip.why.zh


def test_nothing_to_say(room: Room) -> None:
    """An empty text is an error and takes no time."""
    with pytest.raises(SpokenFormEmpty):
        room.studio.clip("。。。", GOOD)
    assert room.studio.seconds("。。。") == 0


def test_more_than_anybody_listens_to_is_refused(room: Room) -> None:
    """A megabyte of text is refused before any engine sees it."""
    with pytest.raises(TextRefused):
        room.studio.clip("大家注意。" * 200_000, GOOD)
    assert room.renderer.asked == []


def test_the_estimate_is_about_four_characters_a_second(room: Room) -> None:
    """The slogan of 56 characters and 8 pauses takes a quarter of a minute."""
    slogan = (
        "只要还有一粒米，不往人多地方挤；只要还有一根葱，不往菜场里面冲；"
        "只要还有一块肉，超市里面不露头；只要还有一口气，待在家里守阵地！"
    )
    assert room.studio.seconds(slogan) == pytest.approx(15, abs=1.5)


def test_a_neural_voice_stands_in_before_the_plainest(room: Room) -> None:
    """The voice's own engine first, then one of this machine; it is marked, and says why."""
    room.install()
    room.renderer.failures[EDGE] = AWAY
    clip = room.studio.clip("请注意", GOOD)
    assert (clip.engine, clip.voice, clip.stand_in, clip.why) == (SHERPA, "made-echo", True, AWAY.sentence)
    assert room.renderer.asked == [EDGE, SHERPA]
    assert room.renderer.jobs[1].voice_folder == str(room.voices.folder / "made-echo")


def test_a_neural_voice_by_choice_is_no_stand_in(room: Room) -> None:
    """The network is left alone."""
    room.install()
    assert not room.studio.clip("请注意", "made-echo").stand_in
    assert room.renderer.asked == [SHERPA]


def test_where_both_better_voices_fail_the_plainest_speaks(room: Room) -> None:
    """One that ends its process rests like one that is away; the cause told is the chosen voice's."""
    room.install()
    room.renderer.failures = {EDGE: AWAY, SHERPA: VoiceBroken("一用就中断", "it ends its process")}
    clips = [room.studio.clip(text, GOOD) for text in ("请注意", "请稍候")]
    assert [(clip.engine, clip.why) for clip in clips] == [(ESPEAK, AWAY.sentence)] * 2
    assert room.renderer.asked == [EDGE, SHERPA, ESPEAK, ESPEAK]


def test_what_a_neural_voice_can_not_read_the_plainest_reads(room: Room) -> None:
    """A character that is not in its lexicon is no reason to leave the next message to the plainest too."""
    room.install()
    room.renderer.failures = {EDGE: AWAY, SHERPA: TextRefused("不会读“𠮷”", "can't read it")}
    assert room.studio.clip("请看", GOOD).engine == ESPEAK
    del room.renderer.failures[SHERPA]
    assert room.studio.clip("请注意", GOOD).engine == SHERPA


def test_another_model_makes_another_clip(room: Room) -> None:
    """The key covers the hashes of the voice's files: the same name with other files speaks anew."""
    room.install()
    first = room.studio.clip("请注意", "made-echo")
    assert room.studio.clip("请注意", "made-echo") == first
    room.install(hold=2)
    room.studio.clip("请注意", "made-echo")
    assert room.renderer.asked == [SHERPA, SHERPA]


def test_a_better_stand_in_takes_the_place_of_a_plain_one(room: Room) -> None:
    """A neural voice that is added while the network is away is used at once, and only once."""
    room.renderer.failures[EDGE] = AWAY
    assert room.studio.clip("请注意", GOOD).engine == ESPEAK
    assert room.studio.upgrade("请注意", GOOD, ESPEAK) is None
    room.install()
    better = room.studio.upgrade("请注意", GOOD, ESPEAK)
    assert better is not None
    assert better.engine == SHERPA
    assert room.studio.clip("请注意", GOOD).engine == SHERPA
    assert room.studio.upgrade("请注意", GOOD, SHERPA) is None


@pytest.mark.parametrize("said_by", [EDGE, SHERPA])
def test_what_a_better_voice_once_said_never_gets_worse(room: Room, said_by: str) -> None:
    """The voice is taken away and the network with it: its clip is kept rather than one by the plainest."""
    room.install()
    voice = "zh-CN-YunyangNeural" if said_by == EDGE else "made-echo"
    before = room.studio.clip("请注意", voice)
    (room.voices.folder / "made-echo/voice.toml").unlink()
    room.renderer.failures[EDGE] = AWAY
    after = room.studio.clip("请注意", GOOD)
    assert (after.sha256, after.stand_in) == (before.sha256, True)
    assert ESPEAK not in room.renderer.asked


def listed(*rows: Row) -> WordList:
    """Return the starter list with those rows on top."""
    return WordList((*STARTER_ROWS, *rows))


def test_a_homophone_is_said_and_makes_another_clip(room: Room) -> None:
    """Every engine is handed the characters that are read right."""
    first = room.studio.clip("盖州停水", GOOD)
    room.words = listed(Row("盖州", "gai4 zhou1", "盖周"))
    clip = room.studio.clip("盖州停水", GOOD)
    assert (clip.spoken, room.renderer.jobs[-1].spoken) == ("盖周停水", "盖周停水")
    assert clip.sha256 != first.sha256
    assert room.studio.seconds("盖州停水") > 0


@pytest.mark.parametrize("voice", [ESPEAK_VOICE, "made-echo"])
def test_a_changed_pinyin_makes_a_new_clip_for_a_voice_that_takes_pinyin(room: Room, voice: str) -> None:
    """A row that does not touch the text makes none, nor does one that says the same."""
    room.install()
    room.studio.clip("请盖州注意", voice)
    room.words = listed(Row("盖州", "ge3 zhou1"))
    room.studio.clip("请盖州注意", voice)
    assert [job.given for job in room.renderer.jobs] == [{}, {"盖州": "ge3 zhou1"}]
    room.words = listed(Row("盖州", "gě zhōu"), Row("单于", "chan2 yu2"))
    room.studio.clip("请盖州注意", voice)
    assert len(room.renderer.jobs) == 2
    room.words = listed(Row("盖州", "gai4 zhou1"))
    room.studio.clip("请盖州注意", voice)
    assert room.renderer.jobs[2].given == {"盖州": "gai4 zhou1"}


def test_a_voice_that_takes_no_pinyin_keeps_its_clip(room: Room) -> None:
    """The network's voice would say the same again."""
    first = room.studio.clip("盖州停水", GOOD)
    room.words = listed(Row("盖州", "ge3 zhou1"))
    assert room.studio.clip("盖州停水", GOOD) == first
    assert room.renderer.asked == [EDGE]
