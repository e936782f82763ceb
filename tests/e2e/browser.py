"""A real Chromium behind a real gate.

In:    a `World`.
Out:   browser contexts that trust the gate's authority and reach everything through it.
Never: a certificate that is not checked: the authority is trusted by its key, and nothing else is.
"""

import base64
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.e2e.world import World

CHROMIUM = shutil.which("chromium")
WHY_NOT = "chromium is not installed; run: make system"

ARGUMENTS = (
    "--no-sandbox",  # tests run as root in containers
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What our script puts into a closed shadow is out of reach for tests too; in a page that begins with this it is open.
OPEN_SHADOWS = """
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (options) { return attach.call(this, { ...options, mode: "open" }); };
"""


@contextmanager
def chromium(
    playwright: Playwright, world: World | None = None, *, locale: str = "en-GB", width: int = 1280
) -> Iterator[BrowserContext]:
    """Run a browser with a profile of its own, through the world's gate if there is one."""
    arguments = [*ARGUMENTS]
    if world is not None:
        authority = x509.load_pem_x509_certificate((world.proxy.ca_file or world.origin_ca).read_bytes())
        key = authority.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        pin = base64.b64encode(hashlib.sha256(key).digest()).decode()
        arguments.append(f"--ignore-certificate-errors-spki-list={pin}")
    with tempfile.TemporaryDirectory(prefix="cerco-browser-") as profile:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            headless=True,
            args=arguments,
            locale=locale,
            viewport={"width": width, "height": 844 if width < 500 else 800},
            proxy={"server": world.proxy.url} if world is not None and world.proxy.url else None,
        )
        context.set_default_timeout(15_000)
        try:
            yield context
        finally:
            context.close()


@contextmanager
def page_of(context: BrowserContext, *, open_shadows: bool = True) -> Iterator[tuple[Page, list[str]]]:
    """Open a page; yields it and what it complained of."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    if open_shadows:
        page.add_init_script(OPEN_SHADOWS)
    try:
        yield page, faults
    finally:
        page.close()
