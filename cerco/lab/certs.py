"""A certificate authority of the stand-in's own, and one certificate for every host name it plays.

In:    a directory and the time of issue.
Out:   `lab-ca.pem`, `lab-chain.pem`, `lab-key.pem` in that directory.
Never: a key that outlives a test run by long: everything expires after `VALID`.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID = timedelta(days=30)

# A wildcard stands for one label only, so the object stores' deeper names need entries of their own.
NAMES = (
    "dingtalk.com",
    "*.dingtalk.com",
    "*.trans.dingtalk.com",
    "dingtalk.io",
    "*.dingtalk.io",
    "*.oss-cn-zhangjiakou.aliyuncs.com",
    "*.oss-cn-shanghai.aliyuncs.com",
    "*.oss-cn-shenzhen.aliyuncs.com",
    "eco.taobao.com",
    "www.example.test",
    "localhost",
)
ADDRESSES = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where the three files are: the authority to trust, the server's certificate, and its key."""

    ca: Path
    chain: Path
    key: Path


def make(directory: Path, now: datetime) -> Certificates:
    """Write a fresh authority and server certificate into `directory`, valid from an hour before `now` (aware)."""
    directory.mkdir(parents=True, exist_ok=True)
    start = now - timedelta(hours=1)  # clocks of containers and hosts differ a little
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca_name = _name("Cerco lab CA (not a real authority)")
    ca = (
        _draft(ca_name, ca_name, ca_key, start)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(ca=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    names: list[x509.GeneralName] = [x509.DNSName(name) for name in NAMES]
    names += [x509.IPAddress(ip_address(address)) for address in ADDRESSES]
    leaf = (
        _draft(_name("DingTalk stand-in"), ca_name, key, start)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(ca=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, SHA256())
    )
    files = Certificates(directory / "lab-ca.pem", directory / "lab-chain.pem", directory / "lab-key.pem")
    authority = ca.public_bytes(Encoding.PEM)
    files.ca.write_bytes(authority)
    files.chain.write_bytes(leaf.public_bytes(Encoding.PEM) + authority)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(files.key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(secret)
    return files


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _draft(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, start: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + VALID)
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
