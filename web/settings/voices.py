"""The voices that can be chosen: those of the network service, those added to this box, and the built-in one."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from tts.voices import EDGE, LICENCES, VOICES, engine_of
from web.installed import Installed
from web.language import tell


@dataclass(frozen=True)
class Choice:
    """A voice: its name in the programme file, what a person calls it, on whose terms it speaks."""

    name: str
    title: str
    licence: str
    needs_internet: bool


def choices(installed: Installed, current: str) -> tuple[Choice, ...]:
    """Return all of them, those of this box behind those of the network; ``current`` is there whatever it is.

    What the network service has is what it said when it was last asked, so that it is known without a network.
    """
    kept = installed.listed.kept()
    gone = {one.name for one in kept.gone()} - {current} if kept else set()
    *network, built_in = VOICES
    there = [*(one for one in network if one.name not in gone), *(kept.new() if kept else ()), built_in]
    known = [Choice(one.name, tell(one.named), tell(LICENCES[one.engine]), one.engine == EDGE) for one in there]
    added = [
        Choice(one.name, tell(one.voice.named), one.manifest.licence, False) for one in installed.voices.installed()
    ]
    plainest = len(known) - 1
    every = [*known[:plainest], *added, *known[plainest:]]
    if current and all(one.name != current for one in every):
        needs = engine_of(current) == EDGE
        every.insert(0, Choice(current, current, tell(LICENCES[EDGE]) if needs else _("这个声音没有装"), needs))
    return tuple(every)


def title_of(installed: Installed, voice: str) -> str:
    """Return what a person calls the voice."""
    return next(one.title for one in choices(installed, voice) if one.name == voice)
