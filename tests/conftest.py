"""Fixtures and settings that more than one folder of tests uses."""

import hypothesis

from tests.card.virtual import built_card, virtual_card

__all__ = ["built_card", "virtual_card"]

# A busy machine makes an example slow; that is no fault of the rule it shows.
hypothesis.settings.register_profile("xiaolaba", deadline=None)
hypothesis.settings.load_profile("xiaolaba")
