"""What a person reads where a request came to nothing: one sentence in their language, and what to do."""

from __future__ import annotations

import logging

from flask import Flask, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequestKeyError, HTTPException, MethodNotAllowed

from box.sentences import Sentence, XiaolabaError
from tts.recordings import too_large
from tts.recordings_take import TakeMissing
from web.jobs import TooMuchWaiting
from web.language import ENGLISH, as_sentence, language_now, tell
from web.security import PAGES_THAT_TAKE_A_RECORDING
from web.typed import typed_page

_STATUS: dict[type[XiaolabaError], int] = {TooMuchWaiting: 429, TakeMissing: 404}
_LOG = logging.getLogger(__name__)

_SENTENCES = {
    400: Sentence(
        "这个请求不完整，没有处理。请退回上一页再试一次。",
        "This request is not complete, so nothing was done. Please go back a page and try again.",
    ),
    404: Sentence(
        "没有这个页面。请点下面的“今天”重新开始。", "There is no such page. Please touch “Today” below and start again."
    ),
    405: Sentence(
        "这个地址不能这样打开。请点下面的“今天”重新开始。",
        "This address can't be opened like this. Please touch “Today” below and start again.",
    ),
    413: Sentence(
        "内容太多了，一次收不下，没有保存。请按手机的返回键回到刚才的页面，删短一些再保存。",
        "That is too much at a time; nothing was saved. Please go back, shorten it and save again.",
    ),
    429: Sentence("试得太快了，请等一分钟再试。", "That was too fast. Please wait a minute and try again."),
}


def tell_failures(app: Flask) -> None:
    """Let every failure of ``app`` be told so, with what was typed; what nobody thought of is in the log."""
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(XiaolabaError, _failed)
    app.register_error_handler(OSError, _cannot_write)
    app.register_error_handler(500, _broken)


def _refused(error: HTTPException) -> ResponseReturnValue:
    answer = make_response(_told_to_a_person(error))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # RFC 9110, 15.5.6
    return answer


def _told_to_a_person(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if isinstance(error, CSRFError):
        return typed_page(_("页面放得太久，或者重新登录过，这一次没有处理。请重新打开页面再做一次。"), status)
    if status == 413 and request.endpoint in PAGES_THAT_TAKE_A_RECORDING:
        return typed_page(as_sentence(too_large().sentence), status)
    if status == 413 and request.endpoint == "backup.upload":
        told = _("这个文件太大，这个浏览器一次传不了。请换一个新一点的浏览器，或者在盒子上用 xiaolaba restore。")
        return typed_page(told, status)
    told = error.description or ""
    return typed_page(told if _is_for_a_person(error) else tell(_SENTENCES.get(status, _SENTENCES[400])), status)


def _is_for_a_person(error: HTTPException) -> bool:
    """Tell whether ``abort`` was given our own words; the libraries' are English, and for programmers."""
    told = error.description or ""
    if language_now() == ENGLISH:
        libraries_own = isinstance(error, BadRequestKeyError) or error.code == 429
        return told != type(error).description and not libraries_own
    return not told.isascii()


def _failed(error: XiaolabaError) -> ResponseReturnValue:
    return typed_page(as_sentence(error.sentence), _STATUS.get(type(error), 503))


def _cannot_write(error: OSError) -> ResponseReturnValue:
    _LOG.error("%s", error)
    reason = error.strerror or str(error)
    told = _("存储卡读不了或写不进去（%(reason)s），没有保存。请检查存储卡是不是满了，再试一次。", reason=reason)
    return typed_page(told, 507)


def _broken(_error: Exception) -> ResponseReturnValue:
    return typed_page(_("面板出了问题，这一次没有做成。请再试一次；还不行，请安装人员看日志。"), 500)
