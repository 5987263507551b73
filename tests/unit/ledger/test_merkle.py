"""The Merkle tree against the known vectors, and proofs against every possible lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.ledger import merkle

# The leaves and roots that the certificate-transparency projects test their trees with.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
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


class Tree:
    """A tree in memory, grown leaf by leaf as the ledger grows it."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.size = 0
        for leaf in leaves:
            for level, index, value in merkle.completed_nodes(self.size, merkle.leaf_hash(leaf), self.read):
                self.nodes[level, index] = value
            self.size += 1

    def read(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]

    def root(self, size: int) -> bytes:
        return merkle.root(size, self.read)


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_the_published_one(size: int) -> None:
    assert Tree(LEAVES).root(size).hex() == ROOTS[size]


@given(st.integers(1, 70), st.data())
def test_every_leaf_proves_its_inclusion_and_no_other_leaf_does(size: int, data: st.DataObject) -> None:
    tree = Tree([bytes([n]) for n in range(size)])
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, tree.read)
    leaf = merkle.leaf_hash(bytes([index]))
    assert merkle.verify_inclusion(leaf, index, size, proof, tree.root(size))
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"other"), index, size, proof, tree.root(size))
    assert not merkle.verify_inclusion(leaf, index, size, [*proof, b"\0" * 32], tree.root(size))
    if proof:
        assert not merkle.verify_inclusion(leaf, index, size, proof[:-1], tree.root(size))
        wrong = data.draw(st.integers(0, size - 1).filter(lambda other: other != index))
        assert not merkle.verify_inclusion(leaf, wrong, size, proof, tree.root(size))


@given(st.integers(1, 70), st.data())
def test_an_older_tree_is_proved_a_prefix_and_a_forged_one_is_not(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    tree = Tree([bytes([n]) for n in range(new)])
    proof = merkle.consistency_proof(old, new, tree.read)
    assert merkle.verify_consistency(old, new, tree.root(old), tree.root(new), proof)
    forged = merkle.leaf_hash(b"forged")
    assert not merkle.verify_consistency(old, new, forged, tree.root(new), proof)
    assert not merkle.verify_consistency(old, new, tree.root(old), forged, proof)


def test_asking_for_what_is_not_there_is_an_error() -> None:
    tree = Tree(LEAVES)
    with pytest.raises(ValueError, match="no leaf 8"):
        merkle.inclusion_proof(8, 8, tree.read)
    with pytest.raises(ValueError, match="from 0 to 8"):
        merkle.consistency_proof(0, 8, tree.read)
    assert not merkle.verify_inclusion(b"", 8, 8, [], b"")
    assert not merkle.verify_consistency(0, 8, b"", b"", [])
