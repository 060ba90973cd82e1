"""What lets somebody in: users, set-up codes, back-off, the cookie's key, and the queue of jobs."""

from datetime import timedelta
from pathlib import Path

import pytest

from box.sentences import XiaolabaError
from tests.fakes import SetClock
from tests.web.house import NOON
from web.jobs import MOST_WAITING, Finish, Jobs, TooMuchWaiting
from web.people.back_off import FREE_TRIES, LONGEST_WAIT_SECONDS, BackOff
from web.people.codes import MOST_TRIES
from web.people.secret import secret_at
from web.people.setup_code import SetupCode
from web.people.users import MOST_SESSIONS, Users


def test_a_code_is_eight_digits_and_nowhere_on_the_disk(tmp_path: Path) -> None:
    """Easy to type on a phone; the file holds only what proves it, for its owner only."""
    file = tmp_path / "code"
    code = SetupCode(file, SetClock(NOON)).issue()
    assert len(code) == 9
    assert code.replace("-", "").isdigit()
    assert code.replace("-", "").encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("typed", ["{0}-{1}", "{0}{1}", " {0} {1} ", "{0}－{1}"])
def test_a_code_is_taken_however_it_is_typed(tmp_path: Path, typed: str) -> None:
    """With or without the dash, with blanks, with the keyboard's full-width dash."""
    codes = SetupCode(tmp_path / "code", SetClock(NOON))
    first, second = codes.issue().split("-")
    assert codes.redeem(typed.format(first, second))


def test_a_code_ends_after_a_day(tmp_path: Path) -> None:
    """A note that was left lying about is worth nothing."""
    clock = SetClock(NOON)
    codes = SetupCode(tmp_path / "code", clock)
    code = codes.issue()
    clock.advance(timedelta(hours=24).total_seconds())
    assert not codes.redeem(code)


def test_a_code_is_void_after_ten_wrong_tries(tmp_path: Path) -> None:
    """Guessing gets ten tries in a hundred million, also across a restart."""
    clock = SetClock(NOON)
    code = SetupCode(tmp_path / "code", clock).issue()
    wrong = "00000000" if not code.startswith("0000") else "11111111"
    for _ in range(MOST_TRIES):
        assert not SetupCode(tmp_path / "code", clock).redeem(wrong)
    assert not SetupCode(tmp_path / "code", clock).redeem(code)


def test_without_a_code_none_is_right(tmp_path: Path) -> None:
    """No file, an empty code, a file that is no code."""
    codes = SetupCode(tmp_path / "code", SetClock(NOON))
    assert not codes.redeem("")
    (tmp_path / "code").write_bytes(b"\x00")
    assert not codes.redeem("12345678")


def test_the_users_file_lets_nobody_in(tmp_path: Path) -> None:
    """Neither password nor session token is in it, and only its owner may read it."""
    users = Users(tmp_path / "users.json")
    users.set_password("王书记", "longhai-2020")
    token = users.open_session("王书记", NOON)
    content = (tmp_path / "users.json").read_bytes()
    assert b"longhai-2020" not in content
    assert token.encode() not in content
    assert (tmp_path / "users.json").stat().st_mode & 0o777 == 0o600


def test_the_oldest_session_is_closed_for_the_newest(tmp_path: Path) -> None:
    """The file does not grow with every login."""
    users = Users(tmp_path / "users.json")
    users.set_password("王书记", "longhai-2020")
    first, *others = [users.open_session("王书记", NOON) for _ in range(MOST_SESSIONS + 1)]
    assert users.who_has(first, NOON) is None
    assert all(users.who_has(token, NOON) == "王书记" for token in others)


def test_the_wait_doubles_up_to_five_minutes_and_is_forgotten_after_an_hour() -> None:
    """Longer each time, never for good."""
    clock = SetClock(NOON)
    back_off = BackOff(clock)
    waits = []
    for _ in range(FREE_TRIES + 10):
        back_off.wrong("王书记", "192.168.1.9")
        waits.append(back_off.wait_seconds("王书记", "192.168.1.9"))
    assert waits[: FREE_TRIES + 2] == [0.0] * (FREE_TRIES - 1) + [2.0, 4.0, 8.0]
    assert max(waits) == LONGEST_WAIT_SECONDS
    clock.advance(LONGEST_WAIT_SECONDS)
    assert back_off.wait_seconds("王书记", "192.168.1.9") == 0.0


def test_a_stranger_who_guesses_does_not_keep_her_out() -> None:
    """The wait is for the address that was wrong, not for her phone."""
    back_off = BackOff(SetClock(NOON))
    for _ in range(FREE_TRIES + 3):
        back_off.wrong("王书记", "192.168.1.66")
    assert back_off.wait_seconds("王书记", "192.168.1.20") == 0.0


def test_the_key_is_made_once_for_its_owner(tmp_path: Path) -> None:
    """The same after a restart; a file that was cut short is made anew."""
    file = tmp_path / "panel" / "secret"
    made = secret_at(file)
    assert len(made) == 32
    assert secret_at(file) == made
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_bytes(b"short")
    assert len(secret_at(file)) == 32


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (XiaolabaError("请检查网络。", "check the network"), "请检查网络。"),
        (OSError(28, "No space left on device"), "存储卡写不进去"),
        (ValueError("a secret detail"), "没有料到的问题"),
    ],
)
def test_work_that_fails_says_so_and_the_queue_goes_on(error: Exception, sentence: str) -> None:
    """Each kind of failure has its sentence; none of them ends the thread or tells what it should not."""
    jobs = Jobs()

    def fail(_report: object) -> Finish:
        raise error

    bad = jobs.submit("坏的", fail, back="/")
    good = jobs.submit("好的", lambda _report: Finish(page="/"), back="/")
    jobs.run_waiting()
    failed, done = jobs.find(bad.id), jobs.find(good.id)
    assert failed is not None
    assert failed.fault is not None
    assert sentence in failed.fault.zh
    assert "secret" not in failed.fault.zh
    assert done is not None
    assert done.state == "done"


def test_a_full_queue_is_told() -> None:
    """Who presses a hundred times gets a sentence, not a hundred renderings."""
    jobs = Jobs()
    for _ in range(MOST_WAITING):
        jobs.submit("等", lambda _report: Finish(page="/"), back="/")
    with pytest.raises(TooMuchWaiting):
        jobs.submit("等", lambda _report: Finish(page="/"), back="/")
