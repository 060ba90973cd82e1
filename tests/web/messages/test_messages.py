"""The messages: seen, heard, changed; nothing that was typed is lost."""

import pytest

from tests.web.house import House, hidden


def test_the_list_shows_what_a_message_says_and_how_long_it_takes(house: House) -> None:
    """Title, first words, length, voice and when it is said are on the page."""
    page = house.logged_in().get("/messages/").text
    for words in ("守好阵地", "只要还有一粒米", "约 4 秒", "晓晓（女声）", "07:30、18:30"):
        assert words in page


def test_a_stand_in_is_marked(house: House) -> None:
    """A clip by a lesser voice says so in words, and why, on the list and on the message's page."""
    house.studio.stand_in = True
    house.publish()
    phone = house.logged_in()
    for page in ("/messages/", "/messages/stay"):
        text = phone.get(page).text
        assert "备用声音" in text
        assert "连不上网络语音" in text


def test_a_change_is_rendered_saved_kept_and_put_on_air(house: House) -> None:
    """Saving does all of it, in a job whose page leads back to the list."""
    house.publish()
    phone = house.logged_in()
    work = phone.change("stay", title="新标题", text="今天下雨，请关好窗户。")
    assert work.location.startswith("/work/")
    assert "请稍等" in phone.get(work.location).text
    house.jobs.run_waiting()
    done = phone.get(work.location)
    assert done.location == "/messages/"
    assert "已经保存" in phone.get(done.location).text
    assert house.title_of("stay") == "新标题"
    assert "# the slogan" in house.file.read_text(encoding="utf-8")
    on_air = house.publisher.on_air()
    assert on_air is not None
    published = on_air.message("stay")
    assert published is not None
    assert published.text == "今天下雨，请关好窗户。"
    assert [former.author for former in house.history.entries()] == ["王书记", "file"]


def test_a_change_before_the_first_broadcast_does_not_put_it_on_air(house: House) -> None:
    """A draft stays a draft until she says so."""
    house.logged_in().change("stay", text="改过的草稿。")
    house.jobs.run_waiting()
    assert house.publisher.on_air() is None
    assert "改过的草稿" in house.file.read_text(encoding="utf-8")


def test_a_new_text_can_be_heard_before_it_is_saved(house: House) -> None:
    """Listening renders the new words, plays them in the browser and saves nothing."""
    phone = house.logged_in()
    work = phone.change("stay", text="还没有保存的话。", act="listen")
    house.jobs.run_waiting()
    form = phone.get(phone.get(work.location).location)
    assert "<audio controls autoplay" in form.text
    assert "还没有保存的话。" in form.text
    assert "还没有保存的话" not in house.file.read_text(encoding="utf-8")
    wav = phone.get(form.text.split('autoplay src="')[1].split('"')[0])
    assert wav.data.startswith(b"RIFF")
    wav.close()


def test_a_clip_can_be_had_in_parts(house: House) -> None:
    """A browser that seeks asks for a range; who is not logged in gets nothing."""
    house.publish()
    on_air = house.publisher.on_air()
    assert on_air is not None
    address = f"/clips/{on_air.messages[0].clip}.wav"
    part = house.logged_in().get(address, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"RIFF")
    part.close()
    assert house.phone().get(address).status_code == 303


@pytest.mark.parametrize("name", ["0" * 64, "0" * 63, "..%2Fsecret", "Z" * 64])
def test_a_clip_that_is_none_is_not_found(house: House, name: str) -> None:
    """Nothing but a clip's hash leads anywhere."""
    assert house.logged_in().get(f"/clips/{name}.wav").status_code == 404


def test_a_stale_save_shows_both_versions_and_the_next_save_counts(house: House) -> None:
    """She sees what the other wrote and still has what she wrote; then her save replaces the one she saw."""
    hers, his = house.logged_in(), house.logged_in()
    form = hidden(hers.get("/messages/stay").text)
    his.change("stay", text="别人写的。")
    house.jobs.run_waiting()
    stale = hers.client.post("/messages/stay", data=form | {"title": "我的", "text": "我写的。", "act": "save"})
    assert stale.status_code == 409
    for words in ("别人写的。", "我写的。", "两份都在这里"):
        assert words in stale.text
    assert "别人写的" in house.file.read_text(encoding="utf-8")
    again = hidden(stale.text) | {"title": "我的", "text": "我写的。", "act": "save"}
    assert hers.client.post("/messages/stay", data=again).status_code == 303
    house.jobs.run_waiting()
    assert "我写的" in house.file.read_text(encoding="utf-8")


