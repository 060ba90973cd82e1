"""What is not saved is told on Today: a power cut in the middle of a save says nothing, and her phone may be shut."""

from tests.web.house import House, hidden, new_house


def test_a_save_that_a_power_cut_ended_is_told_with_what_to_do(house: House) -> None:
    """What she wrote is kept before it is made into sound; the work itself is gone with the power."""
    phone = house.logged_in()
    phone.change("stay", text="新写的话。")
    assert "还没有存下" not in phone.get("/").text  # it is under way
    back = new_house(house.folder)
    phone = back.logged_in()
    page = phone.get("/").text
    assert "写了还没有存下：《守好阵地》" in page
    assert "再按一次保存" in page
    assert "新写的话。" in phone.get("/messages/stay").text
    phone.change("stay")
    back.jobs.run_waiting()
    assert "还没有存下" not in phone.get("/").text


def test_a_new_message_that_was_not_saved_is_told_to_who_wrote_it(house: House) -> None:
    """It is in no programme yet, so nobody else could find it."""
    phone = house.logged_in()
    page = phone.get("/messages/~new").text
    phone.client.post("/messages/~new", data=hidden(page) | {"title": "停水", "text": "明天停水。", "act": "save"})
    back = new_house(house.folder)
    assert "新写的《停水》" in back.logged_in().get("/").text
    assert "新写的《停水》" not in back.logged_in_as("editor").get("/").text
