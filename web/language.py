"""The language a page is in: the browser's, unless the reader has chosen one; Chinese where neither says anything.

The words in templates and Python are Chinese, and are themselves what the catalogue in ``translations/`` is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, Protocol, TypeVar

from flask import Blueprint, Flask, current_app, has_request_context, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, force_locale, get_locale

CHINESE, ENGLISH = "zh", "en"
# Each by its own name, so that who strayed into the other finds back; the second is what HTML calls it.
LANGUAGES = {CHINESE: ("中文", "zh-CN"), ENGLISH: ("English", "en")}
COOKIE = "xiaolaba-language"
ASKED_BY = "language"
KEPT_SECONDS = 365 * 24 * 3600

language = Blueprint("language", __name__)
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class InBoth(Protocol):
    """What is said in both languages: a Sentence, a fault, an alarm, a refusal."""

    @property
    def zh(self) -> str:
        """The Chinese."""
        ...

    @property
    def en(self) -> str:
        """The English."""
        ...


def speak(app: Flask) -> None:
    """Let the pages of ``app`` be in the reader's language; the filters are for what is in both, and for lists."""
    Babel(app, default_locale=CHINESE, default_timezone="Asia/Shanghai", locale_selector=_of_request)
    app.jinja_env.filters.update(tell=tell, as_sentence=as_sentence, listed=listed)

    @app.context_processor
    def languages() -> dict[str, Any]:
        name = language_now()
        return {
            "html_language": LANGUAGES[name][1],
            "language_now": name,
            "languages": [(code, *names) for code, names in LANGUAGES.items()],
            "return_to": request.full_path.rstrip("?") if request.method == "GET" else "/",
        }


def language_now() -> str:
    """Return ``zh`` or ``en``: the language of what is written now."""
    locale = get_locale()
    return locale.language if locale else CHINESE


def tell(said: InBoth) -> str:
    """Return in the reader's language what is said in both."""
    return said.en if language_now() == ENGLISH else said.zh


def as_sentence(said: InBoth) -> str:
    """Return the same as a sentence that stands by itself: with a capital letter and a full stop."""
    words = tell(said)
    if not words or words[-1] in "。！？.!?":
        return words[:1].upper() + words[1:]
    return f"{words[:1].upper()}{words[1:]}{'.' if language_now() == ENGLISH else '。'}"


def listed(words: Iterable[str]) -> str:
    """Return words one after another, as the reader's language lists them."""
    return (", " if language_now() == ENGLISH else "、").join(words)


def in_the_askers_language(work: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Return ``work`` so that what it says later, on another thread, is in the language of who asks for it now."""
    if not has_request_context():
        return work
    app = current_app._get_current_object()  # type: ignore[attr-defined] # the documented way to hand an app to a thread
    asked_in = language_now()

    def carried(*given: _Given.args, **named: _Given.kwargs) -> _Result:
        with app.app_context(), force_locale(asked_in):
            return work(*given, **named)

    return carried


@language.post("/language")
def choose() -> ResponseReturnValue:
    """Keep the reader's choice on their device, and show the page they came from in it."""
    answer = redirect(page_of_ours(request.form.get("return_to", "")), 303)
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        answer.set_cookie(COOKIE, chosen, max_age=KEPT_SECONDS, httponly=True, samesite="Lax")
    return answer


def _of_request() -> str:
    if not has_request_context():
        return CHINESE
    chosen = request.args.get(ASKED_BY, "")  # where no cookie is wanted, a link asks for it
    if chosen not in LANGUAGES:
        chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(list(LANGUAGES)) or CHINESE


def page_of_ours(address: str) -> str:
    """Return the address if it is a path here; else the page of today: nobody is led elsewhere by a form.

    A browser takes what stands after two slashes or more, of either kind, for the name of a machine.
    """
    ours = address.startswith("/") and not address.replace("\\", "/").startswith("//") and address.isprintable()
    return address if ours else "/"
