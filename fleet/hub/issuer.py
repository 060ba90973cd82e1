"""The panel's ``community.json`` becomes a signed document for each member, where it is news to that member."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Lock

from box.clock import Clock
from fleet.flac import ClipNotWhole
from fleet.hub.audio import Audio
from fleet.hub.devices import Device, Devices
from fleet.hub.issuing import Issued, issue
from fleet.hub.outbox import SIGN_AGAIN_AFTER, Outbox
from fleet.wire.documents import SharedProgramme, Travels
from fleet.wire.keys import SigningKey
from fleet.wire.refusals import EnvelopeRefused
from fleet.wire.topics import Inward
from programme.community import LARGEST_BYTES, Community, decode_community
from programme.foreign import read_foreign
from programme.publication import PublicationInvalid
from speaker.condition import Alarm

UNUSED_STAYS = timedelta(days=60)


class Issuer:
    """Reads ``community``, which the panel replaces as a whole; what is damaged leaves what was ordered before."""

    def __init__(
        self,
        devices: Devices,
        outbox: Outbox,
        audio: Audio,
        *,
        community: Path,
        key: Callable[[], SigningKey],
        clock: Clock,
    ) -> None:
        self._devices = devices
        self._outbox = outbox
        self._audio = audio
        self._path = community
        self._key = key
        self._clock = clock
        self._lock = Lock()
        self._community: Community | None = None
        self._seen: tuple[int, int] | None = None
        self._waiting: dict[str, tuple[str, ...]] = {}
        self._alarms: dict[str, Alarm] = {}

    @property
    def revision(self) -> str:
        """The revision of what was issued last, empty if nothing was."""
        return self._community.revision if self._community is not None else ""

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What keeps something from being issued."""
        return tuple(self._alarms.values())

    def waiting_of(self, device: str) -> tuple[str, ...]:
        """Return the messages that are for ``device`` and not ready."""
        return self._waiting.get(device, ())

    def issue_if_new(self) -> None:
        """Issue if the panel has written another file, or something is waiting. Raises OSError, RegistryUnreadable."""
        if self._stamp() != self._seen or any(self._waiting.values()):
            self.issue_all()

    def issue_all(self) -> None:
        """Order each member what it is to say, where that is news to it, or was signed long ago.

        Raises OSError, RegistryUnreadable.
        """
        with self._lock:
            self._read()
            self._issue(self._devices.members())

    def issue_to(self, name: str) -> None:
        """Do so for that device alone, whose settings were changed; for all where there is something else to issue.

        Raises OSError, RegistryUnreadable.
        """
        with self._lock:
            for_all = self._read() or "too-large" in self._alarms
            self._issue(tuple(one for one in self._devices.members() if for_all or one.name == name))

    def tidy(self) -> None:
        """Remove what travelled once and nobody was ordered for long. Raises OSError."""
        with self._lock:
            wanted = {
                message.travels.sha256
                for device in self._devices.all()
                if (last := self._outbox.last(device.name, Inward.PROGRAMME)) is not None
                and isinstance(last[0], SharedProgramme)
                for message in last[0].messages
            }
            self._audio.forget_but(wanted, (self._clock.now() - UNUSED_STAYS).timestamp())

    def _issue(self, devices: tuple[Device, ...]) -> None:
        if self._community is None:
            return
        ways = self._compress(self._community)
        orders: dict[str, SharedProgramme] = {}
        for device in devices:
            issued = issue(self._community, device, ways.get)
            self._waiting[device.name] = issued.waiting
            if self._is_news(device.name, issued):
                orders[device.name] = issued.programme
        self._order(orders)

    def _order(self, orders: dict[str, SharedProgramme]) -> None:
        self._alarms.pop("too-large", None)
        try:
            if orders:
                self._outbox.order_all(orders, self._key())
        except EnvelopeRefused:
            self._alarms["too-large"] = Alarm(
                code="community-too-large",
                zh="发给小区的节目太大，没有发出。请删掉不用的稿件",
                en="the programme for the zones is too large and was not sent: delete what is not used",
            )

    def _is_news(self, device: str, issued: Issued) -> bool:
        last = self._outbox.last(device, Inward.PROGRAMME)
        if last is None or not isinstance(last[0], SharedProgramme):
            return True
        return last[0].revision != issued.programme.revision or self._clock.now() - last[1] > SIGN_AGAIN_AFTER

    def _read(self) -> bool:
        """Read the file if it is another than before, and tell whether it was."""
        stamp = self._stamp()
        if stamp == self._seen:
            return False
        self._seen = stamp
        self._alarms.pop("unreadable", None)
        if stamp is None:
            return True
        try:
            content = read_foreign(self._path.parent, self._path.name, most_bytes=LARGEST_BYTES)
            self._community = decode_community(content)
        except PublicationInvalid as error:
            self._alarms["unreadable"] = Alarm(code="community-unreadable", zh=error.sentence.zh, en=error.sentence.en)
        return True

    def _compress(self, community: Community) -> dict[str, Travels]:
        """Return how each clip travels, those left out that can't."""
        self._alarms.pop("clip", None)
        ways: dict[str, Travels] = {}
        clips = {
            said.clip: said.title
            for message in community.messages
            for said in (*message.by_yard.values(), *((message.said,) if message.said is not None else ()))
        }
        for clip, title in clips.items():
            try:
                ways[clip] = self._audio.travels(clip)
            except ClipNotWhole as error:
                self._alarms["clip"] = Alarm(
                    code="community-clip",
                    zh=f"稿件“{title}”还发不出去：{error.sentence.zh}",
                    en=f"message “{title}” can't be sent yet: {error.sentence.en}",
                )
        return ways

    def _stamp(self) -> tuple[int, int] | None:
        try:
            state = self._path.stat()
        except FileNotFoundError:
            return None
        return state.st_ino, state.st_mtime_ns
