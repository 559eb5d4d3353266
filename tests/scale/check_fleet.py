# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: PT009  (unittest has assertions of its own, which tell the values)

"""What a fleet costs in one task, in processes, connections and requests. Times are the benchmark's."""

from __future__ import annotations

import math
import sys
from typing import Any, ClassVar

from .case import NO_LIMIT, PLAYBOOKS, Case, listed

# As _module.py has it.
MOST_CONNECTIONS = 8
LIFE = {"queued_seconds": 2.0, "in_progress_seconds": 8.0}


class OneTask(Case):
    settings: ClassVar[dict[str, Any]] = {**LIFE, **NO_LIMIT}

    def test_a_hundred_names_cost_one_process_and_few_connections(self) -> None:
        names = self.atlas.fleet(100)
        counting, starts = self._counting_python()
        done = self.play(PLAYBOOKS / "fleet.yml", "-e", listed(names), "-e", f"ansible_python_interpreter={counting}")
        self.assert_went_well(done)
        log = self.atlas.log()
        self.assert_one_each(names)
        self.assertEqual(len(starts()), 1, "processes of modules")
        self.assertLessEqual(log["connections"], MOST_CONNECTIONS)
        # One challenge per connection, one POST per cluster, and for the fleet of 100 a look every 4 s at the most.
        unsigned = [entry for entry in log["requests"] if not entry["signed"]]
        self.assertLessEqual(len(unsigned), log["connections"])
        self.assertEqual(_signed(log, "take"), 100)
        self.assertLessEqual(log["count"], MOST_CONNECTIONS + 100 + 100 * (math.ceil(10 / 2.7) + 1))
        self.assertEqual(set(log["by_step"]), {"take", "poll"})

    def test_a_service_account_signs_in_once(self) -> None:
        names = self.atlas.fleet(30)
        variables = self.atlas.variables(service_account=True)
        empty = {name: "" for name in self.atlas.variables() if name not in variables}
        done = self.play(PLAYBOOKS / "fleet.yml", "-e", listed(names), **empty, **variables)
        self.assert_went_well(done)
        log = self.atlas.log()
        self.assert_one_each(names)
        self.assertEqual(log["by_step"]["token"], 1)
        self.assertEqual(log["by_status"], {"200": log["count"]})

    def test_one_cluster_has_one_connection(self) -> None:
        done = self.play(PLAYBOOKS / "fleet.yml", "-e", listed(["demo-replica"]))
        self.assert_went_well(done)
        self.assertEqual(self.atlas.log()["connections"], 1)

    def _counting_python(self) -> tuple[str, Any]:
        """A Python that notes each of its starts, and what gives these notes back."""
        notes, script = self.folder / "starts.txt", self.folder / "python"
        notes.write_text("")
        script.write_text(f'#!/bin/sh\necho "$*" >> "{notes}"\nexec "{sys.executable}" "$@"\n')
        script.chmod(0o755)
        return str(script), lambda: notes.read_text().splitlines()


class SmallAllowance(Case):
    """An allowance that the fleet has to share with others, smaller than what it would like to ask."""

    settings: ClassVar[dict[str, Any]] = {
        "queued_seconds": 1.0,
        "in_progress_seconds": 9.0,
        "backup_limit": 80,
        "backup_refill": 10 * 60.0,
    }

    def test_is_shared_without_being_refused_often(self) -> None:
        names = self.atlas.fleet(60)
        self.assert_went_well(self.play(PLAYBOOKS / "fleet.yml", "-e", listed(names)))
        self.assert_one_each(names)
        self.assertLess(self.atlas.log()["by_status"].get("429", 0), 20)

    def test_is_shared_with_others_who_draw_on_it(self) -> None:
        self.atlas.order("PATCH", "settings", {"backup_drain": 6 * 60.0})
        names = self.atlas.fleet(40)
        self.assert_went_well(self.play(PLAYBOOKS / "fleet.yml", "-e", listed(names)))
        self.assert_one_each(names)
        self.assertLess(self.atlas.log()["by_status"].get("429", 0), 20)


class Trouble(Case):
    settings: ClassVar[dict[str, Any]] = {**LIFE, **NO_LIMIT}

    def test_nothing_is_taken_twice_when_answers_are_lost(self) -> None:
        names = self.atlas.fleet(40)
        self.atlas.order(
            "POST",
            "faults",
            [
                {"kind": "lost_answer", "match": {"step": "take"}, "skip": 3, "times": 10},
                {"kind": "status", "match": {"step": "take"}, "times": 5, "params": {"status": 503}},
                {"kind": "cut", "match": {"step": "take"}, "times": 5},
                {"kind": "status", "match": {"step": "poll"}, "times": 20, "params": {"status": 502}},
            ],
        )
        self.assert_went_well(self.play(PLAYBOOKS / "fleet.yml", "-e", listed(names)))
        self.assert_one_each(names)

    def test_nothing_is_taken_twice_when_refused_by_429(self) -> None:
        names = self.atlas.fleet(40)
        refusal = {"status": 429, "error_code": "RATE_LIMITED", "headers": {"Retry-After": "2"}}
        fault = {"kind": "status", "match": {"step": "take"}, "times": 15, "params": refusal}
        self.atlas.order("POST", "faults", fault)
        self.assert_went_well(self.play(PLAYBOOKS / "fleet.yml", "-e", listed(names)))
        self.assert_one_each(names)
        self.assertEqual(_signed(self.atlas.log(), "take"), 40 + 15)


def _signed(log: dict[str, Any], step: str) -> int:
    return sum(entry["signed"] and entry["step"] == step for entry in log["requests"])
