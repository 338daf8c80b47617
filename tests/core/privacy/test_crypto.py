from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from core.privacy import crypto
from core.privacy.crypto import ErasedPerson, TamperedValue, UnknownKeyVersion, Vault, WrappedKey, master_version


def keyring(current="k1", versions=("k1",)):
    keys = {version: bytes([n]) * 32 for n, version in enumerate(versions, start=1)}
    return {"current": current, "keys": keys, "index": b"i" * 32, "audit": b"a" * 32}


@pytest.fixture(params=["aes-gcm", "sm4-gcm"])
def vault(request):
    return Vault(keyring(), request.param)


CONTEXT = b"client:1:id_number"


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_gives_the_vectors_of_the_standards(message, digest):
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(message)
    assert sm3.finalize().hex() == digest


def test_sm4_gives_the_vector_of_the_standards():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    assert (encryptor.update(key) + encryptor.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_gives_the_vector_of_rfc_8998():
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    context = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    text = bytes.fromhex("AA" * 8 + "BB" * 8 + "CC" * 8 + "DD" * 8 + "EE" * 8 + "FF" * 8 + "EE" * 8 + "AA" * 8)
    sealed = crypto.Sm4Gcm().encrypt(key, nonce, text, context)
    assert sealed.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )


def test_what_is_sealed_opens_again(vault):
    wrapped = vault.new_person_key()
    sealed = vault.seal(wrapped, b"430199200002290050", context=CONTEXT)
    assert vault.open_sealed(wrapped, sealed, context=CONTEXT) == b"430199200002290050"
    assert b"430199" not in sealed + wrapped


def test_an_import_seals_a_new_person_in_one_step(vault):
    wrapped, sealed = vault.seal_new_person(b"x" * 300, context=CONTEXT)
    assert vault.open_sealed(memoryview(wrapped), memoryview(sealed), context=CONTEXT) == b"x" * 300


def test_algorithm_key_version_and_key_id_stand_in_the_clear(vault):
    wrapped, sealed = vault.seal_new_person(b"x", context=CONTEXT)
    assert wrapped[0] == sealed[0] in (1, 2)
    assert master_version(wrapped) == "k1"
    assert wrapped[4:8] == sealed[1:5]


def test_equal_values_never_look_equal(vault):
    wrapped = vault.new_person_key()
    sealed = {vault.seal(wrapped, b"same", context=CONTEXT) for _ in range(50)}
    assert len(sealed) == 50
    assert len({vault.new_person_key() for _ in range(50)}) == 50


def test_any_changed_byte_is_noticed(vault):
    wrapped, sealed = vault.seal_new_person(b"secret", context=CONTEXT)
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(TamperedValue):
            vault.open_sealed(wrapped, changed, context=CONTEXT)
    for place in range(len(wrapped)):
        changed = wrapped[:place] + bytes([wrapped[place] ^ 1]) + wrapped[place + 1 :]
        with pytest.raises((TamperedValue, UnknownKeyVersion)):
            vault.open_sealed(changed, sealed, context=CONTEXT)


@pytest.mark.parametrize("length", [0, 1, 5, 16, 32])
def test_cut_values_are_noticed(vault, length):
    wrapped, sealed = vault.seal_new_person(b"secret", context=CONTEXT)
    with pytest.raises(TamperedValue):
        vault.open_sealed(wrapped, sealed[:length], context=CONTEXT)
    with pytest.raises((TamperedValue, ErasedPerson)):
        vault.open_sealed(wrapped[:length], sealed, context=CONTEXT)


def test_a_value_moved_to_another_field_or_person_does_not_open(vault):
    wrapped, sealed = vault.seal_new_person(b"secret", context=CONTEXT)
    with pytest.raises(TamperedValue):
        vault.open_sealed(wrapped, sealed, context=b"client:2:id_number")
    with pytest.raises(TamperedValue):
        vault.open_sealed(vault.new_person_key(), sealed, context=CONTEXT)


@pytest.mark.parametrize("gone", [None, b""])
def test_a_destroyed_key_means_erased(vault, gone):
    sealed = vault.seal(vault.new_person_key(), b"secret", context=CONTEXT)
    with pytest.raises(ErasedPerson):
        vault.open_sealed(gone, sealed, context=CONTEXT)
    with pytest.raises(ErasedPerson):
        vault.seal(gone, b"more", context=CONTEXT)


