"""Backup and restore from a phone."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from keeping.staging import stage
from tests.web.fakes import airing
from tests.web.house import NAME, NOON, PASSWORD, House, Phone, hidden, new_house
from web.people.users import Users


@pytest.fixture
def other(tmp_path: Path) -> House:
    """Give another box."""
    (tmp_path / "other").mkdir()
    return new_house(tmp_path / "other")


def downloaded(house: House, phone: Phone, password: str = PASSWORD) -> bytes:
    """Return what the page sends."""
    answer = phone.send("/backup/download", {"password": password}, page="/backup/")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"] == 'attachment; filename="xiaolaba-20260603-1200.tar"'
    return answer.data


def upload(phone: Phone, content: bytes, **fields: str):
    """Send a file, or a piece of one."""
    token = hidden(phone.get("/backup/").text)["csrf_token"]
    return phone.client.post(
        "/backup/upload", data={"csrf_token": token, "file": (io.BytesIO(content), "kept.tar")} | fields
    )


def test_a_backup_is_downloaded_with_the_password(house: House, tmp_path: Path) -> None:
    """It is whole, has the newest records, and is an act on record; a wrong password gets a sentence."""
    phone = house.logged_in()
    refused = phone.send("/backup/download", {"password": "wrong"}, page="/backup/")
    assert refused.status_code == 400
    assert "密码不对" in refused.text
    house.speaker.airings = (airing(1, NOON),)
    (tmp_path / "room").mkdir()
    staged = stage(io.BytesIO(downloaded(house, phone)), tmp_path / "room", version="0.1.0")
    assert staged.counts["records.sqlite"] == 1
    assert house.acts()[0].what == "backup.download"
    assert PASSWORD not in str(house.acts())


def test_a_found_phone_can_not_try_passwords(house: House) -> None:
    """As at the log-in: after a few wrong ones somebody has to wait."""
    phone = house.logged_in()
    for _ in range(10):
        answer = phone.send("/backup/download", {"password": "wrong"}, page="/backup/")
    assert "请等" in answer.text


def test_another_box_is_restored_from_a_phone(house: House, other: House) -> None:
    """Uploaded in pieces, shown, confirmed; the panel ends, and what starts next is the box of the backup."""
    phone = house.logged_in()
    phone.change("stay", title="备份里的标题")
    house.jobs.run_waiting()
    content = downloaded(house, phone)
    there = other.logged_in_as("installer", "师傅")
    half = len(content) // 2
    assert upload(there, content[:half], more="yes").json == {"next": half}
    assert upload(there, content[: half // 2], offset="0", more="yes").json == {"next": half // 2}
    assert upload(there, content[half // 2 :], offset=str(half // 2), more="no").json["page"].startswith("/work/")
    other.jobs.run_waiting()
    page = there.get("/backup/").text
    for words in ("警苑小区", "2026-06-03 12:00", "旧版本 2 个", "重新登录"):
        assert words in page
    assert other.title_of("stay") == "守好阵地"
    assert there.send("/backup/decide", {"act": "restore", "password": "no"}, page="/backup/").status_code == 400
    assert other.ends == []
    answer = there.send("/backup/decide", {"act": "restore", "password": PASSWORD}, page="/backup/")
    assert answer.location.startswith("/work/")
    other.jobs.run_waiting()
    assert other.ends == ["end"]
    assert other.title_of("stay") == "备份里的标题"
    assert Users(other.folder / "users.json").check(NAME, PASSWORD)
    assert there.get("/backup/").status_code == 303  # logged out with everybody else
    assert "backup.restore" in [act.what for act in other.acts()]


def test_a_restore_is_undone_from_a_phone(house: House) -> None:
    """What was here before comes back."""
    phone = house.logged_in()
    content = downloaded(house, phone)
    phone.change("stay", title="后来改的")
    house.jobs.run_waiting()
    assert "换回恢复之前的" not in phone.get("/backup/").text
    upload(phone, content)
    house.jobs.run_waiting()
    phone.send("/backup/decide", {"act": "restore", "password": PASSWORD}, page="/backup/")
    house.jobs.run_waiting()
    assert house.title_of("stay") == "守好阵地"
    phone = house.logged_in()
    assert "换回恢复之前的" in phone.get("/backup/").text
    phone.send("/backup/undo", {"password": PASSWORD}, page="/backup/")
    house.jobs.run_waiting()
    assert house.title_of("stay") == "后来改的"


def test_what_is_no_backup_is_told_and_nothing_waits(house: House) -> None:
    """The job says why, and the page for deciding has nothing to decide."""
    phone = house.logged_in()
    job = upload(phone, b"not a backup" * 100).location
    house.jobs.run_waiting()
    told = phone.get(job).text
    assert "不是小喇叭的备份" in told
    assert "没有改动任何东西" in told
    assert "都还在" not in told
    assert "这个备份完好" not in phone.get("/backup/").text
    assert not list(house.folder.glob(".restor*"))


def test_it_can_be_left_as_it_is(house: House) -> None:
    """What was uploaded goes, and nothing else."""
    phone = house.logged_in()
    upload(phone, downloaded(house, phone))
    house.jobs.run_waiting()
    phone.send("/backup/decide", {"act": "discard"}, page="/backup/")
    assert not list(house.folder.glob(".restor*"))
    assert house.ends == []


@pytest.mark.parametrize("fields", [{"offset": "x"}, {"offset": "-1"}, {"offset": "9" * 30}])
def test_a_broken_piece_is_refused(house: House, fields: dict[str, str]) -> None:
    """Offsets are numbers of bytes."""
    assert upload(house.logged_in(), b"x", **fields).status_code == 400


def test_a_piece_that_does_not_follow_is_refused(house: House) -> None:
    """A hole would be noticed by the digest, but only after gigabytes."""
    phone = house.logged_in()
    assert upload(phone, b"x", more="yes").status_code == 200
    assert upload(phone, b"x", offset="5", more="yes").status_code == 503


@pytest.mark.parametrize("role", ["editor", "publisher"])
def test_only_an_installer_is_offered_it(house: House, role: str) -> None:
    """Where there is one; a publisher stands in until then."""
    house.logged_in_as("installer")
    phone = house.logged_in_as(role)  # type: ignore[arg-type]  # one of the table's
    assert phone.get("/backup/").status_code == 403
    assert "/backup/" not in phone.get("/more").text
