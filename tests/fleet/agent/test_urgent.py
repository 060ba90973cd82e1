"""What is urgent: made ready, armed for its instant, followed to its end, stopped, too late."""

from datetime import timedelta
from threading import enumerate as enumerate_threads

import pytest

from fleet.agent.board import Board, bulletin_id
from fleet.agent.clips import Clips
from fleet.agent.following import Following
from fleet.agent.urgent import Outcome, Urgent
from fleet.wire.accounts import What
from fleet.wire.documents import Order, Prepare, Say, Stop
from speaker.airing import Reason
from speaker.client import SpeakerAway
from speaker.protocol import Refused
from speaker.words import reason_sentence
from tests.fakes import SetClock
from tests.fleet.agent.fakes import NOW, FakeAudio, FakeSpeaker, a_flac

AT = NOW + timedelta(seconds=20)


class Yard:
    """A yard whose clock goes on only while its agent waits."""

    def __init__(self, room) -> None:
        self.room = room
        self.clock = SetClock(NOW)
        self.speaker = FakeSpeaker(self.clock)
        self.audio = FakeAudio()
        self.announcement, flac = a_flac(room)
        self.audio.files[self.announcement.travels.sha256] = flac
        self.told: list[Outcome] = []
        self.at: dict[float, object] = {}
        self.following = Following(room, self.speaker, self.clock, reason_sentence)
        self.urgent = Urgent(
            clips=Clips(room, self.audio),
            board=Board(room),
            speaker=self.speaker,
            clock=self.clock,
            tell=self.told.append,
            following=self.following,
            pause=self.pause,
        )
        self.counter = 100

    def pause(self, seconds: float) -> None:
        """Let time pass; what was planned for it happens."""
        self.clock.advance(seconds)
        if self.speaker.takes:
            self.speaker.taken = (bulletin_id("fire"),)
        passed = (self.clock.now() - NOW).total_seconds()
        for second in [second for second in self.at if second <= passed]:
            self.at.pop(second)()

    def order(self, does) -> Order:
        """Return the next order of the hub."""
        self.counter += 1
        return Order(to="panlong-4", counter=self.counter, issued=NOW, expires=NOW + timedelta(hours=2), does=does)

    def say(self, **more) -> Order:
        """Return the order to say it."""
        fields = {"starts_at": AT, "late_ok_seconds": 10, "occasion": "火警", "priority": "emergency", "who": "社区"}
        return self.order(Say(urgent="fire", announcement=self.announcement, **(fields | more)))

    def whats(self) -> list[What]:
        """Return what was reported."""
        return [one.what for one in self.told]


@pytest.fixture
def yard(tmp_path):
    """Give a yard to which nothing has come."""
    return Yard(tmp_path)


def test_it_is_armed_for_its_instant_and_followed_to_its_end(yard):
    """The speaker is handed the instant; what it does is told step by step, with the row and the lateness."""
    yard.at[21] = yard.speaker.end
    yard.urgent.work(yard.say())
    (asked,) = yard.speaker.asked
    assert (asked["at"], asked["bulletin"], asked["origin"]) == (AT, "u-fire", "fleet")
    assert (asked["priority"], asked["occasion"], asked["who"]) == ("emergency", "火警", "社区")
    assert yard.whats() == [What.ARMED, What.STARTED, What.ENDED]
    assert yard.told[-1].lateness_ms == 0.3
    assert yard.told[-1].airing == 1
    assert not (yard.room / "said.json").exists()


def test_what_was_made_ready_is_not_fetched_again(yard):
    """Prepare brings the clip and lays it where the speaker takes it; Say finds it there."""
    yard.urgent.work(yard.order(Prepare(urgent="fire", announcement=yard.announcement)))
    assert yard.whats() == [What.READY]
    assert len(yard.audio.asked) == 1
    yard.at[21] = yard.speaker.end
    yard.urgent.work(yard.say())
    assert len(yard.audio.asked) == 1


def test_an_instant_far_ahead_waits_until_the_speaker_takes_it(yard):
    """The speaker arms a minute ahead and no more."""
    yard.at[131] = yard.speaker.end
    asked_at = []
    play = yard.speaker.play
    yard.speaker.play = lambda **asked: asked_at.append(yard.clock.now()) or play(**asked)
    yard.urgent.work(yard.say(starts_at=NOW + timedelta(seconds=130)))
    assert timedelta(seconds=45) < NOW + timedelta(seconds=130) - asked_at[0] <= timedelta(seconds=50)


def test_a_latecomer_within_its_allowance_sounds_at_once(yard):
    """Five seconds late where ten are allowed: without an instant, for that has passed."""
    yard.clock.advance(25)
    yard.at[26] = yard.speaker.end
    yard.urgent.work(yard.say())
    assert yard.speaker.asked[0]["at"] is None
    assert yard.whats() == [What.ARMED, What.STARTED, What.ENDED]


