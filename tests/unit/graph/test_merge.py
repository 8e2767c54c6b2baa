"""What is wanted, but not given: the same however keys are split among those who compare them."""

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.graph.merge import all_keys, in_order, keys_in, unmet
from newsarchive.runs import exchange
from newsarchive.runs.exchange import Exchange, Part, Unmet, compare

KEYS = st.integers(0, 2**64 - 1)
FEW = st.lists(st.sampled_from([0, 1, 2**63, 2**63 + 1, 2**64 - 1]) | KEYS, max_size=6)


def test_who_wants_what_none_gives_is_told_with_its_place() -> None:
    gives = [in_order([1, 2]), in_order([2**64 - 1])]
    wants = [in_order([1]), in_order([2, 3, 7]), b"", in_order([2**64 - 1])]
    assert list(unmet(all_keys(gives), wants)) == [(1, [1, 2])]


def test_keys_in_order_stand_once() -> None:
    assert list(keys_in(in_order([7, 2**64 - 1, 7, 0]))) == [0, 7, 2**64 - 1]


@pytest.mark.property
@given(shares=st.lists(st.tuples(FEW, FEW), max_size=5), part_bytes=st.sampled_from([8, 40, 10**6]))
def test_an_exchange_finds_what_one_comparison_does(
    shares: list[tuple[list[int], list[int]]], part_bytes: int
) -> None:
    given_by_any = {key for gives, _ in shares for key in gives}
    expected = {
        (number, key % 97)
        for number, (_, wants) in enumerate(shares)
        for key in wants
        if key not in given_by_any
    }
    assert wanting(shares, part_bytes) == expected


def wanting(shares: list[tuple[list[int], list[int]]], part_bytes: int) -> set[tuple[int, int]]:
    """The shares' pages in doubt; the page that wants a key has the number of its remainder."""
    parts: list[Part] = []

    def compared(found: Iterable[Part]) -> Iterator[tuple[Part, Unmet]]:
        for part in found:
            parts.append(part)
            yield part, compare(None, part)

    both = Exchange()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "PART_BYTES", part_bytes)
        for gives, wants in shares:
            pages = [key % 97 for key in sorted(set(wants))]
            both.add(in_order(gives), in_order(wants), joined(pages))
        found = set(both.wanting(compared))
    both.close()
    ends = [max(keys_in(b"".join([part.gives, *part.wants]))) for part in parts]
    assert ends == sorted(ends)
    return found


def joined(numbers: list[int]) -> bytes:
    return b"".join(in_order([number]) for number in numbers)
