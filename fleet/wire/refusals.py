"""Why an envelope is not followed: each reason has its own code and its sentence."""

from __future__ import annotations

from enum import StrEnum

from box.sentences import Sentence, XiaolabaError


class Why(StrEnum):
    """The reason, as logs and reports have it."""

    TOO_LARGE = "too-large"
    CUT = "cut"
    UNKNOWN_KEY = "unknown-key"
    FORGED = "forged"
    UNREADABLE = "unreadable"
    WRONG_KEY = "wrong-key"
    WRONG_CHANNEL = "wrong-channel"
    NOT_FOR_ME = "not-for-me"
    EXPIRED = "expired"
    CLOCK_UNTRUSTED = "clock-untrusted"
    CLOCK_BEHIND = "clock-behind"
    REPLAYED = "replayed"


SENTENCES: dict[Why, Sentence] = {
    Why.TOO_LARGE: Sentence("总站发来的内容太大，没有采用", "what came from the hub is too large and was refused"),
    Why.CUT: Sentence("总站发来的内容不完整，没有采用", "what came from the hub is not whole and was refused"),
    Why.UNKNOWN_KEY: Sentence(
        "签名的钥匙不是本社区现在用的，没有采用",
        "it is signed by a key that is not (or no longer) this community's, and was refused",
    ),
    Why.FORGED: Sentence(
        "签名不对，内容被改过或是伪造的，没有采用", "the signature is wrong: it was changed or forged, and was refused"
    ),
    Why.UNREADABLE: Sentence(
        "总站发来的内容看不懂，可能版本不同，没有采用；请升级小喇叭",
        "what came from the hub is not understood, perhaps it is of another version: upgrade this box",
    ),
    Why.WRONG_KEY: Sentence(
        "紧急广播要用紧急钥匙签名，没有采用", "this needs the urgent key's signature, and was refused"
    ),
    Why.WRONG_CHANNEL: Sentence("内容发错了地方，没有采用", "it came on a topic that is not its own, and was refused"),
    Why.NOT_FOR_ME: Sentence("这是发给别的小区的，没有采用", "it is meant for another zone, and was refused"),
    Why.EXPIRED: Sentence("已经过期，没有采用", "it has expired, and was refused"),
    Why.CLOCK_UNTRUSTED: Sentence(
        "本设备的时间还不可信，紧急广播不能播；请先校时",
        "this box's clock is not to be trusted yet, so nothing urgent is aired: set the clock first",
    ),
    Why.CLOCK_BEHIND: Sentence(
        "本设备的时间比总站慢，播出来会太晚，没有播；请两边校时",
        "this box's clock is behind the hub's: it would sound too late, and does not; set both clocks",
    ),
    Why.REPLAYED: Sentence("这是以前的旧内容，没有采用", "it is older than what was taken before, and was refused"),
}


class EnvelopeRefused(XiaolabaError):
    """An envelope that is not followed. ``counter`` is its own where that could be believed, else 0."""

    def __init__(self, why: Why, counter: int = 0) -> None:
        super().__init__(*SENTENCES[why])
        self.why = why
        self.counter = counter
