"""Marks that a form or a page was handed out by this gate: to whom, for what, and until when.

In:    the key of the site's forms, what a token is bound to, the time.
Out:   tokens for forms and pages, and whether one that comes back is good.
Never: a token that serves another purpose, another reference or another address than it was made for.
"""

import base64
import binascii
import hmac
from datetime import datetime, timedelta

FORM_LASTS = timedelta(hours=1)
# A chat stays open all day; beyond that its page is loaded anew.
PAGE_LASTS = timedelta(hours=24)

_TAG = 16  # bytes of HMAC-SHA-256: 128 bits cannot be guessed
_TIME = 5  # bytes of seconds since the epoch: until the year 36,812


class Tokens:
    """Makes and checks tokens; all workers of a site share the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def form(self, reference: str, address: str, now: datetime) -> str:
        """Return a token for the form on one notice, shown to one device."""
        return self._made(now + FORM_LASTS, "form", reference, address)

    def is_form(self, token: str, reference: str, address: str, now: datetime) -> bool:
        """Tell whether a form was handed out for this notice to this device, and is not stale."""
        return self._good(token, now, "form", reference, address)

    def page(self, host: str, address: str, now: datetime) -> str:
        """Return a token for the script in a page of a host, loaded by one device."""
        return self._made(now + PAGE_LASTS, "page", host, address)

    def is_page(self, token: str, host: str, address: str, now: datetime) -> bool:
        """Tell whether it is that of a page of this host which this device has loaded, a day ago at most."""
        return self._good(token, now, "page", host, address)

    def _made(self, until: datetime, *about: str) -> str:
        ends = int(until.timestamp()).to_bytes(_TIME)
        return base64.urlsafe_b64encode(ends + self._tag(ends, about)).rstrip(b"=").decode()

    def _good(self, token: str, now: datetime, *about: str) -> bool:
        try:
            packed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return False
        ends, tag = packed[:_TIME], packed[_TIME:]
        timely = len(packed) == _TIME + _TAG and now.timestamp() <= int.from_bytes(ends)
        return timely and hmac.compare_digest(tag, self._tag(ends, about))

    def _tag(self, ends: bytes, about: tuple[str, ...]) -> bytes:
        said = ends + b"".join(len(item := one.encode()).to_bytes(4) + item for one in about)
        return hmac.digest(self._key, said, "sha256")[:_TAG]
