"""What is done with a message besides its words: new, copied, put aside, its dates, its former versions."""

from __future__ import annotations

import re
from datetime import date

import pytest

from programme.file import ProgrammeFile
from programme.model import Message, Programme
from tests.web.house import House, Phone, hidden

NEW = {"title": "停水", "text": "明天早上八点停水，请先存一点水。", "act": "save"}


def programme_of(house: House) -> Programme:
    """Return what the file says."""
    return ProgrammeFile(house.file).read().programme


def finish(house: House, phone: Phone, work: str) -> str:
    """Let the work be done; return the page that it ends on."""
    house.jobs.run_waiting()
    done = phone.get(work)
    return phone.get(done.location).text if done.location else done.text


def write(phone: Phone, **fields: str) -> tuple[int, str]:
    """Fill in the form of a new message; return the status and the page or the address."""
    page = phone.get("/messages/~new").text
    answer = phone.client.post("/messages/~new", data=hidden(page) | NEW | fields)
    return answer.status_code, answer.location or answer.text


def test_a_new_message_is_rendered_saved_and_put_on_air(house: House) -> None:
    """It is the last of the list, no broadcast says it, and it can be played at once."""
    house.publish()
    phone = house.logged_in()
    status, work = write(phone)
    assert status == 303, work
    page = finish(house, phone, work)
    for words in ("新稿件已经保存", "停水", "没有安排时间"):
        assert words in page
    made = programme_of(house).messages[-1]
    assert (made.id, made.title) == ("m-260603-040000", "停水")
    assert house.publisher.on_air().message(made.id) is not None  # type: ignore[union-attr] - published above
    assert 'value="停水"' not in phone.get("/messages/~new").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "标题是空的"),
        ({"text": ""}, "内容是空的"),
        ({"text": "😀"}, "没有能念出来的字"),
        ({"text": "a\x07b"}, "看不见"),
    ],
)
def test_what_is_wrong_with_a_new_message_is_told(house: House, fields: dict[str, str], sentence: str) -> None:
    """The form comes back filled in, and nothing is saved."""
    before = house.file.read_bytes()
    status, page = write(house.logged_in(), **fields)
    assert (status, sentence in page) == (400, True)
    assert house.file.read_bytes() == before


def test_a_new_message_can_be_heard_first_and_is_not_lost(house: House) -> None:
    """Listening saves nothing, and what was typed is in the form whenever she comes back."""
    phone = house.logged_in()
    _, work = write(phone, act="listen")
    assert "<audio controls autoplay" in finish(house, phone, work)
    assert "明天早上八点停水" in phone.get("/messages/~new").text
    assert "明天早上八点停水" not in house.logged_in_as("editor").get("/messages/~new").text
    assert len(programme_of(house).messages) == 2


def test_a_number_that_is_nearly_a_registered_one_is_asked_about(house: House) -> None:
    """As in the form of a message that there is."""
    house.file.write_text(house.file.read_text(encoding="utf-8") + 'hotlines: ["12345"]\n', encoding="utf-8")
    house.desk.look()
    phone = house.logged_in()
    status, page = write(phone, text="请拨打 12346。")
    assert (status, "只差一两位" in page) == (409, True)
    status, _ = write(phone, text="请拨打 12346。", right="12346")
    assert status == 303


def test_what_an_editor_writes_anew_waits_for_a_publisher(house: House) -> None:
    """Until then the programme has a message that says nothing of theirs."""
    editor = house.logged_in_as("editor")
    _, work = write(editor)
    assert "已经送审" in finish(house, editor, work)
    assert "停水" not in house.file.read_text(encoding="utf-8")
    waiting = house.handed_in.proposals.waiting()
    assert [(one.title, one.author) for one in waiting] == [("停水", "小编")]
    assert programme_of(house).messages[-1].id == waiting[0].message_id


def test_a_copy_stands_behind_its_original(house: House) -> None:
    """With the same words and no time of its own; the form of the copy opens."""
    phone = house.logged_in()
    page = finish(house, phone, phone.send("/messages/stay/copy", {}, page="/messages/stay").location)
    assert 'value="守好阵地（副本）"' in page
    stay, copied, _hotline = programme_of(house).messages
    assert (copied.text, copied.id) == (stay.text, "m-260603-040000")
    assert all(copied.id not in one.messages for one in programme_of(house).broadcasts)


