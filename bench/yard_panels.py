"""What the panel of each yard does with what its agent has laid ready, for many yards in one process.

``python -m bench.yard_panels DATA...``: every two seconds, as the panel's rounds do, each yard is looked at and the
shared programme put on air by the panel's own publisher. No pages are served, and nothing of the yard's own is said.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from bench.processes import clock
from box.folders import Folders
from box.sentences import XiaolabaError
from box.settings import Audio
from programme.model import Programme
from tts.build import publisher_at, shared_layer_at
from tts.publishing import Publisher
from tts.shared_layer import TakenLayer
from web.rounds import LOOK_SECONDS

_LOG = logging.getLogger(__name__)


@dataclass
class Yard:
    """A yard's panel, as far as it goes. ``taken`` is what was put on air."""

    layer: TakenLayer
    publisher: Publisher
    taken: str = ""

    def look(self) -> None:
        """Put on air what is new."""
        self.layer.look()
        if self.layer.revision != self.taken:
            self.publisher.publish_shared_alone(Programme(zone="bench"))
            self.taken = self.layer.revision


def main() -> None:
    """Go round until this process is ended."""
    yards = []
    for word in sys.argv[1:]:
        folders = Folders(Path(word), Path(word) / "run")  # the speaker is not asked
        yards.append(Yard(shared_layer_at(folders), publisher_at(folders, Audio(), clock)))
    pause = Event()
    while True:
        for yard in yards:
            pause.wait(LOOK_SECONDS / len(yards))
            try:
                yard.look()
            except (XiaolabaError, OSError) as error:
                _LOG.error("%s", error)


if __name__ == "__main__":
    main()
