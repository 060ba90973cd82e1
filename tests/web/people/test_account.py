"""First visit, login, logout."""

import pytest

from tests.web.house import NAME, PASSWORD, House, hidden


def test_the_first_visit_leads_to_the_set_up_form(house: House) -> None:
    """Before anybody is set up, every page leads to the form that takes the code."""
    assert house.phone().get("/").location == "/first-visit"
    assert house.phone().get("/login").location == "/first-visit"


def test_the_code_sets_the_first_user_up_and_lets_them_in(house: House) -> None:
    """The code from the terminal, a name and a password are all it takes."""
    phone = house.phone()
    answer = phone.send("/first-visit", _form(house.setup_code.issue()), page="/first-visit")
    assert (answer.status_code, answer.location) == (303, "/")
    assert phone.get("/").status_code == 200
    assert house.users.check(NAME, PASSWORD)


def test_a_code_is_good_once(house: House) -> None:
    """The second person with the same code is refused."""
    code = house.setup_code.issue()
    house.phone().send("/first-visit", _form(code), page="/first-visit")
    second = house.phone().send("/first-visit", _form(code) | {"name": "别人"}, page="/first-visit")
    assert second.status_code == 400
    assert not house.users.check("别人", PASSWORD)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "0000-0000"}, "开通码或邀请码不对"),
        ({"password": "short", "again": "short"}, "密码太短"),
        ({"again": "something else"}, "两次输入的密码不一样"),
        ({"name": " "}, "请写您的名字"),
        ({"name": "很" * 21}, "20 个字以内"),
        ({"password": "a" * 129, "again": "a" * 129}, "密码太长"),
    ],
)
def test_a_set_up_that_is_wrong_is_told_and_uses_nothing_up(
    house: House, change: dict[str, str], sentence: str
) -> None:
    """Each mistake has its sentence, the name stays in the form, and the code is still good."""
    code = house.setup_code.issue()
    answer = house.phone().send("/first-visit", _form(code) | change, page="/first-visit")
    assert answer.status_code == 400
    assert sentence in answer.text
    assert not house.users.exist()
    assert house.setup_code.redeem(code)


def test_who_has_to_type_again_types_the_passwords_alone(house: House) -> None:
    """The code and the choice stay in the form as they were: two people stay off for who wanted that."""
    phone = house.phone()
    assert 'name="two_people" value="yes" checked' in phone.get("/first-visit").text
    again = phone.send(
        "/first-visit", _form("1234-5678") | {"password": "short", "again": "short"}, page="/first-visit"
    ).text
    assert 'value="1234-5678"' in again
    assert 'name="two_people" value="yes">' in again
    assert "short" not in again


def test_the_login_leads_on_to_the_page_that_was_asked_for(house: House) -> None:
    """Also after a wrong password; a link that somebody made leads nowhere else."""
    house.logged_in()
    phone = house.phone()
    asked = phone.get("/records?day=2026-06-02").location
    assert asked == "/login?after=/records?day%3D2026-06-02"
    assert 'name="after" value="/records?day=2026-06-02"' in phone.get(asked).text
    wrong = phone.send("/login", {"name": NAME, "password": "wrong-2026", "after": "/records?day=2026-06-02"})
    assert 'name="after" value="/records?day=2026-06-02"' in wrong.text
    house.clock.advance(60)
    right = phone.send("/login", {"name": NAME, "password": PASSWORD, "after": "/records?day=2026-06-02"})
    assert right.location == "/records?day=2026-06-02"
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example", "///evil.example/", "evil"):
        answer = house.phone().send("/login", {"name": NAME, "password": PASSWORD, "after": elsewhere})
        assert answer.location == "/"


def test_a_new_code_gives_a_new_password_and_logs_every_device_out(house: House) -> None:
    """Who forgot the password sets another; what was logged in with the old one no longer is."""
    old = house.logged_in()
    house.phone().send("/first-visit", _form(house.setup_code.issue(), "another-2026"), page="/first-visit")
    assert old.get("/").status_code == 303
    assert house.users.check(NAME, "another-2026")
    assert not house.users.check(NAME, PASSWORD)


def test_a_wrong_password_is_refused_without_saying_what_was_wrong(house: House) -> None:
    """A name that does not exist and a wrong password read the same."""
    house.users.set_password(NAME, PASSWORD)
    wrong_password = house.phone().log_in(NAME, "not this one")
    wrong_name = house.phone().log_in(name="没有这个人")
    assert wrong_password.status_code == wrong_name.status_code == 401
    assert "名字或密码不对" in wrong_password.text
    assert "名字或密码不对" in wrong_name.text


def test_wrong_passwords_make_the_next_try_wait_and_waiting_is_enough(house: House) -> None:
    """After five wrong ones the right one has to wait too, and then gets in: nobody is locked out for good."""
    house.users.set_password(NAME, PASSWORD)
    for _ in range(5):
        assert house.phone().log_in(NAME, "wrong wrong").status_code == 401
    refused = house.phone().log_in()
    assert refused.status_code == 429
    assert "请等 2 秒再试" in refused.text
    house.clock.advance(2.1)
    assert house.phone().log_in().status_code == 303


def test_too_many_tries_from_one_address_are_refused_unread(house: House) -> None:
    """A machine that tries other names each time is stopped by its address."""
    house.users.set_password(NAME, PASSWORD)
    phone = house.phone()
    token = hidden(phone.get("/login").text)
    answers = [
        phone.client.post("/login", data=token | {"name": f"n{number}", "password": "x" * 200}).status_code
        for number in range(31)
    ]
    assert answers[:30] == [401] * 30
    assert answers[30] == 429


def test_a_cookie_that_was_copied_is_worth_nothing_after_logout(house: House) -> None:
    """The session ends on the server, not only in the browser."""
    phone = house.logged_in()
    cookie = phone.client.get_cookie("xiaolaba")
    assert cookie is not None
    thief = house.app.test_client()
    thief.set_cookie("xiaolaba", cookie.value)
    assert thief.get("/").status_code == 200
    assert phone.send("/logout", {}, page="/").status_code == 303
    assert thief.get("/").location == "/login"


def test_a_logout_leaves_the_other_devices_in(house: House) -> None:
    """The desktop stays logged in when the phone logs out."""
    phone, desktop = house.logged_in(), house.logged_in()
    phone.send("/logout", {}, page="/")
    assert desktop.get("/").status_code == 200


def test_the_cookie_is_another_after_the_login(house: House) -> None:
    """A cookie that somebody planted before the login is not the one that is logged in (fixation)."""
    house.users.set_password(NAME, PASSWORD)
    phone = house.phone()
    before_token = hidden(phone.get("/login").text)["csrf_token"]
    planted = phone.client.get_cookie("xiaolaba")
    phone.log_in()
    assert planted is not None
    thief = house.app.test_client()
    thief.set_cookie("xiaolaba", planted.value)
    assert thief.get("/").status_code == 303
    assert phone.client.post("/logout", data={"csrf_token": before_token}).status_code == 400


def test_the_cookie_can_be_read_by_no_script_and_sent_by_no_other_site(house: House) -> None:
    """HttpOnly and SameSite=Lax."""
    house.users.set_password(NAME, PASSWORD)
    cookie = house.phone().log_in().headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_session_ends_by_itself_after_ninety_days(house: House) -> None:
    """A phone that was lost does not stay logged in for ever."""
    phone = house.logged_in()
    house.clock.advance(91 * 86_400)
    assert phone.get("/").status_code == 303


def _form(code: str, password: str = PASSWORD) -> dict[str, str]:
    return {"code": code, "name": NAME, "password": password, "again": password}
