import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from cerco.lab.certs import VALID, make
from cerco.lab.standin import HOSTS

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def verify(directory: Path, host: str, at: datetime) -> None:
    files = make(directory, NOW)
    authority = x509.load_pem_x509_certificate(files.ca.read_bytes())
    leaf = x509.load_pem_x509_certificates(files.chain.read_bytes())[0]
    PolicyBuilder().store(Store([authority])).time(at).build_server_verifier(x509.DNSName(host)).verify(leaf, [])


@pytest.mark.parametrize("host", [*HOSTS, "zjk-dualstack.trans.dingtalk.com", "api.dingtalk.io"])
def test_every_host_is_certified(tmp_path: Path, host: str) -> None:
    verify(tmp_path, host, NOW)


@pytest.mark.parametrize("host", ["www.example.com", "a.b.trans.dingtalk.com", "dingtalk.com.example.test"])
def test_other_names_are_not(tmp_path: Path, host: str) -> None:
    with pytest.raises(VerificationError):
        verify(tmp_path, host, NOW)


def test_nothing_is_valid_for_long(tmp_path: Path) -> None:
    verify(tmp_path, "api.dingtalk.com", NOW + VALID - timedelta(hours=2))
    with pytest.raises(VerificationError):
        verify(tmp_path, "api.dingtalk.com", NOW + VALID)


def test_the_key_is_private_and_belongs_to_the_chain(tmp_path: Path) -> None:
    files = make(tmp_path, datetime.now(UTC))
    assert files.key.stat().st_mode & 0o777 == 0o600
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(files.chain, files.key)
