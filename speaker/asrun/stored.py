"""A row of the as-run log as it is stored, and as what passes over the socket."""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

from box.sentences import XiaolabaError
from speaker.record import Airing

COLUMNS = ", ".join(Airing.__struct_fields__)


class RowUnreadable(XiaolabaError):
    """What is stored is no row that this program wrote; the sentence names it."""


def airing_of(stored: Sequence[object]) -> Airing:
    """Return the row whose ``COLUMNS`` are ``stored``. Raises RowUnreadable."""
    fields = dict(zip(Airing.__struct_fields__, stored, strict=True))
    try:
        fields["said"] = json.loads(str(fields["said"]))
        fields["parts"] = json.loads(str(fields["parts"]))
        if fields["heard"] is not None:
            fields["heard"] = json.loads(str(fields["heard"]))
        return msgspec.convert(fields, Airing)
    except ValueError as error:  # msgspec's and json's are ValueErrors
        raise RowUnreadable(
            f"编号 {fields['id']} 的播出记录读不出来，它被改过或坏了（{error}）",
            f"row {fields['id']} of the as-run log can't be read: it was changed or is damaged ({error})",
        ) from error
