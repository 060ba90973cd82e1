"""What makes the same panel for each of a thousand tests sooner ready: nothing in it is made twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from argon2 import PasswordHasher
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

# The least that argon2 does. Whoever checks takes the cost from the hash, so logging in is cheap as well.
cheap_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash

_BUILT: dict[tuple[object, ...], Callable[..., Any]] = {}


class RememberedTemplates(BytecodeCache):
    """Templates that were compiled for one panel, for those after it; Jinja checks that they are of the same source."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled before."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


class RememberedRule(Rule):
    """A rule of the URL map. Werkzeug compiles a function for each, which is the same for every panel.

    Where a version of it does so in another way, this is no longer asked, and the tests take longer.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        key = (self.rule, self.subdomain, str(self.defaults), append_unknown)
        if key not in _BUILT:
            _BUILT[key] = super()._compile_builder(append_unknown)
        return _BUILT[key]
