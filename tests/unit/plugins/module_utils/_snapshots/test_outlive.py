# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import Attempt, Failure
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._interruption import Interruption
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.dedicated import DedicatedSnapshots
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.outcome import Outcome
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.outlive import Outliving
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import ok
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import Script, look
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import minted


@pytest.mark.parametrize(("check_mode", "fails"), [(False, True), (True, False)])
def test_only_check_mode_accepts_a_snapshot_that_still_runs(check_mode: bool, fails: bool) -> None:
    async def work(bench: Bench) -> Any:
        record = await DedicatedSnapshots(bench.api, "prod").get(minted())
        outliving = Outliving(
            seconds=3600,
            retention_in_days=None,
            clock=bench.client.clock,
            deadline=bench.deadline,
            new_api=lambda: bench.api,
            interruption=Interruption(lambda: False),
            check_mode=check_mode,
        )
        return await outliving.ensure([Attempt("prod")], [Outcome(record, changed=True)])

    (result,) = play(Script(look(minted(), ok(snapshot("inProgress")))), work)

    assert isinstance(result, Failure) is fails
    if fails:
        assert f"Snapshot {minted()} is not assured: its status is 'inProgress'" in str(result.error)
