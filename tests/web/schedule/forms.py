"""The forms of the schedule as a phone sends them, and what the programme file says afterwards."""

from __future__ import annotations

import re

from programme.file import ProgrammeFile
from programme.model import Broadcast, Programme
from tests.web.house import House, Phone, hidden

Fields = dict[str, str | list[str]]
EVENING: Fields = {
    "at": "18:30", "kind": "every", "message": ["stay", "hotline"], "repeat": "1", "gap_seconds": "3", "chime": "bells",
    "volume": "", "grace_minutes": "10",
}  # fmt: skip


def programme_of(house: House) -> Programme:
    """Return what the file says."""
    return ProgrammeFile(house.file).read().programme


def broadcast_of(house: House, broadcast_id: str) -> Broadcast:
    """Return a broadcast as the file has it."""
    broadcast = programme_of(house).broadcast(broadcast_id)
    assert broadcast is not None
    return broadcast


def send(phone: Phone, address: str, fields: Fields, act: str = "save") -> tuple[int, str]:
    """Open the form, send it with ``fields`` as they are, follow what was read; return status and page or address."""
    page = phone.get(address).text
    answer = phone.client.post(address, data=hidden_of(page) | fields | {"act": act})
    return answer.status_code, answer.location or answer.text


def hidden_of(page: str) -> Fields:
    """Return the hidden fields that come once."""
    return {name: value for name, value in hidden(page).items() if name in {"csrf_token", "was"}}


def read_of(page: str) -> str:
    """Return the mark of the warnings that a page shows."""
    found = re.search(r'name="read" value="([^"]*)"', page)
    assert found
    return found[1]


def finish(house: House, phone: Phone, work: str) -> str:
    """Let the work be done; return the page that it ends on."""
    house.jobs.run_waiting()
    done = phone.get(work)
    return phone.get(done.location).text if done.location else done.text


def send_to(phone: Phone, address: str, fields: Fields) -> tuple[int, str]:
    """Send a form whose page is not there any more."""
    token = hidden_of(phone.get("/schedule/").text)
    answer = phone.client.post(address, data=token | fields | {"act": "save"})
    return answer.status_code, answer.text