def test_what_putting_aside_does_is_said_before(house: House) -> None:
    """Which broadcasts go on without it, and which end with it."""
    page = house.logged_in().get("/messages/stay/archive").text
    assert "07:30 只播这一篇，会一起收起来" in page
    assert "18:30 不再播它" in page
    assert programme_of(house).message("stay") is not None


def test_a_message_is_put_aside_and_brought_back_in_one_tap(house: House) -> None:
    """With its broadcasts, as it was; the list offers it at once and later."""
    house.publish()
    before = programme_of(house)
    phone = house.logged_in()
    page = finish(house, phone, phone.send("/messages/stay/archive", {}, page="/messages/stay").location)
    assert "《守好阵地》已经收起来" in page
    assert [one.id for one in programme_of(house).messages] == ["hotline"]
    assert [(one.id, one.messages) for one in programme_of(house).broadcasts] == [("evening", ("hotline",))]
    assert house.publisher.on_air().message("stay") is None  # type: ignore[union-attr] - published above
    later = phone.get("/messages/").text
    assert "王书记收起来的" in later
    undo = re.search(r'action="(/archive/[^"]*/back)"', later)
    assert undo
    page = finish(house, phone, phone.send(undo[1], {}, page="/messages/").location)
    assert "已经拿回来了" in page
    assert "收起来的" not in page
    assert programme_of(house) == before


def test_a_message_with_words_that_wait_is_not_put_aside(house: House) -> None:
    """Whoever wrote them would wait for ever."""
    house.logged_in_as("editor").change("stay", text="等审核的话。")
    phone = house.logged_in()
    answer = phone.send("/messages/stay/archive", {}, page="/messages/stay")
    assert "在等审核" in phone.get(answer.location).text
    assert programme_of(house).message("stay") is not None


def test_the_dates_of_a_message_are_saved(house: House) -> None:
    """Its card tells them; left empty it is valid always."""
    house.publish()
    phone = house.logged_in()
    fields = {"valid_from": "2026-06-01", "valid_until": "2026-06-02"}
    page = finish(house, phone, phone.send("/messages/stay/validity", fields, page="/messages/stay").location)
    assert "已经过期" in page
    stay = programme_of(house).message("stay")
    assert stay is not None
    assert (stay.valid_from, stay.valid_until) == (date(2026, 6, 1), date(2026, 6, 2))
    cards = phone.get("/messages/").text
    assert "2026年6月1日到2026年6月2日有效" in cards
    assert "过期了，不播" in cards
    fields = {"valid_from": "", "valid_until": ""}
    finish(house, phone, phone.send("/messages/stay/validity", fields, page="/messages/stay").location)
    stay = programme_of(house).message("stay")
    assert stay is not None
    assert (stay.valid_from, stay.valid_until) == (None, None)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-02-30", "", "日期要写成"),
        ("", "soon", "日期要写成"),
        ("2026-06-02", "2026-06-01", "开始晚于结束"),
    ],
)
def test_dates_that_are_none_are_told(house: House, first: str, last: str, sentence: str) -> None:
    """And nothing is saved."""
    before = house.file.read_bytes()
    phone = house.logged_in()
    answer = phone.send("/messages/stay/validity", {"valid_from": first, "valid_until": last}, page="/messages/stay")
    assert sentence in phone.get(answer.location).text
    assert house.file.read_bytes() == before


@pytest.mark.parametrize(
    ("last", "warning"),
    [
        ("2026-06-02", None),
        ("2026-06-03", "《守好阵地》今天是最后一天，明天起不再播。"),
        ("2026-06-04", "《守好阵地》明天是最后一天，后天起不再播。"),
        ("2026-06-05", None),
    ],
)
def test_today_warns_before_a_message_ends(house: House, last: str, warning: str | None) -> None:
    """The day before its last day, and on it."""
    text = house.file.read_text(encoding="utf-8").replace("    text: 只要", f"    valid_until: {last}\n    text: 只要")
    house.file.write_text(text, encoding="utf-8")
    house.desk.look()
    page = house.logged_in().get("/").text
    assert ("最后一天" in page) is (warning is not None)
    assert warning is None or warning in page


