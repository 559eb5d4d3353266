# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils import _module
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import NoAnswer, NotReachable
from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_snapshot, atlas_snapshot_info
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import (
    NO_SUCH_CLUSTER,
    answer,
    challenge,
    ok,
    page,
    refused,
    token,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import (
    BACKUPS_TYPE,
    BASE_URL,
    FIRST_PAGE,
    PROJECT,
    V2,
    cluster,
    snapshot,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import (
    GET,
    POST,
    Script,
    Step,
    lists,
    lists_sharded,
    take,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, minted

TAKE, INFO = atlas_snapshot.main, atlas_snapshot_info.main
both = pytest.mark.parametrize("main", [TAKE, INFO], ids=["atlas_snapshot", "atlas_snapshot_info"])
KEY = {"public_key": "the-key", "private_key": "the-private-key"}
ACCOUNT = {"client_id": "some-account", "client_secret": "the-account-secret"}
VARIABLES = {
    "public_key": "MONGODB_ATLAS_PUBLIC_API_KEY",
    "private_key": "MONGODB_ATLAS_PRIVATE_API_KEY",
    "client_id": "MONGODB_ATLAS_CLIENT_ID",
    "client_secret": "MONGODB_ATLAS_CLIENT_SECRET",
    "access_token": "MONGODB_ATLAS_ACCESS_TOKEN",
    "project_id": "MONGODB_ATLAS_PROJECT_ID",
    "base_url": "MONGODB_ATLAS_BASE_URL",
}


def one_request(main: Any, gives: Any = None, **more: Any) -> Step:
    """The single request that both modules send for a replica set."""
    return (
        take(gives or ok(snapshot()), **more) if main is TAKE else lists(gives or page(snapshot("completed")), **more)
    )


def asked(main: Any) -> dict[str, Any]:
    return {"cluster_name": ["prod"], **({"wait": False} if main is TAKE else {})}


@both
def test_token_needs_one_request(call: Call, main: Any) -> None:
    assert len(call(main, Script(one_request(main)), **asked(main))["snapshots"]) == 1


@both
def test_key_pair_needs_two_requests(call: Call, main: Any) -> None:
    script = Script(one_request(main, challenge()), one_request(main))

    assert "failed" not in call(main, script, access_token=None, **KEY, **asked(main))


@both
def test_service_account_needs_two_requests(call: Call, main: Any) -> None:
    script = Script(
        POST("/api/oauth/token", token()), one_request(main, headers={"Authorization": "Bearer issued-token-1"})
    )

    assert "failed" not in call(main, script, access_token=None, **ACCOUNT, **asked(main))


@both
def test_duplicate_name_needs_no_more_requests(call: Call, main: Any) -> None:
    result = call(main, Script(one_request(main)), **{**asked(main), "cluster_name": ["prod", "prod"]})

    assert len(result["snapshots"]) == 1


@both
def test_all_other_options_may_come_from_the_environment(
    call: Call, main: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"access_token": "around", "project_id": PROJECT, "base_url": BASE_URL}.items():
        monkeypatch.setenv(VARIABLES[name], value)
    script = Script(one_request(main, headers={"Authorization": "Bearer around"}))

    result = call(main, script, access_token=None, project_id=None, base_url=None, **asked(main))

    assert result["snapshots"][0]["project_id"] == PROJECT


@both
@pytest.mark.parametrize("name", ["cluster", "clusters", "cluster_name"])
@pytest.mark.parametrize("value", ["prod", ["prod"], "prod,prod"])
def test_cluster_names_have_aliases_and_several_forms(call: Call, main: Any, name: str, value: Any) -> None:
    options = {**asked(main), "cluster_name": None, name: value}

    assert call(main, Script(one_request(main)), **options)["snapshots"][0]["cluster_name"] == "prod"


@both
@pytest.mark.parametrize(
    "aliases",
    [
        {"access_token": None, "api_username": "the-key", "api_password": "x"},
        {"project_id": None, "group_id": PROJECT},
        {"base_url": None, "api_url": BASE_URL},
    ],
)
def test_aliases_of_other_tools_are_accepted(call: Call, main: Any, aliases: dict[str, Any]) -> None:
    first = [one_request(main, challenge())] if "api_username" in aliases else []

    assert "failed" not in call(main, Script(*first, one_request(main)), **asked(main), **aliases)


@both
def test_project_in_the_options_takes_precedence_over_the_environment(
    call: Call, main: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONGODB_ATLAS_PROJECT_ID", "f" * 24)

    assert call(main, Script(one_request(main)), **asked(main))["snapshots"][0]["project_id"] == PROJECT


BY_NAME = "/api/atlas/v2/groups/byName/The%20Shop%2F1"


@both
@pytest.mark.parametrize("api_version", ["v2", "v1.0"])
def test_project_by_name_is_looked_up_once_on_v2_and_takes_precedence(
    call: Call, main: Any, api_version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONGODB_ATLAS_PROJECT_ID", "f" * 24)
    step = one_request(main)
    target = step.target.replace("/v2/", f"/{api_version}/")
    look_up = GET(BY_NAME, ok({"id": PROJECT}), headers={"Accept": BACKUPS_TYPE})
    script = Script(look_up, Step(step.method, target, step.gives))

    result = call(main, script, project_id=None, project_name="The Shop/1", api_version=api_version, **asked(main))

    assert result["snapshots"][0]["project_id"] == PROJECT


@both
@pytest.mark.parametrize(("status", "code"), [(404, "GROUP_NAME_NOT_FOUND"), (409, "MULTIPLE_GROUPS"), (401, None)])
def test_unknown_project_is_one_failure(call: Call, main: Any, status: int, code: str | None) -> None:
    no_advice = [GET(f"/api/atlas/v2/groups{FIRST_PAGE}", refused(403))] if code else []
    script = Script(GET("/api/atlas/v2/groups/byName/Shop", refused(status, code)), *no_advice)
    result = call(main, script, project_id=None, project_name="Shop", **{**asked(main), "cluster_name": ["a", "b"]})

    assert [(each["cluster_name"], each["status_code"], each["error_code"]) for each in result["errors"]] == [
        (None, status, code)
    ]
    assert (result["snapshots"], result["changed"]) == ([], False)


@both
def test_unknown_cluster_is_reported_with_the_nearest_names(call: Call, main: Any) -> None:
    script = Script(
        *([take(NO_SUCH_CLUSTER)] if main is TAKE else [lists(NO_SUCH_CLUSTER), lists_sharded(NO_SUCH_CLUSTER)]),
        GET(f"{V2}/clusters{FIRST_PAGE}", page(cluster(name="proud"))),
        GET(f"{V2}/flexClusters{FIRST_PAGE}", page()),
    )

    assert "The nearest names in this project: proud." in call(main, script, **asked(main))["errors"][0]["msg"]


@both
def test_one_option_of_a_pair_wins_over_other_kinds_in_the_environment(
    call: Call, main: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**ACCOUNT, "access_token": "around", "private_key": "around"}.items():
        monkeypatch.setenv(VARIABLES[name], value)
    script = Script(one_request(main, challenge(), headers={"Authorization": None}), one_request(main))

    call(main, script, access_token=None, public_key="the-key", **asked(main))

    assert 'username="the-key"' in script.sent[1].authorization


# Invalid input, before any request.

BAD = [
    ({"cluster_name": []}, "empty list"),
    ({"cluster_name": ["a/b"]}, "'a/b' is not a valid cluster name"),
    ({"cluster_name": ["prod", ".."]}, "'..' is not a valid cluster name"),
    ({"cluster_name": [""]}, "empty list"),
    ({"cluster_name": None}, "cluster_name"),
    ({"clusterName": "prod"}, "Unsupported parameters"),
    ({"project_id": "123"}, "24 hexadecimal digits"),
    ({"project_id": "g" * 24}, "24 hexadecimal digits"),
    ({"project_id": None}, "No project is given"),
    ({"project_name": "Shop"}, "mutually exclusive"),
    ({"access_token": None}, "No credentials are given"),
    ({"access_token": None, "public_key": "x"}, "public_key is given without private_key"),
    ({"access_token": None, "private_key": "x"}, "private_key is given without public_key"),
    ({"access_token": None, "client_id": "x"}, "client_id is given without client_secret"),
    ({"access_token": None, "client_secret": "x"}, "client_secret is given without client_id"),
    ({"access_token": "hunter2\nlines"}, "a line break or another character"),
    ({"access_token": "hunter2 x"}, "access_token contains a space"),
    ({"base_url": "cloud.mongodb.com"}, "no known scheme"),
    ({"base_url": "127.0.0.1:9"}, "no known scheme"),
    ({"base_url": "ftp://127.0.0.1"}, "no known scheme"),
    ({"base_url": "https://127.0.0.1/?query"}, "base_url is no"),
    ({"base_url": "https://user:hunter2@cloud.mongodb.com"}, "user info"),
    ({"base_url": "user:hunter2@cloud.mongodb.com"}, "no known scheme"),
    ({"base_url": "https://user:hunter2@cloud.mongodb.com", "max_age": -1}, "max_age is -1"),
    ({"base_url": "http://cloud.mongodb.com"}, "plain HTTP"),
    ({"ca_path": "/nowhere.pem"}, "ca_path /nowhere.pem"),
    ({"request_timeout": 0}, "request_timeout is 0"),
    ({"max_age": -1}, "max_age is -1"),
    ({"max_age": "nan"}, "max_age is nan"),
    ({"snapshot_id": "123"}, "snapshot_id is '123'"),
    ({"api_version": "v3"}, "api_version"),
]
BAD_TO_TAKE = [
    ({"retention_in_days": 0}, "retention_in_days is 0"),
    ({"retention_in_days": -3}, "retention_in_days is -3"),
    ({"retention_in_days": "soon"}, "cannot be converted to an int"),
    ({"state": "completed"}, "value of state must be one of"),
    ({"state": "absent"}, "snapshot_id is missing"),
    ({"state": "absent", "snapshot_id": minted(), "cluster_name": ["a", "b"]}, "exactly one"),
    ({"snapshot_id": minted(), "cluster_name": ["a", "b"]}, "exactly one"),
    ({"wait_timeout": 0}, "wait_timeout is 0"),
    ({"wait_timeout": "inf"}, "wait_timeout is inf"),
    ({"poll_interval": -1}, "poll_interval is -1"),
    ({"if_in_progress": "cancel"}, "if_in_progress"),
]


@pytest.mark.parametrize(
    ("main", "bad", "words"),
    [(main, bad, words) for main in (TAKE, INFO) for bad, words in BAD] + [(TAKE, *each) for each in BAD_TO_TAKE],
)
def test_invalid_input_is_refused_with_a_reason_before_any_request(
    call: Call, main: Any, bad: dict[str, Any], words: str
) -> None:
    result = call(main, Script(), **{**asked(main), **bad})

    assert result["failed"]
    assert words in result["msg"]
    assert "hunter2" not in str(result)
    if "errors" in result:  # Ansible's own errors have msg only.
        assert result["atlas_time"] is None
        assert result["snapshots"] == []


@both
def test_project_id_in_the_environment_is_validated_too(call: Call, main: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_ATLAS_PROJECT_ID", "123")

    assert "MONGODB_ATLAS_PROJECT_ID is '123'" in call(main, Script(), project_id=None, **asked(main))["msg"]


@both
def test_missing_library_gives_the_usual_message(call: Call, main: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_module, "HAS_REQUESTS", False)

    assert "Failed to import the required Python library (requests)" in call(main, Script(), **asked(main))["msg"]


@both
def test_message_names_the_cluster_the_error_of_atlas_and_a_next_step(call: Call, main: Any) -> None:
    gone = refused(404, "GROUP_NOT_FOUND", "No group with ID x exists.")
    result = call(main, Script(one_request(main, gone)), **asked(main))

    assert result["msg"] == (
        "Cluster prod: Atlas answered 404 GROUP_NOT_FOUND: No group with ID x exists. "
        "Check the project and that the credentials belong to its organization."
    )
    assert result["errors"] == [
        {
            "cluster_name": "prod",
            "cluster_type": None,
            "msg": result["msg"],
            "error_code": "GROUP_NOT_FOUND",
            "status_code": 404,
            "snapshot": None,
        }
    ]


@both
@pytest.mark.parametrize("code", ["USER_UNAUTHORIZED", "NOT_IN_GROUP", "USER_CANNOT_ACCESS_GROUP"])
def test_missing_role_is_reported_instead_of_the_key(call: Call, main: Any, code: str) -> None:
    script = Script(one_request(main, challenge()), one_request(main, refused(401, code)))
    result = call(main, script, access_token=None, **KEY, **asked(main))

    assert "Project Backup Manager" in result["msg"]


@both
@pytest.mark.parametrize("final", [NotReachable("The host name does not resolve"), answer(410, b"<html>Gone</html>")])
def test_permanent_error_fails_at_once(call: Call, main: Any, final: Any) -> None:
    assert call(main, Script(one_request(main, final)), **asked(main))["failed"]


@both
def test_atlas_time_is_atlas_clock_at_the_end(call: Call, main: Any) -> None:
    script = Script(one_request(main, takes=3), skew=86400)

    assert call(main, script, **asked(main))["atlas_time"] == iso(86403)


@both
def test_atlas_time_is_null_without_an_answer(call: Call, main: Any) -> None:
    result = call(main, Script(one_request(main, NotReachable("No DNS"))), **asked(main))

    assert result["atlas_time"] is None


@both
@pytest.mark.parametrize("by_option", [True, False])
@pytest.mark.parametrize("credentials", [KEY, ACCOUNT, {"access_token": "the-token"}])
def test_no_secret_is_in_any_output(
    call: Call, main: Any, by_option: bool, credentials: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = [*credentials.values(), "issued-token-1", "Bearer eyJhbGciOi"]
    leaking = refused(400, "VALIDATION_ERROR", f"You sent {', '.join(secrets)} and Authorization: {secrets[0]}")
    steps = {
        "public_key": [one_request(main, challenge())],
        "client_id": [POST("/api/oauth/token", token())],
        "access_token": [],
    }[next(iter(credentials))]
    if not by_option:
        for name, value in credentials.items():
            monkeypatch.setenv(VARIABLES[name], value)

    result = call(
        main,
        Script(*steps, one_request(main, leaking)),
        **{"access_token": None, **(credentials if by_option else {}), **asked(main)},
    )

    assert "VALIDATION_ERROR" in result["msg"]
    expected = secrets if "client_id" in credentials else [*credentials.values(), secrets[-1]]
    assert [secret for secret in expected if secret in str(result)] == []


@both
def test_secret_from_the_environment_or_issued_at_run_time_is_masked_in_records_too(
    call: Call, main: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(VARIABLES[name], value)
    there = snapshot("completed", description="the-account-secret and issued-token-1")
    step = one_request(main, ok(there) if main is TAKE else page(there))

    result = call(main, Script(POST("/api/oauth/token", token()), step), access_token=None, **asked(main))

    assert result["snapshots"][0]["description"] == "******** and ********"


@both
@pytest.mark.parametrize("description", ["Größe 東京 ✓", "\ud83d", "x" * 10000, "\x00"])
def test_any_text_of_atlas_is_returned(call: Call, main: Any, description: str) -> None:
    there = snapshot("completed", description=description)
    gives = ok(there) if main is TAKE else page(there)

    result = call(main, Script(one_request(main, gives)), **asked(main))

    assert result["snapshots"][0]["id"] == minted()


@both
def test_broken_connections_are_replaced(call: Call, main: Any) -> None:
    script = Script(one_request(main, NoAnswer("reset")), lists(page(snapshot("completed", description=None))))

    assert "failed" not in call(main, script, **asked(main))
    assert script.connections == 2


@both
def test_sigint_before_the_work_begins_gives_a_message(call: Call, main: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_params: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(_module, "trimmed_options", interrupt)

    assert call(main, Script(), **asked(main))["msg"] == "SIGINT has ended this module. Run this again."