def test_a_change_elsewhere_in_the_file_is_no_conflict(house: House) -> None:
    """Two people who change two messages don't stand in each other's way."""
    hers, his = house.logged_in(), house.logged_in()
    form = hidden(hers.get("/messages/stay").text)
    his.change("hotline", text="别人改的另一篇。")
    house.jobs.run_waiting()
    answer = hers.client.post("/messages/stay", data=form | {"title": "我的", "text": "我写的。", "act": "save"})
    assert answer.status_code == 303
    house.jobs.run_waiting()
    written = house.file.read_text(encoding="utf-8")
    assert "我写的" in written
    assert "别人改的另一篇" in written


def test_a_save_that_is_overtaken_while_it_renders_keeps_both(house: House) -> None:
    """The file changed between the form and the end of the rendering: nothing is overwritten, nothing is lost."""
    phone = house.logged_in()
    work = phone.change("stay", text="我写的。")
    house.file.write_text(house.file.read_text(encoding="utf-8").replace("一粒米", "一碗米"), encoding="utf-8")
    house.jobs.run_waiting()
    form = phone.get(phone.get(work.location).location)
    assert "一碗米" in form.text
    assert "我写的。" in form.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": "", "title": "有标题"}, "内容是空的"),
        ({"text": " \r\n ", "title": "有标题"}, "内容是空的"),
        ({"title": "", "text": "有内容"}, "标题是空的"),
        ({"title": "长" * 81, "text": "有内容"}, "太长了"),
        ({"text": "😀🎉", "title": "只有表情"}, "没有能念出来的字"),
        ({"text": "。。。！", "title": "只有标点"}, "没有能念出来的字"),
        ({"text": "有\x07响\x00铃", "title": "控制符"}, "看不见的控制符号"),
        ({"text": "长" * 4001, "title": "太长"}, "4001 个字"),
        ({"text": "长" * 350_000, "title": "一兆"}, "350000 个字"),
    ],
)
def test_what_is_wrong_is_told_and_the_form_comes_back_filled(
    house: House, fields: dict[str, str], sentence: str
) -> None:
    """Every fault has one clear sentence; all that was typed is in the form; the file is as it was."""
    before = house.file.read_bytes()
    answer = house.logged_in().change("stay", **fields)
    assert answer.status_code == 400
    assert sentence in answer.text
    for words in fields.values():
        assert words.strip().replace("\x07", "").replace("\x00", "") in answer.text
    assert house.file.read_bytes() == before


def test_an_emoji_among_words_is_welcome(house: House) -> None:
    """A smile does no harm: it is saved and not spoken."""
    house.logged_in().change("stay", text="大家好😀")
    house.jobs.run_waiting()
    assert "大家好" in house.file.read_text(encoding="utf-8")


def test_a_form_too_large_to_read_gets_one_sentence(house: House) -> None:
    """Five megabytes are refused in words, not with a dropped connection."""
    phone = house.logged_in()
    token = hidden(phone.get("/messages/stay").text)
    answer = phone.client.post("/messages/stay", data=token | {"title": "t", "text": "a" * 5_000_000})
    assert answer.status_code == 413
    assert "内容太多了" in answer.text


def test_a_message_that_does_not_exist_is_told(house: House) -> None:
    """An id that is not in the programme gets one sentence, also when it looks like a path."""
    phone = house.logged_in()
    for address in ("/messages/nobody", "/messages/..%2F..%2Fetc%2Fpasswd"):
        answer = phone.get(address)
        assert answer.status_code == 404
        assert "请" in answer.text


def test_words_that_could_not_be_rendered_are_still_there(house: House) -> None:
    """The voice failed: the page says why, and the form still has what she wrote."""
    house.studio.broken = True
    phone = house.logged_in()
    work = phone.change("stay", text="念不出来的话。")
    house.jobs.run_waiting()
    failed = phone.get(work.location).text
    assert "现在念不出来" in failed
    assert "念不出来的话。" in phone.get("/messages/stay").text
    assert "有没保存的修改" in phone.get("/messages/").text


def test_listening_to_what_was_not_changed_leaves_no_draft(house: House) -> None:
    """Nothing is marked as unsaved that is the same as what is saved."""
    phone = house.logged_in()
    phone.change("stay", act="listen")
    assert "有没保存的修改" not in phone.get("/messages/").text


