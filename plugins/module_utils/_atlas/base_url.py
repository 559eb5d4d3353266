# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Checks base_url: which addresses may receive credentials.

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from .errors import InvalidInput

_HOST = re.compile(r"([A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]+\.?|\[[0-9A-Fa-f:.]+\]")
# DNS limits on the length of a host name and of each of its labels.
_LONGEST_NAME, _LONGEST_LABEL = 253, 63
_HOST_AND_PORT = re.compile(rf"(?P<host>{_HOST.pattern})(:(?P<port>[0-9]{{1,5}}))?")


def checked_base_url(base_url: str) -> str:
    """The address without a trailing slash.

    Raises InvalidInput unless it is HTTPS, or plain HTTP to loopback, and consists of host, port and path only.
    """
    scheme, separator, rest = base_url.strip().partition("://")
    if not separator or scheme.lower() not in ("https", "http"):
        raise InvalidInput("base_url has no known scheme", "Start it with https://, as in https://cloud.mongodb.com.")
    authority, _slash, path = rest.partition("/")
    if "@" in rest:
        raise InvalidInput(
            "base_url contains user info (text before an @)", "Set the credentials with their own options."
        )
    if not _is_authority(authority) or re.search(r"[?#\\\s]", path):
        raise InvalidInput("base_url is not a valid address", "Write it as https://HOST, with port or path if needed.")
    if scheme.lower() == "http" and not is_loopback(base_url):
        raise InvalidInput(
            "base_url is plain HTTP, but credentials go over TLS only",
            "Use https://; plain http:// is for loopback (127.0.0.0/8, ::1, localhost).",
        )
    return base_url.strip().rstrip("/")


def user_info(base_url: str) -> list[str]:
    """The text before an @, and the password in it, to be masked: the message that refuses it must not show it."""
    _scheme, separator, rest = base_url.partition("://")
    before, at, _host = (rest if separator else base_url).rpartition("@")
    return [part for part in (before, before.partition(":")[2]) if at and part]


def _is_authority(text: str) -> bool:
    match = _HOST_AND_PORT.fullmatch(text)
    return match is not None and is_host(match["host"].strip("[]")) and 1 <= int(match["port"] or 443) <= 65535


def is_host(host: str) -> bool:
    """Whether this may be the name or the address of a host; an IPv6 address comes without its brackets."""
    if ":" in host:
        try:
            return ipaddress.ip_address(host).version == 6
        except ValueError:
            return False
    if _HOST.fullmatch(host) is None or len(host.rstrip(".")) > _LONGEST_NAME:
        return False
    return all(len(label) <= _LONGEST_LABEL for label in host.split("."))


def is_loopback(url: str) -> bool:
    """Whether the host is 127.0.0.0/8, ::1 or localhost, without a DNS look-up."""
    host = urlsplit(url.strip()).hostname or ""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address in ipaddress.ip_network("127.0.0.0/8") or address == ipaddress.ip_address("::1")
