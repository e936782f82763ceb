"""Put a script at the head of a page that is passing through, and leave every other byte as it is.

In:    the bytes of an HTML document, piece by piece as they come.
Out:   the same bytes with the script in them, as soon as it is clear where it goes.
Never: a page held back longer than that; a byte of it changed, except in a policy that the page carries in a `<meta>`;
       anything put into what only calls itself HTML.
"""

import re
from collections.abc import Callable
from html import escape, unescape

# HTML parsers look for the charset in so many bytes (WHATWG HTML, 13.2.3.2), which the script must not fill.
PRESCAN = 1024
# A head longer than this goes on as it is.
LONGEST = 64 * 1024

_BLANK = b" \t\r\n\f"
_COMMENT_END = re.compile(rb"--!?>")
_TAG = re.compile(rb"""<(/?)([A-Za-z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*+)>""", re.DOTALL)
_OPENS = re.compile(rb"</?[A-Za-z]|</\Z")
_ATTRIBUTE = re.compile(rb"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"
_RAW = frozenset({b"script", b"style", b"title", b"noscript", b"template"})
_HEAD = _RAW | {b"html", b"head", b"meta", b"link", b"base"}


class Inserter:
    """One page on its way.

    Args:
        script: the script's text, ASCII.
        declared: the charset was named in the response's header, so the page itself is not looked at for it.
        policy: changes a policy in a `<meta>`.
    """

    def __init__(self, script: str, *, declared: bool, policy: Callable[[str], str]) -> None:
        self._piece = f"<script>{script}</script>".encode("ascii")
        self._declared = declared
        self._policy = policy
        self._held = b""
        self._out: list[bytes] = []
        self._at = 0  # how far into what is held it is known to be the head
        self._here = False  # whether that is where the script goes
        self._put = False  # whether the script is in
        self._lead = False  # whether a tag or a doctype has said that this is HTML
        self._over = False  # whether the rest goes on as it comes

    def feed(self, data: bytes) -> bytes:
        """Return what can go on of what has come so far."""
        return self._step(data, last=False)

    def finish(self) -> bytes:
        """Return what is still held, at the end of the page."""
        return self._step(b"", last=True)

    def _step(self, data: bytes, *, last: bool) -> bytes:
        if self._over:
            return data
        self._held += data
        self._walk(last=last)
        if last or len(self._held) > LONGEST:
            self._over = True
        if self._over:
            self._out.append(self._held)
            self._held, self._at = b"", 0
        elif self._put and self._at:
            self._out.append(self._held[: self._at])
            self._held, self._at = self._held[self._at :], 0
        done, self._out = b"".join(self._out), []
        return done

    def _walk(self, *, last: bool) -> None:
        """Go over the head, token by token, as far as what is held allows."""
        held = self._held
        if not self._put and self._at == 0:
            if held.startswith(_WIDE_MARKS):
                self._over = True
                return
            if held.startswith(_BOM):
                self._at = len(_BOM)
            elif _BOM.startswith(held) and not last:
                return
        while not self._over and (self._here or self._at < len(self._held)):
            if not (self._insert_if_ready(last=last) if self._here else self._token(last=last)):
                return
        if last and not self._put and self._lead and not self._over:
            self._insert()

    def _token(self, *, last: bool) -> bool:
        """Take one token, or tell that there is not enough of it yet."""
        held, at = self._held, self._at
        if held[at] in _BLANK:
            self._at = at + 1
            return True
        if held[at : at + 1] != b"<":
            return self._body()
        if held.startswith(b"<!--", at):
            end = _COMMENT_END.search(held, at + 2)
            return self._skip(end.end() if end else None)
        if held.startswith((b"<!", b"<?"), at):
            if b"<!--".startswith(held[at:]):
                return self._skip(None)
            end_at = held.find(b">", at)
            if end_at >= 0:
                self._lead = True
            return self._skip(end_at + 1 if end_at >= 0 else None)
        tag = _TAG.match(held, at)
        if tag is None:
            broken = last or (len(held) > at + 1 and not _OPENS.match(held, at))
            return self._body() if broken else self._skip(None)
        return self._take(tag)

    def _take(self, tag: re.Match[bytes]) -> bool:
        closing, name = bool(tag[1]), tag[2].lower()
        self._lead = True
        if not closing and name in {b"html", b"head"}:
            self._at = tag.end()
            self._here = name == b"head" and not self._put
            return True
        if not self._put:
            self._here = True
            return True
        if closing or name not in _HEAD:
            self._over = True
            return False
        if name == b"meta":
            self._meta(tag)
            return True
        if name in _RAW:
            end = re.compile(rb"</" + re.escape(name) + rb"(?=[\s/>])", re.IGNORECASE).search(self._held, tag.end())
            close = self._held.find(b">", end.end()) if end else -1
            return self._skip(close + 1 if close >= 0 else None)
        self._at = tag.end()
        return True

    def _body(self) -> bool:
        """Text, or a tag that breaks off: the head is over, or there was none."""
        if not self._put and self._lead:
            self._here = True
            return True
        self._over = True
        return False

    def _insert_if_ready(self, *, last: bool) -> bool:
        """Put the script in here, once the bytes are there in which the charset may be named."""
        if not self._declared and len(self._held) < PRESCAN and not last:
            return False
        if self._at > LONGEST:
            self._over = True
            return False
        self._insert()
        return True

    def _insert(self) -> None:
        named = None if self._declared or self._held.startswith(_BOM) else _CHARSET.search(self._held[:PRESCAN])
        charset = b'<meta charset="' + named[1] + b'">' if named else b""
        self._out += [self._held[: self._at], charset, self._piece]
        self._held, self._at, self._put, self._here = self._held[self._at :], 0, True, False

    def _meta(self, tag: re.Match[bytes]) -> None:
        """Pass a `<meta>` on, with a policy in it changed so that the script may ask the gate."""
        found = {one[1].lower(): one for one in reversed(list(_ATTRIBUTE.finditer(tag[3])))}
        kind, content = found.get(b"http-equiv"), found.get(b"content")
        self._at = tag.end()
        if kind is None or content is None or _value(kind).strip().lower() != b"content-security-policy":
            return
        said = unescape(_value(content).decode("latin-1"))
        changed = self._policy(said)
        if changed == said:
            return
        start = tag.start(3) + content.start()
        end = tag.start(3) + content.end()
        written = b'content="' + escape(changed).encode("latin-1", "xmlcharrefreplace") + b'"'
        self._held = self._held[:start] + written + self._held[end:]
        self._at += len(written) - (end - start)

    def _skip(self, end: int | None) -> bool:
        if end is None:
            return False
        self._at = end
        return True


def _value(attribute: re.Match[bytes]) -> bytes:
    return next((group for group in attribute.groups()[1:] if group is not None), b"")
