"""Who may do what: every route of the panel against every role."""

from pathlib import Path

import pytest

from tests.web.house import NAME, PASSWORD, House, hidden, new_house
from web.people.roles import ROLES, Role, roles_held
from web.permissions import EVERYBODY, MAY, OPEN_TO_ALL, PUBLISHERS, WRITERS, may

SAMPLES = {
    "message_id": "stay",
    "job_id": "none",
    "sha256": "0" * 64,
    "take_id": "none",
    "name": NAME,
    "bulletin_id": "none",
}


@pytest.mark.parametrize(
    ("role", "others", "held"),
    [
        ("publisher", [], {"publisher", "installer"}),
        ("publisher", ["editor", "publisher"], {"publisher", "installer"}),
        ("publisher", ["installer"], {"publisher"}),
        ("editor", [], {"editor"}),
        ("editor", ["installer"], {"editor"}),
        ("installer", ["publisher"], {"installer"}),
    ],
)
def test_a_publisher_stands_in_for_an_installer_that_there_is_not(
    role: Role, others: list[Role], held: set[Role]
) -> None:
    """Somebody can always look after the users; and who looks after the box never speaks through it."""
    assert roles_held(role, [role, *others]) == held


def test_every_route_is_in_the_table_and_every_name_in_it_is_a_route(house: House) -> None:
    """A page that is added is refused to all until somebody says whose it is."""
    endpoints = {rule.endpoint for rule in house.app.url_map.iter_rules()}
    assert endpoints == set(MAY) | OPEN_TO_ALL
    assert not set(MAY) & OPEN_TO_ALL


def test_what_the_table_does_not_name_is_refused_to_all(house: House) -> None:
    """Also to who has every role."""
    house.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = house.logged_in().get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text
    assert not may(frozenset(ROLES), "forgotten")


@pytest.mark.parametrize(
    ("endpoint", "roles"),
    [
        ("today.stop", EVERYBODY),
        ("today.play", PUBLISHERS),
        ("today.on_air", PUBLISHERS),
        ("messages.change", WRITERS),
        ("messages.every", EVERYBODY),
        ("recordings.delete", PUBLISHERS),
        ("recordings.use", WRITERS),
    ],
)
def test_the_table_says_what_was_decided(endpoint: str, roles: frozenset[Role]) -> None:
    """To make it sound is a publisher's, to write also an editor's, to silence it everybody's."""
    assert MAY[endpoint] == roles


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_route_lets_in_whom_the_table_names_and_nobody_else(tmp_path: Path, role: Role | None) -> None:
    """Walks the URL map as each role and as nobody: refused by the gate, or let through to the page."""
    house = new_house(tmp_path)
    house.users.set_password(NAME, PASSWORD)
    house.users.add("装机的", "installer", house.clock.now())  # so that nobody stands in for one
    phone = house.logged_in_as(role) if role else house.phone()
    token = hidden(phone.get("/first-visit").text)
    walked = set()
    for rule in house.app.url_map.iter_rules():
        if rule.endpoint in OPEN_TO_ALL or rule.endpoint == "account.log_out" or rule.rule.startswith("/api/"):
            continue
        values = {name: SAMPLES.get(name, "none") for name in rule.arguments}
        with house.app.test_request_context():
            address = house.app.url_map.bind("localhost").build(rule.endpoint, values)
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = phone.get(address) if method == "GET" else phone.client.post(address, data=token)
            if role is None:
                assert answer.status_code == (303 if method == "GET" else 401), (rule.endpoint, method)
            else:
                refused = answer.status_code == 403
                assert refused is (role not in MAY[rule.endpoint]), (rule.endpoint, role, answer.status_code)
            answer.close()
            walked.add(rule.endpoint)
    assert {"today.play", "messages.change", "recordings.delete"} <= walked


def test_what_is_refused_was_not_done(house: House) -> None:
    """An editor who sends the form by hand plays nothing; the sentence says whom to ask."""
    editor = house.logged_in_as("editor")
    answer = editor.send("/play", {"broadcast": "morning"}, page="/messages/stay")
    assert answer.status_code == 403
    assert "发布人" in answer.text
    assert house.speaker.asked == []