def test_a_latecomer_beyond_it_does_not_sound(yard):
    """Nobody hears half a minute after the rest what the rest have heard."""
    yard.clock.advance(31)
    yard.urgent.work(yard.say())
    assert yard.speaker.asked == []
    assert yard.whats() == [What.TOO_LATE]


def test_a_clock_that_is_set_past_it_while_it_waits_keeps_it_silent(yard):
    """A time server answers, and the instant was two minutes ago."""
    yard.at[10] = lambda: yard.clock.step(300)
    yard.urgent.work(yard.say(starts_at=NOW + timedelta(seconds=130)))
    assert yard.speaker.asked == []
    assert yard.whats() == [What.TOO_LATE]


def test_a_clip_that_comes_too_late_does_not_sound(yard):
    """It is tried until the allowance is over, then no more."""
    flac = yard.audio.files.pop(yard.announcement.travels.sha256)
    yard.at[32] = lambda: yard.audio.files.update({yard.announcement.travels.sha256: flac})
    yard.urgent.work(yard.say())
    assert yard.speaker.asked == []
    assert yard.whats() == [What.TOO_LATE]


def test_a_connection_that_breaks_is_gone_on_with(yard):
    """What came is kept."""
    yard.audio.cut = 40
    yard.at[21] = yard.speaker.end
    yard.urgent.work(yard.say())
    assert yard.whats() == [What.ARMED, What.STARTED, What.ENDED]
    assert len(yard.audio.asked) == 2


def test_a_forged_clip_is_refused(yard):
    """What travels is not what was announced: nothing of it is decoded, and the hub is told."""
    yard.audio.files[yard.announcement.travels.sha256] = b"x" * yard.announcement.travels.size
    yard.urgent.work(yard.say())
    assert yard.speaker.asked == []
    assert yard.whats() == [What.REFUSED]
    assert "不一样" in yard.told[0].why.zh


def test_the_speakers_refusal_is_handed_on(yard):
    """Quiet hours and the other limits hold against the hub too; it hears the speaker's own sentence."""
    yard.speaker.refuses = Refused(reason=Reason.QUIET_HOURS, zh="在安静时段里", en="quiet hours")
    yard.urgent.work(yard.say())
    assert yard.whats() == [What.REFUSED]
    assert yard.told[0].why.zh == "在安静时段里"


def test_a_speaker_that_is_just_starting_anew_is_waited_for(yard):
    """It is away for a while before the instant: what is urgent is armed when it is back, and not given up."""
    yard.speaker.away = True
    yard.at[12] = lambda: setattr(yard.speaker, "away", False)
    yard.at[21] = yard.speaker.end
    yard.urgent.work(yard.say())
    assert yard.whats() == [What.ARMED, What.STARTED, What.ENDED]
    assert yard.speaker.asked[0]["at"] == AT


def test_a_speaker_that_stays_away_is_told_of_when_it_is_too_late(yard):
    """The hub hears what is wrong there, not that the order came too late."""
    yard.speaker.away = True
    yard.urgent.work(yard.say())
    assert yard.clock.now() >= AT + timedelta(seconds=10)
    assert [(one.what, one.why.en) for one in yard.told] == [(What.REFUSED, "the speaker does not answer")]


def test_a_speaker_that_is_too_busy_for_a_moment_is_asked_again(yard):
    """Its storage takes a second for a row: nothing was done about the page, and it may be asked for again."""
    yard.speaker.refuses = Refused(reason=Reason.BUSY, zh="播音程序正忙，请过几秒再试", en="the speaker is busy")
    yard.at[0.4] = lambda: setattr(yard.speaker, "refuses", None)
    yard.at[21] = yard.speaker.end
    yard.urgent.work(yard.say())
    assert yard.whats() == [What.ARMED, What.STARTED, What.ENDED]


def test_a_speaker_that_is_busy_until_it_is_too_late_is_not_asked_after_that(yard):
    """A tenth of a second is left, and the next look is two tenths away."""
    yard.clock.advance(29.9)
    yard.speaker.taken = (bulletin_id("fire"),)
    yard.speaker.refuses = Refused(reason=Reason.BUSY, zh="播音程序正忙，请过几秒再试", en="the speaker is busy")
    yard.at[30.05] = lambda: setattr(yard.speaker, "refuses", None)
    yard.urgent.work(yard.say())
    assert len(yard.speaker.asked) == 1
    assert yard.whats() == [What.REFUSED]


