# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each kind of credentials: as few sign-ins as possible, renewal of what expires, and clear error messages."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Request
from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_snapshot, atlas_snapshot_info
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import BASE_URL, PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas

TAKE, INFO = atlas_snapshot.main, atlas_snapshot_info.main
KEY_PAIR = ("public_key", "private_key")
SERVICE_ACCOUNT = ("client_id", "client_secret")
TOKEN = ("access_token",)


def credentials(atlas: SimulatedAtlas, kind: tuple[str, ...], role: str = "owner") -> dict[str, Any]:
    """Options with credentials of this kind only, for the caller with this role."""
    who = next(each for each in atlas.service.world.credentials if each.role == role)
    return {"access_token": None, **{name: getattr(who, name) for name in kind}}


def refusals(atlas: SimulatedAtlas) -> int:
    return sum(entry.status == 401 for entry in atlas.service.journal.entries)


# The kind, the settings of the service, and its faults; the number of 401 answers and of requested tokens.
SIGN_INS: list[tuple[tuple[str, ...], dict[str, Any], dict[str, Any] | None, int, range]] = [
    (KEY_PAIR, {}, None, 1, range(1)),
    (SERVICE_ACCOUNT, {}, None, 0, range(1, 2)),
    (TOKEN, {}, None, 0, range(1)),
    # Nonces and tokens expire and are renewed without an error.
    (KEY_PAIR, {}, {"kind": "stale_nonce", "times": 2}, 3, range(1)),
    (KEY_PAIR, {"nonce_per_connection": True}, None, 1, range(1)),
    (KEY_PAIR, {"nonce_seconds": 30.0}, None, 4, range(1)),
    (SERVICE_ACCOUNT, {}, {"kind": "unauthorized"}, 1, range(2, 3)),
    (SERVICE_ACCOUNT, {"token_seconds": 30.0}, None, 0, range(4, 7)),
]


@pytest.mark.parametrize(("kind", "settings", "fault", "refused", "tokens"), SIGN_INS)
def test_each_kind_signs_in_as_rarely_as_possible(
    call: Call,
    kind: tuple[str, ...],
    settings: dict[str, Any],
    fault: dict[str, Any] | None,
    refused: int,
    tokens: range,
) -> None:
    atlas = SimulatedAtlas(in_progress_seconds=100.0, **settings)
    if fault:
        atlas.fault(step="poll", **fault)

    result = call(TAKE, atlas, cluster_name="prod", **credentials(atlas, kind))

    assert result["snapshot"]["status"] == "completed"
    assert len(atlas.taken()) == 1
    assert {entry.connection for entry in atlas.service.journal.entries} == {"connection-1"}
    assert refusals(atlas) == refused
    assert len(atlas.sent("token")) in tokens


def test_given_token_that_expires_during_the_wait_fails_with_the_snapshot(call: Call) -> None:
    atlas = SimulatedAtlas(token_seconds=50.0, in_progress_seconds=9999.0)
    basic = base64.b64encode(f"{atlas.owner.client_id}:{atlas.owner.client_secret}".encode()).decode()
    form = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    asked = Request("POST", f"{BASE_URL}/api/oauth/token", form, b"grant_type=client_credentials")
    token = atlas.serve(asked, "another").json()["access_token"]

    result = call(TAKE, atlas, cluster_name="prod", access_token=token)

    (error,) = result["errors"]
    assert (result["changed"], error["status_code"]) == (True, 401)
    assert error["snapshot"]["id"] == atlas.taken()[0].id
    assert error["snapshot"]["id"] in result["msg"]
    assert "Get a new access token" in result["msg"]
    assert token not in str(result)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"public_key": "nobody", "private_key": "wrong-secret"}, "Check public_key and private_key"),
    ({"client_id": "nobody", "client_secret": "wrong-secret"}, "Signing in with the service account failed"),
    ({"access_token": "wrong-secret"}, "Get a new access token"),
    ({"kind": KEY_PAIR, "role": "read_only"}, "USER_UNAUTHORIZED.*Project Backup Manager"),
    ({"kind": TOKEN, "role": "outsider"}, "NOT_IN_GROUP.*in this project"),
]


@pytest.mark.parametrize(("options", "says"), REFUSED)
def test_refused_credentials_name_what_to_check(call: Call, options: dict[str, Any], says: str) -> None:
    atlas = SimulatedAtlas()
    given = credentials(atlas, **options) if "kind" in options else {"access_token": None, **options}

    result = call(TAKE, atlas, cluster_name="prod", **given)

    assert re.search(says, result["msg"])
    assert result["errors"][0]["status_code"] in (401, 403)
    assert "wrong-secret" not in str(result)
    assert atlas.taken() == []


def test_read_only_role_can_list_snapshots(call: Call) -> None:
    atlas = SimulatedAtlas()
    atlas.has_history()

    found = call(INFO, atlas, cluster_name="prod", **credentials(atlas, KEY_PAIR, role="read_only"))

    assert len(found["snapshots"]) == 9
    assert [entry.caller for entry in atlas.service.journal.entries] == [None, "read_only"]


