"""What the panel does by itself while nobody looks: watches the file, copies the records, mends stand-ins."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Protocol

from flask_babel import gettext as _

from box.sentences import XiaolabaError
from fleet.agent.standing import answers_in
from programme.file import Edition
from programme.model import Programme
from programme.publication import SHARED_ALONE, Publication
from programme.shared import is_from_hub
from speaker.client import SpeakerAway
from tts.clip import ReportProgress
from web.community import HandsOver
from web.handed_in import HandedIn
from web.jobs import Finish
from web.residents.page import clips_shown

LOOK_SECONDS = 2.0
VERSIONS_A_ROUND = 3  # editions: a fifth of a second on a Pi
RECORDS_EVERY = 15  # looks: half a minute
SOUNDS_EVERY = 5  # looks: ten seconds
YARDS_EVERY = 5  # looks: ten seconds
CLIPS_EVERY = 43_200  # looks: a day
STAND_INS_EVERY = 45  # looks: a minute and a half
NO_CUE_WITHIN = timedelta(minutes=10)  # rendering must not take the processor from what is about to sound
_LOG = logging.getLogger(__name__)


class RendersAgain(Protocol):
    """A publisher that can replace what could sound better."""

    def is_damaged(self) -> bool:
        """Tell whether what is on air is damaged."""
        ...

    def put_damaged_aside(self) -> bool:
        """Put what is on air aside, and its last good copy in its place; tell whether there is one."""
        ...

    def forget_unused_clips(self) -> int:
        """Remove the clips that nobody has used for long."""
        ...

    def clips_are_whole(self, publication: Publication) -> bool:
        """Tell whether every clip of it is what it was."""
        ...

    def sounds_otherwise(self, publication: Publication) -> bool:
        """Tell whether its clips are not what they would be if they were made now."""
        ...

    def retry_stand_ins(
        self, programme: Programme, revision: str, *, may_render: Callable[[], bool]
    ) -> Publication | None:
        """Ask the good voice again; publish what is better."""
        ...


class TakesShared(Protocol):
    """What takes the shared programme from the fleet's room (``tts.shared_layer.TakenLayer``)."""

    revision: str
    takings: int

    def look(self) -> None:
        """Take what lies there, if it is new."""
        ...


