# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import AtlasError
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.attempt import (
    RestoreAttempt,
    RestoreFailure,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.judgement import Holds
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.records import restore_record
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.spec import RestoreSpec
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import SNAPSHOT, job

SPEC = RestoreSpec(PROJECT, "prod", PROJECT, "staging", snapshot_id=SNAPSHOT)


def attempt(spec: RestoreSpec | None = SPEC) -> RestoreAttempt:
    return RestoreAttempt("prod", cluster_type="dedicated", subject="Restore of prod", spec=spec)


@pytest.mark.parametrize(("spec", "target"), [(SPEC, "cluster staging"), (None, "")])
def test_failure_has_all_that_the_attempt_knows(spec: RestoreSpec | None, target: str) -> None:
    failing = attempt(spec)
    failing.may_have_started()
    error = AtlasError("It broke", "Look.")
    failure = failing.failure(error)

    assert failure == RestoreFailure(
        "prod",
        failure.error,
        changed=True,
        cluster_type="dedicated",
        subject="Restore of prod",
        target=target,
        holds=Holds.UNKNOWN,
    )
    assert failure.error.message == "It broke"
    assert "may have been started" in failure.error.hint


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize(("delivery", "holds"), [("automated", Holds.UNKNOWN), ("download", Holds.NOTHING)])
def test_known_job_makes_the_outcome_certain(ours: bool, delivery: str, holds: Holds) -> None:
    record = restore_record(job(deliveryType=delivery), PROJECT, "prod", "dedicated")
    known = attempt()
    known.may_have_started()
    known.has_job(record, ours=ours)

    assert (known.record, known.changed, known.doubt, known.holds) == (record, ours, "", holds)


def test_restore_that_was_not_started_keeps_the_old_data() -> None:
    failed = attempt()
    failed.may_have_started()
    failed.has_not_started()

    assert (failed.changed, failed.doubt, failed.holds) == (False, "", Holds.OLD_DATA)
