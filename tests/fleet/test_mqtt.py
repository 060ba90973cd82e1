"""The rests between two attempts to reach the broker."""

import pytest

from fleet.mqtt import SHORTEST_REST_SECONDS, rest_seconds


@pytest.mark.parametrize(
    ("misses", "chance", "seconds"),
    [(0, 0.0, 0.5), (0, 1.0, 2.0), (1, 1.0, 4.0), (4, 1.0, 32.0), (5, 1.0, 60.0), (500, 1.0, 60.0), (500, 0.5, 30.25)],
)
def test_a_rest_grows_to_its_longest_and_is_anywhere_below(misses: int, chance: float, seconds: float) -> None:
    """The first is short, for a broker that was restarted; later ones spread a whole town over a minute."""
    assert rest_seconds(misses, chance, 60.0) == seconds


def test_a_town_that_comes_back_in_one_second_is_spread() -> None:
    """Of a thousand boxes after five misses no second of the next minute has more than twice its share."""
    chances = [number / 1000 for number in range(1000)]
    seconds = [int(rest_seconds(5, chance, 60.0) - SHORTEST_REST_SECONDS) for chance in chances]
    assert max(seconds.count(second) for second in range(60)) <= 2 * 1000 / 59
