"""The vault: what is sealed is opened by the same key for the same purpose, and by nothing else."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.access.vault import FILE, Vault
from regulars.settings import Settings
from regulars.words.errors import Conflict, Invalid

KEY = "ab" * 32


def of(folder, key=""):
    return Vault(Settings(data=folder, vault_key=key))


@given(secret=st.binary(max_size=200), purpose=st.text(max_size=20), other=st.text(max_size=20))
def test_a_secret_comes_back_for_its_purpose_only(tmp_path_factory, secret, purpose, other):
    vault = of(tmp_path_factory.getbasetemp(), KEY)
    sealed = vault.seal(secret, purpose)
    assert vault.unseal(sealed, purpose) == secret
    assert len(secret) < 4 or secret not in sealed
    if other != purpose:
        with pytest.raises(Conflict):
            vault.unseal(sealed, other)


@given(at=st.integers(0, 60), bit=st.integers(0, 7))
def test_one_changed_bit_is_found(tmp_path_factory, at, bit):
    vault = of(tmp_path_factory.getbasetemp(), KEY)
    sealed = bytearray(vault.seal(b"a password of some length, really", "way"))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(Conflict):
        vault.unseal(bytes(sealed), "way")


def test_the_same_secret_is_sealed_differently_each_time(tmp_path):
    vault = of(tmp_path)
    assert vault.seal(b"same", "way") != vault.seal(b"same", "way")


def test_its_key_is_made_once_and_read_by_its_owner_only(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(lambda n: of(tmp_path).seal(b"x", str(n)), range(8)))
    assert [of(tmp_path).unseal(one, str(n)) for n, one in enumerate(sealed)] == [b"x"] * 8
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [FILE], "nothing is left beside it"


def test_without_its_key_it_says_what_to_do(tmp_path):
    sealed = of(tmp_path).seal(b"x", "way")
    (tmp_path / FILE).unlink()
    with pytest.raises(Conflict, match=r"Bring the old vault\.key back"):
        of(tmp_path).unseal(sealed, "way")
    (tmp_path / FILE).write_text("zz")
    with pytest.raises(Conflict, match="damaged"):
        of(tmp_path).seal(b"x", "way")
    with pytest.raises(Invalid, match="64 hexadecimal digits"):
        of(tmp_path, "abcd").seal(b"x", "way")
