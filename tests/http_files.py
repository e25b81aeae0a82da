"""Files of a web server by their addresses, as fsspec's own ``http`` gives them, without its need.

It logs in as the address says, and names the whole address in its errors, as others do.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, ClassVar
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPBasicAuthHandler, HTTPPasswordMgrWithDefaultRealm, build_opener

from fsspec import AbstractFileSystem


class Http(AbstractFileSystem):
    """Reads what is there; lists nothing."""

    protocol: ClassVar[str] = "http"

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return path

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {"name": path, "size": len(self.cat_file(path)), "type": "file"}

    def cat_file(self, path: str, *_: Any, **__: Any) -> bytes:
        parts = urlsplit(path)
        bare = path.replace(parts.netloc, parts.netloc.rpartition("@")[2])
        logins = HTTPPasswordMgrWithDefaultRealm()
        logins.add_password(None, bare, parts.username or "", parts.password or "")
        try:
            with build_opener(HTTPBasicAuthHandler(logins)).open(bare) as answer:
                return bytes(answer.read())
        except HTTPError as error:
            raise FileNotFoundError(f"{error.code} {path}") from error

    def _open(self, path: str, *_: Any, **__: Any) -> BytesIO:
        return BytesIO(self.cat_file(path))
