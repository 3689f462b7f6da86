from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from flowsync.errors import FlowsyncError, UsageFailure
from flowsync.preview.endpoint.answers import check_health
from flowsync.preview.endpoint.encrypted.endpoint import encrypted_endpoint
from flowsync.preview.endpoint.encrypted.keys import (
    KeyPair,
    generate_key_pair,
    key_pair_in,
    public_key_from,
)
from flowsync.preview.endpoint.encrypted.sealing import (
    Seal,
    new_seal,
    opened,
    read_public_key,
    sealed,
    signature,
)
from flowsync.preview.engine.exchange import Answer, Endpoint, ExchangeFailed, Request
from tests.preview.endpoint.serving import (
    APP_SECRET,
    AuthorsEndpoint,
    Canned,
    decrypted,
    decrypted_key,
    serving,
)

ASKED = Request(action="data_exchange", screen="DATE", data={"day": "mön"}, flow_token="token-1")
ENV = {"MY_APP_SECRET": APP_SECRET}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    """A pair of keys, made once: that takes a while."""
    return generate_key_pair(tmp_path_factory.mktemp("pair") / "keys")


@pytest.fixture(scope="module")
def other_pair(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    """Another one."""
    return generate_key_pair(tmp_path_factory.mktemp("other") / "keys")


def answering(request: dict[str, Any]) -> dict[str, Any]:
    """Answer as an author's code would."""
    if request["action"] == "ping":
        return {"data": {"status": "active"}}
    return {"screen": "SUMMARY", "data": {"text": f"You chose {request['data'].get('day')}"}}


def authors(pair: KeyPair, **options: Any) -> AuthorsEndpoint:
    return AuthorsEndpoint(pair.private_key.read_bytes(), answering, **options)


def endpoint_at(url: str, pair: KeyPair, **options: Any) -> Endpoint:
    return encrypted_endpoint(url, public_key_from(pair.public_key), time_limit=5, **options)


def failure_of(endpoint: Endpoint) -> ExchangeFailed:
    with pytest.raises(ExchangeFailed) as raised:
        endpoint(ASKED)
    return raised.value


# --- the whole way ---


def test_a_request_is_read_by_the_endpoint_and_its_answer_by_us(pair: KeyPair) -> None:
    author = authors(pair)
    with serving(author) as url:
        endpoint = endpoint_at(f"{url}/flow", pair)
        answer = endpoint(ASKED)
        check_health(endpoint)
    assert answer == Answer(screen="SUMMARY", data={"text": "You chose mön"})
    assert author.decrypted == [
        {
            "version": "3.0",
            "action": "data_exchange",
            "screen": "DATE",
            "data": {"day": "mön"},
            "flow_token": "token-1",
        },
        {"version": "3.0", "action": "ping"},
    ]
    bodies = [json.loads(asked.body) for asked in author.asked]
    assert all(
        set(body) == {"encrypted_flow_data", "encrypted_aes_key", "initial_vector"}
        for body in bodies
    )
    assert bodies[0]["initial_vector"] != bodies[1]["initial_vector"]
    assert all("x-hub-signature-256" not in asked.headers for asked in author.asked)
    assert all(b"token-1" not in asked.body for asked in author.asked)


def test_requests_are_signed_with_the_app_secret(pair: KeyPair) -> None:
    with serving(authors(pair, app_secret=APP_SECRET)) as url:
        signed = endpoint_at(url, pair, app_secret_variable="MY_APP_SECRET", env=ENV)
        assert signed(ASKED).screen == "SUMMARY"
        wrong = endpoint_at(url, pair, app_secret_variable="OTHER", env={"OTHER": "other-secret"})
        failure = failure_of(wrong)
        assert failure.status == 432
        assert "other-secret" not in failure.message
        assert failure_of(endpoint_at(url, pair)).status == 432


def test_421_reads_the_key_anew_and_asks_once_more(pair: KeyPair, other_pair: KeyPair) -> None:
    author = authors(pair)
    keys: Iterator[bytes] = iter([other_pair.public_key.read_bytes(), pair.public_key.read_bytes()])
    with serving(author) as url:
        endpoint = encrypted_endpoint(url, lambda: next(keys))
        assert endpoint(ASKED).screen == "SUMMARY"
        assert endpoint(ASKED).screen == "SUMMARY"
    assert author.statuses == [421, 200, 200]


def test_421_twice_is_a_failure_that_says_what_to_look_at(
    pair: KeyPair, other_pair: KeyPair
) -> None:
    author = authors(other_pair)
    with serving(author) as url:
        failure = failure_of(endpoint_at(url, pair))
    assert author.statuses == [421, 421]
    assert failure.status == 421
    assert "private key that belongs to the public key" in failure.message


def test_a_key_that_cannot_be_read_anew_is_a_failure_of_the_exchange(
    pair: KeyPair, other_pair: KeyPair
) -> None:
    keys = iter([pair.public_key.read_bytes(), b"no key"])
    with serving(authors(other_pair)) as url:
        failure = failure_of(encrypted_endpoint(url, lambda: next(keys)))
    assert failure.status == 421
    assert "the public key cannot be read" in failure.message


def test_427_shows_the_message_that_the_endpoint_encrypted(pair: KeyPair) -> None:
    with serving(authors(pair, expired=("token-1",))) as url:
        failure = failure_of(endpoint_at(url, pair))
    assert failure.status == 427
    assert failure.shown == "This link was used already."


@pytest.mark.parametrize("body", [b'{"error_msg": "Used."}', b"", b"AAAA", b"\xff"])
def test_427_is_read_without_encryption_too_and_without_a_message(
    pair: KeyPair, body: bytes
) -> None:
    with serving(Canned("427 Expired", body)) as url:
        failure = failure_of(endpoint_at(url, pair))
    assert failure.status == 427
    assert failure.shown == ("Used." if b"Used." in body else "This form can no longer be used.")


@pytest.mark.parametrize("status", [302, 404, 500])
def test_other_statuses_are_general_errors(pair: KeyPair, status: int) -> None:
    with serving(Canned(f"{status} Status", headers=[("Location", "/x")])) as url:
        assert failure_of(endpoint_at(url, pair)).status == status


# --- answers that cannot be opened ---


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"screen": "A"}', 'is JSON that is not encrypted: "{"screen": "A"}"'),
        (b'"AAAA"', "is a text in quotes; send the base64 as plain text"),
        (b"not base64!", "is not base64"),
        (b"AAAA", "cannot be decrypted"),
        (base64.b64encode(b"x" * 64), "cannot be decrypted"),
        (b"", "cannot be decrypted"),
    ],
)
def test_an_answer_that_cannot_be_opened_is_said_with_the_likely_reason(
    pair: KeyPair, body: bytes, said: str
) -> None:
    with serving(Canned(body=body)) as url:
        assert said in failure_of(endpoint_at(url, pair)).message


