"""A cell that a spreadsheet opens."""

import pytest

from box.table_cell import harmless


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"])
def test_words_are_no_formula(sign: str) -> None:
    """Whatever makes a spreadsheet reckon is preceded by what makes it show."""
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("cell", ["停水通知", "a=b", "", -0.3, 7, None])
def test_all_else_stays_as_it_is(cell: object) -> None:
    """A number too, also below zero."""
    assert harmless(cell) is cell
