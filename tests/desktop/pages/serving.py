"""The local pages as hostile servers give them: redirects, other types, plain http, bad certificates; and a tether.

The tether is a request that each page leaves open: its answer names the next page, to which the page then goes. So a
whole corpus passes through one window without a key being typed into the omnibox.
"""

import contextlib
import socket
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote

from overt.demo import certificate
from overt.demo.site import LocalSite, _Handler

TETHER = "/__next"
TETHER_SCRIPT = f"""<script>if (top === self)
  fetch("{TETHER}?" + encodeURIComponent(location.pathname), {{cache: "no-store"}}).then(r => r.text())
  .then(t => {{ if (t) location.assign(t); }}).catch(() => {{}});</script>"""
BAD_HOST = "de.wikipedia.org"
"""This host's certificate is signed with a key that the browser was not told to accept."""
PLAIN_HOST = "www.google.ls"
"""This host's certificate is bad, too, and no browser insists on https for it: what is left is plain http."""

_TLS = 0x16


@dataclass(frozen=True)
class Answer:
    """What the server says instead of a page."""

    status: int = 200
    kind: str = "text/html; charset=utf-8"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class HostileSite(LocalSite):
    """A local site whose port also speaks plain http and is a proxy, and whose pages can be led on."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.answers: dict[tuple[str, str], Answer] = {}
        self._next: dict[str, str] = {}

    def __enter__(self) -> Self:
        super().__enter__()
        server: Any = self._server
        server.RequestHandlerClass = _Hostile
        good = server.socket.context
        other = self._directory / "bad"
        other.mkdir()
        made = certificate.make(other)
        bad = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        bad.load_cert_chain(made.chain, made.key)
        good.sni_callback = lambda tls, name, _: setattr(
            tls, "context", bad if name in {BAD_HOST, PLAIN_HOST} else good
        )
        server.tls = good
        # The first byte tells what a connection speaks; it is read in the connection's own thread.
        server.get_request = lambda: socket.socket.accept(server.socket)
        return self

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.server_address[1])

    @property
    def chain(self) -> Path:
        return self._directory / "site.pem"

    def lead(self, path: str, url: str) -> None:
        """Tell the page at *path*, now or as soon as it asks, to go to *url*."""
        self._next[path] = url

    def led(self, handler: "_Hostile", path: str) -> str:
        """Wait until there is somewhere to go from *path*, or until the page that asked has gone."""
        while self._server is not None and not handler.hung_up():
            if url := self._next.pop(path, ""):
                return url
            time.sleep(0.02)
        return ""


class _Hostile(_Handler):
    def setup(self) -> None:
        with contextlib.suppress(OSError):
            self.request.settimeout(self.timeout)
            first = self.request.recv(7, socket.MSG_PEEK)
            if first == b"CONNECT":
                self._tunnel()
                first = self.request.recv(1, socket.MSG_PEEK)
            if first[:1] == bytes([_TLS]):
                self.request = self.server.tls.wrap_socket(self.request, server_side=True)  # type: ignore[attr-defined]
        super().setup()

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        with contextlib.suppress(OSError):
            self.request.close()

    def do_GET(self) -> None:  # noqa: N802 - the name is the base class's
        site = self.server.site
        assert isinstance(site, HostileSite)
        path, _, asked = self.path.partition("?")
        if path == TETHER:
            self._say(Answer(kind="text/plain", body=site.led(self, unquote(asked)).encode()))
        elif (given := site.answers.get((self._host(), path))) is not None:
            self._say(given)
        else:
            super().do_GET()

    def hung_up(self) -> bool:
        try:
            self.connection.setblocking(False)
            return self.connection.recv(1) == b""
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            return True
        finally:
            with contextlib.suppress(OSError):
                self.connection.settimeout(self.timeout)

    def _tunnel(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            part = self.request.recv(1)
            if not part:
                return
            head += part
        self.request.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")

    def _say(self, answer: Answer) -> None:
        if not answer.status:
            return  # hang up without a word
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-store")
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
