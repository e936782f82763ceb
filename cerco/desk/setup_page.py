"""What a device needs for the check, and what the check means for its user -> one HTML page.

In:    a language, the certificate's fingerprint, what kind of device asks, and what the operator filled in.
Out:   a complete page; the names of the files it offers.
Never: a claim about what is read or kept that the gate does not keep to.
"""

import re
from html import escape
from typing import Literal

from cerco.decide.wording import Wording
from cerco.desk.layout import Site, contact, heading, items, linked, page, paragraph, web
from cerco.desk.texts import TEXTS

type Device = Literal["windows", "macos", "ios", "android", "linux"]

CERTIFICATE = "cerco-ca.cer"  # DER, as Windows, Android and Firefox take it
CERTIFICATE_TEXT = "cerco-ca.crt"  # PEM, as Debian's update-ca-certificates takes it
PROFILE = "cerco.mobileconfig"  # as Apple's systems take it

_T = TEXTS.setup
_STEPS: dict[Device, tuple[Wording, tuple[Wording, ...]]] = {
    "windows": (_T.windows, (_T.windows_1, _T.windows_2, _T.windows_3, _T.windows_4)),
    "macos": (_T.macos, (_T.macos_1, _T.macos_2, _T.macos_3)),
    "ios": (_T.ios, (_T.ios_1, _T.ios_2, _T.ios_3)),
    "android": (_T.android, (_T.android_1, _T.android_2, _T.android_3, _T.android_4)),
    "linux": (_T.linux, (_T.linux_1, _T.linux_2, _T.linux_3)),
}
DEVICES: tuple[Device, ...] = tuple(_STEPS)
"""The kinds of devices the page has steps for, in the order in which it shows them."""

# In this order: Android says Linux, and an iPhone says Mac OS.
_SIGNS: tuple[tuple[Device, str], ...] = (
    ("android", r"Android"),
    ("ios", r"iPhone|iPad|iPod|iOS"),
    ("windows", r"Windows"),
    ("macos", r"Macintosh|macOS|Mac OS X"),
    ("linux", r"Linux|X11"),
)


def device(user_agent: str) -> Device | None:
    """Guess what kind of device asks, from what its browser says of itself; None if it says nothing known."""
    return next((kind for kind, signs in _SIGNS if re.search(signs, user_agent)), None)


def render(language: str, site: Site, *, kind: Device | None, fingerprint: str | None, test: str, secure: bool) -> str:
    """Return the page.

    Args:
        language: as everywhere.
        site: what the operator filled in.
        kind: what kind of device asks, whose steps are shown first.
        fingerprint: SHA-256 of the certificate, in hex; None where there is none to offer.
        test: address of this page over TLS.
        secure: this page itself came over TLS, so the device trusts the gate.
    """
    link = f'<p><a class="button noprint" href="{escape(test)}">{escape(_T.test_link.say(language))}</a></p>'
    tested = paragraph(_T.ready.say(language)) if secure else paragraph(_T.test_text.say(language)) + link
    order = [kind, *(other for other in _STEPS if other != kind)] if kind else list(_STEPS)
    steps = "".join(_steps(one, language, first=one == kind) for one in order) if fingerprint else ""
    return page(
        language,
        "passed" if secure else "plain",
        _T.title.say(language),
        paragraph(_T.lead.say(language)),
        heading(_T.test.say(language)) + tested,
        heading(_T.install.say(language)),
        steps or paragraph(_T.none.say(language)),
        _fingerprint(fingerprint, language) if fingerprint else "",
        _privacy(language, site),
        address="/setup",
    )


def _steps(kind: Device, language: str, *, first: bool) -> str:
    name, steps = _STEPS[kind]
    apple = kind in {"macos", "ios"}
    file, label = (PROFILE, _T.profile) if apple else (CERTIFICATE, _T.download)
    links = f'<p class="noprint"><a class="button" href="/{file}" download>{escape(label.say(language))}</a></p>'
    if kind == "linux":
        links += f'<p class="noprint"><a href="/{CERTIFICATE_TEXT}" download>{CERTIFICATE_TEXT}</a></p>'
    told = tuple(_with_code(step, language) for step in steps)
    yours = f"<span>({escape(_T.yours.say(language))})</span>" if first else ""
    return (
        f"<details{' open' if first else ''}><summary>{escape(name.say(language))}{yours}</summary>"
        f"<div>{links}{items(told, ordered=True)}</div></details>"
    )


def _with_code(step: Wording, language: str) -> str:
    said = escape(step.say(language, folder="\0", command="\1"))
    folder, command = "/usr/local/share/ca-certificates", "update-ca-certificates"
    return said.replace("\0", f"<code>{folder}</code>").replace("\1", f"<code>{command}</code>")


def _fingerprint(fingerprint: str, language: str) -> str:
    pairs = " ".join(fingerprint[at : at + 2].upper() for at in range(0, len(fingerprint), 2))
    return (
        f"<h3>{escape(_T.fingerprint.say(language))}</h3>"
        f'<code class="fingerprint">{escape(pairs)}</code>{paragraph(_T.compare.say(language), "quiet")}'
    )


def _privacy(language: str, site: Site) -> str:
    text = TEXTS.privacy
    rows: tuple[tuple[Wording, str], ...] = (
        (text.controller, escape(site.company or text.controller_text.say(language))),
        (text.purpose, escape(text.purpose_text.say(language))),
        (text.inspected, escape(text.inspected_text.say(language))),
        (text.spared, escape(text.spared_text.say(language))),
        (text.kept, escape(text.kept_text.say(language))),
        (text.recipients, escape(text.recipients_text.say(language))),
        (text.retention, escape(site.retention or text.retention_text.say(language))),
        (text.duty, escape(text.duty_text.say(language))),
        (text.rights, escape(text.rights_text.say(language))),
        (text.contact, contact(site, language)),
        (text.complaint, escape(text.complaint_text.say(language))),
    )
    listed = "".join(f"<div><dt>{escape(name.say(language))}</dt><dd>{said}</dd></div>" for name, said in rows)
    policy = TEXTS.page.policy.say(language)
    link = f"<p>{linked(web(site.policy), policy)}</p>" if site.policy else ""
    return (
        f"{heading(text.title.say(language), 'privacy')}{paragraph(text.lead.say(language))}"
        f'<dl class="rows">{listed}</dl>{link}'
    )
