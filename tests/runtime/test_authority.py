import plistlib
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from cerco.runtime import authority
from cerco.runtime.authority import CA, SITE_KEY, AuthorityError, Format, certificate, create, derive, export, site_key

FORMATS: tuple[Format, ...] = ("pem", "der", "p12", "mobileconfig")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "keys"
    create(folder, "Taipa")
    return folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_private(keys: Path) -> None:
    assert mode(keys) == 0o700
    assert mode(keys / SITE_KEY) == 0o600
    assert mode(keys / CA) == 0o600


def test_the_private_key_exists_once(keys: Path) -> None:
    holders = [path.name for path in keys.iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert holders == [CA]
    assert not list(keys.glob("*-ca.p12"))
    assert not [path for path in keys.iterdir() if path.name.startswith(".")], "nothing temporary is left"


def test_the_authority_is_one_that_devices_accept(keys: Path) -> None:
    ca = certificate(keys)
    assert ca.subject == ca.issuer
    assert "Cerco CA Taipa" in ca.subject.rfc4514_string()
    assert ca.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    key = ca.public_key()
    assert isinstance(key, RSAPublicKey)
    assert key.key_size == authority.CA_KEY_BITS


def test_a_long_site_name_is_cut_between_characters(tmp_path: Path) -> None:
    create(tmp_path, "澳門" * 40)
    assert "Cerco CA 澳門澳門" in certificate(tmp_path).subject.rfc4514_string()


def test_mitmproxy_finds_the_authority(keys: Path, tmp_path: Path) -> None:
    from mitmproxy.certs import CertStore

    copy = shutil.copytree(keys, tmp_path / "keys")
    store = CertStore.from_store(copy, "mitmproxy", 2048)
    assert store.default_ca.to_pem() == export(keys, "pem")


def test_making_it_again_changes_nothing(keys: Path) -> None:
    before = {path.name: path.read_bytes() for path in keys.iterdir()}
    created = create(keys, "another name")
    assert created.made == ()
    assert created.kept == (keys / SITE_KEY, keys / CA)
    assert {path.name: path.read_bytes() for path in keys.iterdir()} == before


def test_only_what_is_missing_is_made(keys: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(keys, tmp_path / "keys")
    (copy / SITE_KEY).unlink()
    created = create(copy, "x")
    assert created.made == (copy / SITE_KEY,)
    assert created.kept == (copy / CA,)
    assert site_key(copy) != site_key(keys)


def test_a_certificate_without_its_key_is_not_replaced(keys: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(keys, tmp_path / "keys")
    (copy / CA).unlink()
    with pytest.raises(AuthorityError, match="Restore"):
        create(copy, "x")
    assert (copy / authority.CA_CERTIFICATE).read_bytes() == export(keys, "pem")


def test_sites_have_keys_of_their_own(keys: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    authority._create_site_key(tmp_path / "other" / SITE_KEY)
    assert len(site_key(keys)) == 32
    assert site_key(keys) != site_key(tmp_path / "other")


def test_a_key_made_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / SITE_KEY
    path.write_bytes(b"k" * 32)
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert not authority._create_site_key(path)
    assert [entry.name for entry in tmp_path.iterdir()] == [SITE_KEY]
    assert path.read_bytes() == b"k" * 32


def test_derived_keys_differ_by_purpose_and_by_site() -> None:
    one, two = bytes(32), bytes([1]) * 32
    derived = {derive(one, "fingerprint"), derive(one, "ledger"), derive(two, "fingerprint"), derive(two, "ledger")}
    assert len(derived) == 4
    assert all(len(key) == 32 for key in derived)
    assert one not in derived


def test_derivation_never_changes() -> None:
    # Fingerprints of years ago must still compare: this value may not change between releases.
    assert derive(bytes(32), "fingerprint").hex() == "187e68eb976454ce95d4bc215aeb17380ef405dd376ef87e564bfefe82d9d010"


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_damaged_site_key_is_refused(tmp_path: Path, size: int) -> None:
    (tmp_path / SITE_KEY).write_bytes(b"x" * size)
    with pytest.raises(AuthorityError, match=rf"{size} bytes"):
        site_key(tmp_path)


def test_missing_secrets_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match="cerco init"):
        site_key(tmp_path)
    with pytest.raises(AuthorityError, match="cerco init"):
        export(tmp_path, "pem")


def test_a_damaged_authority_is_refused_without_quoting_it(tmp_path: Path) -> None:
    (tmp_path / CA).write_text("-----BEGIN RSA PRIVATE KEY-----\nsecret\n")
    with pytest.raises(AuthorityError, match="no certificate") as caught:
        certificate(tmp_path)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_holds_the_certificate_and_never_the_key(keys: Path, form: Format) -> None:
    data = export(keys, form)
    assert b"PRIVATE" not in data
    wanted = certificate(keys)
    match form:
        case "pem":
            found = x509.load_pem_x509_certificate(data)
        case "der":
            found = x509.load_der_x509_certificate(data)
        case "p12":
            bundle = pkcs12.load_pkcs12(data, None)
            assert bundle.key is None
            first = bundle.cert or bundle.additional_certs[0]
            found = first.certificate
        case "mobileconfig":
            payload = plistlib.loads(data)
            assert payload["PayloadType"] == "Configuration"
            (root,) = payload["PayloadContent"]
            assert root["PayloadType"] == "com.apple.security.root"
            assert root["PayloadUUID"] != payload["PayloadUUID"]
            found = x509.load_der_x509_certificate(root["PayloadContent"])
    assert found == wanted


def test_the_profile_is_stable_so_that_devices_see_an_update_and_not_a_second_one(keys: Path) -> None:
    assert export(keys, "mobileconfig") == export(keys, "mobileconfig")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_reads_the_p12_without_a_password(keys: Path, tmp_path: Path) -> None:
    (tmp_path / "ca.p12").write_bytes(export(keys, "p12"))
    shown = subprocess.run(
        ["openssl", "pkcs12", "-in", str(tmp_path / "ca.p12"), "-passin", "pass:", "-nokeys"],
        capture_output=True,
        check=True,
    )
    assert certificate(keys).public_bytes(Encoding.PEM).strip() in shown.stdout
