"""Every word of the panel is there in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

import web

WEB = Path(web.__file__).parent
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
NAMED = re.compile(r"%\((\w+)\)")
# Where Chinese may stand in Python: what is asked for in the catalogue, and what has its English beside it.
ASKED = {"_", "gettext", "ngettext"}
IN_BOTH = {"Sentence", "XiaolabaError", "Fault", "TooManyTokens", "__init__"}


def templates() -> list[Path]:
    """Return the panel's templates."""
    return sorted((WEB / "templates").rglob("*.html"))


def modules() -> list[Path]:
    """Return the panel's modules, but for the one that knows what the languages are called and how they list."""
    return [path for path in sorted(WEB.rglob("*.py")) if path.name != "language.py"]


def english() -> dict[str, str]:
    """Return the English by the Chinese."""
    with (WEB / "translations/en/LC_MESSAGES/messages.po").open("rb") as written:
        return {str(message.id): str(message.string) for message in read_po(written, locale="en") if message.id}


def asked_for() -> set[str]:
    """Return every Chinese sentence that a template or a module asks the catalogue for."""
    found = extract_from_dir(WEB, [("**.py", "python"), ("templates/**.html", "jinja2")])
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def test_every_sentence_has_its_english() -> None:
    """What the panel can say in Chinese it can say in English; nothing in the catalogue is left over."""
    told = english()
    asked = asked_for()
    assert len(asked) > 100
    assert sorted(asked - {sentence for sentence, words in told.items() if words}) == []
    assert sorted(set(told) - asked) == []


def test_the_english_is_english_and_leaves_nothing_out() -> None:
    """No Chinese character is left in it, and what varies in the one varies in the other."""
    for chinese, words in english().items():
        assert not CHINESE.search(words), words
        assert sorted(NAMED.findall(chinese)) == sorted(NAMED.findall(words)), chinese


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_a_template_says_nothing_but_by_the_catalogue(path: Path) -> None:
    """Chinese stands only in ``_('…')``, whole, where the catalogue's tools find it."""
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(path.read_text(encoding="utf-8"))
    asked = {
        id(call.args[0])
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args
    }
    wrong = [data.data.strip() for data in tree.find_all(nodes.TemplateData) if CHINESE.search(data.data)]
    wrong += [
        const.value
        for const in tree.find_all(nodes.Const)
        if isinstance(const.value, str) and CHINESE.search(const.value) and id(const) not in asked
    ]
    assert wrong == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.name)
def test_a_module_says_nothing_but_by_the_catalogue_or_in_both_languages(path: Path) -> None:
    """Chinese stands only in ``_("…")``, as a plain literal, or in a Sentence with its English."""
    tree = ast.parse(path.read_bytes())
    allowed = set(_docstrings(tree))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in ASKED:
                allowed |= {id(part) for part in call.args[: 2 if name == "ngettext" else 1]}
            elif name in IN_BOTH:
                allowed |= {id(part) for given in call.args for part in ast.walk(given)}
    wrong = [
        f"{path.name}:{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CHINESE.search(node.value)
        and id(node) not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("path", sorted((WEB / "static").glob("*.js")), ids=lambda path: path.name)
def test_a_script_has_no_words_of_its_own(path: Path) -> None:
    """What a script says, the page gave it in the reader's language."""
    assert not CHINESE.search(path.read_text(encoding="utf-8"))


def _docstrings(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False):
            yield id(node.body[0].value)  # type: ignore[attr-defined] - a docstring is an expression
