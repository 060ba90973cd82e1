"""A line of the socket to a request and a reply to a line: where what is not a request gets its sentence."""

from __future__ import annotations

import msgspec

from speaker.protocol import LONGEST_LINE_BYTES, Play, Reply, Request, Unreadable

_decoder: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_encoder = msgspec.json.Encoder()
_LONGEST_COMPLAINT = 200

TOO_LONG = Unreadable(
    zh=f"请求太长，一行最多 {LONGEST_LINE_BYTES} 字节", en=f"the request is longer than {LONGEST_LINE_BYTES} bytes"
)
NOT_ALLOWED = Unreadable(
    zh="您没有权限指挥小喇叭，请让管理员把您的用户加入 xiaolaba 组",
    en="you may not command the speaker: ask the administrator to add your user to the group xiaolaba",
)


def request_in(line: bytes) -> Request | Unreadable:
    """Return the request that ``line`` is, or the sentence that says why it is none."""
    try:
        request = _decoder.decode(line)
    except msgspec.ValidationError as error:
        complaint = str(error)[:_LONGEST_COMPLAINT]
        return Unreadable(zh=f"请求的内容不对：{complaint}", en=f"the request is not one of the protocol: {complaint}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        complaint = str(error)[:_LONGEST_COMPLAINT]
        return Unreadable(zh=f"请求不是完整的 JSON：{complaint}", en=f"the request is not JSON: {complaint}")
    if isinstance(request, Play):
        if request.named != 1:
            return Unreadable(
                zh="请指明播哪一个：一个广播时段，或者一条稿件", en="name what to play: one broadcast or one message"
            )
        if request.priority == "emergency" and not request.occasion.strip():
            return Unreadable(zh="应急广播要写明事由", en="an emergency needs its occasion: say why")
    return request


def line_of(value: Request | Reply) -> bytes:
    """Return ``value`` as one line with its end."""
    return _encoder.encode(value) + b"\n"
