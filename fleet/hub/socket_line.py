"""A line of the hub's socket: one JSON object, whose ``do`` says what it is."""

from __future__ import annotations

import msgspec


class Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do"):
    """A line of the socket."""
