# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: PT009  (unittest has assertions of its own, which tell the values)

"""The examples for several projects, each run as it stands against a simulator with two projects."""

from __future__ import annotations

import subprocess
from typing import Any, ClassVar

from .case import NO_LIMIT, Case
from .workshop import EXAMPLES

FLEET = EXAMPLES / "fleet"
DEMO = ["demo-replica", "demo-sharded"]
OTHER = ["other-replica"]


class Projects(Case):
    settings: ClassVar[dict[str, Any]] = {"queued_seconds": 0.5, "in_progress_seconds": 1.5, **NO_LIMIT}

    def test_all_projects_at_the_same_time(self) -> None:
        self.assert_went_well(self._example("take_snapshots.yml"))
        self.assert_one_each(DEMO + OTHER)
        taken = self.atlas.taken()
        # Each had begun before any was over.
        began = max(taken[name][0]["taken_at"] for name in DEMO + OTHER)
        self.assertLess(began - min(taken[name][0]["taken_at"] for name in DEMO + OTHER), 2.0)

    def test_a_second_run_takes_nothing_more(self) -> None:
        for _run in range(2):
            self.assert_went_well(self._example("take_snapshots.yml"))
        self.assert_one_each(DEMO + OTHER)

    def test_one_missing_backup_stops_the_maintenance_of_all(self) -> None:
        self.atlas.order("PATCH", "settings", {"clusters": {"other-replica": {"outcome": "failed"}}})
        done = self._example("take_snapshots.yml")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("other-replica", done.stdout)
        self.assertNotIn("Maintenance of", done.stdout)

    def test_waves_go_one_after_the_other(self) -> None:
        self.assert_went_well(self._example("take_snapshots_in_waves.yml"))
        self.assert_one_each(DEMO + OTHER)
        taken = self.atlas.taken()
        for name in DEMO:
            first = taken[name][0]
            over = first["taken_at"] + first["queued_seconds"] + first["in_progress_seconds"]
            self.assertGreater(taken["other-replica"][0]["taken_at"], over)

    def test_a_failed_wave_is_the_last(self) -> None:
        self.atlas.order("PATCH", "settings", {"clusters": {"demo-sharded": {"outcome": "failed"}}})
        done = self._example("take_snapshots_in_waves.yml")
        self.assertNotEqual(done.returncode, 0)
        self.assertNotIn("Maintenance of", done.stdout)
        self.assert_one_each(DEMO)

    def test_other_work_goes_on_beside_it(self) -> None:
        done = self._example("take_snapshots_beside_other_work.yml", "-e", "look_every=1")
        self.assert_went_well(done)
        self.assert_one_each(DEMO + OTHER)
        self.assertLess(done.stdout.index("Preparation of"), done.stdout.index("Maintenance of"))

    def test_a_failure_in_the_background_stops_all(self) -> None:
        self.atlas.order("PATCH", "settings", {"clusters": {"other-replica": {"outcome": "failed"}}})
        done = self._example("take_snapshots_beside_other_work.yml", "-e", "look_every=1")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("Preparation of Other", done.stdout)
        self.assertNotIn("Maintenance of", done.stdout)

    def test_check_mode_takes_nothing_in_any_of_them(self) -> None:
        for playbook in sorted(FLEET.glob("take_*.yml")):
            with self.subTest(playbook.name):
                self.assert_went_well(self._example(playbook.name, "--check"))
                self.assert_one_each([])

    def _example(self, name: str, *options: str) -> subprocess.CompletedProcess[str]:
        return self.play(FLEET / name, "-i", str(FLEET / "inventory.yml"), *options)
