# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Selects the credentials from the options or the environment, in order of precedence.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .credentials import PRINTABLE, AccessToken, Credentials
from .digest import KeyPair
from .errors import InvalidInput
from .secrets import Secrets
from .service_account import ServiceAccount

# Option -> its environment variables; the first one that is set counts.
CREDENTIAL_VARIABLES = {
    "access_token": ("MONGODB_ATLAS_ACCESS_TOKEN",),
    "client_id": ("MONGODB_ATLAS_CLIENT_ID",),
    "client_secret": ("MONGODB_ATLAS_CLIENT_SECRET",),
    "public_key": ("MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY"),
    "private_key": ("MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY"),
}

# Kinds of credentials, the one that wins within a source first.
ACCESS_TOKEN = ("access_token",)
SERVICE_ACCOUNT = ("client_id", "client_secret")
KEY_PAIR = ("public_key", "private_key")
_KINDS = (ACCESS_TOKEN, SERVICE_ACCOUNT, KEY_PAIR)


def choose_credentials(
    options: Mapping[str, Any], environment: Mapping[str, str], base_url: str, secrets: Secrets
) -> Credentials:
    """The credentials that win: options over the environment, then access token, service account, key pair.

    A kind with at least one option set wins over kinds that only the environment sets; the environment may supply its
    other half. secrets: collects the chosen credentials, and later every issued token, so that output masks them.
    Raises InvalidInput for half a pair, or without any credentials.
    """
    given = {name: str(options[name]) for name in CREDENTIAL_VARIABLES if options.get(name)}
    variables = CREDENTIAL_VARIABLES.items()
    around = {name: value for name, names in variables if (value := _from_environment(names, environment))}
    for source, rest in ((given, around), (around, {})):
        kinds = [kind for kind in _KINDS if any(name in source for name in kind)]
        merged = {**rest, **source}
        for kind in kinds:
            if all(name in merged for name in kind):
                return _credentials(kind, merged, base_url, secrets)
        if kinds:
            raise _half_a_pair(kinds[0], merged)
    raise InvalidInput(
        "No credentials are given",
        "Give access_token, or client_id and client_secret (service account), or public_key and private_key (API key), "
        f"as options or in the environment: {', '.join(names[0] for names in CREDENTIAL_VARIABLES.values())}.",
    )


def _from_environment(names: tuple[str, ...], environment: Mapping[str, str]) -> str:
    return next((environment[name] for name in names if environment.get(name)), "")


def _half_a_pair(kind: tuple[str, ...], given: Mapping[str, str]) -> InvalidInput:
    here, missing = sorted(kind, key=lambda name: name not in given)
    return InvalidInput(
        f"{here} is given without {missing}",
        f"Give {missing} as well, as an option or in {CREDENTIAL_VARIABLES[missing][0]}.",
    )


def _credentials(kind: tuple[str, ...], values: Mapping[str, str], base_url: str, secrets: Secrets) -> Credentials:
    chosen = [values[name] for name in kind]
    secrets.add(*chosen)
    for name, value in zip(kind, chosen):
        _check_utf_8(name, value)
        # These go into a header unchanged; a private key is hashed, and a client secret is encoded.
        if name in ("access_token", "client_id", "public_key") and not PRINTABLE.fullmatch(value):
            raise InvalidInput(
                f"{name} contains a space, a line break or another character that is not allowed in it",
                f"Check where {name} is read from.",
            )
    if kind == ACCESS_TOKEN:
        return AccessToken(chosen[0])
    if kind == SERVICE_ACCOUNT:
        return ServiceAccount(chosen[0], chosen[1], base_url, secrets)
    return KeyPair(chosen[0], chosen[1])


def _check_utf_8(name: str, value: str) -> None:
    try:
        value.encode()
    except UnicodeError:
        raise InvalidInput(
            f"{name} contains a byte that is not UTF-8",
            f"Check the option, or {' and '.join(CREDENTIAL_VARIABLES[name])} in the environment.",
        ) from None
