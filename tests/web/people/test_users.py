"""The users' file: roles, invitations, removal, and the form it has on boxes of the first version."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.web.house import NOON
from web.people.codes import MOST_TRIES
from web.people.users import UserRefused, Users

OLD = b"""[{"name":"\xe7\x8e\x8b\xe4\xb9\xa6\xe8\xae\xb0","password":"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21l\
c2FsdA$wGFqkV0yYTRZ0v0w0yXoTWtYeOUYW2oC1Wm0nGmK0nI","sessions":[{"token_sha256":"ab","opened":"2026-06-03T04:00:00Z"}]}]"""


@pytest.fixture
def users(tmp_path: Path) -> Users:
    """Return a file with one publisher."""
    made = Users(tmp_path / "users.json")
    made.set_password("王书记", "longhai-2020")
    return made


def test_a_file_of_the_first_version_is_read(tmp_path: Path) -> None:
    """Its user is a publisher, and the device that was logged in still is."""
    (tmp_path / "users.json").write_bytes(OLD)
    (user,) = Users(tmp_path / "users.json").everybody()
    assert (user.name, user.role, len(user.sessions), user.removed) == ("王书记", "publisher", 1, None)


def test_who_is_added_has_no_password_until_they_set_one(users: Users) -> None:
    """No default password: the code is all there is, and it is nowhere in the file."""
    code = users.add("小李", "editor", NOON)
    assert not users.check("小李", "")
    assert not users.check("小李", code)
    assert users.is_invited("小李", NOON)
    assert users.redeem("小李", f" {code} ", NOON)
    assert not users.redeem("小李", code, NOON)


def test_an_invitation_ends_after_a_week(users: Users) -> None:
    """A note that was left lying about is worth nothing."""
    code = users.add("小李", "editor", NOON)
    assert not users.redeem("小李", code, NOON + timedelta(days=7))


def test_an_invitation_is_void_after_ten_wrong_tries(users: Users) -> None:
    """Guessing gets ten tries in a hundred million."""
    code = users.add("小李", "editor", NOON)
    wrong = "0000-0000" if not code.startswith("0000") else "1111-1111"
    for _ in range(MOST_TRIES):
        assert not users.redeem("小李", wrong, NOON)
    assert not users.redeem("小李", code, NOON)


def test_an_invitation_is_for_one_name(users: Users) -> None:
    """Another can't take it."""
    code = users.add("小李", "editor", NOON)
    users.add("小张", "publisher", NOON)
    assert not users.redeem("小张", code, NOON)


def test_a_new_password_keeps_the_role(users: Users) -> None:
    """Who forgot it is afterwards what they were before."""
    users.add("小李", "editor", NOON)
    users.set_password("小李", "another-2026")
    found = users.find("小李")
    assert found is not None
    assert found.role == "editor"


@pytest.mark.parametrize("act", ["password", "role", "remove"])
def test_password_role_and_removal_log_every_device_out(users: Users, act: str) -> None:
    """On the server: the cookie that the phone keeps is worth nothing any more."""
    users.add("小李", "editor", NOON)
    users.set_password("小李", "another-2026")
    token = users.open_session("小李", NOON)
    assert users.who_has(token, NOON) == "小李"
    if act == "password":
        users.set_password("小李", "a-third-2026")
    elif act == "role":
        users.change_role("小李", "publisher")
    else:
        users.remove("小李", NOON)
    assert users.who_has(token, NOON) is None


def test_who_was_removed_can_be_brought_back_for_a_month(users: Users) -> None:
    """Meanwhile they are let in by nothing; afterwards they are what they were."""
    users.add("小李", "editor", NOON)
    users.set_password("小李", "another-2026")
    users.remove("小李", NOON)
    assert not users.check("小李", "another-2026")
    assert [user.name for user in users.removed(NOON)] == ["小李"]
    assert users.roles_of("小李") == frozenset()
    users.bring_back("小李", NOON + timedelta(days=29))
    assert users.check("小李", "another-2026")
    users.remove("小李", NOON)
    with pytest.raises(UserRefused):
        users.bring_back("小李", NOON + timedelta(days=30))


@pytest.mark.parametrize("act", ["remove", "demote"])
def test_the_last_publisher_stays(users: Users, act: str) -> None:
    """One who has no password yet does not count: nobody could put anything on air."""
    users.add("小张", "publisher", NOON)
    with pytest.raises(UserRefused, match="至少要留一位"):
        if act == "remove":
            users.remove("王书记", NOON)
        else:
            users.change_role("王书记", "editor")
    users.set_password("小张", "another-2026")
    users.remove("王书记", NOON)
    assert [user.name for user in users.everybody()] == ["小张"]


def test_two_people_have_two_names(users: Users) -> None:
    """A name that is taken is refused, one of somebody who was removed is free."""
    with pytest.raises(UserRefused, match="已经有人叫"):
        users.add("王书记", "editor", NOON)
    users.add("小李", "editor", NOON)
    users.remove("小李", NOON)
    users.add("小李", "publisher", NOON)
    assert users.removed(NOON) == ()
