"""Sealing requests and opening answers: AES-128-GCM, its key under RSA-OAEP with SHA-256.

Source: https://developers.facebook.com/docs/whatsapp/flows/guides/implementingyourflowendpoint
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from flowsync.errors import UsageFailure
from flowsync.preview.endpoint.failures import failed
from flowsync.render.style import short

KEY_BITS = 2048
_AES_KEY_BYTES = 16
_VECTOR_BYTES = 16
_TAG_BYTES = 16
_PADDING = padding.OAEP(
    mgf=padding.MGF1(algorithm=hashes.SHA256()), algorithm=hashes.SHA256(), label=None
)

PublicKey = rsa.RSAPublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The AES key of an exchange and the vector of its request; the answer's is the inverse."""

    key: bytes = field(repr=False)
    vector: bytes = field(repr=False)

    @property
    def answer_vector(self) -> bytes:
        """Give the vector with every bit inverted."""
        return bytes(byte ^ 0xFF for byte in self.vector)


def new_seal() -> Seal:
    """Give a fresh key and vector from the system's randomness."""
    return Seal(key=os.urandom(_AES_KEY_BYTES), vector=os.urandom(_VECTOR_BYTES))


def read_public_key(pem: bytes) -> PublicKey:
    """Read a public key in PEM form. Raises `UsageFailure` where it is none that can be used."""
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm) as exc:
        raise UsageFailure(
            'the public key cannot be read. It should be PEM text that begins with "-----BEGIN '
            'PUBLIC KEY-----".'
        ) from exc
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size != KEY_BITS:
        bits = f"{key.key_size} bits" if isinstance(key, rsa.RSAPublicKey) else "no RSA key"
        raise UsageFailure(
            f"the public key has {bits}; the platform takes RSA of {KEY_BITS} bits. Make a new one."
        )
    return key


def sealed(plain: bytes, seal: Seal, public_key: PublicKey) -> bytes:
    """Give the body of the request that carries `plain`."""
    body = {
        "encrypted_flow_data": AESGCM(seal.key).encrypt(seal.vector, plain, None),
        "encrypted_aes_key": public_key.encrypt(seal.key, _PADDING),
        "initial_vector": seal.vector,
    }
    return json.dumps(
        {name: base64.b64encode(value).decode("ascii") for name, value in body.items()}
    ).encode("ascii")


def signature(body: bytes, app_secret: str) -> str:
    """Give the value of the header X-Hub-Signature-256 for a raw body."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def opened(content: bytes, seal: Seal) -> bytes:
    """Give what an answer holds. Raises `ExchangeFailed`, which says what is most likely wrong."""
    try:
        encrypted = base64.b64decode(content.strip(), validate=True)
    except (binascii.Error, ValueError) as exc:
        shown = short(content[:200].decode("utf-8", "replace"))
        raise failed(f"the endpoint's answer {_not_base64(content)}: {shown}.") from exc
    plain = _decrypted(encrypted, seal.key, seal.answer_vector)
    if plain is not None:
        return plain
    if _decrypted(encrypted, seal.key, seal.vector) is not None:
        raise failed(
            "the endpoint's answer is encrypted with the request's initial vector. Invert every "
            "bit of the vector first."
        )
    raise failed(
        "the endpoint's answer cannot be decrypted. It is base64 of the ciphertext followed by the "
        "16 bytes of its tag, with the AES key of the request and its vector inverted."
    )


def _decrypted(encrypted: bytes, key: bytes, vector: bytes) -> bytes | None:
    if len(encrypted) < _TAG_BYTES:
        return None
    try:
        return AESGCM(key).decrypt(vector, encrypted, None)
    except InvalidTag:
        return None


def _not_base64(content: bytes) -> str:
    start = content.strip()[:1]
    if start == b"{":
        return "is JSON that is not encrypted"
    if start == b'"':
        return "is a text in quotes; send the base64 as plain text"
    return "is not base64"


def new_key_pair() -> tuple[bytes, bytes]:
    """Give a new private key, without a password, and its public key, both as PEM."""
    pem = serialization.Encoding.PEM
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private, public
