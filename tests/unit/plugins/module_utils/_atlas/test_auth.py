# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.auth import choose_credentials
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.credentials import AccessToken
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.digest import KeyPair
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    InvalidInput,
    RequestRefused,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.secrets import Secrets
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.service_account import (
    ServiceAccount,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import refused, token
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import BASE_URL
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import POST, Script
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.signing import ask, signed

TOKEN, ACCOUNT, KEY = ("access_token",), ("client_id", "client_secret"), ("public_key", "private_key")
VALUES = {
    "access_token": "given-token",
    "client_id": "account",
    "client_secret": "account-secret",
    "public_key": "key",
    "private_key": "key-secret",
}
VARIABLES = {
    "access_token": "MONGODB_ATLAS_ACCESS_TOKEN",
    "client_id": "MONGODB_ATLAS_CLIENT_ID",
    "client_secret": "MONGODB_ATLAS_CLIENT_SECRET",
    "public_key": "MONGODB_ATLAS_PUBLIC_API_KEY",
    "private_key": "MONGODB_ATLAS_PRIVATE_API_KEY",
}
CLASSES: dict[Any, type] = {TOKEN: AccessToken, ACCOUNT: ServiceAccount, KEY: KeyPair}
every_kind = pytest.mark.parametrize("kind", CLASSES)
every_half = pytest.mark.parametrize(
    ("here", "missing"), [(pair[given], pair[1 - given]) for pair in (ACCOUNT, KEY) for given in (0, 1)]
)


def options(*kinds: tuple[str, ...], **more: str) -> dict[str, str]:
    return {**{name: VALUES[name] for kind in kinds for name in kind}, **more}


def around(*kinds: tuple[str, ...], **more: str) -> dict[str, str]:
    return {VARIABLES[name]: f"{value}-around" for name, value in options(*kinds, **more).items()}


def chosen(given: dict[str, Any], environment: dict[str, str]) -> Any:
    return choose_credentials(given, environment, BASE_URL, Secrets(lambda _secret: None))


def words_of(credentials: Any) -> list[str]:
    """The values in the credentials."""
    if isinstance(credentials, AccessToken):
        return [credentials._header]
    if isinstance(credentials, KeyPair):
        return list(credentials._pair)
    return base64.b64decode(credentials._request.headers["Authorization"].split()[1]).decode().split(":")


@every_kind
def test_each_complete_kind_is_used_from_options_and_from_the_environment(kind: Any) -> None:
    assert isinstance(chosen(options(kind), {}), CLASSES[kind])
    assert isinstance(chosen({}, around(kind)), CLASSES[kind])


@pytest.mark.parametrize(
    ("kinds", "winner"), [((KEY, ACCOUNT, TOKEN), TOKEN), ((KEY, ACCOUNT), ACCOUNT), ((KEY, TOKEN), TOKEN)]
)
def test_token_wins_over_service_account_and_that_over_key_pair_in_one_source(
    kinds: tuple[Any, ...], winner: Any
) -> None:
    assert isinstance(chosen(options(*kinds), {}), CLASSES[winner])
    assert isinstance(chosen({}, around(*kinds)), CLASSES[winner])


@every_kind
@pytest.mark.parametrize("other", CLASSES)
def test_any_option_wins_over_every_kind_in_the_environment(kind: Any, other: Any) -> None:
    assert words_of(chosen(options(kind), around(other))) == words_of(chosen(options(kind), {}))


@every_half
def test_one_option_of_a_pair_is_completed_from_the_environment_and_wins_over_other_kinds(
    here: str, missing: str
) -> None:
    found = chosen({here: "by-option"}, around(TOKEN, ACCOUNT, KEY))

    assert sorted(words_of(found)) == sorted(["by-option", f"{VALUES[missing]}-around"])


@every_half
@pytest.mark.parametrize("by_option", [True, False])
def test_error_for_an_incomplete_pair_names_the_missing_option(here: str, missing: str, by_option: bool) -> None:
    with pytest.raises(InvalidInput, match=f"{here} is given without {missing}") as caught:
        chosen({here: "x"} if by_option else {}, {} if by_option else {VARIABLES[here]: "x"})

    assert VARIABLES[missing] in caught.value.hint


@pytest.mark.parametrize("complete", [TOKEN, KEY])
def test_incomplete_pair_beside_a_complete_kind_of_the_same_source_is_ignored(complete: Any) -> None:
    assert isinstance(chosen(options(complete, client_id="half"), {}), CLASSES[complete])
    assert isinstance(chosen({}, around(complete, client_id="half")), CLASSES[complete])


def test_incomplete_pair_in_the_options_is_an_error_despite_other_credentials_in_the_environment() -> None:
    with pytest.raises(InvalidInput, match="client_id is given without client_secret"):
        chosen({"client_id": "x"}, around(TOKEN, KEY))


@pytest.mark.parametrize("given", [{}, {"access_token": "", "public_key": None}])
def test_missing_credentials_list_the_three_ways(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="No credentials") as caught:
        chosen(given, {"MONGODB_ATLAS_ACCESS_TOKEN": ""})
    for word in ("access_token", "client_id", "public_key", "MONGODB_ATLAS_CLIENT_SECRET"):
        assert word in caught.value.hint


@pytest.mark.parametrize("public", ["MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY"])
@pytest.mark.parametrize("private", ["MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY"])
def test_variables_of_the_key_pair_have_two_names(public: str, private: str) -> None:
    empty = {"MONGODB_ATLAS_PUBLIC_API_KEY": "", "MONGODB_ATLAS_PRIVATE_API_KEY": ""}
    assert words_of(chosen({}, {**empty, public: "a", private: "b"})) == ["a", "b"]


def test_first_name_of_a_variable_takes_precedence() -> None:
    short = {"MONGODB_ATLAS_PUBLIC_KEY": "second", "MONGODB_ATLAS_PRIVATE_KEY": "second"}
    assert words_of(chosen({}, {**short, **around(KEY)})) == ["key-around", "key-secret-around"]


@pytest.mark.parametrize(("name", "kind"), [("access_token", TOKEN), ("public_key", KEY), ("client_id", ACCOUNT)])
@pytest.mark.parametrize("value", ["a b", "a\nb", "a\r\nX: y", "ä", "\x7f", " a", "a\n"])
def test_characters_that_a_header_cannot_have_are_refused_without_being_shown(
    name: str, kind: tuple[str, ...], value: str
) -> None:
    with pytest.raises(InvalidInput, match=f"{name} contains") as caught:
        chosen(options(kind, **{name: f"hunter2{value}"}), {})

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(("name", "kind"), [("private_key", KEY), ("client_secret", ACCOUNT)])
def test_secrets_that_are_hashed_or_encoded_may_have_any_character(name: str, kind: tuple[str, ...]) -> None:
    assert "pass wörd\n" in words_of(chosen(options(kind, **{name: "pass wörd\n"}), {}))


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("by_option", [True, False])
def test_invalid_utf_8_is_refused_with_a_clear_message(name: str, by_option: bool) -> None:
    kind = next(kind for kind in CLASSES if name in kind)
    given = options(kind, **{name: "hunter2\udcff"})
    with pytest.raises(InvalidInput, match=f"{name} contains a byte that is not UTF-8") as caught:
        chosen(given if by_option else {}, {} if by_option else {VARIABLES[each]: given[each] for each in given})

    assert VARIABLES[name] in caught.value.hint
    assert "hunter2" not in str(caught.value)


def test_all_chosen_credentials_are_masked() -> None:
    hidden: list[str] = []

    choose_credentials(options(ACCOUNT), {}, BASE_URL, Secrets(hidden.append))

    assert {"account", "account-secret", base64.b64encode(b"account:account-secret").decode()} <= set(hidden)


KINDS: dict[Any, str] = {TOKEN: "access token", ACCOUNT: "service account", KEY: "API key"}


@every_kind
@pytest.mark.parametrize("code", [None, "UNEXPECTED_ERROR", "USER_UNAUTHORIZED", "NOT_IN_GROUP"])
def test_refusal_names_the_kind_of_credentials(kind: Any, code: str | None) -> None:
    refusal = refused(401, code)
    before = [POST("/api/oauth/token", token())] * (kind == ACCOUNT)
    again = [POST("/api/oauth/token", token()), ask(refusal)] * (kind == ACCOUNT)
    script = Script(*before, ask(refusal), *again)
    with pytest.raises(RequestRefused) as caught:
        signed(lambda _secrets: chosen(options(kind), {}), script)

    assert f"(signed in with the {KINDS[kind]})" in caught.value.message
    assert caught.value.hint.split()[0] in ("Check", "Get")
