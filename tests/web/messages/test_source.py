"""Where a message comes from is written down for the ledger, and changes neither its words nor whose they are."""

import pytest

from programme.checking import LONGEST_LINE
from programme.file import ProgrammeFile
from programme.model import Message
from tests.web.house import NAME, House
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
