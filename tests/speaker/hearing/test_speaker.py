"""The whole speaker with a microphone: what is paged is on record with the verdict, and the chain holds."""

from __future__ import annotations

import hashlib
import io
import signal
import wave

import msgspec

from programme.publication import encode_publication
from speaker.chain import follow
from speaker.heard import Hearing
from speaker.protocol import Done
from tests.card.virtual_ear import MICROPHONE, at_48k
from tests.patient import PatientClient
from tests.speaker.fakes import a_message, a_publication
from tests.speaker.hearing.sounds import words
from tests.speaker.listening import once_within
from tests.speaker.test_service import Installation

PATIENCE_SECONDS = 60
SECONDS = 3.0


class Yard(Installation):
    """An installation with the virtual card, a microphone that is named, and one message of words."""

    def __init__(self, root, card) -> None:
        super().__init__(root)
        self._card = card
        self.settings.write_text(f'[limits]\nquiet_hours = ""\n[heard]\ndevice = "{MICROPHONE}"\n', encoding="utf-8")
        file = io.BytesIO()
        with wave.open(file, "wb") as clip:
            clip.setparams((1, 2, 48_000, round(SECONDS * 48_000), "NONE", ""))
            clip.writeframes(at_48k(words(SECONDS, seed=1)))
        name = hashlib.sha256(file.getvalue()).hexdigest()
        (self.folders.clips / f"{name}.wav").write_bytes(file.getvalue())
        message = msgspec.structs.replace(a_message("home", seconds=SECONDS), clip=name)
        self.folders.publication.write_bytes(encode_publication(a_publication(messages=(message,))))

    def command(self) -> list[str]:
        """Return the process's command line: with the card."""
        return [word for word in super().command() if word != "--record-without-card"]

    def environment(self, notify):
        """Return its environment: the card's."""
        return super().environment(notify) | self._card.environment


def test_a_page_that_sounds_is_on_record_as_heard(virtual_card, tmp_path):
    """Its row ends at once, waits for the verdict outside the chain, and is then in it."""
    virtual_card.microphone.air((620.0, 0.3))
    virtual_card.microphone.noise(at_48k(b"\x03\x00\xfd\xff" * 8000))
    yard = Yard(tmp_path, virtual_card)
    client = PatientClient(yard.folders.socket)
    with yard.running() as process:

        def is_missed() -> bool:
            virtual_card.wait_for(lambda: isinstance(client.play(message="home"), Done), PATIENCE_SECONDS)
            virtual_card.wait_for(lambda: client.records().airings[-1].outcome is not None, PATIENCE_SECONDS)
            records = client.records()
            number = len(records.airings)
            assert records.airings[-1].heard == Hearing(verdict="pending")
            assert follow(records.airings, records.log).link == number - 1
            virtual_card.wait_for(lambda: client.records().airings[-1].link is not None, PATIENCE_SECONDS)
            records = client.records()
            assert records.airings[-1].outcome == "aired"
            assert follow(records.airings, records.log).link == number
            return records.airings[-1].heard.verdict != "heard"

        once_within(1, is_missed)  # a busy machine may start the ear when the words are half over
        assert client.status().alarms == ()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_SECONDS) == 0
