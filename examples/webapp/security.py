"""Passwords and tokens, with the standard library only."""

from __future__ import annotations

import hashlib
import secrets

__all__ = ["digest", "hash_password", "new_token", "password_matches"]

_COST = {"n": 2**14, "r": 8, "p": 1}


def hash_password(password: str) -> str:
    """Return what is stored of a password: salt and scrypt, as hex."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_scrypt(password, salt)}"


def password_matches(password: str, stored: str) -> bool:
    """Tell whether this is the password."""
    salt, _, wanted = stored.partition("$")
    return secrets.compare_digest(_scrypt(password, bytes.fromhex(salt)), wanted)


def new_token() -> str:
    """Return a text that nobody guesses."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what is stored of a token, which is of no use to who reads it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _scrypt(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode(), salt=salt, **_COST).hex()