# Sources of credentials: the environment, the options, and the kind that is used.

WRONG = {
    "MONGODB_ATLAS_PUBLIC_API_KEY": "nobody",
    "MONGODB_ATLAS_PRIVATE_API_KEY": "wrong-secret",
    "MONGODB_ATLAS_CLIENT_ID": "nobody",
    "MONGODB_ATLAS_CLIENT_SECRET": "wrong-secret",
    "MONGODB_ATLAS_ACCESS_TOKEN": "wrong-secret",
}
PAIR_AROUND = {"MONGODB_ATLAS_PUBLIC_API_KEY": "public_key", "MONGODB_ATLAS_PRIVATE_API_KEY": "private_key"}
OTHER_PAIR_AROUND = {"MONGODB_ATLAS_PUBLIC_KEY": "public_key", "MONGODB_ATLAS_PRIVATE_KEY": "private_key"}
ACCOUNT_AROUND = {"MONGODB_ATLAS_CLIENT_ID": "client_id", "MONGODB_ATLAS_CLIENT_SECRET": "client_secret"}
TOKEN_AROUND = {"MONGODB_ATLAS_ACCESS_TOKEN": "access_token"}
# Words that are names of the owner's credentials stand for their values.
SOURCES: list[tuple[dict[str, str], dict[str, str], str]] = [
    (PAIR_AROUND, {}, "key pair"),
    (OTHER_PAIR_AROUND, {}, "key pair"),
    (
        {**PAIR_AROUND, "MONGODB_ATLAS_PUBLIC_KEY": "nobody", "MONGODB_ATLAS_PRIVATE_KEY": "wrong-secret"},
        {},
        "key pair",
    ),
    (ACCOUNT_AROUND, {}, "service account"),
    ({**WRONG, "MONGODB_ATLAS_ACCESS_TOKEN": "", **ACCOUNT_AROUND}, {}, "service account"),
    ({**WRONG, **TOKEN_AROUND}, {}, "token"),
    # An option takes precedence over all credentials in the environment; half a pair is completed from there.
    (WRONG, {"public_key": "public_key", "private_key": "private_key"}, "key pair"),
    ({**WRONG, "MONGODB_ATLAS_PRIVATE_API_KEY": "private_key"}, {"public_key": "public_key"}, "key pair"),
    ({**WRONG, "MONGODB_ATLAS_CLIENT_ID": "client_id"}, {"client_secret": "client_secret"}, "service account"),
    (WRONG, {"access_token": "access_token", "public_key": "half-a-pair"}, "token"),
]


@pytest.mark.parametrize(("around", "options", "used"), SOURCES)
def test_credentials_that_take_precedence_are_used(
    call: Call, monkeypatch: pytest.MonkeyPatch, around: dict[str, str], options: dict[str, str], used: str
) -> None:
    atlas = SimulatedAtlas()
    for name, value in around.items():
        monkeypatch.setenv(name, getattr(atlas.owner, value, value))
    given = {name: getattr(atlas.owner, value, value) for name, value in options.items()}

    result = call(TAKE, atlas, cluster_name="prod", **{"access_token": None, **given})

    assert result["snapshot"]["status"] == "completed"
    assert (refusals(atlas), len(atlas.sent("token"))) == {
        "key pair": (1, 0),
        "service account": (0, 1),
        "token": (0, 0),
    }[used]


def test_base_url_and_project_come_from_the_environment_unless_options_are_set(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONGODB_ATLAS_BASE_URL", "https://elsewhere.example.invalid")
    monkeypatch.setenv("MONGODB_ATLAS_PROJECT_ID", "f" * 24)

    assert "failed" not in call(INFO, SimulatedAtlas(), cluster_name="prod")

    monkeypatch.setenv("MONGODB_ATLAS_BASE_URL", BASE_URL)
    monkeypatch.setenv("MONGODB_ATLAS_PROJECT_ID", PROJECT)

    assert "failed" not in call(INFO, SimulatedAtlas(), cluster_name="prod", base_url=None, project_id=None)


def test_requests_are_those_that_the_documentation_lists(call: Call) -> None:
    def steps(main: Any, kind: tuple[str, ...], **options: Any) -> list[tuple[str, int | None]]:
        atlas = SimulatedAtlas()
        call(main, atlas, cluster_name="prod", **credentials(atlas, kind), **options)
        return [(entry.step, entry.status) for entry in atlas.service.journal.entries]

    assert steps(TAKE, KEY_PAIR, wait=False) == [("take", 401), ("take", 200)]
    assert steps(TAKE, SERVICE_ACCOUNT, wait=False) == [("token", 200), ("take", 200)]
    assert steps(INFO, SERVICE_ACCOUNT, project_id=None, project_name="Shop")[:2] == [("token", 200), ("project", 200)]
