"""The RSA key that camera passwords are encrypted with (4.1)."""

import asyncio
import base64
import binascii
from functools import cache

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .error_codes import Code, Refusal


def _generate() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def _shared() -> rsa.RSAPrivateKey:
    """Make the first key of the process; boxes share it because it is slow to make."""
    return _generate()


class RsaKey:
    """A 2048-bit key, made when first asked for."""

    def __init__(self) -> None:
        """Start without a key."""
        self._key: rsa.RSAPrivateKey | None = None

    async def _private(self) -> rsa.RSAPrivateKey:
        if self._key is None:
            self._key = await asyncio.to_thread(_shared)
        return self._key

    async def rotate(self) -> None:
        """Replace the key; passwords encrypted with the old one are refused."""
        self._key = await asyncio.to_thread(_generate)

    async def public_pem(self) -> str:
        """Return the public key as PEM (SubjectPublicKeyInfo)."""
        key = (await self._private()).public_key()
        return key.public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        ).decode()

    async def decrypt(self, encrypted: str) -> str:
        """Decrypt base64 of a PKCS#1 v1.5 ciphertext, or refuse with code 2."""
        key = await self._private()
        try:
            cipher = base64.b64decode(encrypted, validate=True)
            if len(cipher) != key.key_size // 8:
                raise Refusal(Code.INVALID_ARGUMENTS)
            plain = key.decrypt(cipher, padding.PKCS1v15())
            password = plain.decode()
        except (binascii.Error, ValueError) as error:
            raise Refusal(Code.INVALID_ARGUMENTS) from error
        # Decrypting with the wrong key yields random bytes instead of an error.
        if not 0 < len(password) <= 64 or not password.isprintable():
            raise Refusal(Code.INVALID_ARGUMENTS)
        return password