def test_a_vector_that_was_not_inverted_is_told_as_such(pair: KeyPair) -> None:
    with serving(authors(pair, flips=False)) as url:
        assert "Invert every bit" in failure_of(endpoint_at(url, pair)).message


def test_a_line_end_after_the_base64_does_no_harm() -> None:
    assert opened(ANSWER + b"\n", SEAL) == b'{"data":{"status":"active"}}'


# --- the format, with values that Node's crypto module gave for the same keys ---

SEAL = Seal(key=bytes(range(16)), vector=bytes(range(16, 32)))
REQUEST = b"vryB0w/BTee4OvmgkgEf9dnfQfwZb8iWi7yl5iotFMJeuQl749lOptdzv/L1T2V2PA=="
ANSWER = b"IHgL0mWXHJ6FDPLH6+aygF5BfT+mPzwvzktiKvlmYpg8eFKqJX/07YVStaI="
HMAC = "1e4ea9278c8780814acb7645e7036d035a5208f989f56d3d6797adbc5d396cca"


def test_a_request_is_encrypted_as_the_known_answer_says(pair: KeyPair) -> None:
    key = read_public_key(pair.public_key.read_bytes())
    body = json.loads(sealed(b'{"version":"3.0","action":"ping"}', SEAL, key))
    assert body["encrypted_flow_data"].encode() == REQUEST
    assert base64.b64decode(body["initial_vector"]) == bytes(range(16, 32))
    sealed_key = base64.b64decode(body["encrypted_aes_key"])
    assert len(sealed_key) == 256
    assert decrypted_key(pair.private_key.read_bytes(), sealed_key) == bytes(range(16))


def test_an_answer_is_opened_as_the_known_answer_says() -> None:
    assert opened(ANSWER, SEAL) == b'{"data":{"status":"active"}}'
    assert SEAL.answer_vector == bytes(range(0xEF, 0xDF, -1))


def test_a_changed_answer_is_not_taken() -> None:
    changed = bytearray(base64.b64decode(ANSWER))
    changed[3] ^= 1
    with pytest.raises(ExchangeFailed, match="cannot be decrypted"):
        opened(base64.b64encode(changed), SEAL)


def test_a_signature_is_the_known_one() -> None:
    assert signature(b'{"a":"b"}', APP_SECRET) == f"sha256={HMAC}"


def test_every_exchange_has_a_key_and_a_vector_of_its_own() -> None:
    seals = [new_seal() for _ in range(50)]
    assert len({seal.key for seal in seals}) == len({seal.vector for seal in seals}) == 50
    assert {(len(seal.key), len(seal.vector)) for seal in seals} == {(16, 16)}
    assert seals[0].key.hex() not in repr(seals[0])


# --- the app secret ---


def test_the_app_secret_is_in_no_message_even_where_the_endpoint_repeats_it(
    pair: KeyPair,
) -> None:
    options = {"app_secret_variable": "MY_APP_SECRET", "env": ENV}
    for status, body in (
        ("200 OK", f'{{"secret": "{APP_SECRET}"}}'.encode()),
        ("427 Expired", f'{{"error_msg": "{APP_SECRET}"}}'.encode()),
        ("500 Broken", APP_SECRET.encode()),
    ):
        with serving(Canned(status, body)) as url:
            failure = failure_of(endpoint_at(url, pair, **options))
        assert APP_SECRET not in failure.message + failure.shown

    def leaking(request: dict[str, Any]) -> dict[str, Any]:
        return {"screen": "A", "data": {"seen": APP_SECRET}}

    with serving(AuthorsEndpoint(pair.private_key.read_bytes(), leaking)) as url:
        answer = endpoint_at(url, pair, **options)(ASKED)
    assert answer.data == {"seen": "***"}


