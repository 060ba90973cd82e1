"""The desk, and the rounds that look at it: hand edits are noticed, broken ones change nothing."""

from datetime import timedelta

from msgspec.structs import replace

from tests.web.fakes import airing
from tests.web.house import NOON, House, new_house
from web.jobs import Finish
from web.rounds import RECORDS_EVERY, STAND_INS_EVERY, Rounds


def test_a_hand_edit_is_kept_under_the_files_name_and_published(house: House) -> None:
    """Somebody wrote into the file: it is in the history as by "file", rendered and on air."""
    house.publish()
    _edit(house, "一粒米", "一碗米")
    _rounds(house).look()
    house.jobs.run_waiting()
    assert [former.author for former in house.history.entries()] == ["file", "file"]
    on_air = house.publisher.on_air()
    assert on_air is not None
    assert "一碗米" in on_air.messages[0].text


def test_a_hand_edit_of_a_draft_is_not_published(house: House) -> None:
    """Nothing goes on air that nobody put there."""
    _edit(house, "一粒米", "一碗米")
    _rounds(house).look()
    house.jobs.run_waiting()
    assert house.publisher.on_air() is None


def test_her_own_save_is_no_hand_edit(house: House) -> None:
    """What the panel wrote is not published twice."""
    house.publish()
    house.logged_in().change("stay", text="她改的。")
    house.jobs.run_waiting()
    _rounds(house).look()
    assert not house.jobs.busy()
    assert [former.author for former in house.history.entries()] == ["王书记", "file"]


def test_a_broken_edit_leaves_the_last_good_edition(house: House) -> None:
    """Faults are on the desk beside the edition that goes on; once mended, they are gone."""
    house.publish()
    good = house.file.read_text(encoding="utf-8")
    house.file.write_text("zone: [", encoding="utf-8")
    _rounds(house).look()
    on_desk = house.desk.on_desk()
    assert on_desk.broken
    assert on_desk.edition is not None
    assert not house.jobs.busy()
    house.file.write_text(good, encoding="utf-8")
    _rounds(house).look()
    assert not house.desk.on_desk().broken


def test_a_file_that_was_broken_before_the_start_gives_the_last_good_one_of_the_history(house: House) -> None:
    """The panel comes up with what it knew, and says what is wrong."""
    house.file.write_text("zone: [", encoding="utf-8")
    again = new_house(house.folder, schedule="zone: [")
    assert again.desk.on_desk().broken
    edition = again.desk.on_desk().edition
    assert edition is not None
    assert edition.programme.zone == "警苑小区"


def test_a_file_that_is_gone_is_told(house: House) -> None:
    """The file was deleted: one sentence, and the page still comes."""
    house.file.unlink()
    house.desk.look()
    page = house.logged_in().get("/")
    assert page.status_code == 200
    assert "没有节目文件" in page.text


def test_the_records_are_copied_while_nobody_looks(house: House) -> None:
    """Half a minute after the speaker wrote it, the panel has it, and an absent speaker stops nothing."""
    rounds = _rounds(house)
    house.speaker.away = True
    rounds.go()
    house.speaker.away = False
    house.speaker.airings = (airing(1, NOON),)
    for _ in range(RECORDS_EVERY):
        rounds.go()
    assert len(house.handed_in.records.on(NOON.date())) == 1


def test_stand_ins_are_replaced_when_the_voice_is_back(house: House) -> None:
    """The good voice is asked again, but not shortly before something sounds."""
    house.studio.stand_in = True
    house.publish()
    rounds = _rounds(house)
    house.speaker.next_due = NOON + timedelta(minutes=9)
    for _ in range(STAND_INS_EVERY):
        rounds.go()
    assert not house.jobs.busy()
    house.speaker.next_due = NOON + timedelta(minutes=11)
    for _ in range(STAND_INS_EVERY):
        rounds.go()
    house.jobs.run_waiting()
    on_air = house.publisher.on_air()
    assert on_air is not None
    assert not any(message.stand_in for message in on_air.messages)


def test_an_old_programme_published_late_is_replaced(house: House) -> None:
    """Somebody at the terminal had read the file before the last change and published after it."""
    house.publish()
    old = house.publisher.current
    rounds = _rounds(house)
    _edit(house, "一粒米", "一碗米")
    rounds.look()
    house.jobs.run_waiting()
    new = house.publisher.current
    assert old is not None
    assert new is not None
    assert new.revision != old.revision
    house.publisher.current = replace(old, published=old.published + timedelta(minutes=1))
    rounds.look()
    house.jobs.run_waiting()
    assert house.publisher.current is not None
    assert house.publisher.current.revision == new.revision


def test_a_hand_edit_is_published_though_much_else_waited(house: House) -> None:
    """While jobs wait it is put off, not forgotten; what fails is not tried without end."""
    house.publish()
    rounds = _rounds(house)
    house.jobs.submit("别的事", lambda _report: Finish(page="/"), back="/")
    _edit(house, "一粒米", "一碗米")
    rounds.look()
    house.studio.broken = True
    house.jobs.run_waiting()
    rounds.look()
    assert house.jobs.busy()
    house.jobs.run_waiting()
    rounds.look()
    assert not house.jobs.busy()


def test_another_loudspeaker_has_every_clip_made_anew(house: House) -> None:
    """The installer has changed it: once, and never within ten minutes of a cue."""
    house.publish()
    house.publisher.sound = "horn"
    house.speaker.next_due = house.clock.now() + timedelta(minutes=9)
    rounds = _rounds(house)
    _go_round(house, rounds)
    on_air = house.publisher.on_air()
    assert on_air is not None
    assert on_air.sound == "box"
    house.speaker.next_due = house.clock.now() + timedelta(hours=1)
    _go_round(house, rounds)
    renewed = house.publisher.on_air()
    assert renewed is not None
    assert (renewed.sound, renewed.revision) == ("horn", on_air.revision)
    _go_round(house, rounds)
    assert house.publisher.on_air() is renewed


def test_what_can_not_be_made_anew_is_not_tried_without_end(house: House) -> None:
    """A full disk does not fill the list of work."""
    house.publish()
    on_air = house.publisher.on_air()
    rounds = _rounds(house)
    house.publisher.sound = "horn"
    house.studio.fail_after = 0
    for _ in range(3):
        _go_round(house, rounds)
    assert house.publisher.on_air() is on_air
    assert house.studio.fail_after == -1


def _go_round(house: House, rounds: Rounds) -> None:
    """Go round until the stand-ins have had their turn, and let the work be done."""
    for _ in range(STAND_INS_EVERY):
        rounds.go()
    house.jobs.run_waiting()


def _rounds(house: House) -> Rounds:
    return Rounds(house.handed_in, house.publisher)


def _edit(house: House, old: str, new: str) -> None:
    house.file.write_text(house.file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
