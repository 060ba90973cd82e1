"""The pages about users: adding, inviting, changing, removing, one's own password, two people, and the audit log."""

import re

import pytest

from tests.web.house import NAME, PASSWORD, House, Phone, hidden

EVERY = "/users/"


def _code(page: str) -> str:
    found = re.search(r"[0-9]{4}-[0-9]{4}", page)
    assert found, page
    return found[0]


def _send(phone: Phone, address: str, **fields: str) -> tuple[int, str]:
    answer = phone.client.post(address, data={"csrf_token": phone.token()} | fields)
    return answer.status_code, answer.text


def test_who_is_added_gets_in_by_the_code_that_is_shown_once(house: House) -> None:
    """The code is on the answer, never on a page again; with it the person sets their own password."""
    phone = house.logged_in()
    status, page = _send(phone, EVERY, name="小李", role="editor")
    code = _code(page)
    assert status == 200
    assert code not in phone.get(EVERY).text
    invited = house.phone()
    form = {"code": code, "name": "小李", "password": "li-2026-li", "again": "li-2026-li"}
    assert invited.send("/first-visit", form, page="/first-visit").status_code == 303
    assert invited.get("/users/me").status_code == 200
    assert "编辑" in invited.get("/users/me").text
    assert house.phone().send("/first-visit", form, page="/first-visit").status_code == 400


def test_a_wrong_invitation_costs_the_set_up_code_nothing(house: House) -> None:
    """Guessing at the one is not guessing at the other."""
    phone = house.logged_in()
    _send(phone, EVERY, name="小李", role="editor")
    code = house.setup_code.issue()
    form = {"code": code, "name": "小李", "password": "li-2026-li", "again": "li-2026-li"}
    assert house.phone().send("/first-visit", form, page="/first-visit").status_code == 400
    assert house.setup_code.redeem(code)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "", "role": "editor"}, "请写您的名字"),
        ({"name": "很" * 21, "role": "editor"}, "20 个字以内"),
        ({"name": "小李", "role": "root"}, "请选这个人是做什么的"),
        ({"name": NAME, "role": "editor"}, "已经有人叫"),
    ],
)
def test_what_is_wrong_with_a_new_user_is_told(house: House, fields: dict[str, str], sentence: str) -> None:
    """Each mistake has its sentence, and nobody is added."""
    status, page = _send(house.logged_in(), EVERY, **fields)
    assert status in {400, 409}
    assert sentence in page
    assert len(house.users.everybody()) == 1


def test_a_role_that_changes_logs_out_and_holds_at_once(house: House) -> None:
    """Who was made an editor can't play from the phone that was logged in."""
    other = house.logged_in_as("publisher", "小张")
    phone = house.logged_in()
    assert _send(phone, "/users/小张/role", role="editor")[0] == 303
    assert other.get("/").status_code == 303
    other.log_in("小张")
    assert _send(other, "/play", broadcast="morning")[0] == 403
    act = next(act for act in house.acts() if act.what == "users.change_role")
    assert (act.who, act.target, act.old, act.new) == (NAME, "小张", "publisher", "editor")


def test_who_is_removed_is_out_at_once_and_can_be_brought_back(house: House) -> None:
    """With one tap on the same page."""
    other = house.logged_in_as("editor", "小李")
    phone = house.logged_in()
    _send(phone, "/users/小李/remove")
    assert other.get("/").status_code == 303
    assert other.log_in("小李").status_code == 401
    assert "请回来" in phone.get(EVERY).text
    _send(phone, "/users/小李/restore")
    house.clock.advance(3600)
    assert other.log_in("小李").status_code == 303


def test_nobody_removes_themselves_or_the_last_publisher(house: House) -> None:
    """The box never stands without somebody who can put it on air."""
    phone = house.logged_in()
    _send(phone, f"/users/{NAME}/remove")
    installer = house.logged_in_as("installer")
    _send(installer, f"/users/{NAME}/remove")
    assert "至少要留一位" in installer.get(EVERY).text
    assert [user.name for user in house.users.everybody()] == [NAME, "师傅"]


def test_with_an_installer_the_publisher_no_longer_looks_after_users(house: House) -> None:
    """And the installer does not speak."""
    installer, phone = house.logged_in_as("installer"), house.logged_in()
    assert phone.get(EVERY).status_code == 403
    assert phone.get("/audit").status_code == 403
    assert installer.get(EVERY).status_code == 200
    assert _send(installer, "/play", broadcast="morning")[0] == 403


def test_ones_own_password_is_changed_and_the_other_devices_are_out(house: House) -> None:
    """This phone stays in, with a session of its own."""
    desktop, phone = house.logged_in(), house.logged_in()
    before = phone.client.get_cookie("xiaolaba")
    fields = {"old_password": PASSWORD, "new_password": "a-new-one-26", "again": "a-new-one-26"}
    assert _send(phone, "/users/me/password", **fields)[0] == 303
    assert phone.get("/").status_code == 200
    assert desktop.get("/").status_code == 303
    assert before is not None
    thief = house.app.test_client()
    thief.set_cookie("xiaolaba", before.value)
    assert thief.get("/").status_code == 303
    assert house.users.check(NAME, "a-new-one-26")


def test_the_old_password_is_asked_for_and_guessing_at_it_must_wait(house: House) -> None:
    """A phone that lies open does not give the account away."""
    phone = house.logged_in()
    fields = {"old_password": "guessed it", "new_password": "a-new-one-26", "again": "a-new-one-26"}
    for _ in range(5):
        assert _send(phone, "/users/me/password", **fields)[0] == 400
    assert _send(phone, "/users/me/password", **fields | {"old_password": PASSWORD})[0] == 429
    assert house.users.check(NAME, PASSWORD)


def test_two_people_is_offered_at_set_up(house: House) -> None:
    """Ticked already, and what she leaves is what holds."""
    page = house.phone().get("/first-visit").text
    assert 'name="two_people" value="yes" checked' in page
    form = {"code": house.setup_code.issue(), "name": NAME, "password": PASSWORD, "again": PASSWORD}
    phone = house.phone()
    phone.send("/first-visit", form | {"two_people": "yes"}, page="/first-visit")
    assert house.handed_in.two_people.wanted()
    assert "只有一位发布人" in phone.get(EVERY).text
    _send(phone, "/users/two-people", on="no")
    assert not house.handed_in.two_people.wanted()


def test_the_audit_page_shows_a_day_and_one_person(house: House) -> None:
    """What was done, from where, old and new; another day is another page; nonsense is told."""
    house.logged_in_as("editor", "小李")
    phone = house.logged_in()
    _send(phone, "/users/小李/role", role="publisher")
    page = phone.get("/audit").text
    assert "改角色" in page
    assert "127.0.0.1" in page
    assert "editor" in page
    assert "改角色" not in phone.get("/audit?who=小李").text
    assert "这一天没有人做过什么" in phone.get("/audit?day=2026-06-01").text
    assert phone.get("/audit?day=0001-01-01").status_code == 200
    assert phone.get("/audit?day=nonsense").status_code == 303


def test_a_code_of_an_invitation_is_not_in_the_audit_log(house: House) -> None:
    """Who reads the log gets in nowhere."""
    phone = house.logged_in()
    code = _code(_send(phone, EVERY, name="小李", role="editor")[1])
    written = b"".join(file.read_bytes() for file in (house.folder / "audit").iterdir())
    assert code.encode() not in written
    assert code.replace("-", "").encode() not in written
    assert hidden(phone.get("/").text)
