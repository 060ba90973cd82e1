"""Joining and leaving at a terminal, as far as no hub is needed."""

from pathlib import Path

from tests.running import done


def test_what_is_no_ticket_is_told(tmp_path: Path) -> None:
    """A file that is something else begins nothing."""
    ticket = tmp_path / "ticket"
    ticket.write_text("{}", encoding="utf-8")
    result = done("--data", str(tmp_path / "data"), "join", str(ticket))
    assert result.returncode == 1
    assert "this is no ticket" in result.stderr
    assert not (tmp_path / "data" / "fleet" / "ticket.json").exists()


def test_a_file_that_is_not_there_is_a_wrong_input(tmp_path: Path) -> None:
    """Exit code 2, with its name."""
    result = done("--data", str(tmp_path / "data"), "join", str(tmp_path / "nowhere"))
    assert result.returncode == 2
    assert "nowhere" in result.stderr


def test_a_box_that_joined_nothing_has_nothing_to_leave(tmp_path: Path) -> None:
    """It is told so."""
    result = done("--data", str(tmp_path / "data"), "leave")
    assert result.returncode == 2
    assert "joined no hub" in result.stderr
