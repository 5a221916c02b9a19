"""Tokens that open something: random, given out once, and kept only as a hash, which opens nothing."""

import hashlib
import secrets

_BYTES = 32  # 256 random bits: nobody guesses them, so a plain hash without salt is enough


def new_token() -> str:
    """A token to give out, of 43 characters that a URL may hold."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> str:
    """What is kept of a token: SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
