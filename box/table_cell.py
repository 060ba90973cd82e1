"""A cell of a table (CSV) that a spreadsheet opens: words are words, whatever somebody typed."""

from __future__ import annotations

# What makes a spreadsheet take a text for a formula (OWASP, "CSV Injection"): these, their full-width forms, blanks.
_SIGNS = "=+-@"
_BEGINS_A_FORMULA = (*_SIGNS, *(chr(ord(sign) + 0xFEE0) for sign in _SIGNS), "\t", "\r", "\n")


def harmless(cell: object) -> object:
    """Return a text that a spreadsheet shows as it is; what is no text could be taken for nothing else."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINS_A_FORMULA) else cell
