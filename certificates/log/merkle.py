"""The Merkle tree of RFC 9162 (section 2.1): hashes in, roots and proofs out; what is not kept is fetched by a plan.

The hash of a full subtree never changes, so those are kept, addressed as (level, position): (0, 5) is the leaf of
number 5, (3, 1) the subtree over the leaves 8 to 15. Any other subtree of any past tree is made of a few of those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from hashlib import sha256

Node = tuple[int, int]
"""(level, position) of a full subtree."""
Span = tuple[int, int]
"""The leaves of a subtree: from the first up to, but without, the second."""
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def full_subtrees(span: Span) -> list[Node]:
    """The kept nodes that a subtree is made of, from the left; at most one for each level."""
    start, end = span
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def spans_of_inclusion(index: int, size: int) -> list[Span]:
    """The subtrees whose hashes prove leaf `index` to be in the tree of `size` leaves, from the leaf up."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    start, end, spans = 0, size, []
    while end - start > 1:
        middle = start + _left_size(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def spans_of_consistency(first: int, second: int) -> list[Span]:
    """The subtrees whose hashes prove that the tree of `second` leaves begins with the one of `first`."""
    if not 0 < first <= second:
        raise ValueError(f"no proof from a tree of {first} to one of {second}")
    start, end, spans, whole = 0, second, list[Span](), True
    while end != first:
        middle = start + _left_size(end - start)
        if first <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start, whole = middle, False
    return ([] if whole else [(start, end)]) + spans[::-1]


def needed(spans: Iterable[Span]) -> list[Node]:
    """Everything to fetch for these subtrees, at once."""
    return [node for span in spans for node in full_subtrees(span)]


def hash_of(span: Span, kept: Mapping[Node, bytes]) -> bytes:
    return joined([kept[node] for node in full_subtrees(span)])


def joined(hashes: Sequence[bytes]) -> bytes:
    """The root over full subtrees of falling size."""
    if not hashes:
        return EMPTY_ROOT
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    tree = Tree()
    for one in leaf_hashes:
        tree.append(one)
    return tree.root


class Tree:
    """A tree that grows at its right edge; it holds that edge alone, and hands out each full subtree as it closes."""

    def __init__(self, size: int = 0, edge: Sequence[bytes] = ()) -> None:
        if len(edge) != size.bit_count():
            raise ValueError(f"a tree of {size} has {size.bit_count()} hashes at its edge, not {len(edge)}")
        self.size, self.edge = size, list(edge)

    @property
    def root(self) -> bytes:
        return joined(self.edge)

    def append(self, one: bytes) -> list[tuple[Node, bytes]]:
        """Takes a leaf's hash; the subtrees above it that are full now."""
        closed, number, level = [], self.size, 0
        while number & 1:
            one, number, level = node_hash(self.edge.pop(), one), number >> 1, level + 1
            closed.append(((level, number), one))
        self.edge.append(one)
        self.size += 1
        return closed


def inclusion_holds(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2: whether a leaf of this hash stands at `index` in the tree of this root."""
    if not 0 <= index < size:
        return False
    number, last, current = index, size - 1, leaf
    for one in path:
        if last == 0:
            return False
        if number & 1 or number == last:
            current = node_hash(one, current)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            current = node_hash(current, one)
        number, last = number >> 1, last >> 1
    return last == 0 and current == root


def consistency_holds(first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.4.2: whether the tree of `second` leaves begins with exactly the leaves of the first."""
    if first in (0, second):
        return not path and first_root == (second_root if first == second else EMPTY_ROOT)
    if not 0 < first < second or not path:
        return False
    proof = [first_root, *path] if first.bit_count() == 1 else list(path)
    number, last = first - 1, second - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = proof[0]
    for one in proof[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, one)
        number, last = number >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _left_size(size: int) -> int:
    """The largest power of two below `size`."""
    return int(1 << ((size - 1).bit_length() - 1))
