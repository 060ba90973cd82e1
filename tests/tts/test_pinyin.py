"""Pinyin for the machine's voice: polyphones, the tones of 一 and 不, and nothing dropped."""

from __future__ import annotations

import pytest

from tts.engines import TextRefused
from tts.pinyin import pinyin_text
from tts.word_list import WordList
from tts.word_row import Row


@pytest.mark.parametrize(
    ("spoken", "pinyin"),
    [
        ("银行行长在重庆", "yin2 hang2 hang2 zhang3 zai4 chong2 qing4"),
        ("大夫不要着急", "dai4 fu5 bu2 yao4 zhao2 ji2"),
        ("还有一粒米", "hai2 you3 yi2 li4 mi3"),
        ("绿色", "lv4 se4"),
        ("没收到接种短信", "mei2 shou1 dao4 jie1 zhong4 duan3 xin4"),
        ("大楼长期停水", "da4 lou2 chang2 qi1 ting2 shui3"),
        ("涉村镇、芝田镇、夹津口镇", "she4 cun1 zhen4 , zhi1 tian2 zhen4 , jia1 jin1 kou3 zhen4"),
        ("在巩义陇海路", "zai4 gong3 yi4 long3 hai3 lu4"),
    ],
)
def test_polyphones_are_right(spoken: str, pinyin: str) -> None:
    """Words that dictionaries or espeak get wrong are said as people say them."""
    assert pinyin_text(spoken) == pinyin


@pytest.mark.parametrize(
    ("spoken", "pinyin"),
    [
        ("一个", "yi2 ge4"),
        ("一天", "yi4 tian1"),
        ("一起", "yi4 qi3"),
        ("一样", "yi2 yang4"),
        ("第一名", "di4 yi1 ming2"),
        ("二十一", "er4 shi2 yi1"),
        ("一百一十", "yi4 bai3 yi1 shi2"),
        ("一万", "yi2 wan4"),
        ("一月一日", "yi1 yue4 yi1 ri4"),
        ("一号楼一单元", "yi1 hao4 lou2 yi1 dan1 yuan2"),
        ("三一五", "san1 yi1 wu3"),
        ("周一上午", "zhou1 yi1 shang4 wu3"),
        ("星期一", "xing1 qi1 yi1"),
        ("统一", "tong3 yi1"),
        ("一点零五分", "yi4 dian3 ling2 wu3 fen1"),
        ("一年一度", "yi4 nian2 yi2 du4"),
        ("一律", "yi2 lv4"),
        ("一定", "yi2 ding4"),
        ("一切", "yi2 qie4"),
        ("一些", "yi4 xie1"),
        ("一般", "yi4 ban1"),
        ("一直", "yi4 zhi2"),
        ("一家一户", "yi4 jia1 yi2 hu4"),
        ("一次性", "yi2 ci4 xing4"),
        ("每户一人", "mei3 hu4 yi4 ren2"),
        ("看一看", "kan4 yi5 kan4"),
        ("十一", "shi2 yi1"),
        ("十一月", "shi2 yi1 yue4"),
        ("第一", "di4 yi1"),
        ("第一次", "di4 yi1 ci4"),
        ("一千一百", "yi4 qian1 yi4 bai3"),
        ("一亿", "yi2 yi4"),
        ("二零二一年", "er4 ling2 er4 yi1 nian2"),
        ("百分之一", "bai3 fen1 zhi1 yi1"),
        ("一楼一层", "yi1 lou2 yi1 ceng2"),
        ("周一", "zhou1 yi1"),
        ("星期一上午", "xing1 qi1 yi1 shang4 wu3"),
        ("初一", "chu1 yi1"),
        ("唯一", "wei2 yi1"),
        ("万一", "wan4 yi1"),
        ("不要", "bu2 yao4"),
        ("不会", "bu2 hui4"),
        ("不能", "bu4 neng2"),
        ("不准", "bu4 zhun3"),
        ("不收", "bu4 shou1"),
        ("决不", "jue2 bu4"),
        ("不断", "bu2 duan4"),
        ("好不好", "hao3 bu5 hao3"),
        ("来不及", "lai2 bu4 ji2"),
        ("不是", "bu2 shi4"),
        ("不来", "bu4 lai2"),
        ("不", "bu4"),
    ],
)
def test_yi_and_bu_change_their_tone_as_in_speech(spoken: str, pinyin: str) -> None:
    """一 and 不 are said by what follows, and 一 in numbers and names keeps its own tone."""
    assert pinyin_text(spoken) == pinyin


def test_punctuation_becomes_the_marks_that_espeak_pauses_at() -> None:
    """The stronger of two marks counts."""
    assert pinyin_text("停水，停电；注意。") == "ting2 shui3 , ting2 dian4 ; zhu4 yi4 !"


def test_capitals_are_spelt() -> None:
    """Letters are said one by one, words as words."""
    assert pinyin_text("戴KN九五，下载App") == "dai4 K N jiu3 wu3 , xia4 zai4 app"


@pytest.mark.parametrize("text", ["請看𠮷", "数字5", "привет"])
def test_what_has_no_reading_is_refused_by_name(text: str) -> None:
    """A character that espeak would drop without a word is named."""
    with pytest.raises(TextRefused) as refused:
        pinyin_text(text)
    assert any(character in refused.value.sentence.zh for character in text)


def test_the_longest_word_of_the_list_wins() -> None:
    """A row for the longer word is taken before one for its beginning."""
    words = WordList([Row("长春", "chang2 chun1"), Row("长春路", "zhang3 chun1 lu4")])
    assert pinyin_text("长春路在长春", words.readings) == "zhang3 chun1 lu4 zai4 chang2 chun1"