class Rounds:
    """Goes round every two seconds. Each part may fail without the others."""

    def __init__(
        self,
        house: HandedIn,
        publisher: RendersAgain,
        shared: TakesShared | None = None,
        community: HandsOver | None = None,
    ) -> None:
        """Take what it works with; ``community`` is there where this box may be a hub."""
        self._house = house
        self._community = community
        self._shared = shared
        self._put_together: tuple[int, str] | None = None
        self._publisher = publisher
        self._ended = Event()
        self._count = 0
        self._tried: tuple[str, datetime] | None = None
        self._said_anew: str | None = None
        self._renewed: datetime | None = None

    def start(self) -> None:
        """Go round on a thread of its own that dies with the process."""
        Thread(target=self._run, name="rounds", daemon=True).start()

    def end(self) -> None:
        """Stop going round."""
        self._ended.set()

    def look(self) -> None:
        """Look at the programme file, and publish what is in it where something else is on air."""
        self._house.desk.look()
        on_desk, on_air = self._house.desk.on_desk(), self._house.own_on_air()
        if on_desk.edition is not None and on_air is not None and not on_desk.broken:
            self._bring_up_to_date(on_desk.edition, on_air)
            self._say_words_anew(on_desk.edition, on_air)
            self._put_shared_on_air(on_desk.edition, on_air)
            self._hand_to_hub(on_desk.edition, on_air)
        elif on_desk.edition is not None and on_air is not None:
            if on_air.revision == on_desk.edition.revision:  # the last good one: what is shared goes on beside it
                self._put_shared_on_air(on_desk.edition, on_air)
        elif on_desk.edition is not None and self._publisher.is_damaged():
            self._mend_what_is_on_air(on_desk.edition, is_good=not on_desk.broken)
        elif on_desk.edition is not None:
            self._put_shared_alone(on_desk.edition, self._house.on_air())

    def go(self) -> None:
        """Go round once."""
        self.look()
        if self._count % RECORDS_EVERY == 0:
            self._copy_records()
            self._house.wishes.settle(answers_in(self._house.fleet), self._house.clock.now())
        if self._count % SOUNDS_EVERY == SOUNDS_EVERY - 1:
            self._make_sounds_ready()
        if self._count % CLIPS_EVERY == 0:
            self._look_after_clips()
        if self._count % STAND_INS_EVERY == STAND_INS_EVERY - 1:
            self._renew()
        if not self._house.versions.whole:
            self._house.versions.catch_up(VERSIONS_A_ROUND)
        self._count += 1

    def _run(self) -> None:
        while True:
            try:
                self.go()
            except Exception:  # noqa: BLE001 - the thread must outlive any round; the trace is in the log
                _LOG.exception("a round failed")
            if self._ended.wait(LOOK_SECONDS):
                return

    def _bring_up_to_date(self, edition: Edition, on_air: Publication) -> None:
        """Publish ``edition`` in the place of ``on_air``: written by hand, or overtaken by somebody who published.

        Once for each such pair: what can't be published now is for a person, who sees it on the page of today.
        """
        pair = (edition.revision, on_air.published)
        if on_air.revision == edition.revision or pair == self._tried or self._house.jobs.busy():
            return
        self._publish(edition, _("节目文件改过了，正在播出新的"))
        self._tried = pair

    def _say_words_anew(self, edition: Edition, on_air: Publication) -> None:
        """Publish again where the word list was changed after it: by hand, or by who could not publish then.

        Once for each list: what can't be published now is published with the next change.
        """
        words = self._house.words
        changed, revision = words.changed() > on_air.published.timestamp(), words.revision()
        if not changed or revision == self._said_anew or self._house.jobs.busy():
            return
        self._publish(edition, _("读音表改过了，正在换成新的读法"))
        self._said_anew = revision

    def _put_shared_on_air(self, edition: Edition, on_air: Publication) -> None:
        """Publish again where the hub has sent another shared programme, or none any more. Once for each."""
        if self._shared is None or self._house.jobs.busy():
            return
        self._shared.look()
        pair = (self._shared.takings, edition.revision)
        if on_air.shared != self._shared.revision and pair != self._put_together:
            self._publish(edition, _("社区统一的节目改过了，正在播出新的"))
            self._put_together = pair

    def _put_shared_alone(self, edition: Edition, on_air: Publication | None) -> None:
        """Publish what a hub sends though the yard's own programme is still a draft, which it stays."""
        if self._shared is None or self._house.jobs.busy():
            return
        self._shared.look()
        pair = (self._shared.takings, SHARED_ALONE)
        if (on_air.shared if on_air else "") == self._shared.revision or pair == self._put_together:
            return

        def publish(_report: ReportProgress) -> Finish:
            self._house.publisher.publish_shared_alone(edition.programme)
            return Finish(page="/")

        self._house.jobs.submit(_("社区统一的节目改过了，正在播出新的"), publish, back="/")
        self._put_together = pair

    def _mend_what_is_on_air(self, edition: Edition, *, is_good: bool) -> None:
        """Have on air again what was, where its file is damaged: of both layers, or of the hub's alone.

        Without a copy the speaker's word tells whether ``edition`` was a draft; while it is away, nothing sounds.
        """
        if self._shared is not None:
            self._shared.look()
        is_draft: bool | None = False
        if self._shared is not None and self._shared.revision:
            is_draft = self._speaker_has_nothing_of_ours()
        if is_draft is None or self._house.jobs.busy() or self._publisher.put_damaged_aside():
            return
        if is_draft:
            self._put_together = None
            self._put_shared_alone(edition, None)
        elif is_good:
            self._publish(edition, _("送给喇叭的文件坏了，正在重新播出"))

    def _speaker_has_nothing_of_ours(self) -> bool | None:
        try:
            return self._house.speaker.status().revision == SHARED_ALONE
        except SpeakerAway:
            return None

    def _hand_to_hub(self, edition: Edition, on_air: Publication) -> None:
        """Hand the hub of this box what is for other yards, once it is on air here."""
        if self._community is None or self._house.jobs.busy():
            return
        community, look = self._community, self._count % YARDS_EVERY == 0
        yards = community.wanted(edition, on_air, look=look)
        if yards is None:
            return

        def hand_over(report: ReportProgress) -> Finish:
            community.hand_over(edition, on_air, yards, report)
            return Finish(page="/")

        self._house.jobs.submit(_("正在发给各小区"), hand_over, back="/")

    def _look_after_clips(self) -> None:
        """Have made anew what storage has damaged, before the speaker asks for it; forget what nobody uses."""
        on_air, edition = self._house.own_on_air(), self._house.desk.on_desk().edition
        if on_air is not None and edition is not None and not self._publisher.clips_are_whole(on_air):
            self._publish(edition, _("有的声音文件坏了，正在重新生成"))
        elif on_air is not None:
            self._publisher.forget_unused_clips()

    def _make_sounds_ready(self) -> None:
        """Have what was aired ready for residents' phones, one clip a round; nothing of it while the page is off."""
        page = self._house.open_page
        wanted = clips_shown(self._house) if page.switch.is_on() else frozenset[str]()
        lacking = page.sounds.lacking(wanted)
        if lacking and self._no_cue_is_near():
            page.sounds.make(lacking[0])
        page.sounds.keep_only(wanted)

    def _copy_records(self) -> None:
        try:
            self._house.records.fetch(lambda after: self._house.speaker.records(changed_after=after))
        except SpeakerAway as error:
            _LOG.debug("no records were copied: %s", error)

    def _renew(self) -> None:
        """Have rendered again what the installer's settings or a new version make sound otherwise, then stand-ins."""
        on_air, edition = self._house.own_on_air(), self._house.desk.on_desk().edition
        if edition is None or on_air is None or self._house.jobs.busy():
            return
        otherwise = on_air.revision == edition.revision and self._publisher.sounds_otherwise(on_air)
        renew = otherwise and on_air.published != self._renewed
        if (
            not renew and not any(one.stand_in for one in on_air.messages if not is_from_hub(on_air, one.id))
        ) or not self._no_cue_is_near():
            return
        if renew:
            self._publish(edition, _("声音的设置改过了，正在重新生成"))
            self._renewed = on_air.published
        else:
            self._mend_stand_ins(edition)

    def _publish(self, edition: Edition, title: str) -> None:
        def publish(report: ReportProgress) -> Finish:
            self._house.publisher.publish(edition.programme, edition.revision, report)
            return Finish(page="/")

        self._house.jobs.submit(title, publish, back="/")

    def _mend_stand_ins(self, edition: Edition) -> None:
        def mend(_report: ReportProgress) -> Finish:
            try:
                self._publisher.retry_stand_ins(edition.programme, edition.revision, may_render=self._no_cue_is_near)
            except XiaolabaError as error:
                _LOG.info("the stand-ins stay: %s", error)
            return Finish(page="/")

        self._house.jobs.submit(_("正在换上好听的声音"), mend, back="/")

    def _no_cue_is_near(self) -> bool:
        """Tell whether nothing sounds or will within ten minutes, as far as the speaker answers."""
        try:
            status = self._house.speaker.status()
        except SpeakerAway:
            return False
        near = status.next_due is not None and status.next_due - self._house.clock.now() < NO_CUE_WITHIN
        return status.sounding is None and not near
