"""The box that most tests of the speaker begin with."""

import pytest

from tests.speaker.fakes import Box, a_publication, shanghai


@pytest.fixture
def box(tmp_path):
    """Give a station with a morning and an evening broadcast, on 2 March 2026, an hour before the first."""
    with Box(shanghai("2026-03-02T06:30:00"), tmp_path, publication=a_publication()) as one:
        yield one
