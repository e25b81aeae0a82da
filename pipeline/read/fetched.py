"""What ``hankepoimuri fetch`` notes beside the posts that it fetches: where each one came from."""

from __future__ import annotations

import msgspec

from pipeline.logins import without_login

NOTED = ".fetched.json"  # hidden: no announcement


class _Fetched(msgspec.Struct):
    """Of what is noted of an address, the file below the folder of the notes."""

    file: str | None = None


def noted_addresses(raw: bytes) -> dict[str, str]:
    """The addresses of files, by their paths below the folder of the notes."""
    try:
        noted = msgspec.json.decode(raw, type=dict[str, _Fetched])
    except (ValueError, RecursionError):
        return {}
    return {one.file: without_login(url) for url, one in noted.items() if one.file is not None}
