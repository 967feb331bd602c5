"""A small training site with what real ones have: a frame, a pop-up, native dialogs, downloads, uploads, GBK files."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

LOGIN = """<h1>登录</h1><iframe id=form src=/form></iframe><div id=who></div>"""
FORM = """<form onsubmit="event.preventDefault();
  localStorage.setItem('token', 'T-' + user.value);
  const who = parent.document.querySelector('#who');
  who.textContent = [user, pass, kind].map(x => x.value).join('/') + '/' + agree.checked">
 <input id=user><input id=pass type=password>
 <select id=kind><option value=1>学员</option><option value=2>管理员</option></select>
 <input id=agree type=checkbox><button>登 录</button></form>"""
COURSE = """<a href=/lesson target=_blank>进入学习</a><p id=done></p>
<button id=leave onclick="done.textContent = confirm('确定退出？') ? '已退出' : '未退出'">退出</button>
<button id=name onclick="done.textContent = prompt('请输入姓名')">姓名</button>
<input id=file type=file onchange="done.textContent = this.files[0].name + ' ' + this.files[0].size">
<a id=export href=/export>导出</a>"""
LESSON = """<h1 id=title>第一课</h1><div id=bar style="width:400px;height:20px;background:#ccc"
 onmouseup="to.textContent = (event.offsetX / 400).toFixed(2)"></div><p id=to></p>
<p>编号 <b id=no>证书编号：A-17 号</b></p>"""
RECORDS = """<table id=records><tr><th>学员</th><th>开始时间</th><th>时长</th></tr>
<tr><td>zhang</td><td>2026年11月24日 18:05:33</td><td>12分30秒</td></tr>
<tr><td>li</td><td>2026-11-24 08:00</td><td>1小时5分</td></tr></table>"""
EXPORT = "学习档案\n学员,学时\nzhang,0.5学时\nli,2\n".encode("gbk")
PAGES = {"/login": LOGIN, "/form": FORM, "/course": COURSE, "/lesson": LESSON, "/records": RECORDS}


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/export":
            self._send(200, EXPORT, "application/octet-stream", "attachment; filename=export.csv")
        elif parts.path == "/api/credit":
            if not (self.headers["Authorization"] or "").startswith("Bearer T-"):
                self._send(401, b"{}", "application/json")
                return
            user = parse_qs(parts.query)["user"][0]
            answer = {"data": [{"user": user, "ms": 750_000, "state": "学完"}]}
            self._send(200, json.dumps(answer).encode(), "application/json")
        elif parts.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://localhost:9/elsewhere")
            self.end_headers()
        else:
            page = PAGES.get(parts.path)
            html = f"<!doctype html><meta charset=utf-8>{page or 'nothing here'}"
            self._send(200 if page else 404, html.encode(), "text/html; charset=utf-8")

    def _send(self, status: int, body: bytes, kind: str, disposition: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if disposition:
            self.send_header("Content-Disposition", disposition)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def site() -> Iterator[str]:
    """The site's address, while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