def test_a_message_can_be_heard_before_it_was_ever_on_air(house: House) -> None:
    """The draft of the first day: one button renders it and plays it."""
    phone = house.logged_in()
    work = phone.send("/messages/hotline/listen", {}, page="/messages/")
    house.jobs.run_waiting()
    assert "<audio controls autoplay" in phone.get(phone.get(work.location).location).text


def test_a_draft_can_be_thrown_away(house: House) -> None:
    """She may go back to what is in use."""
    phone = house.logged_in()
    phone.change("stay", text="不要了的话。", act="listen")
    phone.send("/messages/stay/discard", {}, page="/messages/stay")
    page = phone.get("/messages/stay").text
    assert "不要了的话" not in page
    assert "只要还有一粒米" in page


def test_a_form_sent_after_the_login_ended_gives_the_words_back(house: House) -> None:
    """Logged out meanwhile: nothing is saved, and what was typed is on the page to be copied."""
    phone = house.logged_in()
    form = hidden(phone.get("/messages/stay").text)
    house.users.set_password("王书记", "another-2026")
    answer = phone.client.post("/messages/stay", data=form | {"title": "标题", "text": "写了很久的话。", "act": "save"})
    assert answer.status_code == 401
    assert "写了很久的话。" in answer.text


def test_a_full_disk_is_told_and_the_old_words_stay(house: House) -> None:
    """Nothing can be written: the page says so, the file is whole."""
    before = house.file.read_bytes()
    phone = house.logged_in()
    page = hidden(phone.get("/messages/stay").text)
    (house.folder / "drafts").write_text("a file where the folder should be")
    answer = phone.client.post("/messages/stay", data=page | {"title": "标题", "text": "存不下的话。", "act": "save"})
    assert answer.status_code == 507
    assert "存不下的话。" in answer.text
    assert house.file.read_bytes() == before


def test_a_broken_file_is_not_written_over(house: House) -> None:
    """The file was broken by hand: what she wrote is kept, and the file is left to who broke it."""
    phone = house.logged_in()
    house.file.write_text("zone: [", encoding="utf-8")
    house.desk.look()
    answer = phone.change("stay", text="等文件好了再存。")
    assert answer.status_code == 409
    assert "等文件好了再存。" in answer.text
    assert house.file.read_text(encoding="utf-8") == "zone: ["


def test_the_script_learns_how_it_will_be_read(house: House) -> None:
    """Spoken form and length come without saving anything."""
    phone = house.logged_in()
    answer = phone.send("/messages/spoken", {"text": "今天下雨，请关好窗户。"}, page="/messages/stay")
    assert answer.json is not None
    assert "今天下雨" in answer.json["spoken"]
    assert answer.json["length"] == "约 3 秒"


def test_what_was_typed_while_a_save_was_under_way_is_not_lost(house: House) -> None:
    """A second tab: its words stay as a draft when the first tab's are saved."""
    phone = house.logged_in()
    phone.change("stay", text="第一次写的。")
    phone.change("stay", text="后来写的。", act="listen")
    house.jobs.run_waiting()
    assert "第一次写的。" in house.file.read_text(encoding="utf-8")
    assert "后来写的。" in phone.get("/messages/stay").text


def test_a_message_that_was_too_long_before_may_be_shortened(house: House) -> None:
    """It still runs into the next broadcast, but less: that is no reason not to save it."""
    text = house.file.read_text(encoding="utf-8").replace('"18:30"', '"07:31"')
    house.file.write_text(text.replace("只要还有一粒米，不往人多地方挤。", "长" * 900), encoding="utf-8")
    house.desk.look()
    phone = house.logged_in()
    longer = phone.change("hotline", text="好")
    assert longer.status_code == 303
    assert phone.change("stay", text="长" * 800).status_code == 303


def test_a_text_that_would_run_into_the_next_broadcast_is_questioned(house: House) -> None:
    """Before it is saved, with the time that it would run into; nothing is lost."""
    text = house.file.read_text(encoding="utf-8").replace('"18:30"', '"07:31"')
    house.file.write_text(text, encoding="utf-8")
    house.desk.look()
    answer = house.logged_in().change("stay", text="长" * 900)
    assert answer.status_code == 400
    assert "还没播完" in answer.text
    assert "长" * 900 in answer.text