@pytest.mark.parametrize("env", [{}, {"MY_APP_SECRET": ""}])
def test_a_secret_that_is_not_there_is_named_by_its_variable(
    pair: KeyPair, env: dict[str, str]
) -> None:
    with pytest.raises(UsageFailure, match="MY_APP_SECRET is not set"):
        endpoint_at("http://127.0.0.1:1", pair, app_secret_variable="MY_APP_SECRET", env=env)


@pytest.mark.parametrize("secret", ["short", "with\r\nX-Other: 1", " padded-secret "])
def test_a_secret_that_is_none_is_refused_and_not_shown(pair: KeyPair, secret: str) -> None:
    with pytest.raises(UsageFailure, match="holds no app secret") as raised:
        endpoint_at("http://127.0.0.1:1", pair, app_secret_variable="S", env={"S": secret})
    assert secret.strip() not in str(raised.value)


# --- keys and where they are kept ---


def test_a_pair_of_keys_is_made_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / ".flowsync" / "keys"
    assert key_pair_in(folder) is None
    made = generate_key_pair(folder)
    assert key_pair_in(folder) == made
    assert folder.stat().st_mode & 0o777 == 0o700
    for file in (made.private_key, made.public_key):
        assert file.parent == folder
        assert file.stat().st_mode & 0o777 == 0o600
    private = serialization.load_pem_private_key(made.private_key.read_bytes(), password=None)
    assert isinstance(private, rsa.RSAPrivateKey)
    assert private.key_size == 2048
    public = read_public_key(public_key_from(made.public_key)())
    assert public.public_numbers() == private.public_key().public_numbers()


@pytest.mark.parametrize("name", ["endpoint-private.pem", "endpoint-public.pem"])
def test_a_key_that_is_there_is_not_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("kept")
    with pytest.raises(FlowsyncError, match="is there already"):
        generate_key_pair(tmp_path)
    assert (tmp_path / name).read_text() == "kept"
    assert key_pair_in(tmp_path) is None
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_link_in_the_place_of_a_key_is_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside.pem"
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "endpoint-private.pem").symlink_to(outside)
    with pytest.raises(FlowsyncError, match="is there already"):
        generate_key_pair(folder)
    assert not outside.exists()


def test_keys_that_cannot_be_written_end_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FlowsyncError, match="the keys cannot be written to"):
        generate_key_pair(tmp_path / "file")


def pem_of(key: Any) -> bytes:
    pem: bytes = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: b"", "cannot be read"),
        (lambda: b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "cannot be read"),
        (lambda: pem_of(rsa.generate_private_key(65537, 1024)), "has 1024 bits"),
        (lambda: pem_of(ec.generate_private_key(ec.SECP256R1())), "has no RSA key"),
    ],
)
def test_a_key_that_the_platform_would_not_take_is_refused(make: Any, said: str) -> None:
    with pytest.raises(UsageFailure, match=said):
        encrypted_endpoint("http://127.0.0.1:1", make)


def test_a_private_key_in_the_place_of_the_public_one_is_refused_and_not_shown(
    pair: KeyPair,
) -> None:
    private = pair.private_key.read_bytes()
    with pytest.raises(UsageFailure) as raised:
        encrypted_endpoint("http://127.0.0.1:1", lambda: private)
    assert private.decode().splitlines()[1] not in str(raised.value)


def test_a_key_file_that_is_not_there_or_too_large_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageFailure, match=r"gone\.pem cannot be read: no such file"):
        public_key_from(tmp_path / "gone.pem")()
    (tmp_path / "large.pem").write_bytes(b"x" * 70_000)
    with pytest.raises(UsageFailure, match="more than 65,536 bytes"):
        public_key_from(tmp_path / "large.pem")()


# --- without the package ---


def test_without_cryptography_a_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    for call in (
        lambda: encrypted_endpoint("http://127.0.0.1:1", lambda: b""),
        lambda: generate_key_pair(tmp_path / "keys"),
    ):
        with pytest.raises(FlowsyncError, match=r'pip install "flowsync\[endpoint\]"'):
            call()
    assert not (tmp_path / "keys").exists()


def test_another_machine_is_asked_only_where_that_is_allowed(pair: KeyPair) -> None:
    with pytest.raises(UsageFailure, match="on another machine"):
        endpoint_at("https://example.com/flow", pair)
    endpoint_at("https://example.com/flow", pair, allow_remote=True)


def test_the_tests_endpoint_undoes_what_it_does() -> None:
    assert decrypted(SEAL.key, SEAL.vector, base64.b64decode(REQUEST)).startswith(b'{"version"')
