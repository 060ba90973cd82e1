"""What the panel uses of Flask-Babel, which ships no types."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from babel import Locale
from flask import Flask

class Babel:
    def __init__(
        self,
        app: Flask,
        *,
        default_locale: str = ...,
        default_timezone: str = ...,
        locale_selector: Callable[[], str | None] | None = ...,
    ) -> None: ...

def gettext(string: str, **variables: object) -> str: ...
def ngettext(singular: str, plural: str, num: int, **variables: object) -> str: ...
def get_locale() -> Locale | None: ...
def force_locale(locale: str) -> AbstractContextManager[None]: ...
