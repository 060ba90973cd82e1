"""What waits for the broker: all of it comes, in order, and no more at once than there is room for."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from hypothesis import given
from hypothesis import strategies as st

from fleet.waiting_line import Outgoing, WaitingLine

PATIENCE_SECONDS = 60.0
MOST = 3


class Broker:
    """Keeps what is sent; ``word`` says of the earliest that it came."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.heard = 0
        self.line = WaitingLine(self.sent.append, most=MOST)

    @property
    def under_way(self) -> int:
        """How many were sent and not heard of."""
        return len(self.sent) - self.heard

    def word(self) -> None:
        """Say that one came."""
        self.heard += 1
        self.line.came()


def order(number: int, *, topic: int | None = None) -> Outgoing:
    """Return the order with that number, each on a topic of its own where none is named."""
    return Outgoing(f"in/{number if topic is None else topic}", b"%d" % number, retain=True)


def test_what_has_no_room_is_sent_when_there_is_some() -> None:
    """Three are under way; the fourth goes with the word that one has come, and none is left out."""
    broker = Broker()
    broker.line.opened()
    for number in range(10):
        broker.line.put(order(number))
    assert (broker.sent, len(broker.line)) == ([order(number) for number in range(MOST)], 10 - MOST)
    while broker.under_way:
        broker.word()
    assert (broker.sent, len(broker.line)) == ([order(number) for number in range(10)], 0)


def test_nothing_is_sent_before_it_is_opened_nor_after_it_is_shut() -> None:
    """What waits goes when it is opened again."""
    broker = Broker()
    broker.line.put(order(1))
    assert broker.sent == []
    broker.line.opened()
    broker.line.shut()
    broker.line.put(order(2))
    assert broker.sent == [order(1)]
    broker.line.opened()
    assert broker.sent == [order(1), order(2)]


def test_of_what_is_kept_for_a_topic_the_newest_alone_waits() -> None:
    """Ten edits while the broker is away are one document a yard. What is told once and not kept is each told."""
    broker = Broker()
    told = [Outgoing("out/report", b"%d" % number, retain=False) for number in range(2)]
    broker.line.put(told[0])
    for number in range(10):
        broker.line.put(order(number, topic=7))
    broker.line.put(told[1])
    broker.line.opened()
    assert broker.sent == [told[0], order(9, topic=7), told[1]]


def test_of_which_each_counts_all_wait_and_the_same_once() -> None:
    """While the broker is away one is stopped and another made ready: the stop is not lost for that."""
    broker = Broker()
    stop, prepare = (Outgoing("in/urgent", word, retain=True, each=True) for word in (b"stop", b"prepare"))
    for outgoing in (stop, prepare, prepare):  # what was ordered last is handed over anew at each connection
        broker.line.put(outgoing)
    broker.line.opened()
    assert broker.sent == [stop, prepare]


def test_what_is_put_while_another_thread_sends_is_sent() -> None:
    """The broker's word comes on its own thread while an order is handed over: nobody is left standing in line."""
    begun, go_on = Event(), Event()
    sent: list[Outgoing] = []

    def send(outgoing: Outgoing) -> None:
        sent.append(outgoing)
        if outgoing == order(0):
            begun.set()
            assert go_on.wait(PATIENCE_SECONDS)

    line = WaitingLine(send, most=1)
    line.opened()
    first = Thread(target=lambda: line.put(order(0)), daemon=True)
    second = Thread(target=lambda: line.put(order(1)), daemon=True)
    first.start()
    assert begun.wait(PATIENCE_SECONDS)
    second.start()
    line.came()  # the word about the first is here before the first has been handed over
    go_on.set()
    for thread in (first, second):
        thread.join(PATIENCE_SECONDS)
    assert sent == [order(0), order(1)]


@given(st.lists(st.sampled_from(["put", "word", "open", "shut"]), max_size=60))
def test_whatever_happens_all_are_sent_once_in_order_and_never_too_many_at_once(acts: list[str]) -> None:
    """Coming and going, words and orders in any order lose nothing, and send nothing twice."""
    broker = Broker()
    put = 0
    for act in acts:
        if act == "put":
            broker.line.put(order(put))
            put += 1
        else:
            _act(broker, act)
        assert broker.under_way <= MOST
    broker.line.opened()
    while broker.under_way:
        broker.word()
    assert broker.sent == [order(number) for number in range(put)]


def _act(broker: Broker, act: str) -> None:
    acts: dict[str, Callable[[], None]] = {"open": broker.line.opened, "shut": broker.line.shut}
    if act in acts:
        acts[act]()
    elif broker.under_way:
        broker.word()
