"""The hub as the pages ask it."""

from __future__ import annotations

from typing import Protocol

from flask import abort
from flask_babel import gettext as _

from fleet.hub import protocol as p
from fleet.hub import urgent_protocol as u
from web.handed_in import handed_in


class Hub(Protocol):
    """What ``fleet.hub.client.HubClient`` does for the pages. Every question raises HubAway or HubRefuses."""

    def zones(self, patience_seconds: float | None = None) -> p.Zones:
        """Ask how all zones are, and the hub; ``patience_seconds`` is how long a step may take, else a minute."""
        ...

    def invite(self, name: str, zone: str, groups: tuple[str, ...] = ()) -> p.Invited:
        """Have a ticket made for a box that is to be called ``name``."""
        ...

    def confirm(self, name: str, digits: str) -> None:
        """Let in the box that asked as ``name`` and shows ``digits``."""
        ...

    def turn_away(self, name: str) -> None:
        """Don't let in the box that asked as ``name``."""
        ...

    def lose(self, name: str) -> None:
        """Take back the certificate of ``name`` and throw it off, at once."""
        ...

    def arrange(self, name: str, *, zone: str, groups: tuple[str, ...], volume_percent: int | None) -> None:
        """Set a zone's name in words, its groups and its volume."""
        ...

    def issued(self, name: str) -> p.Issued:
        """Ask what the zone ``name`` was ordered to say."""
        ...

    def all_issued(self) -> p.AllIssued:
        """Ask the same of all zones at one go."""
        ...

    def prepare(self, request: u.PrepareUrgent) -> u.Prepared:
        """Have a clip fetched by the zones in which it is to sound."""
        ...

    def say(self, request: u.SayUrgent) -> u.Saying:
        """Have it sound everywhere at the same instant."""
        ...

    def stop(self, urgent: str | None, who: str = "") -> None:
        """Silence an urgent announcement, or all."""
        ...

    def urgent(self, urgent: str | None = None, patience_seconds: float | None = None) -> u.UrgentState:
        """Ask how an urgent announcement stands, zone by zone; the latest where None is named."""
        ...

    def reports(self, name: str, most: int = 50) -> p.Reports:
        """Ask what became of the latest orders to a zone."""
        ...

    def records(self, request: p.AskRecords) -> p.Records:
        """Ask for rows of the zones' as-run logs."""
        ...

    def proposals(self) -> p.Proposals:
        """Ask what zones would have changed."""
        ...

    def answer_proposal(self, name: str, proposal: str, *, adopted: bool, words: str = "") -> None:
        """Tell a zone what became of its proposal."""
        ...


def hub_here() -> Hub:
    """Return the hub of this box; a page that needs one is not found where there is none."""
    hub = handed_in().hub_at()
    if hub is None:
        abort(404, _("这台小喇叭不是总站，没有这个页面。"))
    return hub
