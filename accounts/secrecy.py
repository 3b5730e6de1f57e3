"""Secrets that must be read again, such as the key of a second factor: encrypted with keys made of SECRET_KEY."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"duoplus second factor"


def encrypt(text: str) -> str:
    """Encrypted and signed with the present key."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    """The text again; raise cryptography.fernet.InvalidToken when neither the present nor a former key fits."""
    return _keys().decrypt(encrypted.encode()).decode()


def renewed(encrypted: str) -> str:
    """The same secret under the present key; raise InvalidToken as `decrypt` does."""
    return _keys().rotate(encrypted.encode()).decode()


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(urlsafe_b64encode(derived))
