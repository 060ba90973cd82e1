"""A script as the row of the as-run log that it begins."""

from __future__ import annotations

from datetime import date

from speaker.airing import Rundown
from speaker.asrun.log import Entry
from speaker.script import Asker, Script
from speaker.trust.states import Trust


def entry_of(  # noqa: PLR0917 - each is one column
    script: Script, rundown: Rundown, asker: Asker, day: date, attempt: int, revision: str, clock: Trust
) -> Entry:
    """Return the row for ``script``, of which ``rundown`` is what sounds."""
    return Entry(
        priority=script.priority,
        origin=asker.origin,
        who=asker.who,
        broadcast=script.broadcast,
        day=day,
        attempt=attempt,
        due=script.due,
        frames=rundown.frames if script.said else 0,
        volume_percent=rundown.volume_percent,
        revision=revision,
        said=script.said,
        occasion=asker.occasion,
        clock=clock,
    )
