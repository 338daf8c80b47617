"""Sealing personal values (standards §8.3, assurance "Sign-in, privacy, audit").

Each person has a random key, wrapped by a master key that lives outside the database (settings.QIANSHOU_KEYRING), and
each value is sealed by the person's key. Destroying the wrapped key erases the person; a new master key re-wraps the
persons' keys and touches no value.

    wrapped = algorithm(1) · length(1) · master version · key id(4) · nonce(12) · key · tag(16)
    sealed  = algorithm(1) · key id(4) · nonce(12) · text · tag(16)

Algorithm 1 is AES-256-GCM, 2 is SM4-GCM: settings.QIANSHOU_CIPHER says which one seals, and both always open. What
stands before the nonce and the caller's `context` (say b"client:<uuid>:id_number") are authenticated too, so a value
moved elsewhere does not open.
"""

import hmac
import os
from collections.abc import Iterable, Mapping
from typing import Any, NewType, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.errors import DomainError, Refused

WrappedKey = NewType("WrappedKey", bytes)

KEY_ID_BYTES = 4
NONCE_BYTES = 12
TAG_BYTES = 16
INDEX_BYTES = 16
_WRAP_CONTEXT = b"qianshou/person-key"


class ErasedPerson(Refused):
    """The person's key was destroyed: the value exists, and nobody can read it again."""

    status = 410

    def __init__(self) -> None:
        super().__init__("privacy.erased", "此人的个人信息已依法删除，无法恢复。")


class TamperedValue(DomainError):
    """A stored value was changed, moved, or sealed by another key. Never shown as if it were empty."""

    status = 500

    def __init__(self) -> None:
        super().__init__("privacy.tampered", "加密数据校验失败，可能被改动；请联系安全管理员。")


class UnknownKeyVersion(DomainError):
    """The master key that wrapped this person's key is not in the keyring."""

    status = 503

    def __init__(self, version: str) -> None:
        super().__init__("privacy.key_missing", f"缺少主密钥 {version}，请联系系统管理员。")


class Aead(Protocol):
    """One authenticated cipher: `number` is stored with each value, `key_bytes` is the length of its keys."""

    number: int
    key_bytes: int

    def encrypt(self, key: bytes, nonce: bytes, text: bytes, context: bytes) -> bytes: ...

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        """Raises InvalidTag."""


class AesGcm:
    number = 1
    key_bytes = 32

    def encrypt(self, key: bytes, nonce: bytes, text: bytes, context: bytes) -> bytes:
        return AESGCM(key).encrypt(nonce, text, context)

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        return AESGCM(key).decrypt(nonce, sealed, context)


class Sm4Gcm:
    number = 2
    key_bytes = 16

    def encrypt(self, key: bytes, nonce: bytes, text: bytes, context: bytes) -> bytes:
        encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(context)
        return encryptor.update(text) + encryptor.finalize() + encryptor.tag

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        if len(sealed) < TAG_BYTES:
            raise InvalidTag
        decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, sealed[-TAG_BYTES:])).decryptor()
        decryptor.authenticate_additional_data(context)
        return decryptor.update(sealed[:-TAG_BYTES]) + decryptor.finalize()


_CIPHERS: dict[str, Aead] = {"aes-gcm": AesGcm(), "sm4-gcm": Sm4Gcm()}
_BY_NUMBER: dict[int, Aead] = {cipher.number: cipher for cipher in _CIPHERS.values()}


