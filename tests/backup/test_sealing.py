"""The encrypted stream: whatever is done to a file, nothing false comes out of it."""

from io import BytesIO

import pytest

from lms.backup import sealing
from lms.backup.sealing import CHUNK, TAG, NotOpened, Opener, Sealer

pytestmark = pytest.mark.usefixtures("quick")
START = 13 + 1 + 1 + 16 + 7 + TAG  # magic, version, cost, salt, prefix, tag of the passphrase


RIGHT = "opens"


def seal(plain: bytes, passphrase: str = RIGHT) -> bytes:
    file = BytesIO()
    sealer = Sealer(file, passphrase)
    for start in range(0, len(plain), 300_000):
        sealer.write(plain[start : start + 300_000])
    sealer.finish()
    return file.getvalue()


def unseal(sealed: bytes, passphrase: str = RIGHT) -> bytes:
    opener, found = Opener(BytesIO(sealed), passphrase), bytearray()
    while piece := opener.read(70_000):
        found += piece
    return bytes(found)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 5])
def test_what_goes_in_comes_out(size: int) -> None:
    plain = bytes(index % 251 for index in range(251)) * (size // 251 + 1)
    sealed = seal(plain[:size])
    assert unseal(sealed) == plain[:size]
    assert len(sealed) == START + size + TAG * max(1, -(-size // CHUNK))


def test_equal_contents_do_not_look_equal() -> None:
    assert seal(b"x" * 100)[START:] != seal(b"x" * 100)[START:]


def test_a_wrong_passphrase_is_told_from_damage() -> None:
    with pytest.raises(NotOpened, match="passphrase"):
        unseal(seal(b"x"), "does not open")
    with pytest.raises(NotOpened, match="damaged or cut off"):
        unseal(seal(b"x")[:-1])


def test_every_flipped_byte_is_noticed() -> None:
    sealed = seal(b"what was said")
    for place in range(len(sealed)):
        if place == 14:  # the cost: a wrong one only takes longer to be refused
            continue
        broken = bytearray(sealed)
        broken[place] ^= 1
        with pytest.raises(NotOpened):
            unseal(bytes(broken))


@pytest.mark.parametrize("cost", [0, 21, 255])
def test_a_cost_that_would_eat_the_memory_is_refused(cost: int) -> None:
    broken = bytearray(seal(b"x"))
    broken[14] = cost
    with pytest.raises(NotOpened, match="format"):
        unseal(bytes(broken))


def test_chunks_cannot_be_cut_off_moved_or_added() -> None:
    sealed = seal(b"a" * CHUNK + b"b" * CHUNK + b"c" * CHUNK)
    head, size = sealed[:START], CHUNK + TAG
    one, two, three = (sealed[START + n * size : START + (n + 1) * size] for n in range(3))
    for chunks in (
        (one, two),
        (one,),
        (),
        (two, one, three),
        (one, three),
        (one, two, three, three),
    ):
        with pytest.raises(NotOpened, match="damaged or cut off"):
            unseal(head + b"".join(chunks))


def test_an_unfinished_file_does_not_open() -> None:
    file = BytesIO()
    Sealer(file, "opens").write(b"x" * (2 * CHUNK + 1))
    with pytest.raises(NotOpened, match="cut off"):
        unseal(file.getvalue())


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04 a zip", sealing.MAGIC])
def test_a_strange_file_is_none_of_ours(body: bytes) -> None:
    with pytest.raises(NotOpened, match="not a backup of Laurel"):
        unseal(body)
