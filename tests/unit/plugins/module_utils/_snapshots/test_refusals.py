# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.error_codes import NO_DEDICATED_BACKUPS
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import AtlasError, RequestRefused
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import Attempt
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.refusals import (
    CHANGE,
    DELETE,
    TAKE,
    explained,
    refused_by_kind,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import ok, refused
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import V2, cluster
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import GET, Script, Step


def explanation(error: AtlasError, *steps: Step, what: str = TAKE, attempt: Attempt | None = None) -> AtlasError:
    async def work(bench: Bench) -> AtlasError:
        return await explained(bench.api, attempt or Attempt("prod"), error, what)

    return play(Script(*steps), work)


def shown(gives: Any) -> Step:
    return GET(f"{V2}/clusters/prod", gives)


def test_flex_cluster_is_named_without_another_request() -> None:
    error = explanation(RequestRefused(400, error_code="CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API"))

    assert error.message.startswith("It is a flex cluster")
    assert "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API" in error.message
    assert "itself, once a day" in error.message


@pytest.mark.parametrize("code", [*sorted(NO_DEDICATED_BACKUPS), "INCORRECT_BACKUP_API_ENDPOINT"])
@pytest.mark.parametrize(
    ("size", "words", "hint"),
    [
        ("M2", "tenant cluster (M2)", "Look them up"),
        ("M5", "tenant cluster (M5)", "Look them up"),
        ("M0", "(M0)", "Upgrade"),
    ],
)
def test_shared_cluster_is_named_for_any_code(code: str, size: str, words: str, hint: str) -> None:
    error = explanation(RequestRefused(400, error_code=code), shown(ok(cluster(size, "TENANT"))))

    assert words in error.message
    assert code in error.message
    assert hint in error.hint


@pytest.mark.parametrize("gives", [refused(400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API"), ok(cluster("FLEX", "FLEX"))])
def test_flex_cluster_is_named_for_other_refusals(gives: Any) -> None:
    error = explanation(RequestRefused(400, error_code="PROVIDER_BACKUP_NOT_SUPPORTED"), shown(gives))

    assert error.message.startswith("It is a flex cluster")
    assert "PROVIDER_BACKUP_NOT_SUPPORTED" in error.message


def test_m0_has_no_backups() -> None:
    refusal = refused_by_kind(cluster("M0", "TENANT"))

    assert refusal is not None
    assert "no backups at all" in refusal.message


@pytest.mark.parametrize(
    "gives", [ok(cluster()), ok({"name": "prod"}), refused(403, "ACCESS_FORBIDDEN"), refused(404, "CLUSTER_NOT_FOUND")]
)
def test_error_of_atlas_is_kept_for_other_clusters(gives: Any) -> None:
    error = explanation(RequestRefused(400, error_code="BACKUP_JOB_NOT_FOUND"), shown(gives))

    assert str(error).startswith("Atlas answered 400 BACKUP_JOB_NOT_FOUND")
    assert "Enable backups" in error.hint


@pytest.mark.parametrize("error", [AtlasError("x", "y"), RequestRefused(400, error_code="VALIDATION_ERROR")])
def test_errors_about_anything_but_the_kind_of_cluster_are_not_changed(error: AtlasError) -> None:
    before = str(error)
    assert str(explanation(error)) == before


@pytest.mark.parametrize("odd", [{}, {"replicationSpecs": None}, {"replicationSpecs": [None, {"regionConfigs": "x"}]}])
def test_dedicated_or_unreadable_cluster_does_not_explain_a_refusal(odd: dict[str, Any]) -> None:
    assert refused_by_kind(odd) is None
    assert refused_by_kind(cluster()) is None


@pytest.mark.parametrize("what", [TAKE, CHANGE, DELETE])
@pytest.mark.parametrize(
    ("code", "gives", "kind"),
    [
        ("CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", None, "flex"),
        ("PROVIDER_BACKUP_NOT_SUPPORTED", ok(cluster("M2", "TENANT")), "tenant"),
        ("INCORRECT_BACKUP_API_ENDPOINT", refused(400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API"), "flex"),
    ],
)
def test_operation_kind_and_code_are_named(what: str, code: str, gives: Any, kind: str) -> None:
    attempt = Attempt("prod")
    steps = [shown(gives)] if gives else []
    error = explanation(RequestRefused(400, error_code=code, detail="Said so."), *steps, what=what, attempt=attempt)

    assert f"It is a {kind} cluster" in error.message
    assert what in error.message
    assert f"Atlas answered 400 {code}: Said so" in error.message
    assert (error.status_code, error.error_code, attempt.cluster_type) == (400, code, kind)


def test_refusal_of_disabled_backups_shows_a_dedicated_cluster() -> None:
    attempt = Attempt("prod")
    explanation(RequestRefused(400, error_code="BACKUP_JOB_NOT_FOUND"), shown(ok(cluster())), attempt=attempt)

    assert attempt.cluster_type == "dedicated"
