"""What is typed of an urgent announcement before it is said: it stays in the form while the PIN is typed again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from web.messages.origin import one_line
from web.say.page import LONGEST_OCCASION, REPEATS

_LONGEST_PIN = 64


@dataclass(frozen=True)
class TypedUrgent:
    """The fields as they were typed; ``here``: this yard's own loudspeaker says it too. The PIN isn't shown again."""

    priority: Literal["page", "emergency"] = "page"
    repeat: int = REPEATS[0]
    here: bool = True
    occasion: str = ""
    pin: str = ""

    @property
    def faults(self) -> list[str]:
        """What is missing."""
        faults = []
        if not self.occasion or len(self.occasion) > LONGEST_OCCASION:
            faults.append(_("请写明事由，%(most)s 个字以内：为什么要在各小区播。", most=LONGEST_OCCASION))
        if not self.pin or len(self.pin) > _LONGEST_PIN:
            faults.append(_("请填紧急口令。"))
        return faults

    @property
    def noted(self) -> str:
        """The same for the audit log, without the PIN."""
        return f"priority: {self.priority}\nrepeat: {self.repeat}\noccasion: {self.occasion}"


def typed_urgent(form: MultiDict[str, str]) -> TypedUrgent:
    """Return what a form says of it."""
    repeat = form.get("repeat", "")
    return TypedUrgent(
        priority="emergency" if form.get("priority") == "emergency" else "page",
        repeat=int(repeat) if repeat in {str(times) for times in REPEATS} else REPEATS[0],
        here=form.get("here") == "yes",
        occasion=one_line(form.get("occasion", "")),
        pin=form.get("pin", ""),
    )
