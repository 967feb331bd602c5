"""A small platform on 127.0.0.1 that writes down every request that reaches it."""

from __future__ import annotations

import threading
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PAGES = Path(__file__).with_name("pages")
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mp4": "video/mp4"}


@dataclass(frozen=True)
class Got:
    """A request that reached the server."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Site:
    """The running server."""

    media: Path
    """Folder of the videos below /media/."""
    got: list[Got] = field(default_factory=list)

    def __post_init__(self) -> None:
        site = self

        class Handler(_Handler):
            owner = site

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def host(self) -> str:
        """host:port."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        """Address of the site, with a slash at its end."""
        return f"http://{self.host}/"

    @property
    def other_site_url(self) -> str:
        """The same server under another name: another site to the browser."""
        return f"http://localhost:{self._server.server_port}/"

    def paths(self, method: str) -> list[str]:
        """Paths of the requests with one method, in order."""
        return [g.path for g in self.got if g.method == method]

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    owner: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._keep(b"")
        parts = urlsplit(self.path)
        query = {k: v[0] for k, v in parse_qs(parts.query).items()}
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self._socket()
        elif parts.path.startswith("/media/"):
            self._file(self.owner.media / Path(parts.path).name)
        elif parts.path == "/redirect":
            self._answer(int(query.get("status", "302")), headers={"Location": query["to"]})
        elif parts.path == "/circle":
            self._answer(302, headers={"Location": "/circle"})
        elif parts.path == "/sign-in":
            self._answer(200, b"in", {"Set-Cookie": "sid=s3cret; Path=/; HttpOnly"})
        elif parts.path == "/whoami":
            self._answer(200, self.headers.get("Cookie", "").encode())
        elif parts.path == "/report.csv":
            name = {"Content-Disposition": 'attachment; filename="report.csv"', "Content-Type": "text/csv"}
            self._answer(200, "姓名,学时\n".encode("gbk"), name)
        elif parts.path == "/missing":
            self._answer(404, b"no")
        else:
            self._file(PAGES / Path(parts.path).name)

    def do_POST(self) -> None:
        self._keep(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        parts = urlsplit(self.path)
        if parts.path == "/redirect":
            self._answer(307, headers={"Location": parse_qs(parts.query)["to"][0]})
        else:
            self._answer(200, b"ok")

    do_PUT = do_POST

    def log_message(self, format: str, *args: object) -> None:
        return

    def _socket(self) -> None:
        """Take the text frames of a web socket until it closes (RFC 6455, short frames only)."""
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", b64encode(sha1(key.encode()).digest()).decode())
        self.end_headers()
        self.close_connection = True
        while len(head := self.rfile.read(2)) == 2 and head[0] & 15 == 1:
            mask, data = self.rfile.read(4), self.rfile.read(head[1] & 127)
            body = bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))
            self.owner.got.append(Got("WS", self.path, {}, body))

    def _keep(self, body: bytes) -> None:
        headers = {k.lower(): v for k, v in self.headers.items()}
        self.owner.got.append(Got(self.command, self.path, headers, body))

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "text/plain", "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _file(self, path: Path) -> None:
        if not path.is_file():
            self._answer(404)
            return
        data = path.read_bytes()
        kind = {"Content-Type": TYPES[path.suffix], "Accept-Ranges": "bytes"}
        wanted = self.headers.get("Range")
        if wanted is None:
            self._answer(200, data, kind)
            return
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last) if last else len(data) - 1, len(data) - 1)
        self._answer(206, data[start : end + 1], {**kind, "Content-Range": f"bytes {start}-{end}/{len(data)}"})
