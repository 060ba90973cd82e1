"""A disk that is full, and one that turns read-only: what was acknowledged stays, and it is told."""

from __future__ import annotations

from programme.file import ProgrammeFile
from programme.publication import decode_publication
from speaker.airing import Outcome
from speaker.protocol import Done, Refused
from tests.faults.courtyard import Courtyard, until
from tests.faults.disk import Disk


def test_a_full_disk_loses_nothing_and_is_told(yard_on_disk: Courtyard, disk: Disk) -> None:
    """A save fails with a sentence and leaves the file as it was; a page that can't be put on record does not sound.

    With room again both go on by themselves.
    """
    yard = yard_on_disk
    person = yard.person()
    yard.speaker()
    yard.panel()
    until(yard.taken)
    assert person.save("第一次改的话。") == ("done", "已经保存，从下一次广播起就念新的。")
    until(yard.taken)
    disk.fill()
    state, told = person.save("写不进去的话。")
    assert state in {"failed", "refused"}
    assert "存储卡" in told
    assert ProgrammeFile(yard.folders.programme).read().programme.messages[0].text == "第一次改的话。"
    decode_publication(yard.folders.publication.read_bytes())
    reply = yard.client.play(message="hello")
    assert isinstance(reply, Refused)
    assert "存储卡" in reply.zh
    assert "log-unwritable" in yard.alarms()
    assert "log-unwritable" in person.troubles()
    disk.free()
    assert isinstance(yard.client.play(message="hello"), Done)
    until(lambda: [row.outcome for row in yard.airings()] == [Outcome.AIRED])
    assert yard.alarms() == set()
    assert person.save("又能改了。")[0] == "done"


def test_a_disk_that_turns_read_only_is_told_and_after_a_boot_all_is_there(yard_on_disk: Courtyard, disk: Disk) -> None:
    """Nothing sounds that could not be written down, the panel still shows its pages and says why nothing is saved."""
    yard = yard_on_disk
    person = yard.person()
    speaker, panel = yard.speaker(), yard.panel()
    until(yard.taken)
    assert person.save("坏掉以前改的话。")[0] == "done"
    until(yard.taken)
    disk.break_down()
    state, told = person.save("写不进去的话。")
    assert state in {"failed", "refused"}
    assert "存储卡" in told
    assert isinstance(yard.client.play(message="hello"), Refused)
    assert "log-unwritable" in person.troubles()
    assert person.words() == "坏掉以前改的话。"
    speaker.kill()
    panel.kill()
    disk.mend()
    yard.speaker()
    yard.panel()
    assert person.words() == "坏掉以前改的话。"
    until(yard.taken)
    assert isinstance(yard.client.play(message="hello"), Done)
    until(lambda: [row.outcome for row in yard.airings()] == [Outcome.AIRED])