def test_rotation_rewraps_the_key_and_leaves_the_values():
    old, new = Vault(keyring(), "aes-gcm"), Vault(keyring("k2", ("k1", "k2")), "aes-gcm")
    wrapped, sealed = old.seal_new_person(b"secret", context=CONTEXT)
    assert new.needs_rewrap(wrapped)
    again = new.rewrap(wrapped)
    assert not new.needs_rewrap(again)
    assert new.open_sealed(again, sealed, context=CONTEXT) == b"secret"
    retired = keyring("k2", ("k1", "k2"))
    del retired["keys"]["k1"]
    assert Vault(retired, "aes-gcm").open_sealed(again, sealed, context=CONTEXT) == b"secret"
    with pytest.raises(UnknownKeyVersion):
        Vault(retired, "aes-gcm").open_sealed(wrapped, sealed, context=CONTEXT)


def test_values_of_either_algorithm_open_whichever_seals_now():
    aes, sm4 = Vault(keyring(), "aes-gcm"), Vault(keyring(), "sm4-gcm")
    wrapped, sealed = aes.seal_new_person(b"secret", context=CONTEXT)
    assert sm4.open_sealed(wrapped, sealed, context=CONTEXT) == b"secret"
    assert aes.open_sealed(sm4.rewrap(wrapped), sealed, context=CONTEXT) == b"secret"


def test_indexes_are_equal_for_equal_values_of_one_kind_only(vault):
    assert vault.blind_index("id", "1") == vault.blind_index("id", "1")
    assert len(vault.blind_index("id", "1")) == 16
    assert vault.blind_index("id", "1") != vault.blind_index("phone", "1")
    assert vault.blind_index("id", "1") != vault.blind_index("id", "2")
    assert vault.blind_index("id", "1") != vault.audit_mark("id", "1")
    assert vault.blind_indexes("id", ["1", "2"]) == [vault.blind_index("id", "1"), vault.blind_index("id", "2")]


@given(st.text(max_size=30))
def test_the_short_index_fits_a_signed_bigint(value):
    found = Vault(keyring(), "aes-gcm").blind_index64("id", value)
    assert -(2**63) <= found < 2**63


def test_another_index_key_gives_other_indexes():
    other = keyring() | {"index": b"j" * 32}
    assert Vault(keyring(), "aes-gcm").blind_index("id", "1") != Vault(other, "aes-gcm").blind_index("id", "1")


@pytest.mark.parametrize(
    ("change", "cipher"),
    [
        ({"current": "k9"}, "aes-gcm"),
        ({"index": b"short"}, "aes-gcm"),
        ({"index": "i" * 32}, "aes-gcm"),
        ({"audit": b"i" * 32}, "aes-gcm"),
        ({"keys": {"k1": b"i" * 32}}, "aes-gcm"),
        ({"keys": {"k1": b"1" * 32, "": b"2" * 32}}, "aes-gcm"),
        ({}, "rot13"),
    ],
)
def test_a_keyring_that_cannot_be_right_is_refused_without_printing_it(change, cipher):
    with pytest.raises(ImproperlyConfigured) as refusal:
        Vault(keyring() | change, cipher)
    assert "iiii" not in str(refusal.value)


def test_an_incomplete_keyring_is_refused():
    with pytest.raises(ImproperlyConfigured):
        Vault({"current": "k1"}, "aes-gcm")


def test_the_module_follows_the_settings(monkeypatch):
    monkeypatch.setattr(crypto, "settings", SimpleNamespace(QIANSHOU_KEYRING=keyring(), QIANSHOU_CIPHER="sm4-gcm"))
    wrapped = crypto.new_person_key()
    sealed = crypto.seal(wrapped, b"secret", context=CONTEXT)
    assert wrapped[0] == 2
    assert crypto.open_sealed(wrapped, sealed, context=CONTEXT) == b"secret"
    assert crypto.vault() is crypto.vault()
    assert crypto.blind_index("id", "1") == crypto.vault().blind_index("id", "1")
    assert crypto.blind_index64("id", "1") == crypto.vault().blind_index64("id", "1")
    monkeypatch.setattr(crypto, "settings", SimpleNamespace(QIANSHOU_KEYRING=keyring("k2", ("k1", "k2"))))
    assert crypto.vault().needs_rewrap(WrappedKey(wrapped))