class Vault:
    """A keyring in use. Hold one through a batch (`vault()`); it keeps no person's key."""

    def __init__(self, keyring: Mapping[str, Any], cipher: str) -> None:
        """`keyring`: {"current": version, "keys": {version: 32 bytes}, "index": 32 bytes, "audit": 32 bytes}."""
        _check_keyring(keyring, cipher)
        self._cipher = _CIPHERS[cipher]
        self._masters: dict[str, bytes] = dict(keyring["keys"])
        self._current: str = keyring["current"]
        self._index_key: bytes = keyring["index"]
        self._audit_key: bytes = keyring["audit"]
        self._kind_keys: dict[str, bytes] = {}
        self._wrapping: dict[tuple[int, str], bytes] = {}

    # -- keys of persons

    def new_person_key(self) -> WrappedKey:
        """A fresh random key for one person, wrapped by the current master key."""
        return self._new_key()[0]

    def seal_new_person(self, plaintext: bytes, *, context: bytes) -> tuple[WrappedKey, bytes]:
        """`new_person_key` and `seal` at once, without unwrapping in between: what an import does for each row."""
        wrapped, key, key_id = self._new_key()
        return wrapped, self._seal(self._cipher, key, key_id, plaintext, context)

    def rewrap(self, wrapped: WrappedKey | bytes | None) -> WrappedKey:
        """The same person's key under the current master key; the person's sealed values stay as they are."""
        cipher, key, key_id = self._unwrap(wrapped)
        return self._wrap(cipher, key, key_id)

    def needs_rewrap(self, wrapped: WrappedKey | bytes) -> bool:
        """Whether an older master key wraps it."""
        return master_version(wrapped) != self._current

    # -- values

    def seal(self, wrapped: WrappedKey | bytes | None, plaintext: bytes, *, context: bytes) -> bytes:
        """`plaintext` sealed under the person's key, bound to `context`. Raises ErasedPerson, TamperedValue."""
        cipher, key, key_id = self._unwrap(wrapped)
        return self._seal(cipher, key, key_id, plaintext, context)

    def open_sealed(self, wrapped: WrappedKey | bytes | None, sealed: bytes, *, context: bytes) -> bytes:
        """What was sealed. Raises ErasedPerson when the key is gone, TamperedValue when anything does not match."""
        cipher, key, key_id = self._unwrap(wrapped)
        head = bytes((cipher.number,)) + key_id
        body = 1 + KEY_ID_BYTES
        sealed = bytes(sealed)
        if sealed[:body] != head or len(sealed) < body + NONCE_BYTES + TAG_BYTES:
            raise TamperedValue
        try:
            return cipher.decrypt(key, sealed[body : body + NONCE_BYTES], sealed[body + NONCE_BYTES :], head + context)
        except InvalidTag:
            raise TamperedValue from None

    # -- keyed indexes

    def blind_index(self, kind: str, value: str) -> bytes:
        """16 bytes that equal values of one `kind` share (HMAC-SHA-256, truncated). The caller normalises `value`."""
        return hmac.digest(self._kind_key(kind), value.encode(), "sha256")[:INDEX_BYTES]

    def blind_index64(self, kind: str, value: str) -> int:
        """As `blind_index`, as a signed 64-bit integer for bigint columns. Collisions are possible: confirm a hit."""
        return int.from_bytes(hmac.digest(self._kind_key(kind), value.encode(), "sha256")[:8], "big", signed=True)

    def blind_indexes(self, kind: str, values: Iterable[str]) -> list[bytes]:
        """`blind_index` of each value, in order."""
        key, digest = self._kind_key(kind), hmac.digest
        return [digest(key, value.encode(), "sha256")[:INDEX_BYTES] for value in values]

    def audit_mark(self, kind: str, value: str) -> bytes:
        """The keyed hash of a value for the audit log; its own key, so the log can't be joined to the tables."""
        return hmac.digest(self._audit_key, kind.encode() + b"\0" + value.encode(), "sha256")[:INDEX_BYTES]

    # -- inside

    def _new_key(self) -> tuple[WrappedKey, bytes, bytes]:
        size = self._cipher.key_bytes
        noise = os.urandom(size + KEY_ID_BYTES)
        key, key_id = noise[:size], noise[size:]
        return self._wrap(self._cipher, key, key_id), key, key_id

    def _wrap(self, cipher: Aead, key: bytes, key_id: bytes) -> WrappedKey:
        version = self._current.encode()
        head = bytes((cipher.number, len(version))) + version + key_id
        nonce = os.urandom(NONCE_BYTES)
        master = self._wrapping_key(cipher, self._current)
        return WrappedKey(head + nonce + cipher.encrypt(master, nonce, key, head + _WRAP_CONTEXT))

    def _unwrap(self, wrapped: WrappedKey | bytes | None) -> tuple[Aead, bytes, bytes]:
        if not wrapped:
            raise ErasedPerson
        wrapped = bytes(wrapped)
        version = master_version(wrapped)
        cipher = _BY_NUMBER[wrapped[0]]
        if version not in self._masters:
            raise UnknownKeyVersion(version)
        end = 2 + wrapped[1] + KEY_ID_BYTES
        head, nonce, body = wrapped[:end], wrapped[end : end + NONCE_BYTES], wrapped[end + NONCE_BYTES :]
        if len(body) != cipher.key_bytes + TAG_BYTES:
            raise TamperedValue
        try:
            key = cipher.decrypt(self._wrapping_key(cipher, version), nonce, body, head + _WRAP_CONTEXT)
        except InvalidTag:
            raise TamperedValue from None
        return cipher, key, head[-KEY_ID_BYTES:]

    def _seal(self, cipher: Aead, key: bytes, key_id: bytes, plaintext: bytes, context: bytes) -> bytes:
        head = bytes((cipher.number,)) + key_id
        nonce = os.urandom(NONCE_BYTES)
        return head + nonce + cipher.encrypt(key, nonce, plaintext, head + context)

    def _wrapping_key(self, cipher: Aead, version: str) -> bytes:
        """The master key cut for one cipher, so that no key is ever used by two algorithms."""
        slot = cipher.number, version
        if slot not in self._wrapping:
            label = b"qianshou/wrap/%d" % cipher.number
            self._wrapping[slot] = hmac.digest(self._masters[version], label, "sha256")[: cipher.key_bytes]
        return self._wrapping[slot]

    def _kind_key(self, kind: str) -> bytes:
        key = self._kind_keys.get(kind)
        if key is None:
            key = self._kind_keys[kind] = hmac.digest(self._index_key, b"qianshou/index/" + kind.encode(), "sha256")
        return key


