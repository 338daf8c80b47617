"""The second factor: a code of an authenticator (RFC 6238), or one of ten recovery codes.

Our own thirty lines instead of allauth.mfa: that package cannot be had without allauth's account app, its e-mail tables
and its middleware, keeps the secret unsealed, and remembers used codes in the cache only.
"""

from __future__ import annotations

import hmac
import secrets
import struct
from base64 import b32encode
from datetime import timedelta
from urllib.parse import quote, urlencode

from django.utils import timezone

from accounts.models import SecondFactor, SlipPurpose, User
from accounts.services.slips import open_slip, use_slip
from core import audit
from core.errors import Conflict, Invalid, Refused
from core.lists.terms import open_alone, seal_alone
from core.privacy import crypto
from core.scoping import Actor, service

STEP_SECONDS = 30
DIGITS = 6
RECOVERY_CODES = 10
FAILURES = 5
LOCKED_FOR = timedelta(minutes=30)
CODE, RECOVERY, SLIP = "code", "recovery", "slip"


def code_at(secret: bytes, step: int) -> str:
    """The six digits of one half minute (RFC 4226 §5.3)."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 0x0F
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**DIGITS:0{DIGITS}}"


def address_for(user: User, secret: bytes) -> str:
    """What the authenticator reads from the picture."""
    wanted = urlencode({"secret": b32encode(secret).decode(), "issuer": "牵手"}, quote_via=quote)
    return f"otpauth://totp/{quote('牵手:' + user.username)}?{wanted}"


def is_set_up(user: User) -> bool:
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def pending_secret(user: User) -> bytes | None:
    """The secret waiting for its first code."""
    row = SecondFactor.objects.filter(user=user, pending__isnull=False).first()
    return open_alone(bytes(row.pending), context=_context(user)) if row and row.pending else None


@service
def begin_second_factor(actor: Actor, *, user: User) -> None:
    """A new secret, waiting for its first code; the one in use stays until then."""
    sealed = seal_alone(secrets.token_bytes(20), context=_context(user))
    SecondFactor.objects.update_or_create(user=user, defaults={"pending": sealed})


@service
def confirm_second_factor(actor: Actor, *, user: User, code: str) -> list[str]:
    """Take the new secret into use; returns recovery codes, shown once. Raises Invalid on a wrong code."""
    row = SecondFactor.objects.select_for_update().filter(user=user, pending__isnull=False).first()
    if row is None or row.pending is None:
        raise Conflict("nothing_pending", "请先开始设置。")
    step = _matching_step(open_alone(bytes(row.pending), context=_context(user)), code, after=0)
    if step is None:
        raise _wrong()
    row.sealed, row.pending, row.last_step, row.confirmed_at = row.pending, None, step, timezone.now()
    row.failures, row.locked_until = 0, None
    codes = _new_recovery(row)
    row.save()
    audit.record(actor, "second_factor.confirmed", user=user.pk)
    return codes


@service
def renew_recovery_codes(actor: Actor, *, user: User) -> list[str]:
    """Ten new codes, shown once; the old ones are void."""
    row = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
    if row is None:
        raise Conflict("no_second_factor", "请先设置第二验证。")
    codes = _new_recovery(row)
    row.save()
    audit.record(actor, "second_factor.recovery_renewed", user=user.pk)
    return codes


def check_second_factor(actor: Actor, *, user: User, code: str) -> str:
    """Which way the code was right: `code`, `recovery` or `slip` (the factor is then gone and set up anew).

    Raises Invalid on a wrong code and Refused while locked after five; a failure is counted even so."""
    how = _try(actor, user=user, code=code)
    if how == "locked":
        raise Refused("second_factor_locked", "连续输错 5 次，第二验证已锁定 30 分钟，请稍后再试。")
    if not how:
        raise _wrong()
    return how


@service
def _try(actor: Actor, *, user: User, code: str) -> str:
    row = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
    if row is None or row.sealed is None:
        raise Conflict("no_second_factor", "请先设置第二验证。")
    now = timezone.now()
    if row.locked_until and row.locked_until > now:
        return "locked"
    how = _how(row, user, code)
    if not how:
        row.failures += 1
        if row.failures >= FAILURES:
            row.failures, row.locked_until = 0, now + LOCKED_FOR
            audit.record(actor, "second_factor.locked", user=user.pk)
        row.save()
        return ""
    row.failures, row.locked_until = 0, None
    if how == SLIP:
        row.delete()
    else:
        row.save()
    audit.record(actor, f"second_factor.passed_by_{how}", user=user.pk)
    return how


def _how(row: SecondFactor, user: User, code: str) -> str:
    given = "".join(code.split())
    if given.isascii() and given.isdecimal() and len(given) == DIGITS:
        step = _matching_step(open_alone(bytes(row.sealed or b""), context=_context(user)), given, after=row.last_step)
        row.last_step = step or row.last_step
        return CODE if step else ""
    bare = given.lower().replace("-", "")
    mark = _recovery_mark(user.pk, bare)
    if mark in row.recovery:
        row.recovery = [stored for stored in row.recovery if stored != mark]
        return RECOVERY
    slip = open_slip(user, given, SlipPurpose.SECOND_FACTOR)
    return SLIP if slip is not None and use_slip(slip) else ""


def _matching_step(secret: bytes, code: str, *, after: int) -> int | None:
    """The half minute the code belongs to: now, the one before or the next (clocks differ); each is good once."""
    now = int(timezone.now().timestamp()) // STEP_SECONDS
    given = "".join(code.split())
    right = [
        s
        for s in (now - 1, now, now + 1)
        if s > after and hmac.compare_digest(code_at(secret, s).encode(), given.encode())
    ]
    return right[0] if right else None


def _new_recovery(row: SecondFactor) -> list[str]:
    codes = [f"{secrets.token_hex(4)}-{secrets.token_hex(4)}" for _ in range(RECOVERY_CODES)]
    # Keyed by the vault: 64 random bits need no slow hash, and a slow one would cost ten of them at each wrong try.
    row.recovery = [_recovery_mark(row.user_id, code.replace("-", "")) for code in codes]
    return codes


def _recovery_mark(user_id: int, bare: str) -> str:
    return crypto.vault().blind_index("recovery-code", f"{user_id}:{bare}").hex()


def _wrong() -> Invalid:
    return Invalid("wrong_code", "验证码不对或已用过。", {"code": ["验证码不对或已用过，请看验证器上的新码再试。"]})


def _context(user: User) -> bytes:
    return f"second-factor:{user.pk}".encode()
