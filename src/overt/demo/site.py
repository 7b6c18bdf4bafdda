"""The local pages under the real host names: one TLS server on this machine, to which one browser is pointed.

Nothing here reaches any network. The server's log and what the pages report live in memory only.
"""

import ssl
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit

from overt.demo import certificate
from overt.demo.layout import BEACON_PATH, Layout, read
from overt.demo.pages import shell, table
from overt.errors import DesktopError, FormatError

_IDLE_SECONDS: Final = 10.0
_MAX_REPORT: Final = 1 << 20

Page = Callable[[dict[str, str]], str]
"""Makes the HTML of a page from the parameters of its query."""


class LocalSite:
    """The server and what its pages have reported, for ``with``."""

    def __init__(self, directory: Path) -> None:
        """Prepare a site whose throw-away certificate lies in *directory*."""
        self._directory = directory
        self._changed = threading.Condition()
        self._reports: list[Layout] = []
        self._pages: dict[tuple[str, str], Page] = dict(table.ALL)
        self._server: _Server | None = None
        self._spki = ""

    def __enter__(self) -> Self:
        """Listen on a free port of 127.0.0.1."""
        made = certificate.make(self._directory)
        self._spki = made.spki_sha256
        self._server = _Server(self, made)
        threading.Thread(target=self._server.serve_forever, args=(0.1,), name="demo-site", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def browser_flags(self) -> list[str]:
        """Return the flags that send every request of one browser here, on whatever port a URL names."""
        if self._server is None:
            raise DesktopError("the local pages are not being served")
        port = self._server.server_address[1]
        return [
            f"--host-resolver-rules=MAP * 127.0.0.1:{port}",
            f"--ignore-certificate-errors-spki-list={self._spki}",
        ]

    def add(self, host: str, path: str, page: Page | str) -> None:
        """Serve *page* (HTML, or what makes it) at *path* of *host*; the layout script is added to it."""
        self._pages[host, path] = (lambda _: page) if isinstance(page, str) else page

    def page(self, host: str, target: str) -> str | None:
        """Return the HTML for the request *target* of *host*, or ``None`` when there is no such page."""
        parts = urlsplit(target)
        made = self._pages.get((host, parts.path))
        if made is None:
            return None
        return shell.with_beacon(made(dict(parse_qsl(parts.query, keep_blank_values=True))))

    def mark(self) -> int:
        """Return a number for now: only later reports have a greater one."""
        with self._changed:
            return len(self._reports)

    def report(self, body: bytes) -> None:
        """Take the layout report *body*; raises ``FormatError`` when it is none."""
        with self._changed:
            self._reports.append(read(body, len(self._reports) + 1, time.monotonic_ns()))
            self._changed.notify_all()

    def wait(self, holds: Callable[[Layout], bool], what: str, *, since: int = 0, seconds: float = 40.0) -> Layout:
        """Return the newest report later than *since* for which *holds*; ``DesktopError`` when none comes in time."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                found = next((each for each in reversed(self._reports[since:]) if holds(each)), None)
                if found is not None:
                    return found
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    raise DesktopError(f"waited {seconds:g} s in vain for {what}")

    def wait_for(self, url: str, *, since: int = 0, seconds: float = 40.0) -> Layout:
        """Return the newest report of a page whose URL begins with *url*, later than *since*."""
        return self.wait(lambda each: each.page.startswith(url), "a page to load", since=since, seconds=seconds)

    def latest(self, url: str = "") -> Layout:
        """Return the newest report of a page whose URL begins with *url*; raises ``DesktopError`` if none came."""
        with self._changed:
            found = next((each for each in reversed(self._reports) if each.page.startswith(url)), None)
        if found is None:
            raise DesktopError("no page has reported its layout yet")
        return found


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, site: LocalSite, made: certificate.Certificate) -> None:
        self.site = site
        super().__init__(("127.0.0.1", 0), _Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made.chain, made.key)
        # The handshake belongs to the connection's own thread: a browser's idle pre-connection must not block others.
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that closes a connection early is no news, and a traceback could show content."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _IDLE_SECONDS

    def do_GET(self) -> None:
        """Answer with a page of ours, or with 404."""
        html = self.server.site.page(self._host(), self.path)
        if html is None:
            self._answer(404, b"", "text/plain")
        else:
            self._answer(200, html.encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Take a layout report, or answer 404."""
        length = int(self.headers.get("Content-Length", "0"))
        if self.path != BEACON_PATH or length > _MAX_REPORT:
            self._answer(404, b"", "text/plain")
            return
        try:
            self.server.site.report(self.rfile.read(length))
        except FormatError:
            self._answer(400, b"", "text/plain")
        else:
            self._answer(204, b"", "text/plain")

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name is the base class's
        """Log nothing: addresses of pages are content."""

    def _host(self) -> str:
        return self.headers.get("Host", "").partition(":")[0].lower()

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)
