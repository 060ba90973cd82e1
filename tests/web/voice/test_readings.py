"""The page of the word list: rows added, changed, deleted, undone, refused in her words, heard."""

from __future__ import annotations

import pytest

from tests.web.house import House, Phone
from tts.example_sentence import sentence_with
from tts.word_row import Row

PAGE = "/readings/"


def put(phone: Phone, word: str, pinyin: str, sound: str = "", was: str = "") -> int:
    """Send the form of a row; return the status."""
    fields = {"word": word, "pinyin": pinyin, "sound": sound, "was": was}
    return phone.send(PAGE, fields, page=PAGE).status_code


def own(house: House) -> tuple[Row, ...]:
    """Return her rows as they are kept."""
    return house.handed_in.words.kept().own


def test_a_row_is_added_changed_and_deleted(house: House) -> None:
    """The list keeps its order; a word is never there twice."""
    phone = house.logged_in()
    assert put(phone, "盖州", "gài zhōu", "盖周") == put(phone, "单于路", "chan2 yu2 lu4") == 303
    assert put(phone, "盖州路", "gai4 zhou1 lu4", was="盖州") == 303
    assert own(house) == (Row("盖州路", "gai4 zhou1 lu4"), Row("单于路", "chan2 yu2 lu4"))
    assert put(phone, "单于路", "shan4 yu2 lu4") == 303
    assert [row.pinyin for row in own(house)] == ["gai4 zhou1 lu4", "shan4 yu2 lu4"]
    assert phone.send("/readings/delete", {"word": "盖州路"}, page=PAGE).status_code == 303
    assert [row.word for row in own(house)] == ["单于路"]
    page = phone.get(PAGE).text
    assert "shan4 yu2 lu4" in page
    assert "“盖州路”已经删掉" in page
    assert phone.send("/readings/delete", {"word": "盖州路"}, page=PAGE).status_code == 404


def test_a_change_can_be_undone(house: House) -> None:
    """A tap brings back what was deleted; the button is there only where there is something to undo."""
    phone = house.logged_in()
    assert "撤销" not in phone.get(PAGE).text
    put(phone, "盖州", "gai4 zhou1")
    phone.send("/readings/delete", {"word": "盖州"}, page=PAGE)
    assert own(house) == ()
    assert "撤销上一次改动" in phone.get(PAGE).text
    phone.send("/readings/undo", {}, page=PAGE)
    assert own(house) == (Row("盖州", "gai4 zhou1"),)


@pytest.mark.parametrize(
    ("word", "pinyin", "sound"),
    [("盖州", "gai zhou", ""), ("盖州", "gai4", ""), ("12·4", "shi2 er4 si4", ""), ("盖州", "gai4 zhou1", "盖1")],
)
def test_a_wrong_row_is_refused_by_its_name_and_comes_back_filled_in(
    house: House, word: str, pinyin: str, sound: str
) -> None:
    """Nothing is saved and nothing that was typed is lost."""
    phone = house.logged_in()
    put(phone, "单于路", "chan2 yu2 lu4")
    answer = phone.send(PAGE, {"word": word, "pinyin": pinyin, "sound": sound}, page=PAGE)
    assert answer.status_code == 400
    assert f"“{word}”" in answer.text.split('role="alert"')[1]
    for typed in (word, pinyin, sound):
        assert f'value="{typed}"' in answer.text
    assert own(house) == (Row("单于路", "chan2 yu2 lu4"),)


def test_a_word_is_heard_alone_or_in_a_sentence_of_the_programme(house: House) -> None:
    """One tap each: rendered in a job that leads back to the list, where it plays."""
    phone = house.logged_in()
    put(phone, "粒米", "li4 mi3")
    for how, said in (("word", "粒米"), ("sentence", "只要还有一粒米，不往人多地方挤。")):
        work = phone.send("/readings/hear", {"word": "粒米", "how": how}, page=PAGE)
        house.jobs.run_waiting()
        page = phone.get(phone.get(work.location).location).text
        assert "<audio controls autoplay" in page
        assert f"<p>{said}</p>" in page
        assert house.studio.said[-1] == (said, "zh-CN-XiaoxiaoNeural")


def test_only_words_of_the_list_are_heard(house: House) -> None:
    """The starter's too; nobody can make the box render anything else here."""
    phone = house.logged_in()
    assert phone.send("/readings/hear", {"word": "大夫", "how": "word"}, page=PAGE).status_code == 303
    assert phone.send("/readings/hear", {"word": "随便什么", "how": "word"}, page=PAGE).status_code == 404


def test_a_word_in_no_message_is_heard_in_a_sentence_made_for_it(house: House) -> None:
    """So that there is always one."""
    edition = house.desk.on_desk().edition
    assert edition is not None
    assert "盖州" in sentence_with("盖州", edition.programme)


def test_what_is_on_air_is_said_anew(house: House) -> None:
    """Saving a row publishes again under the same revision; before the first broadcast it does not."""
    phone = house.logged_in()
    put(phone, "盖州", "gai4 zhou1")
    house.jobs.run_waiting()
    assert house.publisher.on_air() is None
    house.publish()
    before = house.publisher.on_air()
    house.clock.advance(5)
    put(phone, "单于路", "chan2 yu2 lu4")
    house.jobs.run_waiting()
    after = house.publisher.on_air()
    assert before is not None
    assert after is not None
    assert (after.revision, after.published > before.published) == (before.revision, True)


def test_a_damaged_file_is_told_and_the_last_good_list_stays(house: House) -> None:
    """Every page works; saving a row from the page mends the file."""
    phone = house.logged_in()
    put(phone, "盖州", "gai4 zhou1")
    (house.folder / "words.tsv").write_bytes(b"\xff\xfe")
    page = phone.get(PAGE).text
    assert "读音表不是文本" in page
    assert "gai4 zhou1" in page
    assert phone.get("/messages/stay").status_code == 200
    assert put(phone, "单于路", "chan2 yu2 lu4") == 303
    assert "读音表不是文本" not in phone.get(PAGE).text
    assert [row.word for row in own(house)] == ["盖州", "单于路"]


def test_the_list_is_not_for_strangers(house: House) -> None:
    """Who is not logged in is led to the door."""
    assert house.phone().get(PAGE).status_code == 303


def test_the_form_of_a_message_reads_by_the_list(house: House) -> None:
    """将读作 has the homophone, on the page and for the script."""
    phone = house.logged_in()
    put(phone, "粒米", "li4 mi3", "立米")
    form = phone.get("/messages/stay").text
    assert "只要还有一立米" in form
    assert phone.send("/messages/spoken", {"text": "一粒米"}, page="/messages/stay").json["spoken"] == "一立米"  # type: ignore[index]
