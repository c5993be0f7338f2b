"""The tree against the vectors of the Certificate Transparency reference code and against the definition itself."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.log import merkle

WRITTEN = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
LEAVES = [bytes.fromhex(one) for one in WRITTEN]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
CONSISTENCY = {
    (2, 8): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
}
HASHES = [merkle.leaf_hash(one) for one in LEAVES]


def defined_root(hashes: list[bytes]) -> bytes:
    """MTH of RFC 9162, as it is written there."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return merkle.node_hash(defined_root(hashes[:k]), defined_root(hashes[k:]))


def kept(hashes: list[bytes]) -> dict[merkle.Node, bytes]:
    tree, found = merkle.Tree(), {(0, number): one for number, one in enumerate(hashes)}
    for one in hashes:
        found.update(tree.append(one))
    return found


def path(spans: list[merkle.Span], nodes: dict[merkle.Node, bytes]) -> list[bytes]:
    return [merkle.hash_of(span, nodes) for span in spans]


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    assert merkle.root_of(HASHES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_published_inclusion_proofs(index: int, size: int) -> None:
    proof = path(merkle.spans_of_inclusion(index, size), kept(HASHES))
    assert [one.hex() for one in proof] == INCLUSION[index, size]
    assert merkle.inclusion_holds(HASHES[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_published_consistency_proofs(first: int, second: int) -> None:
    proof = path(merkle.spans_of_consistency(first, second), kept(HASHES))
    assert [one.hex() for one in proof] == CONSISTENCY[first, second]
    roots = bytes.fromhex(ROOTS[first]), bytes.fromhex(ROOTS[second])
    assert merkle.consistency_holds(first, roots[0], second, roots[1], proof)


def test_every_proof_of_every_small_tree() -> None:
    hashes = [merkle.leaf_hash(bytes([one])) for one in range(40)]
    nodes, roots = kept(hashes), [defined_root(hashes[:size]) for size in range(41)]
    for size in range(1, 41):
        assert merkle.hash_of((0, size), nodes) == roots[size]
        for index in range(size):
            proof = path(merkle.spans_of_inclusion(index, size), nodes)
            assert len(proof) <= (size - 1).bit_length()
            assert merkle.inclusion_holds(hashes[index], index, size, proof, roots[size])
            assert not merkle.inclusion_holds(hashes[index - 1], index, size, proof, roots[size]) or size == 1
        for first in range(1, size + 1):
            proof = path(merkle.spans_of_consistency(first, size), nodes)
            assert merkle.consistency_holds(first, roots[first], size, roots[size], proof)
            other = defined_root([*hashes[: first - 1], merkle.leaf_hash(b"x")])
            assert not merkle.consistency_holds(first, other, size, roots[size], proof)
    assert merkle.consistency_holds(0, roots[0], 7, roots[7], [])


LEAF_LISTS = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=300, unique=True)


@given(LEAF_LISTS, st.data())
def test_proofs_hold_for_what_is_there_and_for_nothing_else(hashes: list[bytes], data: st.DataObject) -> None:
    size, nodes, root = len(hashes), kept(hashes), defined_root(hashes)
    assert merkle.root_of(hashes) == root
    index = data.draw(st.integers(0, size - 1))
    proof = path(merkle.spans_of_inclusion(index, size), nodes)
    assert merkle.inclusion_holds(hashes[index], index, size, proof, root)
    wrong = list(proof)
    if wrong:
        at = data.draw(st.integers(0, len(wrong) - 1))
        wrong[at] = bytes([wrong[at][0] ^ 1]) + wrong[at][1:]
        assert not merkle.inclusion_holds(hashes[index], index, size, wrong, root)
        assert not merkle.inclusion_holds(hashes[index], index, size, proof[:-1], root)
    assert not merkle.inclusion_holds(hashes[index], index, size, [*proof, root], root)


@given(LEAF_LISTS, st.data())
def test_a_changed_past_has_no_proof(hashes: list[bytes], data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(hashes)))
    changed = data.draw(st.integers(0, first - 1))
    forged = [*hashes[:changed], sha256(hashes[changed]).digest(), *hashes[changed + 1 :]]
    proof = path(merkle.spans_of_consistency(first, len(hashes)), kept(forged))
    kept_root = defined_root(hashes[:first])
    assert not merkle.consistency_holds(first, kept_root, len(hashes), defined_root(forged), proof)


@given(LEAF_LISTS, st.data())
def test_a_tree_goes_on_from_its_edge(hashes: list[bytes], data: st.DataObject) -> None:
    stop = data.draw(st.integers(0, len(hashes)))
    nodes = kept(hashes)
    tree = merkle.Tree(stop, [nodes[node] for node in merkle.full_subtrees((0, stop))])
    for one in hashes[stop:]:
        tree.append(one)
    assert (tree.size, tree.root) == (len(hashes), defined_root(hashes))


def test_what_makes_no_sense_is_no_proof() -> None:
    assert not merkle.inclusion_holds(HASHES[0], 1, 1, [], HASHES[0])
    assert not merkle.consistency_holds(3, HASHES[0], 2, HASHES[0], [HASHES[0]])
    assert not merkle.consistency_holds(1, HASHES[0], 2, HASHES[0], [])
    assert not merkle.consistency_holds(0, HASHES[0], 2, HASHES[1], [])
    for wrong in (lambda: merkle.spans_of_inclusion(3, 3), lambda: merkle.spans_of_consistency(0, 3),
                  lambda: merkle.spans_of_consistency(4, 3), lambda: merkle.Tree(3, [b""])):  # fmt: skip
        with pytest.raises(ValueError, match="tree"):
            wrong()
