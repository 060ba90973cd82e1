"""The audit log: every act with who, when, from where, what, and what it was before."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.fakes import SetClock
from tests.web.house import NAME, NOON, PASSWORD, House
from web.audit.log import LARGEST_DAY_BYTES, LONGEST_VALUE, Audit

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 6, 3)
SECRET = "never-to-be-written-1"  # noqa: S105 - it guards nothing


def test_an_act_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Who, when, from where, what, to what, old and new, and how it ended; the newest first."""
    clock = SetClock(NOON)
    audit = Audit(tmp_path / "audit", clock)
    audit.record(who="王书记", address="192.168.1.9", what="first")
    clock.advance(1)
    audit.record(
        who="小李", address="192.168.1.8", what="message.saved", target="stay", old="旧", new="新", outcome=303
    )
    newest, first = audit.day(TODAY, SHANGHAI).acts
    assert first.what == "first"
    assert (newest.who, newest.address, newest.target, newest.old, newest.new) == (
        "小李",
        "192.168.1.8",
        "stay",
        "旧",
        "新",
    )
    assert newest.outcome == 303
    assert newest.at == datetime(2026, 6, 3, 4, 0, 1, tzinfo=UTC)
    (file,) = (tmp_path / "audit").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_day_is_the_day_where_the_box_hangs(tmp_path: Path) -> None:
    """An act at 06:00 and one at 22:00 in Shanghai are of two days in UTC and of one day here."""
    clock = SetClock(datetime(2026, 6, 2, 22, 0, tzinfo=UTC))
    audit = Audit(tmp_path, clock)
    audit.record(who="a", address="", what="early")
    clock.advance(16 * 3600)
    audit.record(who="a", address="", what="late")
    clock.advance(3 * 3600)
    audit.record(who="a", address="", what="tomorrow")
    assert [act.what for act in audit.day(TODAY, SHANGHAI).acts] == ["late", "early"]


def test_half_a_line_of_a_power_cut_costs_that_line_only(tmp_path: Path) -> None:
    """What comes after it stands on a line of its own, and the page says that one could not be read."""
    audit = Audit(tmp_path, SetClock(NOON))
    audit.record(who="a", address="", what="before")
    file = tmp_path / "2026-06-03.jsonl"
    file.write_bytes(file.read_bytes() + b'{"at":"2026-06-03T04:0')
    audit.record(who="a", address="", what="after")
    day = audit.day(TODAY, SHANGHAI)
    assert [act.what for act in day.acts] == ["after", "before"]
    assert day.damaged == 1


def test_long_values_are_cut(tmp_path: Path) -> None:
    """A form of megabytes is not a line of megabytes."""
    audit = Audit(tmp_path, SetClock(NOON))
    audit.record(
        who="a" * 5000, address="b" * 5000, what="c" * 5000, target="d" * 5000, old="旧" * 5000, new="新" * 5000
    )
    (act,) = audit.day(TODAY, SHANGHAI).acts
    assert len(act.old) == len(act.new) == LONGEST_VALUE + 1
    assert len(act.who) == len(act.target) == 200


def test_strangers_can_not_fill_the_card(tmp_path: Path) -> None:
    """Beyond the bound of a day only those who are logged in are written down."""
    audit = Audit(tmp_path, SetClock(NOON))
    (tmp_path / "2026-06-03.jsonl").write_bytes(b"x" * (LARGEST_DAY_BYTES - 1) + b"\n")
    audit.record(who="", address="192.168.1.66", what="account.log_in")
    audit.record(who="王书记", address="192.168.1.9", what="today.stop")
    assert [act.what for act in audit.day(TODAY, SHANGHAI).acts] == ["today.stop"]


def test_a_card_that_takes_nothing_hinders_no_act_and_is_told(house: House) -> None:
    """Stop still stops; the log says that it does not log."""
    phone = house.logged_in()
    folder = house.folder / "audit"
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    folder.write_bytes(b"not a folder")
    assert phone.send("/stop", {}, page="/").status_code == 303
    assert house.speaker.asked == [("stop", NAME)]
    assert house.handed_in.audit.failing is not None


def test_a_thread_writes_and_an_act_waits_for_it(tmp_path: Path) -> None:
    """What was recorded before the thread began or when the process ends is there too."""
    audit = Audit(tmp_path, SetClock(NOON))
    audit.record(who="a", address="", what="first")
    audit.start()
    audit.record(who="a", address="", what="second")
    audit.finish()
    assert {act.what for act in audit.day(TODAY, SHANGHAI).acts} >= {"first"}


def test_play_and_stop_are_on_record(house: House) -> None:
    """With the name, the address and what was asked for."""
    phone = house.logged_in()
    phone.send("/play", {"broadcast": "morning"}, page="/messages/stay")
    phone.send("/stop", {}, page="/messages/stay")
    stop, play, login = house.acts()
    assert (login.what, login.who, login.outcome) == ("account.log_in", NAME, 303)
    assert (play.what, play.who, play.address, play.new) == ("today.play", NAME, "127.0.0.1", "broadcast: morning")
    assert stop.what == "today.stop"


def test_what_was_typed_is_told_in_words(house: House) -> None:
    """A field by what its form calls it; what binds a form to its page was typed by nobody and is left out."""
    phone = house.logged_in()
    sent = {"reason": "高考", "first": "2026-06-07", "last": "2026-06-09", "air": "none", "act": "save", "was": "x"}
    phone.send("/schedule/exceptions/new", sent, page="/schedule/exceptions/new")
    page = phone.get("/audit").text
    for words in ("原因：高考", "从哪天：2026-06-07", "到哪天：2026-06-09"):
        assert words in page
    assert "act: save" not in page
    assert "was: x" not in page


def test_failed_logins_are_on_record_with_the_name_only_if_it_is_one(house: House) -> None:
    """Who types the password where the name belongs finds it in no log."""
    house.users.set_password(NAME, PASSWORD)
    house.phone().log_in(NAME, "wrong wrong")
    house.phone().log_in(SECRET, "x")
    second, first = house.acts()
    assert (first.who, first.target, first.outcome) == ("", NAME, 401)
    assert second.target == "?"


def test_who_logs_out_is_named(house: House) -> None:
    """The name is that of the moment before."""
    house.logged_in().send("/logout", {}, page="/messages/stay")
    assert (house.acts()[0].what, house.acts()[0].who) == ("account.log_out", NAME)


def test_no_secret_is_ever_in_the_log(house: House) -> None:
    """Whatever form it is sent with: passwords and codes, right or wrong, old or new."""
    phone = house.logged_in()
    token = phone.token()
    secrets = dict.fromkeys(
        ["password", "again", "code", "old_password", "new_password", "csrf_token", "token"], SECRET
    )
    for rule in house.app.url_map.iter_rules():
        if "POST" in (rule.methods or set()) and not rule.arguments:
            phone.client.post(rule.rule, data=secrets | {"name": NAME, "csrf_token": token})
    written = b"".join(file.read_bytes() for file in (house.folder / "audit").iterdir())
    assert b"account.set_up" in written
    assert SECRET.encode() not in written
    assert token.encode() not in written
    assert PASSWORD.encode() not in written


def test_looking_is_no_act(house: House) -> None:
    """Pages that are opened, and the spoken form that is asked for at each stroke, are not in it."""
    phone = house.logged_in()
    before = len(house.acts())
    phone.get("/")
    phone.client.post("/messages/spoken", data={"csrf_token": phone.token(), "text": "你好"})
    assert len(house.acts()) == before
