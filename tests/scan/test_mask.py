import pytest

from cerco.scan.mask import fingerprint, masked


@pytest.mark.parametrize(
    ("entity", "value", "expected"),
    [
        ("MO_ID_CARD", "1234567(8)", "1••••••(8)"),
        ("MO_ID_CARD", "1/234567/8", "1/••••••/8"),
        ("MO_ID_CARD", "12345678", "1•••••••"),
        ("MO_ID_CARD", "1 234567 8", "1 •••••• •"),
        ("CREDIT_CARD", "4111 1111 1111 1111", "•••• •••• •••• 1111"),
        ("BANK_ACCOUNT", "180-101207123456", "18•-••••••••••••"),
        ("CUSTOMER_DATA_TITLE", "客戶名單", "客戶名單"),
        ("SOMETHING_ELSE", "AB12", "A•••"),
    ],
)
def test_masked(entity: str, value: str, expected: str) -> None:
    assert masked(entity, value) == expected


def test_fingerprint_is_one_for_every_printing() -> None:
    prints = {
        fingerprint("MO_ID_CARD", value, b"k" * 32)
        for value in ("12345678", "1234567(8)", "1/234567/8", "１２３４５６７８")
    }
    assert len(prints) == 1


def test_fingerprint_depends_on_entity_and_key() -> None:
    prints = {fingerprint(entity, "12345678", key * 32) for entity in ("A", "B") for key in (b"k", b"l")}
    assert len(prints) == 4
    assert all(len(each) == 64 and int(each, 16) >= 0 for each in prints)
