"""A user name and password in an address reach their server, and nothing else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from fsspec.registry import _registry
from http_files import Http
from runs import rows

from pipeline.cli import main
from pipeline.errors import AddressUnusable, InputMissing
from pipeline.logins import without_login
from pipeline.read import list_inputs, read_folder
from pipeline.records import Unreadable
from pipeline.synthetic import compose

USER, PASSWORD = "vierailija", "Lumikki-77"
TEXT = compose(3, 1)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://aino:salainen@host.example/a.txt", "https://host.example/a.txt"),
        ("http://aino@host.example:8080/a.txt", "http://host.example:8080/a.txt"),
        ("http://aino:s@la@host.example/a.txt", "http://host.example/a.txt"),
        ("http://aino:sala/inen@host.example/a.txt", "http://host.example/a.txt"),
        ("HTTP://:salainen@[::1]:80/a.txt", "HTTP://[::1]:80/a.txt"),
        ("url='ftp://a:b@h.example/x', https://c@b.fi", "url='ftp://h.example/x', https://b.fi"),
        # Nothing to hide.
        ("https://host.example/@aino/a.txt", "https://host.example/@aino/a.txt"),
        ("http://host.example:80/a@b.txt", "http://host.example:80/a@b.txt"),
        ("http://[::1]:80/a@b.txt", "http://[::1]:80/a@b.txt"),
        ("posti@host.example ja https://host.example", "posti@host.example ja https://host.example"),
        ("/kansio/a@b.txt", "/kansio/a@b.txt"),
    ],
)  # fmt: skip
def test_an_address_is_shown_without_its_login(address: str, shown: str) -> None:
    assert without_login(address) == shown


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server on this machine that gives ``/a.txt`` to those who log in: its host and port."""
    expected = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers.get("Authorization") == expected
            body = TEXT.encode() if known and self.path == "/a.txt" else b""
            self.send_response(200 if body else 404 if known else 401)
            self.send_header("WWW-Authenticate", 'Basic realm="posts"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    monkeypatch.setitem(_registry, "http", Http)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("loaded")
def test_no_byte_of_a_run_tells_a_login(
    host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    login = f"http://{USER}:{PASSWORD}@{host}"
    wrong = f"http://{USER}:{PASSWORD}-x@{host}/b.txt"
    (tmp_path / "posts.urls").write_text(f"{login}/a.txt\n{login}/gone.txt\n{wrong}\n")
    out = tmp_path / "out"
    arguments = ["--input", str(tmp_path / "posts.urls"), "--output", str(out), "--workers", "1"]
    assert main(["run", *arguments]) == 0
    found = rows(out)
    assert found[f"http://{host}/a.txt"]["status"] == "ok"
    assert found[f"http://{host}/gone.txt"]["reason"].endswith(f"404 http://{host}/gone.txt")
    assert found[f"http://{host}/b.txt"]["reason"].endswith(f"401 http://{host}/b.txt")
    written = [path for path in out.rglob("*") if path.is_file()]
    assert len(written) > 20
    telling = [
        path for path in written for said in (USER, PASSWORD) if said.encode() in path.read_bytes()
    ]
    assert telling == []
    printed = capsys.readouterr()
    assert PASSWORD not in printed.out + printed.err
    assert USER not in printed.out + printed.err


def test_one_address_with_two_logins_is_two_announcements(host: str, tmp_path: Path) -> None:
    lines = [f"http://{USER}:{PASSWORD}@{host}/a.txt", f"http://{USER}@{host}/a.txt"]
    (tmp_path / "posts.urls").write_text("\n".join(lines))
    posts = {
        post.source: isinstance(post, Unreadable) for post in read_folder(tmp_path / "posts.urls")
    }
    assert posts == {f"http://{host}/a.txt": False, f"http://{host}/a~2.txt": True}


def test_an_input_that_cannot_be_had_is_named_without_its_login(host: str) -> None:
    with pytest.raises(InputMissing) as missing:
        list_inputs(f"http://{USER}:{PASSWORD}@{host}/nothing")
    with pytest.raises(AddressUnusable) as unknown:
        list_inputs(f"gopher://{USER}:{PASSWORD}@{host}/nothing")
    for error in (missing, unknown):
        assert host in str(error.value)
        assert USER not in str(error.value)
        assert PASSWORD not in str(error.value)
