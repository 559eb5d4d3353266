# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.secrets import MASK, Secrets


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
def test_every_secret_is_masked_also_as_it_looks_in_an_address(text: str, shown: str) -> None:
    assert scrubbed(text, "hunter2", "p w/1") == shown


def test_a_secret_within_another_leaves_no_rest() -> None:
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
def test_what_looks_like_an_authorization_header_is_masked_unknown_as_it_is(header: str) -> None:
    assert scrubbed(f"sent {header}") == f"sent {MASK}"


def test_ansible_is_told_of_every_form() -> None:
    hidden: list[str] = []

    Secrets(hidden.append).add("p w", "plain")

    assert set(hidden) == {"p w", "p%20w", "plain"}