def master_version(wrapped: WrappedKey | bytes) -> str:
    """The version of the master key that wraps this key, read from its header. Raises TamperedValue on nonsense."""
    wrapped = bytes(wrapped)
    if len(wrapped) < 2 or wrapped[0] not in _BY_NUMBER or len(wrapped) < 2 + wrapped[1]:
        raise TamperedValue
    try:
        return wrapped[2 : 2 + wrapped[1]].decode()
    except UnicodeDecodeError:
        raise TamperedValue from None


def _check_keyring(keyring: Mapping[str, Any], cipher: str) -> None:
    """Raises ImproperlyConfigured, never printing a key."""
    if cipher not in _CIPHERS:
        raise ImproperlyConfigured(f"QIANSHOU_CIPHER must be one of {sorted(_CIPHERS)}")
    missing = {"current", "keys", "index", "audit"} - set(keyring)
    if missing:
        raise ImproperlyConfigured(f"QIANSHOU_KEYRING lacks {sorted(missing)}")
    if keyring["current"] not in keyring["keys"]:
        raise ImproperlyConfigured("QIANSHOU_KEYRING: the current version has no key")
    secrets = [*keyring["keys"].values(), keyring["index"], keyring["audit"]]
    if any(not isinstance(secret, bytes) or len(secret) != 32 for secret in secrets):
        raise ImproperlyConfigured("QIANSHOU_KEYRING: every key is exactly 32 bytes")
    if len(set(secrets)) != len(secrets):
        raise ImproperlyConfigured("QIANSHOU_KEYRING: no key may serve two purposes")
    if any(not version or len(version.encode()) > 32 for version in keyring["keys"]):
        raise ImproperlyConfigured("QIANSHOU_KEYRING: a version is 1 to 32 bytes long")


_held: tuple[object, str, Vault] | None = None


def vault() -> Vault:
    """The vault of the settings in force; made once, and again only when the settings object changes."""
    global _held
    keyring, cipher = settings.QIANSHOU_KEYRING, getattr(settings, "QIANSHOU_CIPHER", "aes-gcm")
    if _held is None or _held[0] is not keyring or _held[1] != cipher:
        _held = keyring, cipher, Vault(keyring, cipher)
    return _held[2]


def new_person_key() -> WrappedKey:
    """See `Vault.new_person_key`."""
    return vault().new_person_key()


def seal(wrapped: WrappedKey | bytes | None, plaintext: bytes, *, context: bytes) -> bytes:
    """See `Vault.seal`."""
    return vault().seal(wrapped, plaintext, context=context)


def open_sealed(wrapped: WrappedKey | bytes | None, sealed: bytes, *, context: bytes) -> bytes:
    """See `Vault.open_sealed`."""
    return vault().open_sealed(wrapped, sealed, context=context)


def blind_index(kind: str, value: str) -> bytes:
    """See `Vault.blind_index`."""
    return vault().blind_index(kind, value)


def blind_index64(kind: str, value: str) -> int:
    """See `Vault.blind_index64`."""
    return vault().blind_index64(kind, value)
