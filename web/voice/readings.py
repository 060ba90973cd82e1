"""读音: the word list. A row says how a word is read; each can be heard, alone and in a sentence, with a tap."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from box.sentences import Sentence, XiaolabaError
from programme.model import Programme
from tts.clip import Progress, ReportProgress
from tts.example_sentence import LONGEST_HEARD, sentence_with
from tts.rules.cleaning import clean
from tts.starter_words import STARTER
from tts.word_row import LONGEST_WORD, Row
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish
from web.language import tell
from web.saving import air_if_on_air, without_unseen

readings = Blueprint("readings", __name__, url_prefix="/readings")


@readings.get("/")
def every() -> ResponseReturnValue:
    """Show her rows, a form for another, and below what the list knows by itself."""
    return _page(handed_in(), Row("", ""))


@readings.post("/")
def put() -> ResponseReturnValue:
    """Add a row, or change the one that ``was``; what can't be is named, and the form comes back filled in."""
    house = handed_in()
    typed = Row(*(" ".join(without_unseen(request.form.get(name, "")).split()) for name in ("word", "pinyin", "sound")))
    was = request.form.get("was", "")
    rows = house.words.kept().own
    replaced = [index for index, row in enumerate(rows) if clean(row.word) in {clean(was), clean(typed.word)}]
    kept = [row for index, row in enumerate(rows) if index not in replaced]
    kept.insert(min(replaced, default=len(rows)), typed)
    try:
        house.words.save(kept)
    except XiaolabaError as error:
        return _page(house, typed, was=was, fault=tell(error.sentence)), 400
    return _saved(house, _("“%(word)s”的读音已经保存。", word=typed.word))


@readings.post("/delete")
def delete() -> ResponseReturnValue:
    """Take a row out."""
    house = handed_in()
    word = request.form.get("word", "")
    rows = house.words.kept().own
    kept = [row for row in rows if row.word != word]
    if len(kept) == len(rows):
        abort(404, _("读音表里没有这个词了，可能已经删掉。"))
    house.words.save(kept)
    return _saved(house, _("“%(word)s”已经删掉。删错了，点“撤销”拿回来。", word=word))


@readings.post("/undo")
def undo() -> ResponseReturnValue:
    """Take back the last change; again, and it is there again."""
    house = handed_in()
    if not house.words.undo():
        flash(_("没有可以撤销的。"))
        return redirect(url_for("readings.every"), 303)
    return _saved(house, _("上一次的改动已经撤销。"))


@readings.post("/hear")
def hear() -> ResponseReturnValue:
    """Let her hear a word of the list, alone or in a sentence of the programme that has it."""
    house = handed_in()
    edition = house.desk.on_desk().edition
    programme = edition.programme if edition else Programme(zone="")
    word = request.form.get("word", "")
    if word not in STARTER and all(row.word != word for row in house.words.kept().own):
        abort(404, _("读音表里没有这个词了，可能已经删掉。"))
    text = sentence_with(word, programme) if request.form.get("how") == "sentence" else word
    page = url_for("readings.every")

    def render(report: ReportProgress) -> Finish:
        report(Progress(0, 1, Sentence(f"正在把“{word}”念成声音", f"Saying {word}")))
        clip = house.studio.clip(text, programme.voice)
        said = _("这是备用声音，联网以后会换成好听的。") if clip.stand_in else ""
        return Finish(page=f"{page}?{urlencode({'heard': clip.sha256, 'said': text})}#heard", said=said)

    job = house.jobs.submit(_("正在准备试听"), render, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)


def _saved(house: HandedIn, said: str) -> ResponseReturnValue:
    """Tell that it is saved, and let what is on air be said anew in a job where it may sound otherwise."""
    page = url_for("readings.every")
    edition = house.desk.on_desk().edition
    if edition is None or house.own_on_air() is None or house.desk.on_desk().broken:
        flash(said)
        return redirect(page, 303)

    def say_anew(report: ReportProgress) -> Finish:
        air_if_on_air(house, edition, report)
        return Finish(page=page, said=_("%(said)s从下一次广播起就这样念。", said=said))

    job = house.jobs.submit(_("正在保存"), say_anew, back=page, kept=said)
    return redirect(url_for("work.show", job_id=job.id), 303)


def _page(house: HandedIn, typed: Row, *, was: str = "", fault: str = "") -> str:
    kept = house.words.kept()
    own = {row.word for row in kept.own}
    heard = request.args.get("heard", "")
    return render_template(
        "readings.html",
        rows=kept.own,
        starter=[Row(word, pinyin) for word, pinyin in STARTER.items() if word not in own],
        damaged=kept.fault,
        can_undo=house.words.before() is not None,
        typed=typed,
        was=was,
        fault=fault,
        heard=heard if heard.isalnum() else "",
        said=request.args.get("said", "")[:LONGEST_HEARD],
        longest=LONGEST_WORD,
    )
