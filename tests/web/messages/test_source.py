"""Where a message comes from is written down for the ledger, and changes neither its words nor whose they are."""

from datetime import date

import pytest

from programme.checking import LONGEST_LINE
from programme.file import ProgrammeFile
from programme.model import Message
from tests.web.house import NAME, House, filled, hidden
from tests.web.messages.test_message_acts import finish


def stay(house: House) -> Message:
    """Return the message as the file has it."""
    message = ProgrammeFile(house.file).read().programme.message("stay")
    assert message is not None
    return message


def test_source_and_drafter_are_saved_published_and_taken_away_again(house: House) -> None:
    """Who wrote the words stays who it was."""
    house.publish()
    house.logged_in_as("editor")
    phone = house.logged_in()
    phone.change("stay", text="请待在家里。")
    house.jobs.run_waiting()
    fields = {"source": " 街道办\n〔2026〕3号 ", "author": "赵科长"}
    work = phone.send("/messages/stay/source", fields, page="/messages/stay").location
    assert 'value="街道办 〔2026〕3号"' in finish(house, phone, work)
    assert (stay(house).source, stay(house).author) == ("街道办 〔2026〕3号", "赵科长")
    current = house.publisher.current
    published = current.message("stay") if current else None
    assert published is not None
    assert (published.source, published.author, published.wrote) == ("街道办 〔2026〕3号", "赵科长", NAME)
    finish(house, phone, phone.send("/messages/stay/source", {}, page="/messages/stay").location)
    assert (stay(house).source, stay(house).author) == (None, None)
    (first, *_) = [act for act in house.acts() if act.what == "message_source.change"]
    assert first.target == "stay"


NEW = {"title": "停水", "text": "今天下午停水。", "act": "save"}
TOLD = {"source": "自来水公司\n停水 7 号", "author": "赵科长", "valid_until": "2026-06-05"}


def test_a_new_message_is_written_with_its_source_and_until_when_it_is_true(house: House) -> None:
    """All three in the form; after hearing it they are in it still."""
    house.publish()
    phone = house.logged_in()
    heard = phone.send("/messages/~new", NEW | TOLD | {"act": "listen"}, page="/messages/~new").location
    page = finish(house, phone, heard)
    assert 'value="自来水公司 停水 7 号"' in page
    assert 'value="赵科长"' in page
    assert 'value="2026-06-05"' in page
    finish(house, phone, phone.client.post("/messages/~new", data=filled(page) | NEW | TOLD).location)
    made = ProgrammeFile(house.file).read().programme.messages[-1]
    assert (made.source, made.author, made.valid_until) == ("自来水公司 停水 7 号", "赵科长", date(2026, 6, 5))
    assert "来源：自来水公司 停水 7 号、赵科长" in phone.get("/messages/").text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"source": "字" * (LONGEST_LINE + 1)}, "来源和撰稿人都要在"),
        ({"valid_until": "后天"}, "日期要写成"),
        ({"valid_until": "2026-06-02"}, "已经过了"),
    ],
)
def test_what_is_wrong_beside_a_new_message_is_told(house: House, wrong: dict[str, str], sentence: str) -> None:
    """And nothing is saved; the words are in the form."""
    phone = house.logged_in()
    answer = phone.send("/messages/~new", NEW | TOLD | wrong, page="/messages/~new")
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "今天下午停水。" in answer.text
    assert all(one.title != "停水" for one in ProgrammeFile(house.file).read().programme.messages)


def test_who_approves_a_new_message_is_shown_its_source(house: House) -> None:
    """An editor's: it goes to the approver with the words, and is the message's when those are."""
    house.publish()
    secretary = house.logged_in()
    editor = house.logged_in_as("editor")
    finish(house, editor, editor.send("/messages/~new", NEW | TOLD, page="/messages/~new").location)
    made = ProgrammeFile(house.file).read().programme.messages[-1]
    assert made.text != "今天下午停水。"
    review = secretary.get(f"/reviews/{made.id}").text
    assert "来源：自来水公司 停水 7 号" in review
    assert "有效到：2026-06-05" in review
    assert "自来水公司 停水 7 号" in editor.get(f"/messages/{made.id}").text
    answer = secretary.client.post(f"/reviews/{made.id}/approve", data=hidden(review))
    finish(house, secretary, answer.location)
    approved = ProgrammeFile(house.file).read().programme.message(made.id)
    assert approved is not None
    assert (approved.text, approved.source) == ("今天下午停水。", "自来水公司 停水 7 号")


@pytest.mark.parametrize("name", ["source", "author"])
def test_what_is_too_long_is_not_saved(house: House, name: str) -> None:
    """The sentence says how long it may be."""
    phone = house.logged_in()
    answer = phone.send("/messages/stay/source", {name: "字" * (LONGEST_LINE + 1)}, page="/messages/stay")
    assert "没有保存" in phone.get(answer.location).text
    assert (stay(house).source, stay(house).author) == (None, None)


def test_only_a_publisher_names_the_source(house: House) -> None:
    """It goes straight into the programme and the record."""
    editor = house.logged_in_as("editor")
    assert 'id="source"' not in editor.get("/messages/stay").text
    assert editor.send("/messages/stay/source", {"source": "x"}, page="/messages/stay").status_code == 403
