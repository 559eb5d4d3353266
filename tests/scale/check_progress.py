# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: PT009  (unittest has assertions of its own, which tell the values)

"""The lines that are shown while a task runs: that they come in time, where they go, and what keeps them away."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any, ClassVar

from .case import NO_LIMIT, PLAYBOOKS, SHORT, Case, listed, program

PLAYBOOK = str(PLAYBOOKS / "progress.yml")
MODULE = "mongodb_atlas.backup.atlas_snapshot"
# prod-eu: queued / prod-eu: inProgress, 0:42 / prod-eu: completed, 2:41, 1.5 GB
LINE = re.compile(r"^(\S+): (queued|inProgress|completed|failed)(, (?:\d+:)?\d+:\d\d)?(, [\d.]+ .?B)?$")
COUNTS = re.compile(r"^\d+ clusters: .*, \d+:\d\d$")
TWO = ["demo-replica", "demo-sharded"]


class WhileItRuns(Case):
    settings: ClassVar[dict[str, Any]] = {"queued_seconds": 3600.0, "in_progress_seconds": 3600.0, **NO_LIMIT}

    def test_each_line_comes_as_soon_as_its_change_is_seen(self) -> None:
        """The snapshot goes on only when the line before has been read, so a line that comes late never comes."""
        command = [program("ansible-playbook"), PLAYBOOK, "--tags", "plain", "-e", listed(["demo-replica"])]
        process = subprocess.Popen(
            command,
            env=self.environment(ANSIBLE_STDOUT_CALLBACK="whole_json"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.kill)
        assert process.stdout is not None
        assert process.stderr is not None
        seen = []
        for status, course in (("queued", "inProgress"), ("inProgress", "completed"), ("completed", None)):
            line = next(line for line in process.stderr if LINE.match(line.rstrip()))
            seen.append(line)
            self.assertTrue(line.startswith(f"demo-replica: {status}"), seen)
            if course:
                (snapshot,) = self.atlas.taken()["demo-replica"]
                self.atlas.order("PATCH", f"snapshots/{snapshot['id']}", {"status": course})
        (result,) = json.loads(process.stdout.read())["results"]
        self.assertEqual(process.wait(), 0)
        self.assertEqual(result["snapshot"]["status"], "completed")


class WhereTheyGo(Case):
    settings: ClassVar[dict[str, Any]] = {**SHORT, "queued_seconds": 1.5, **NO_LIMIT}

    def test_standard_output_stays_whole_json(self) -> None:
        result, lines = self._progress("plain")
        self.assertTrue(result["changed"])
        self._assert_told(lines, TWO)

    def test_each_round_of_a_loop_tells_its_own(self) -> None:
        _unused, lines = self._progress("loop")
        self._assert_told(lines, TWO)

    def test_module_defaults_reach_the_task(self) -> None:
        owner = self.atlas.owner
        keys = {"BACKUP_PUBLIC_KEY": owner["public_key"], "BACKUP_PRIVATE_KEY": owner["private_key"]}
        none = {"MONGODB_ATLAS_PUBLIC_API_KEY": "", "MONGODB_ATLAS_PRIVATE_API_KEY": ""}
        _unused, lines = self._progress("defaults", **keys, **none)
        self._assert_told(lines, TWO)

    def test_delegated_to_the_controller(self) -> None:
        _unused, lines = self._progress("delegated", "-i", "far-away,", "-e", "ansible_host=192.0.2.1")
        self._assert_told(lines, TWO)

    def test_on_another_machine_nothing_is_shown_and_nothing_breaks(self) -> None:
        result, lines = self._progress("elsewhere", "-i", "far-away,")
        self.assertTrue(result["changed"])
        self.assertEqual(lines, [])

    def test_in_the_background_nothing_is_shown_and_nothing_breaks(self) -> None:
        result, lines = self._progress("async")
        self.assertEqual(len(result["snapshots"]), 2)
        self.assertEqual(lines, [])

    def test_a_task_with_no_log_says_nothing(self) -> None:
        result, lines = self._progress("silent")
        self.assertNotIn("snapshots", result)
        self.assertEqual(lines, [])

    def test_check_mode_waits_for_nothing_and_tells_nothing(self) -> None:
        result, lines = self._progress("plain", "--check")
        self.assertTrue(result["changed"])
        self.assertEqual(lines, [])
        self.assert_one_each([])

    def test_can_be_switched_off(self) -> None:
        for word in ("false", "no", "0"):
            with self.subTest(word):
                _unused, lines = self._progress("plain", MONGODB_ATLAS_PROGRESS=word)
                self.assertEqual(lines, [])

    def test_a_fleet_is_counted(self) -> None:
        names = self.atlas.fleet(11)
        done = self._run("plain", names)
        lines = [line for line in done.stderr.splitlines() if COUNTS.match(line)]
        self.assertIn("11 clusters: ", lines[0])
        self.assertRegex(lines[-1], "^11 clusters: 11 completed, ")
        self.assertEqual([line for line in done.stderr.splitlines() if LINE.match(line)], [])

    def test_verbose_output_has_the_lines_and_no_secret(self) -> None:
        done = self.play(PLAYBOOKS / "progress.yml", "--tags", "plain", "-vvvv", "-e", listed(TWO))
        self.assert_went_well(done)
        self._assert_told([line for line in done.stderr.splitlines() if LINE.match(line)], TWO)
        self.assert_no_secret(done.stdout + done.stderr)

    def test_ad_hoc_tells_as_well(self) -> None:
        done = subprocess.run(
            [
                program("ansible"),
                "localhost",
                "--one-line",
                "--module-name",
                MODULE,
                "--args",
                "cluster_name=demo-replica",
            ],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assert_went_well(done)
        self._assert_told(done.stderr.splitlines(), ["demo-replica"])
        self.assertEqual(len(done.stdout.splitlines()), 1)

    def _progress(self, tag: str, *options: str, **environment: str) -> tuple[dict[str, Any], list[str]]:
        """The task's result, and the lines of progress on standard error."""
        done = self._run(tag, TWO, *options, **environment)
        (result,) = json.loads(done.stdout)["results"]
        return result, [line for line in done.stderr.splitlines() if LINE.match(line)]

    def _run(self, tag: str, names: list[str], *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = {"ANSIBLE_STDOUT_CALLBACK": "whole_json", **environment}
        done = self.play(PLAYBOOKS / "progress.yml", "--tags", tag, "-e", listed(names), *options, **variables)
        self.assert_went_well(done)
        self.assert_no_secret(done.stdout + done.stderr)
        return done

    def _assert_told(self, lines: list[str], names: list[str]) -> None:
        """Each of these clusters has a line for its beginning and one for its end."""
        for name in names:
            own = [line for line in lines if line.startswith(f"{name}: ")]
            self.assertGreaterEqual(len(own), 2, lines)
            self.assertRegex(own[0], f"^{name}: queued")
            self.assertRegex(own[-1], f"^{name}: completed, ")