def test_what_was_stopped_while_it_waited_for_the_speaker_is_told_as_stopped(yard):
    """The hub counts a refusal as the later word: the page would say that it failed, not that it was stopped."""
    yard.speaker.away = True
    say = yard.say()
    stop = yard.order(Stop(urgent="fire"))
    yard.at[12] = lambda: yard.urgent.take(stop, again=False)
    yard.urgent.work(say)
    assert yard.clock.now() < AT
    assert yard.whats() == [What.STOPPED]


def test_a_stop_also_silences_what_the_speaker_took_without_a_word(yard):
    """Its answer is lost, and it sounds: nobody knows its row, and still it is stopped, once."""
    play = yard.speaker.play

    def takes_it_silently(**asked):
        play(**asked)
        raise SpeakerAway("播音程序没有回答", "the speaker does not answer")

    yard.speaker.play = takes_it_silently
    yard.urgent.work(yard.say())
    assert yard.whats() == [What.REFUSED]
    yard.urgent.take(yard.order(Stop(urgent="other")), again=False)
    assert yard.speaker.stops == 0
    for urgent in ("fire", None):
        yard.urgent.take(yard.order(Stop(urgent=urgent)), again=False)
    assert yard.speaker.stops == 1


def test_what_another_announcement_holds_up_is_told_soon(yard):
    """One that is armed already does not go away: it is not asked for ever."""
    yard.speaker.refuses = Refused(reason=Reason.BUSY, zh="已经有一条在等着", en="another page is armed already")
    yard.urgent.work(yard.say())
    assert yard.whats() == [What.REFUSED]
    assert yard.clock.now() - NOW < timedelta(seconds=3)


def test_words_that_break_the_rules_are_refused(yard):
    """They would never be taken by the speaker; why is told at once."""
    long = yard.announcement.__class__(
        **{
            **{name: getattr(yard.announcement, name) for name in yard.announcement.__struct_fields__},
            "text": "字" * 4001,
        }
    )
    yard.urgent.work(yard.order(Prepare(urgent="fire", announcement=long)))
    assert yard.whats() == [What.REFUSED]


def test_a_stop_takes_back_what_is_armed(yard):
    """The speaker is told at once, and the hub by the stop and by the row's end."""
    stop = yard.order(Stop(urgent="fire", who="社区"))
    yard.counter = 100
    say = yard.say()
    yard.at[5] = lambda: yard.urgent.take(stop_after(say, stop), again=False)
    yard.urgent.work(say)
    assert yard.speaker.stops == 1
    assert yard.whats() == [What.ARMED, What.STOPPED, What.STOPPED]


def test_a_stop_of_before_the_clip_was_here_keeps_it_from_being_armed(yard):
    """It comes while the clip is fetched: the speaker never hears of it."""
    say = yard.say()
    stop = yard.order(Stop(urgent=None))
    yard.audio.before_each = lambda: yard.urgent.take(stop, again=False)
    yard.urgent.work(say)
    assert yard.speaker.asked == []
    assert yard.whats() == [What.STOPPED]


def test_a_stop_of_another_one_does_not_touch_it(yard):
    """Nor one that was given before it."""
    before = yard.order(Stop(urgent="fire"))
    say = yard.say()
    yard.urgent.take(before, again=False)
    yard.urgent.take(yard.order(Stop(urgent="other")), again=False)
    yard.at[21] = yard.speaker.end
    yard.urgent.work(say)
    assert yard.speaker.stops == 0
    assert yard.whats()[-1] is What.ENDED


def test_what_comes_again_is_not_said_again(yard):
    """The broker may give anything once more; a stop harms nobody."""
    yard.urgent.take(yard.say(), again=True)
    for thread in (one for one in enumerate_threads() if one.name == "urgent"):
        thread.join(60)
    assert (yard.told, yard.speaker.asked) == ([], [])
    yard.urgent.take(yard.order(Stop(urgent="fire")), again=True)
    assert yard.whats() == [What.STOPPED]


def test_its_end_is_told_by_the_next_process(yard):
    """The agent dies while it sounds: the one after it finds the row and tells the rest, and says it no second time."""
    kept = Following(yard.room, yard.speaker, yard.clock, reason_sentence)
    yard.at[6] = yard.urgent.end
    yard.urgent.work(yard.say())
    assert yard.whats() == [What.ARMED]
    yard.speaker.end()
    followed = kept.kept()
    assert [step.what for step in kept.steps(followed, yard.pause, lambda: False)] == [What.STARTED, What.ENDED]
    assert kept.kept() is None


def stop_after(say: Order, stop: Order) -> Order:
    """Return the stop with a counter above the say's."""
    return Order(to=stop.to, counter=say.counter + 1, issued=stop.issued, expires=stop.expires, does=stop.does)
