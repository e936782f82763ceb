"""The secrets of one site: the key behind its fingerprints, and the authority its devices trust.

In:    the keys folder, laid out as mitmproxy's `confdir`, and the site's name.
Out:   `create`, `site_key`, `derive`, `certificate`, `export`.
Never: a secret that is overwritten, readable by other users or part of an export; half a secret after a crash.
"""

import hashlib
import os
import plistlib
import secrets
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12

SITE_KEY: Final = "site.key"
SITE_KEY_BYTES: Final = 32  # as long as the HMAC-SHA-256 tags that are made with it
CA_BASENAME: Final = "mitmproxy"  # mitmproxy looks for its authority under this name and no other
CA: Final = f"{CA_BASENAME}-ca.pem"  # private key and certificate
CA_CERTIFICATE: Final = f"{CA_BASENAME}-ca-cert.pem"
# The authority lives for ten years, which NIST SP 800-57 part 1 (table 4) no longer grants to 2048 bits.
CA_KEY_BITS: Final = 3072

Purpose = Literal[
    "fingerprint", "ledger", "spool", "conversation", "drift", "grant", "justification", "form",
    "traffic", "sender", "mark", "scan",
]  # fmt: skip
Format = Literal["pem", "der", "p12", "mobileconfig"]


class AuthorityError(ValueError):
    """A key or certificate is missing or damaged; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Created:
    """Which secrets were made, and which were there before and left alone."""

    made: tuple[Path, ...]
    kept: tuple[Path, ...]


def create(keys: Path, site: str) -> Created:
    """Make the site key and the certificate authority, where they do not exist yet.

    The folder gets mode 0700, secrets 0600. `site` goes into the authority's name, which people see on their devices.

    Raises:
        AuthorityError: the folder holds a certificate whose key is gone.
        OSError: the folder cannot be written.
    """
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    made: list[Path] = []
    kept: list[Path] = []
    (made if _create_site_key(keys / SITE_KEY) else kept).append(keys / SITE_KEY)
    (made if _create_ca(keys, site) else kept).append(keys / CA)
    return Created(tuple(made), tuple(kept))


def site_key(keys: Path) -> bytes:
    """Return the site's secret, 32 random bytes from which every other key is derived.

    Raises:
        AuthorityError: it is missing, unreadable or not 32 bytes long.
    """
    secret = _read(keys / SITE_KEY)
    if len(secret) != SITE_KEY_BYTES:
        problem = f"holds {len(secret)} bytes instead of {SITE_KEY_BYTES}"
        raise AuthorityError(f"{keys / SITE_KEY}: {problem}. Restore it from a backup.")
    return secret


def derive(secret: bytes, purpose: Purpose) -> bytes:
    """Return 32 bytes for one purpose, so that no two uses share a key (HKDF-SHA-256, RFC 5869)."""
    return HKDF(hashes.SHA256(), length=32, salt=None, info=f"cerco {purpose}".encode()).derive(secret)


def certificate(keys: Path) -> x509.Certificate:
    """Return the authority's certificate, as the gate will use it.

    Raises:
        AuthorityError: there is none, or it cannot be read.
    """
    try:
        return x509.load_pem_x509_certificates(_read(keys / CA))[0]
    except ValueError as error:
        if isinstance(error, AuthorityError):
            raise
        raise AuthorityError(f"{keys / CA}: holds no certificate. Restore it from a backup.") from None


def export(keys: Path, form: Format) -> bytes:
    """Return the authority's certificate, never its key, in the form a device manager takes.

    "pem" for most systems, "der" for Android and Java, "p12" (no password) for Windows, "mobileconfig" for Apple's.

    Raises:
        AuthorityError: there is no authority.
    """
    ca = certificate(keys)
    match form:
        case "pem":
            return ca.public_bytes(Encoding.PEM)
        case "der":
            return ca.public_bytes(Encoding.DER)
        case "p12":
            return pkcs12.serialize_key_and_certificates(_common_name(ca).encode(), None, ca, None, NoEncryption())
        case "mobileconfig":
            return _mobileconfig(ca)


def _create_site_key(path: Path) -> bool:
    """Write the key under another name first: a link is made whole or not at all, and never over an existing file."""
    if path.exists():
        return False
    descriptor, name = tempfile.mkstemp(prefix=".site-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SITE_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    except FileExistsError:
        return False
    finally:
        Path(name).unlink()
    return True


def _create_ca(keys: Path, site: str) -> bool:
    if (keys / CA).exists():
        return False
    if orphans := sorted(path.name for path in keys.glob(f"{CA_BASENAME}-*")):
        raise AuthorityError(
            f"{keys}: holds {', '.join(orphans)} but not {CA}. Restore {CA} from a backup, or move those files away."
        )
    # Loaded here: mitmproxy takes longer to import than everything else this module does.
    from mitmproxy.certs import CertStore  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix=".ca-", dir=keys) as folder:
        fresh = Path(folder)
        name = f"Cerco CA {site}".encode()[:64].decode(errors="ignore")  # RFC 5280: at most 64
        CertStore.create_store(fresh, CA_BASENAME, CA_KEY_BITS, organization="Cerco", cn=name)
        # mitmproxy also writes the key as PKCS #12, which nothing here reads: a secret should exist once.
        (fresh / f"{CA_BASENAME}-ca.p12").unlink()
        # The file that is looked for goes last: once it is there, everything is.
        for path in sorted(fresh.iterdir(), key=lambda path: path.name == CA):
            path.rename(keys / path.name)
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise AuthorityError(f"{path}: is missing. Make it with: cerco init") from None
    except OSError as error:
        problem = f"cannot be read ({type(error).__name__})"
        raise AuthorityError(f"{path}: {problem}. Run this as the user that owns it.") from None


def _common_name(ca: x509.Certificate) -> str:
    names = ca.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else "Cerco CA"


def _mobileconfig(ca: x509.Certificate) -> bytes:
    """Wrap the certificate in an Apple configuration profile; the same certificate gives the same bytes."""
    der = ca.public_bytes(Encoding.DER)
    digest = hashlib.sha256(der).hexdigest()
    name = _common_name(ca)

    def entry(kind: str, label: str) -> dict[str, object]:
        identity = uuid.UUID(hex=hashlib.sha256(f"{digest} {label}".encode()).hexdigest()[:32], version=4)
        return {
            "PayloadType": kind,
            "PayloadVersion": 1,
            "PayloadIdentifier": f"internal.cerco.{digest[:12]}.{label}",
            "PayloadUUID": str(identity).upper(),
            "PayloadDisplayName": name,
        }

    root = entry("com.apple.security.root", "root") | {
        "PayloadContent": der,
        "PayloadCertificateFileName": "cerco-ca.cer",
        "PayloadDescription": "Lets this device trust the gate that reads DingTalk traffic.",
    }
    return plistlib.dumps(
        entry("Configuration", "profile") | {"PayloadOrganization": "Cerco", "PayloadContent": [root]}
    )