def test_the_versions_of_a_message_show_who_when_and_what(house: House) -> None:
    """What is gone and what is new, as elements and not by colour alone."""
    phone = house.logged_in()
    house.clock.advance(300)
    phone.change("stay", text="只要还有一碗米，不往人多地方挤。")
    house.jobs.run_waiting()
    page = phone.get("/messages/stay/history").text
    for words in ("<del>粒</del><ins>碗</ins>", "王书记", "直接改文件", "2026 6月3日 星期三 12:05", "正在用", "最早的"):
        assert words in page, words


def test_a_version_is_brought_back_in_one_tap(house: House) -> None:
    """Its words are saved under who brought them back, and on air; its dates stay as they are now."""
    house.publish()
    phone = house.logged_in()
    phone.change("stay", title="新标题", text="新写的话。")
    house.jobs.run_waiting()
    dates = {"valid_from": "", "valid_until": "2026-12-31"}
    finish(house, phone, phone.send("/messages/stay/validity", dates, page="/messages/stay").location)
    oldest = re.findall(r'name="edition" value="([^"]*)"', phone.get("/messages/stay/history").text)[-1]
    page = finish(
        house, phone, phone.send("/messages/stay/restore", {"edition": oldest}, page="/messages/stay").location
    )
    assert "已经用回这一版" in page
    assert programme_of(house).message("stay") == Message(
        id="stay", title="守好阵地", text="只要还有一粒米，不往人多地方挤。", valid_until=date(2026, 12, 31)
    )
    on_air = house.publisher.on_air()
    assert on_air is not None
    assert on_air.message("stay").text == "只要还有一粒米，不往人多地方挤。"  # type: ignore[union-attr] - it is there
    assert "# the slogan" in house.file.read_text(encoding="utf-8")


def test_what_an_editor_brings_back_waits_for_a_publisher(house: House) -> None:
    """Old words are words too."""
    phone = house.logged_in()
    phone.change("stay", text="新写的话。")
    house.jobs.run_waiting()
    editor = house.logged_in_as("editor")
    oldest = re.findall(r'name="edition" value="([^"]*)"', editor.get("/messages/stay/history").text)[-1]
    answer = editor.send("/messages/stay/restore", {"edition": oldest}, page="/messages/stay")
    assert "已经送审" in editor.get(answer.location).text
    assert "新写的话。" in house.file.read_text(encoding="utf-8")
    again = editor.send("/messages/stay/restore", {"edition": oldest}, page="/messages/stay")
    assert "请先处理完" in editor.get(again.location).text  # what waits is not written over


@pytest.mark.parametrize("edition", ["", "nobody", "../users.json", "x" * 5000])
def test_a_version_that_is_none_is_told(house: House, edition: str) -> None:
    """Nothing but an edition of the history leads anywhere."""
    phone = house.logged_in()
    answer = phone.send("/messages/stay/restore", {"edition": edition}, page="/messages/stay")
    assert "没有这个旧版本了" in phone.get(answer.location).text


def test_a_text_with_angle_brackets_is_shown_as_it_is(house: House) -> None:
    """In the difference as everywhere."""
    phone = house.logged_in()
    phone.change("stay", text="<script>alert(1)</script>你好。")
    house.jobs.run_waiting()
    for address in ("/messages/stay/history", "/messages/stay/archive", "/messages/"):
        assert "<script>alert" not in phone.get(address).text


def test_a_message_that_is_not_there_is_told(house: House) -> None:
    """Whatever is asked of it."""
    phone = house.logged_in()
    for act in ("copy", "archive", "validity", "restore"):
        assert phone.send(f"/messages/nobody/{act}", {}, page="/messages/").status_code == 404
    for page in ("history", "archive"):
        assert phone.get(f"/messages/nobody/{page}").status_code == 404
