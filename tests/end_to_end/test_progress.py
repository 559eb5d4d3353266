# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The progress lines of a running task: when and where they appear, and what suppresses them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from simulator.process import Simulator, until

from .support import (
    PATIENCE_SECONDS,
    PLAYBOOKS,
    SHORT,
    assert_no_secret,
    assert_one_each,
    assert_went_well,
    environment,
    listed,
    play,
    run,
)

PLAYBOOK = PLAYBOOKS / "progress.yml"
MODULE = "mongodb_atlas.backup.atlas_snapshot"
# prod-eu: queued, snapshot 6a80e2504f19b7c2d8a03e61 / prod-eu: inProgress, 0:42 / prod-eu: completed, 2:41, 1.5 GB
LINE = re.compile(
    r"^(\S+): (queued|inProgress|completed|failed)(, (?:\d+:)?\d+:\d\d)?(, [\d.]+ .?B)?(, snapshot [0-9a-f]{24})?$"
)
COUNTS = re.compile(r"^\d+ clusters: .*, \d+:\d\d$")
TWO = ["demo-replica", "demo-sharded"]


def test_progress_line_appears_when_the_status_changes(atlas: Simulator, tmp_path: Path) -> None:
    """The snapshot changes only after the previous line was read, so a line that comes late never appears."""
    atlas.reset(**{**SHORT, "queued_seconds": 3600.0})
    errors = tmp_path / "stderr.txt"
    with errors.open("w") as output:
        process = subprocess.Popen(
            ["ansible-playbook", str(PLAYBOOK), "--tags", "plain", "-e", listed(["demo-replica"])],
            env=environment(**atlas.variables(), ANSIBLE_STDOUT_CALLBACK="whole_json"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
        )
    try:
        assert _line(errors, 0).startswith("demo-replica: queued")
        (snapshot,) = atlas.taken()["demo-replica"]
        for number, status in enumerate(("inProgress", "completed"), 1):
            atlas.order("PATCH", f"snapshots/{snapshot['id']}", {"status": status})
            assert _line(errors, number).startswith(f"demo-replica: {status}")
        stdout, _unused = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert process.returncode == 0
    (result,) = json.loads(stdout)["results"]
    assert result["snapshot"]["status"] == "completed"


def test_standard_output_stays_valid_json(atlas: Simulator) -> None:
    result, lines = _progress(atlas, "plain")
    assert result["changed"]
    _assert_progress(lines, TWO)


def test_each_iteration_of_a_loop_shows_its_progress(atlas: Simulator) -> None:
    _unused, lines = _progress(atlas, "loop")
    _assert_progress(lines, TWO)


def test_module_defaults_reach_the_task(atlas: Simulator) -> None:
    owner = atlas.owner
    keys = {"BACKUP_PUBLIC_KEY": owner["public_key"], "BACKUP_PRIVATE_KEY": owner["private_key"]}
    none = {"MONGODB_ATLAS_PUBLIC_API_KEY": "", "MONGODB_ATLAS_PRIVATE_API_KEY": ""}
    _unused, lines = _progress(atlas, "defaults", **keys, **none)
    _assert_progress(lines, TWO)


def test_task_delegated_to_the_controller_shows_progress(atlas: Simulator) -> None:
    _unused, lines = _progress(atlas, "delegated", "-i", "far-away,", "-e", "ansible_host=192.0.2.1")
    _assert_progress(lines, TWO)


def test_task_on_another_machine_works_without_progress(atlas: Simulator) -> None:
    result, lines = _progress(atlas, "elsewhere", "-i", "far-away,")
    assert result["changed"]
    assert lines == []


def test_async_task_works_without_progress(atlas: Simulator) -> None:
    result, lines = _progress(atlas, "async")
    assert len(result["snapshots"]) == 2
    assert lines == []


def test_task_with_no_log_shows_no_progress(atlas: Simulator) -> None:
    result, lines = _progress(atlas, "silent")
    assert "snapshots" not in result
    assert lines == []


def test_check_mode_does_not_wait_and_shows_no_progress(atlas: Simulator) -> None:
    result, lines = _progress(atlas, "plain", "--check")
    assert result["changed"]
    assert lines == []
    assert_one_each(atlas, [])


def test_progress_can_be_disabled(atlas: Simulator) -> None:
    _unused, lines = _progress(atlas, "plain", MONGODB_ATLAS_PROGRESS="false")
    assert lines == []


def test_many_clusters_are_shown_as_counts(atlas: Simulator) -> None:
    done = _run(atlas, "plain", atlas.fleet(11))
    lines = [line for line in done.stderr.splitlines() if COUNTS.match(line)]
    assert "11 clusters: " in lines[0]
    assert lines[-1].startswith("11 clusters: 11 completed, ")
    assert _lines(done.stderr) == []


def test_verbose_output_shows_progress_and_no_secret(atlas: Simulator) -> None:
    done = play(atlas, PLAYBOOK, "--tags", "plain", "-vvvv", "-e", listed(TWO))
    assert_went_well(done)
    _assert_progress(_lines(done.stderr), TWO)
    assert_no_secret(atlas, done.stdout + done.stderr)


def test_ad_hoc_command_shows_progress(atlas: Simulator) -> None:
    options = ["--one-line", "--module-name", MODULE, "--args", "cluster_name=demo-replica"]
    done = run("ansible", "localhost", *options, variables=atlas.variables())
    assert_went_well(done)
    _assert_progress(done.stderr.splitlines(), ["demo-replica"])
    assert len(done.stdout.splitlines()) == 1


def _progress(atlas: Simulator, tag: str, *options: str, **variables: str) -> tuple[dict[str, Any], list[str]]:
    """The task's result, and the progress lines on standard error."""
    done = _run(atlas, tag, TWO, *options, **variables)
    (result,) = json.loads(done.stdout)["results"]
    return result, _lines(done.stderr)


def _run(
    atlas: Simulator, tag: str, names: list[str], *options: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    variables = {"ANSIBLE_STDOUT_CALLBACK": "whole_json", **variables}
    done = play(atlas, PLAYBOOK, "--tags", tag, "-e", listed(names), *options, **variables)
    assert_went_well(done)
    assert_no_secret(atlas, done.stdout + done.stderr)
    return done


def _line(file: Path, number: int) -> str:
    """The progress line with this number, as soon as it is there."""
    assert until(lambda: len(_lines(file.read_text())) > number), file.read_text()
    return _lines(file.read_text())[number]


def _lines(text: str) -> list[str]:
    """The progress lines about single clusters."""
    return [line for line in text.splitlines() if LINE.match(line)]


def _assert_progress(lines: list[str], names: list[str]) -> None:
    """Each of these clusters has a line for the start and one for the end."""
    for name in names:
        own = [line for line in lines if line.startswith(f"{name}: ")]
        assert len(own) >= 2, lines
        assert own[0].startswith(f"{name}: queued")
        assert own[-1].startswith(f"{name}: completed, ")
