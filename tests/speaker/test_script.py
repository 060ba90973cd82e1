"""What an airing says is kept as it was at that time."""

from datetime import UTC, datetime

from programme.publication import Publication, PublishedMessage
from speaker.airing import Priority
from speaker.script import script_of_message

MESSAGE = PublishedMessage(
    id="door",
    title="守好门",
    text="守好门。",
    clip="0" * 64,
    frames=48_000,
    voice="v",
    engine="e",
    stand_in=False,
    source="街道办〔2026〕3号",
    author="赵科长",
    wrote="李",
    approved="王",
)
AT = datetime(2026, 3, 2, tzinfo=UTC)


def test_the_record_names_source_writer_and_approver() -> None:
    """As the publication had them, with the words and the clip."""
    publication = Publication(
        revision="r1",
        published=AT,
        zone="警苑小区",
        timezone="Asia/Shanghai",
        volume_percent=80,
        broadcasts=(),
        messages=(MESSAGE,),
    )
    script = script_of_message(publication, "door", AT.date(), Priority.PAGE)
    assert script is not None
    (said,) = script.said
    assert (said.title, said.text, said.clip) == ("守好门", "守好门。", "0" * 64)
    assert (said.source, said.author, said.wrote, said.approved) == ("街道办〔2026〕3号", "赵科长", "李", "王")
