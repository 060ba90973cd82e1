"""The speaker as a test asks it: with patience, on a machine that is busy with other tests."""

from __future__ import annotations

import time
from pathlib import Path

from speaker.airing import Reason
from speaker.client import SpeakerClient
from speaker.protocol import Refused, Reply, Request

PATIENCE_SECONDS = 60.0
_REST_SECONDS = 0.05


class PatientClient(SpeakerClient):
    """Waits for an answer for a minute, and asks again where the speaker was too busy to act within its second.

    What was refused so is not done later (``speaker.answers``), so nothing sounds twice for it.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, timeout_seconds=PATIENCE_SECONDS)

    def _ask(self, request: Request) -> Reply:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            reply = super()._ask(request)
            if not (isinstance(reply, Refused) and reply.reason is Reason.BUSY and time.monotonic() < end):
                return reply
            time.sleep(_REST_SECONDS)
