"""The same examples of a rule each time, where that was asked for: by the seed alone, whatever else is in the program.

Hypothesis draws one value in twenty from the numbers and words that stand in the program's own modules, of those that
have been read so far. So with the same seed other examples were met after any change of the program, and in a worker
that had been handed other tests before.
"""

from __future__ import annotations

from hypothesis.internal.conjecture import providers


def by_the_seed_alone() -> None:
    """Let the examples of this process no more depend on the program's modules. Fails with another Hypothesis."""
    assert callable(providers._get_local_constants)
    nothing = providers.Constants()
    providers._get_local_constants = lambda: nothing
