"""The voices of a data folder: adding one is whole or not at all."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from box.storage import hash_of
from tests.tts.fakes import FakeRenderer
from tests.tts.made_voice import Made, make_files, make_voice
from tts.engines import VoiceBroken
from tts.voice_store.adding import Source, VoiceAdder
from tts.voice_store.installed import VoiceStore
from tts.voice_store.manifest import FILE, Manifest, VoiceWrong, manifest_text, read_manifest
from tts.voices import SHERPA


class Room:
    """A store, what adds to it, and what was asked of the renderer."""

    def __init__(self, folder: Path) -> None:
        self.store = VoiceStore(folder / "voices")
        self.renderer = FakeRenderer()
        self.adder = VoiceAdder(
            store=self.store, renderer=self.renderer, report=lambda there, total: None, wait=lambda seconds: None
        )

    def inside(self) -> list[str]:
        """Return the names in the store, but the lock's."""
        return sorted(path.name for path in self.store.folder.iterdir() if path.name != ".lock")


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Return an empty store."""
    return Room(tmp_path)


def packed(folder: Path, archive: Path, inside: str = "voice") -> Path:
    """Put a folder into an archive, as they are published: one folder in it."""
    with tarfile.open(archive, "w:bz2") as tar:
        tar.add(folder, inside)
    return archive


def archive_of(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    """Write an archive of just these members."""
    with tarfile.open(path, "w:gz") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Quotes, backslashes and Chinese in a title included."""
    manifest = msgspec.structs.replace(make_voice(tmp_path), title='她说 "好"\\\t\x7f', sample_rate_hz=22_050)
    (tmp_path / FILE).write_text(manifest_text(manifest), encoding="utf-8")
    assert read_manifest(tmp_path) == manifest


