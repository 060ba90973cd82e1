"""Joining and leaving at a terminal, as far as no hub is needed."""

from pathlib import Path

from fleet.agent.standing import JOIN_TICKET
from fleet.enrol.membership import MEMBERSHIP
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


def test_who_leaves_takes_the_spent_ticket_along(tmp_path: Path) -> None:
    """The agent stays as long as there is one, and the panel would tell that it waits for the hub."""
    data = tmp_path / "data"
    ticket, membership = data / "panel" / JOIN_TICKET, data / "fleet" / MEMBERSHIP
    for file in (ticket, membership):
        file.parent.mkdir(parents=True)
        file.write_text("{}", encoding="utf-8")
    result = done("--data", str(data), "leave")
    assert result.returncode == 0, result.stderr
    assert not membership.exists()
    assert not ticket.exists()


def test_a_box_with_a_damaged_membership_can_leave(tmp_path: Path) -> None:
    """What was shared sounds on meanwhile; who wants that no more says so here."""
    room = tmp_path / "data" / "fleet"
    room.mkdir(parents=True)
    (room / f"{MEMBERSHIP}.damaged-20261125T080000Z").write_text("?", encoding="utf-8")
    (room / "shared.json").write_text("{}", encoding="utf-8")
    result = done("--data", str(tmp_path / "data"), "leave")
    assert result.returncode == 0, result.stderr
    assert list(room.iterdir()) == []
