"""A panel for each test."""

from pathlib import Path

import pytest

from tests.web.house import House, new_house


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a panel that nobody has set up yet, with nothing on air."""
    return new_house(tmp_path)
