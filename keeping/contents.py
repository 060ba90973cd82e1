"""What of the panel's room belongs into a backup, what does not, and how each comes back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_MIB = 1 << 20
_OPEN, _PRIVATE = 0o640, 0o600  # the speaker reads the one through the group, nobody else the other


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the panel's room. ``inside`` is what a file in a folder is called; None is a single file.

    ``comes_back`` says how it is restored: in the place of what is there, or beside it, since records and acts are
    only ever added to, and a clip is named by what it holds.
    """

    name: str
    most_bytes: int
    inside: re.Pattern[str] | None = None
    comes_back: Literal["replaced", "added"] = "replaced"
    mode: int = _PRIVATE

    def holds(self, member: str) -> bool:
        """Tell whether ``member`` is this file, or a file of this folder."""
        if self.inside is None:
            return member == self.name
        folder, slash, rest = member.partition("/")
        return bool(slash) and folder == self.name and self.inside.fullmatch(rest) is not None


_NOTES = re.compile(r"[A-Za-z0-9_-]{1,120}\.json")

# In this order into the file: the programme before what was taken out of it, so that nothing falls between the two.
PARTS = (
    Part("schedule.yaml", _MIB, mode=_OPEN),
    Part("on-air.json", 4 * _MIB, mode=_OPEN),
    Part(
        "on-air.good.json", 4 * _MIB, mode=_OPEN
    ),  # what counts where the one before is damaged goes and comes with it
    Part("credits.json", _MIB, mode=_OPEN),
    Part("words.tsv", _MIB, mode=_OPEN),
    Part("users.json", 4 * _MIB),
    Part("users.good.json", 4 * _MIB),
    Part("tokens.json", 4 * _MIB),
    Part("tokens.good.json", 4 * _MIB),
    Part("two-people.json", 1 << 16),
    Part("residents.json", 1 << 16),
    Part("loudness.json", 1 << 16),
    Part("history", _MIB, re.compile(r"[A-Za-z0-9%~._-]{1,250}\.yaml"), mode=_OPEN),
    Part("archive", _MIB, _NOTES, mode=_OPEN),
    Part("drafts", _MIB, _NOTES),
    Part("proposals", _MIB, _NOTES),
    Part("recordings", 64 * _MIB, re.compile(r"(archive/)?[0-9a-f]{64}\.[a-z0-9]{1,5}"), mode=_OPEN),
    Part("audit", 64 * _MIB, re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.jsonl"), "added"),
    Part("records.sqlite", 2048 * _MIB, comes_back="added"),
    Part("clips", 512 * _MIB, re.compile(r"[0-9a-f]{64}\.(wav|json)"), "added", mode=_OPEN),
)

# What stays where it is, and why it need not be in a backup.
LEFT_OUT = {
    "secret": "signs this box's cookies; another box has another",
    "settings.good.toml": "what the installer's settings last were; those are root's",
    "setup-code.json": "good once, for a day",
    "bulletins.json": "said once, and over",
    "urgent-words.json": "the words of those, as they were typed",
    "urgent-here.json": "which of them this yard said too; over with them",
    "shared.json": "the hub sends it again",
    "shared.good.json": "its copy",
    "unfitted.json": "found out again",
    "join-ticket.json": "good once, for a day",
    "wishes": "the hub has what was sent to it",
    "wishes-settled.json": "what the hub has answered, and told",
    "community.json": "what a hub's panel hands the hub, made anew from the programme",
    "versions.sqlite": "made anew from the history",
    "voice-samples.json": "heard when a voice is chosen, and made anew",
    "voice-list.json": "asked for anew",
    "voices": "downloaded, and large",
    "aired": "clips as small files for residents' phones, made anew",
    "announced.json": "true of one network, while the panel runs",
    "https": "how phones tell this box from another; another box has another",
}


def part_of(member: str) -> Part | None:
    """Return the part that a member of a backup belongs to, None where it belongs to none."""
    return next((part for part in PARTS if part.holds(member)), None)
