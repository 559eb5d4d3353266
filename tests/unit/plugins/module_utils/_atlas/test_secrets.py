# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.secrets import MASK, Secrets
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import quick


def raw(secret: str) -> bytes:
    return secret.encode("utf-8", "surrogatepass")


def ascii_upper(text: str) -> str:
    return "".join(char.upper() if char.isascii() else char for char in text)


def ascii_lower(text: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in text)


def scrubbed(text: str, *secrets: str) -> str:
    known = Secrets(lambda _secret: None)
    known.add(*secrets)
    return known.scrub(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no secret here", "no secret here"),
        ("it is hunter2!", f"it is {MASK}!"),
        ("hunter2 and hunter2", f"{MASK} and {MASK}"),
        ("/x?key=p%20w%2F1", f"/x?key={MASK}"),
        ("p w/1", MASK),
    ],
)
def test_every_secret_is_masked_also_in_url_encoding(text: str, shown: str) -> None:
    assert scrubbed(text, "hunter2", "p w/1") == shown


def test_secret_within_another_is_masked_completely() -> None:
    assert scrubbed("hunter2-and-more", "hunter2", "hunter2-and-more") == MASK


@pytest.mark.parametrize(
    "header",
    [
        "Authorization: Bearer abc",
        "authorization=whatever follows",
        "Bearer eyJhbGciOi.JSUzI1NiJ9",
        "Basic YWJjOmRlZjpnaGk=",
        'Digest username="key", response="abc"',
    ],
)
def test_authorization_header_with_an_unknown_secret_is_masked(header: str) -> None:
    assert scrubbed(f"sent {header}") == f"sent {MASK}"


def test_every_form_of_a_secret_is_passed_to_ansible() -> None:
    hidden: list[str] = []

    Secrets(hidden.append).add("p w", "plain")

    assert set(hidden) == {"p w", "p%20w", "plain"}


SECRETS = [
    "hunter2hunter3",
    "mdb_sa_sk_Qx7/pVw2+Zt&9\"kLm'4Rn=8Yb",
    "9c1d2e5f-3b4a-5968-7766-aabbccddeeff",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.QUJD_-",
    "pass wörd / päss & <wörd> \\ ?#%",
    "\U0001f511 key of the kingdom",
    "with\nline\tbreaks and more",
    "not utf-8 \udcff at all",
]
# The encodings in which a server, a proxy or a page may repeat what it received.
WRITINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda secret: secret,
    "in a URL": lambda secret: quote(raw(secret), safe=""),
    "in a path": lambda secret: quote(raw(secret)),
    "in a form": lambda secret: quote_plus(raw(secret)),
    "in JSON": lambda secret: json.dumps(secret)[1:-1],
    "in JSON with slashes": lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/"),
    "in JSON with Unicode": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "in HTML": html.escape,
    "in HTML with numeric references": lambda secret: (
        html.escape(secret).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")
    ),
    "in base64": lambda secret: base64.b64encode(raw(secret)).decode(),
    "in URL-safe base64": lambda secret: base64.urlsafe_b64encode(raw(secret)).decode(),
    "in Basic": lambda secret: base64.b64encode(b"some-id:" + raw(secret)).decode(),
    "in base64 after one byte": lambda secret: base64.b64encode(b"x" + raw(secret) + b"yz").decode(),
    "in base64 after two bytes": lambda secret: base64.b64encode(b"xx" + raw(secret) + b"y").decode(),
    "in hexadecimal": lambda secret: raw(secret).hex(),
    "in Python": lambda secret: repr(secret)[1:-1],
    "in capitals": ascii_upper,
    "in lower case": ascii_lower,
    "in a URL in upper case": lambda secret: ascii_upper(quote(raw(secret), safe="")),
}


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize("secret", SECRETS)
def test_no_eight_characters_of_a_secret_are_shown_in_any_encoding(secret: str, writing: str) -> None:
    written = WRITINGS[writing](secret)
    parts = [written[:at] for at in range(len(written))] + [written[at : at + 12] for at in range(len(written))]
    for text in (written, *parts):
        shown = scrubbed(f"[{text}]", secret)

        assert common_part(shown, secret) < 8
        if writing not in ("in Basic", "in base64 after one byte", "in base64 after two bytes"):
            assert common_part(shown.strip("[=]"), written.strip("=")) < 8


def common_part(shown: str, secret: str) -> int:
    """The length of the longest part of a secret that is shown, ignoring case."""
    shown, secret = ascii_lower(shown), ascii_lower(secret)
    found = (
        size for at in range(len(secret)) for size in range(len(secret) - at, 0, -1) if secret[at : at + size] in shown
    )
    return max(found, default=0)


@pytest.mark.parametrize("secret", ["x", "ab", "q1", "zz9", "k3y!", "hunter2"])
def test_short_secret_masks_only_itself(secret: str) -> None:
    text = "The service answered 401 UNAUTHORIZED: check client_id, client_secret, MONGODB_ATLAS_CLIENT_SECRET"

    assert scrubbed(text, secret).replace(MASK, secret.upper()).lower() == text.lower()


def test_other_words_are_unchanged() -> None:
    text = "Atlas answered 400 VALIDATION_ERROR: the retention of cluster prod-eu in project 5f0c1d2e3b4a59687766aabb"

    assert scrubbed(text, *SECRETS) == text


@given(st.text(min_size=8), st.text(), st.text())
@quick
def test_complete_secret_is_never_shown(secret: str, before: str, after: str) -> None:
    assert secret not in scrubbed(before + secret + after, secret).replace(MASK, "\x00")


def test_every_text_in_a_result_is_scrubbed() -> None:
    known = Secrets(lambda _secret: None)
    known.add("hunter2hunter3")

    assert known.scrub_all({"a": ["hunter2hunter3", 5, None], "b": {"c": "hunter2h"}, "d": True}) == {
        "a": [MASK, 5, None],
        "b": {"c": MASK},
        "d": True,
    }
