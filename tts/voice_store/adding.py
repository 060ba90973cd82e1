"""Adding a voice: fetched, unpacked, checked, tried, and only then put in its place, in one step."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from box.durable import replace_file, sync_folder
from box.storage import hash_of
from tts.child import Renderer
from tts.engines import EngineError
from tts.exclusive import exclusive
from tts.job import Job
from tts.sherpa_lexicon import Lexicon
from tts.voice_store.archive import copy_files, unpack
from tts.voice_store.download import Report, download
from tts.voice_store.installed import InstalledVoice, VoiceStore
from tts.voice_store.manifest import FILE, Manifest, VoiceWrong, manifest_text, read_manifest
from tts.voice_store.recognised import recognise
from tts.voices import SHERPA, engine_of

TRIAL_SECONDS = 120.0
_STAGING = ".adding-"
_OLD = ".old-"
_DOWNLOADS = ".downloads"  # kept until the voice is in: what broke off goes on from there
_ARCHIVE = re.compile(r"\.(tar(\.(bz2|gz|xz))?|tgz|tbz2?|txz)$", re.IGNORECASE)
_LICENCES = ("LICENSE", "LICENCE", "README")


@dataclass(frozen=True)
class Source:
    """Where something comes from: a path or an address, and the SHA-256 that it must have, where one is known."""

    place: str
    sha256: str | None = None

    @property
    def is_address(self) -> bool:
        """Tell whether it is to be downloaded."""
        return self.place.startswith(("http://", "https://"))

    @property
    def name(self) -> str:
        """The last part of the place, without what marks an archive."""
        return _ARCHIVE.sub("", self.file_name)

    @property
    def file_name(self) -> str:
        """The last part of the place."""
        return re.split(r"[?#]", self.place)[0].rstrip("/").rpartition("/")[2]


class VoiceAdder:
    """Adds voices to ``store``. ``renderer`` tries each one out before it is let in."""

    def __init__(self, *, store: VoiceStore, renderer: Renderer, report: Report, wait: Callable[[float], None]) -> None:
        self._store = store
        self._renderer = renderer
        self._report = report
        self._wait = wait

    def add(self, source: Source, *, vocoder: Source | None = None, name: str | None = None) -> InstalledVoice:
        """Install the voice at ``source``; one of the same name gives way to it.

        ``vocoder`` is the file that a matcha voice is published without. Raises VoiceWrong, DownloadFailed; nothing is
        changed then.
        """
        self._store.folder.mkdir(parents=True, exist_ok=True)
        with exclusive(self._store.folder / ".lock"), self._staging() as staging:
            self._bring(source, staging)
            if vocoder is not None:
                self._bring_file(vocoder, staging)
            manifest = self._described(staging, name or source.name, renamed=name)
            self._try(manifest, staging)
            installed = self._put(manifest, staging)
            shutil.rmtree(self._store.folder / _DOWNLOADS, ignore_errors=True)
            return installed

    @contextmanager
    def _staging(self) -> Iterator[Path]:
        """Give an empty folder on the store's disk; what one that was killed left behind is put right first."""
        folder = self._store.folder
        for left_over in folder.glob(f"{_STAGING}*"):
            shutil.rmtree(left_over)
        for old in folder.glob(f"{_OLD}*"):
            if (folder / old.name.removeprefix(_OLD)).exists():
                shutil.rmtree(old)
            else:
                old.rename(folder / old.name.removeprefix(_OLD))
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=self._store.folder))
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)  # it may have become the voice

    def _bring(self, source: Source, staging: Path) -> None:
        """Put the files of a folder or an archive into ``staging``."""
        if not source.is_address and Path(source.place).is_dir():
            if source.sha256 is not None:
                raise VoiceWrong("--sha256 只用于压缩包", "--sha256 is for an archive")
            copy_files(Path(source.place), staging)
            return
        with self._at_hand(source) as archive:
            unpack(archive, staging)

    def _bring_file(self, source: Source, staging: Path) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.onnx", source.file_name):
            raise VoiceWrong("声码器应当是一个 .onnx 文件", "a vocoder is a file that ends in .onnx")
        with self._at_hand(source) as file:
            shutil.copyfile(file, staging / source.file_name)

    @contextmanager
    def _at_hand(self, source: Source) -> Iterator[Path]:
        """Give the file at ``source``, with the hash it must have."""
        if not source.is_address:
            path = Path(source.place)
            if not path.is_file():
                raise VoiceWrong(f"没有这个文件或文件夹：{path}", f"there is no such file or folder: {path}")
            _check(path, source)
            yield path
            return
        if source.place.startswith("http://") and source.sha256 is None:
            raise VoiceWrong(
                "http 下载的文件没人担保，请加上 --sha256，或用 https 地址",
                "nobody vouches for what comes by http: give its --sha256, or an https address",
            )
        kept = self._store.folder / _DOWNLOADS
        kept.mkdir(exist_ok=True)
        path = download(source.place, kept, self._report, self._wait)
        try:
            _check(path, source)
        except VoiceWrong:
            path.unlink()
            raise
        yield path

    def _described(self, staging: Path, name: str, *, renamed: str | None) -> Manifest:
        if (staging / FILE).exists():
            manifest = read_manifest(staging)
            if renamed not in {None, manifest.name}:
                raise VoiceWrong(f"它有自己的名字：{manifest.name}", f"it has a name of its own: {manifest.name}")
            for _, file in manifest.files.parts():
                path = staging / file.file
                if not path.is_file() or hash_of(path) != file.sha256:
                    raise VoiceWrong(f"缺少文件或文件已损坏：{file.file}", f"missing or damaged: {file.file}")
        else:
            manifest = recognise(staging, name)
        if engine_of(manifest.name) is not None:
            raise VoiceWrong(f"名字“{manifest.name}”已有别的声音", f"“{manifest.name}” is another voice's name")
        return manifest

    def _try(self, manifest: Manifest, staging: Path) -> None:
        """Have it say a few words in a process of its own, which it may end."""
        files = manifest.files
        replace_file(staging / FILE, manifest_text(manifest).encode())
        try:
            words = Lexicon.read(staging / files.lexicon.file, staging / files.tokens.file).sample()
        except UnicodeDecodeError:
            words = ""
        if not words:
            raise VoiceWrong("它的 lexicon.txt 里没有能读的字", "there is no word in its lexicon.txt that it can say")
        with tempfile.TemporaryDirectory(prefix=".trying-", dir=staging) as work:
            job = Job(
                engine=SHERPA,
                voice=manifest.name,
                spoken=words,
                work=work,
                target=str(Path(work) / "clip.wav"),
                seconds=TRIAL_SECONDS,
                voice_folder=str(staging),
            )
            try:
                self._renderer.render(job)
            except EngineError as error:
                zh, en = error.sentence
                raise VoiceWrong(
                    f"试音没有成功，没有安装：{zh}", f"it failed its trial and was not installed: {en}"
                ) from error

    def _put(self, manifest: Manifest, staging: Path) -> InstalledVoice:
        """Make the files durable and for the panel's eyes, and put the folder in place of one that was there."""
        kept = {file.file for _, file in manifest.files.parts()} | {FILE}
        for path in list(staging.iterdir()):
            if path.name not in kept and not path.name.upper().startswith(_LICENCES):
                path.unlink()
                continue
            with path.open("rb") as file:
                os.fchmod(file.fileno(), 0o640)
                os.fsync(file.fileno())
        staging.chmod(0o750)
        sync_folder(staging)
        target = self._store.folder / manifest.name
        old = self._store.folder / f"{_OLD}{manifest.name}"
        if target.exists():
            target.rename(old)
        staging.rename(target)
        sync_folder(self._store.folder)
        shutil.rmtree(old, ignore_errors=True)  # the next one to be added clears what is left
        return InstalledVoice(manifest, target)


def _check(path: Path, source: Source) -> None:
    if source.sha256 is not None and hash_of(path) != source.sha256.lower():
        raise VoiceWrong(
            f"校验和不对，文件不是说好的那个，没有安装：{source.file_name}",
            f"its SHA-256 is another than was given, it was not installed: {source.file_name}",
        )
