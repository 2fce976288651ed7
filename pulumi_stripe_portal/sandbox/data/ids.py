"""Ids that look like Stripe's and are the same on every run."""

import hashlib

__all__ = ["alphanumeric"]

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def alphanumeric(seed: str, length: int) -> str:
    """*length* (at most 40) letters and digits derived from *seed* alone."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(digits)
