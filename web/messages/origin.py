"""Where new words come from, who drafted them and until when they are true: what may be told beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from flask_babel import gettext as _

from programme.checking import LONGEST_LINE
from programme.model import Message
from web.saving import without_unseen
from web.schedule.days_form import date_in

_LONGEST_DATE = 40


@dataclass(frozen=True)
class Origin:
    """As it was typed; each may be empty. ``until`` is a date as text."""

    source: str = ""
    author: str = ""
    until: str = ""

    def faults(self, today: date) -> list[str]:
        """Return what is wrong with it, each as a sentence that says what to do."""
        found = []
        if max(len(self.source), len(self.author)) > LONGEST_LINE:
            found.append(_("来源和撰稿人都要在 %(most)s 个字以内。", most=LONGEST_LINE))
        last = date_in(self.until)
        if self.until and last is None:
            found.append(_("日期要写成 2026-02-17 这样。"))
        if last is not None and last < today:
            found.append(_("有效期的最后一天已经过了，到时不会播。请改一改，或者空着。"))
        return found

    def of(self, message: Message) -> Message:
        """Return ``message`` with it."""
        return msgspec.structs.replace(
            message,
            source=self.source or None,
            author=self.author or None,
            valid_until=date_in(self.until) if self.until else None,
        )


def origin_in(form: Mapping[str, str]) -> Origin:
    """Return what a form holds of it."""
    until = form.get("valid_until", "").strip()[:_LONGEST_DATE]
    return Origin(one_line(form.get("source", "")), one_line(form.get("author", "")), until)


def one_line(typed: str) -> str:
    """Return it on one line, without what can't be seen."""
    return " ".join(without_unseen(typed).split())
