"""What our age leaves of a plaintext in memory: an observation of this build, not a promise of Python's."""

import subprocess
import sys
from pathlib import Path

import pytest

SIZE = 3 * 65_536 + 5_000

LOOK = """
def show():
    sys.stdout.flush()
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            place, access = line.split()[:2]
            start, end = (int(number, 16) for number in place.split("-"))
            if "r" in access and "[v" not in line:
                memory.seek(start)
                sys.stdout.buffer.write(memory.read(end - start))
"""

SEALING = f"""
import gc, os, sys
from overt.format.age_write import encrypt, new_identity
{LOOK}
plaintext = bytearray({SIZE})
os.preadv(os.open("/dev/urandom", os.O_RDONLY), [plaintext], 0)
os.writev(1, [plaintext])
sealed = encrypt(plaintext, [new_identity().recipient])
if "wipe" in sys.argv:
    plaintext[:] = bytes(len(plaintext))
gc.collect()
show()
"""

OPENING = f"""
import gc, os, sys
from overt.format.age_read import decrypt
from overt.format.age_write import encrypt, new_identity
{LOOK}
identity, plaintext = new_identity(), bytearray({SIZE})
os.preadv(os.open("/dev/urandom", os.O_RDONLY), [plaintext], 0)
os.writev(1, [plaintext])
sealed = encrypt(plaintext, [identity.recipient])
plaintext[:] = bytes(len(plaintext))
if "damage" in sys.argv:
    sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
try:
    opened = decrypt(sealed, [identity.text])
except Exception as problem:
    del problem
gc.collect()
show()
"""

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="a process can look at its own memory on Linux only"
)


def copies(program: str, *words: str) -> list[int]:
    """Return how often each of some pieces of the plaintext is found in the memory of *program* at its end."""
    run = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, check=True, timeout=60)
    plaintext, memory = run.stdout[:SIZE], run.stdout[SIZE:]
    return [memory.count(plaintext[start : start + 32]) for start in range(100, SIZE, 15_000)]


def test_sealing_leaves_no_copy_of_a_plaintext_that_its_owner_wipes() -> None:
    assert set(copies(SEALING, "wipe")) == {0}


def test_the_look_at_memory_sees_a_plaintext_that_is_kept() -> None:
    assert set(copies(SEALING)) == {1}


def test_opening_leaves_the_one_copy_that_it_returns() -> None:
    assert set(copies(OPENING)) == {1}


def test_a_file_that_is_refused_leaves_nothing() -> None:
    assert set(copies(OPENING, "damage")) == {0}