@pytest.mark.parametrize("part", ["model", "lexicon", "tokens", "vocoder"])
def test_every_file_is_part_of_the_models_hash(tmp_path: Path, part: str) -> None:
    """A clip made with another file is another clip; the title changes nothing."""
    manifest = make_voice(tmp_path)
    file = msgspec.structs.replace(getattr(manifest.files, part), sha256="0" * 64)
    other = msgspec.structs.replace(manifest, files=msgspec.structs.replace(manifest.files, **{part: file}))
    assert other.model != manifest.model
    assert msgspec.structs.replace(manifest, title="别的").model == manifest.model
    assert msgspec.structs.replace(manifest, speaker=1).model != manifest.model


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "made-echo"', 'name = "../../etc"'),
        ('file = "tokens.txt"', 'file = "../tokens.txt"'),
        ('file = "tokens.txt"', 'file = "/etc/passwd"'),
        ('kind = "matcha"', 'kind = "vits"'),
        ('kind = "matcha"', 'kind = "piper"'),
        ("speaker = 0", "speaker = 0\nsings = true"),
        ("speaker = 0", "speaker ="),
    ],
)
def test_a_manifest_that_is_wrong_is_refused(tmp_path: Path, old: str, new: str) -> None:
    """Names are bare names, keys are known ones."""
    text = manifest_text(make_voice(tmp_path))
    (tmp_path / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(VoiceWrong):
        read_manifest(tmp_path)


def test_a_folder_with_its_description_is_installed(room: Room, tmp_path: Path) -> None:
    """Tried first, then put in place; the files as they were, and nothing else beside them."""
    manifest = make_voice(tmp_path / "given")
    (tmp_path / "given/notes.txt").write_text("not needed", encoding="utf-8")
    voice = room.adder.add(Source(str(tmp_path / "given")))
    assert room.store.installed() == (voice,)
    assert voice.manifest == manifest
    assert room.renderer.asked == [SHERPA]
    assert sorted(path.name for path in voice.folder.iterdir()) == sorted(
        [FILE, *(file.file for _, file in manifest.files.parts())]
    )
    assert room.inside() == ["made-echo"]


def test_a_published_archive_is_recognised_with_its_vocoder(room: Room, tmp_path: Path) -> None:
    """As sherpa-onnx publishes it: other files and folders in it, the vocoder apart, the licence told."""
    folder, vocoder = tmp_path / "matcha-icefall-zh-baker", tmp_path / "vocos-22khz-univ.onnx"
    make_files(folder, Made())
    (folder / "vocos-made.onnx").rename(vocoder)
    (folder / "dict").mkdir()
    (folder / "dict/jieba.dict.utf8").write_text("x", encoding="utf-8")
    for name in ("date.fst", "phone.fst", "number.fst", "README.md"):
        (folder / name).write_text("x", encoding="utf-8")
    archive = packed(folder, tmp_path / "matcha-icefall-zh-baker.tar.bz2", folder.name)
    voice = room.adder.add(Source(str(archive), hash_of(archive)), vocoder=Source(str(vocoder), hash_of(vocoder)))
    assert (voice.name, voice.manifest.kind) == ("matcha-icefall-zh-baker", "matcha")
    assert "非商业" in voice.manifest.licence
    assert voice.manifest.files.vocoder is not None
    assert not (voice.folder / "date.fst").exists()
    assert (voice.folder / "README.md").is_file()


def test_without_its_vocoder_a_matcha_voice_is_refused_with_what_to_do(room: Room, tmp_path: Path) -> None:
    """The option is named."""
    names = make_files(tmp_path / "given", Made())
    (tmp_path / "given" / names["vocoder"]).unlink()
    with pytest.raises(VoiceWrong) as refused:
        room.adder.add(Source(str(tmp_path / "given")))
    assert "--vocoder" in refused.value.sentence.zh
    assert room.inside() == []


def test_a_vits_voice_is_recognised(room: Room, tmp_path: Path) -> None:
    """The model that is not quantized is taken; a licence that nobody states is told as such."""
    make_files(tmp_path / "vits-zh", Made(kind="vits"))
    (tmp_path / "vits-zh/model.int8.onnx").write_bytes(b"smaller")
    voice = room.adder.add(Source(str(tmp_path / "vits-zh")), name="my-voice")
    assert (voice.name, voice.manifest.kind) == ("my-voice", "vits")
    assert "没有注明" in voice.manifest.licence


def test_a_voice_that_fails_its_trial_stays_out(room: Room, tmp_path: Path) -> None:
    """One that ends its process is not installed, and the one there was before stays."""
    make_voice(tmp_path / "given")
    before = room.adder.add(Source(str(tmp_path / "given")))
    room.renderer.failures[SHERPA] = VoiceBroken("一用就中断", "it ends its process")
    make_voice(tmp_path / "worse", Made(hold=7))
    with pytest.raises(VoiceWrong) as refused:
        room.adder.add(Source(str(tmp_path / "worse")))
    assert "一用就中断" in refused.value.sentence.zh
    assert room.store.installed() == (before,)
    assert room.inside() == ["made-echo"]


def test_a_voice_of_the_same_name_takes_its_place(room: Room, tmp_path: Path) -> None:
    """The new files count, and its clips are others."""
    make_voice(tmp_path / "given")
    before = room.adder.add(Source(str(tmp_path / "given")))
    make_voice(tmp_path / "better", Made(hold=7))
    after = room.adder.add(Source(str(tmp_path / "better")))
    assert room.store.installed() == (after,)
    assert after.manifest.model != before.manifest.model
    assert room.inside() == ["made-echo"]


def test_a_voice_that_a_power_cut_left_aside_is_put_back(room: Room, tmp_path: Path) -> None:
    """Between the old one's going and the new one's coming there is an instant; what was there is not lost in it."""
    make_voice(tmp_path / "given")
    voice = room.adder.add(Source(str(tmp_path / "given")))
    voice.folder.rename(room.store.folder / ".old-made-echo")
    (room.store.folder / ".adding-cut").mkdir()
    with pytest.raises(VoiceWrong):
        room.adder.add(Source(str(tmp_path / "nothing")))
    assert room.store.installed() == (voice,)
    assert room.inside() == ["made-echo"]


def damaged(folder: Path) -> None:
    """Change a byte of the model."""
    (folder / "model-steps-3.onnx").write_bytes(b"changed")


def incomplete(folder: Path) -> None:
    """Take a file away."""
    (folder / "tokens.txt").unlink()


def undescribed(folder: Path) -> None:
    """Take away what makes it a Chinese voice."""
    (folder / FILE).unlink()
    (folder / "lexicon.txt").unlink()


def speechless(folder: Path) -> None:
    """Leave it no word that it can say."""
    (folder / FILE).unlink()
    (folder / "lexicon.txt").write_text("字 missing\n", encoding="utf-8")


@pytest.mark.parametrize("spoil", [damaged, incomplete, undescribed, speechless])
def test_what_is_not_a_whole_voice_is_not_installed(room: Room, tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    """It is refused before it is tried, and leaves nothing."""
    make_voice(tmp_path / "given")
    spoil(tmp_path / "given")
    with pytest.raises(VoiceWrong):
        room.adder.add(Source(str(tmp_path / "given")))
    assert room.renderer.asked == []
    assert room.inside() == []


@pytest.mark.parametrize("name", ["zh-CN-XiaoxiaoNeural", "cmn-latn-pinyin", "../up", "Großes", ""])
def test_a_name_that_is_taken_or_none_is_refused(room: Room, tmp_path: Path, name: str) -> None:
    """Another engine's voice can't be hidden by a folder of that name."""
    make_files(tmp_path / "given", Made())
    with pytest.raises(VoiceWrong):
        room.adder.add(Source(str(tmp_path / "given/")), name=name or "-")


def test_another_checksum_than_was_given_refuses_the_archive(room: Room, tmp_path: Path) -> None:
    """It is not even opened."""
    make_voice(tmp_path / "given")
    archive = packed(tmp_path / "given", tmp_path / "voice.tar.bz2")
    with pytest.raises(VoiceWrong) as refused:
        room.adder.add(Source(str(archive), "0" * 64))
    assert "校验和" in refused.value.sentence.zh


def link(kind: bytes, target: str) -> tarfile.TarInfo:
    """Return a member that is no file."""
    member = tarfile.TarInfo("voice/model.onnx")
    member.type, member.linkname = kind, target
    return member


@pytest.mark.parametrize(
    "member",
    [
        link(tarfile.SYMTYPE, "/etc/passwd"),
        link(tarfile.LNKTYPE, "/etc/passwd"),
        link(tarfile.CHRTYPE, ""),
        link(tarfile.FIFOTYPE, ""),
    ],
    ids=["symlink", "hard link", "device", "pipe"],
)
def test_an_archive_with_what_is_no_file_is_refused(room: Room, tmp_path: Path, member: tarfile.TarInfo) -> None:
    """Whatever else is in it."""
    archive = archive_of(tmp_path / "voice.tar.gz", (member, b""))
    with pytest.raises(VoiceWrong) as refused:
        room.adder.add(Source(str(archive)))
    assert "链接" in refused.value.sentence.zh


@pytest.mark.parametrize(
    "name", ["../escaped.txt", "/var/escaped.txt", "a/b/../../../escaped.txt", "voice/.hidden.txt"]
)
def test_nothing_is_written_outside(room: Room, tmp_path: Path, name: str) -> None:
    """Of a name only its last part counts, and that must be a plain one."""
    archive = archive_of(tmp_path / "voice.tar.gz", (tarfile.TarInfo(name), b"x"))
    before = {path for path in tmp_path.rglob("*") if "escaped" in path.name}
    with pytest.raises(VoiceWrong):
        room.adder.add(Source(str(archive)))
    assert {path for path in tmp_path.rglob("*") if "escaped" in path.name} == before
    assert room.inside() == []


def test_a_bomb_is_refused_before_it_is_unpacked(room: Room, tmp_path: Path) -> None:
    """Sizes are added up from the headers; a header that claims to be huge is not read."""
    huge = tarfile.TarInfo("voice/model.onnx")
    huge.size = 3 << 30
    path = tmp_path / "voice.tar"
    path.write_bytes(huge.tobuf() + bytes(1024))
    extended = tmp_path / "extended.tar"
    pax = tarfile.TarInfo("pax")
    pax.type, pax.size = tarfile.XHDTYPE, 900 << 20
    extended.write_bytes(pax.tobuf() + bytes(4096))
    for archive in (path, extended):
        with pytest.raises(VoiceWrong):
            room.adder.add(Source(str(archive)))


@pytest.mark.parametrize("content", [b"", b"no archive", b"BZh91AY&SY broken", b"\x1f\x8b\x08broken", b"\xfd7zXZ\x00"])
def test_what_is_no_archive_is_refused(room: Room, tmp_path: Path, content: bytes) -> None:
    """With a sentence, not a traceback."""
    path = tmp_path / "voice.tar.bz2"
    path.write_bytes(content)
    with pytest.raises(VoiceWrong):
        room.adder.add(Source(str(path)))


def test_an_archive_that_is_cut_is_refused(room: Room, tmp_path: Path) -> None:
    """Wherever it ends."""
    make_voice(tmp_path / "given")
    archive = packed(tmp_path / "given", tmp_path / "voice.tar.bz2")
    archive.write_bytes(archive.read_bytes()[:-30])
    with pytest.raises(VoiceWrong):
        room.adder.add(Source(str(archive)))
    assert room.inside() == []


def test_what_is_wrong_in_the_folder_is_told_and_the_rest_still_counts(room: Room, tmp_path: Path) -> None:
    """A folder that somebody emptied or renamed does not hide the others."""
    make_voice(tmp_path / "given")
    voice = room.adder.add(Source(str(tmp_path / "given")))
    (room.store.folder / "empty").mkdir()
    make_voice(room.store.folder / "renamed")
    assert room.store.installed() == (voice,)
    assert len(room.store.faults()) == 2
    assert room.store.find("made-echo") == voice
    assert room.store.find("empty") is None


def test_a_folder_that_was_never_made_has_no_voices(tmp_path: Path) -> None:
    """Before the first is added nothing is wrong."""
    store = VoiceStore(tmp_path / "voices")
    assert (store.installed(), store.faults()) == ((), ())


def test_a_manifest_is_a_value(tmp_path: Path) -> None:
    """Read twice it is the same."""
    make_voice(tmp_path)
    assert isinstance(read_manifest(tmp_path), Manifest)
    assert read_manifest(tmp_path) == read_manifest(tmp_path)
