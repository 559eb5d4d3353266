# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares one task of this collection with two looped ansible.builtin.uri tasks, a role with the task, and large
rollbacks with small ones.

usage: python tests/benchmark/run.py [--quick] [--rounds N] [SCENARIO ...]

Both run against the simulator, one after the other. Times and CPU are those of all processes together. The program
fails if a limit is exceeded. Run it on an idle machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from simulator.process import Simulator, simulator

from benchmark import measure
from benchmark.scenarios import SCENARIOS, Bound, Figures, Scenario, World

HERE = Path(__file__).resolve().parent
BUILD = HERE.parents[1] / ".build" / "benchmark"
# With --quick, the other side runs with this many clusters, and its figures are extrapolated.
QUICK_CLUSTERS = 10
# Like a user's machine, keep the compiled files of Python.
ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "", "ANSIBLE_PIPELINING": "false", "ANSIBLE_LOCALHOST_WARNING": "false"}
WORDS = {
    "taken": "snapshots taken",
    "restored": "restores completed",
    "doubled": "clusters with two",
    "wall": "wall time, s",
    "cpu": "CPU, s",
    "late": "end after completion, s",
    "module_mb": "module's memory, MB",
    "requests": "requests",
    "refused_429": "answers of 429",
    "connections": "connections",
}


def main() -> int:
    options = _options()
    BUILD.mkdir(parents=True, exist_ok=True)
    held = []
    with simulator(BUILD) as atlas:
        for name in options.scenarios or SCENARIOS:
            scenario = SCENARIOS[name]
            rounds = [_round(atlas, scenario, quick=options.quick) for _round_number in range(options.rounds)]
            ours = _median([each[0] for each in rounds])
            theirs = _median([each[1] for each in rounds if each[1]]) if scenario.theirs else None
            shrunk = options.quick and _is_slow(scenario)
            print(f"\n{scenario.title}{f' (median of {options.rounds} rounds)' if options.rounds > 1 else ''}")
            held += list(_table(scenario, ours, theirs, shrunk=shrunk))
    print(f"\n{held.count(True)} limits hold, {held.count(False)} are exceeded")
    return 0 if all(held) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare the collection with looped ansible.builtin.uri.")
    parser.add_argument("--quick", action="store_true", help=f"loop over {QUICK_CLUSTERS} clusters at most")
    parser.add_argument("--rounds", type=int, default=1, help="how often each side is measured; the median counts")
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"any of {', '.join(SCENARIOS)}; all if none")
    options = parser.parse_args()
    unknown = set(options.scenarios) - set(SCENARIOS)
    if unknown:
        parser.error(f"unknown scenario {', '.join(sorted(unknown))}")
    return options


def _round(atlas: Simulator, scenario: Scenario, *, quick: bool) -> tuple[Figures, Figures | None]:
    ours = _figures(atlas, scenario, scenario.ours, scenario.world)
    if scenario.theirs is None:
        return ours, None
    if not quick or not _is_slow(scenario):
        return ours, _figures(atlas, scenario, scenario.theirs, scenario.beside or scenario.world)
    few, none = (_figures(atlas, scenario, scenario.theirs, World(clusters)) for clusters in (QUICK_CLUSTERS, 0))
    return ours, _stretched(few, none, scenario.clusters / QUICK_CLUSTERS)


def _is_slow(scenario: Scenario) -> bool:
    """Whether the other side starts a process for each of many clusters."""
    return scenario.theirs == "uri.yml" and scenario.clusters > QUICK_CLUSTERS


def _figures(atlas: Simulator, scenario: Scenario, playbook: str, world: World) -> Figures:
    """Run one playbook after a reset of the simulator."""
    atlas.reset(**scenario.simulated())
    names = atlas.fleet(world.clusters) if world.clusters else []
    backups = _backups(atlas, names, world.jobs)
    variables = BUILD / "variables.json"
    variables.write_text(json.dumps({"clusters": names, "snapshots": backups, **_reach(atlas)}))
    print(f"running {playbook} with {world.clusters} cluster{'s' * (world.clusters != 1)}", flush=True)
    command = ["ansible-playbook", str(HERE / playbook), "-e", f"@{variables}"]
    log_file = BUILD / f"{playbook}.log"
    cost = measure.run(command, {**os.environ, **ENVIRONMENT, **atlas.variables()}, log_file)
    if cost.exit_code:
        print(log_file.read_text()[-2000:])
    log, taken = atlas.log(), list(atlas.taken().values())
    jobs = [job for job in atlas.restores() if job["requested_by"] != "somebody else"]
    into = Counter((job["target_project_id"], job["target_name"]) for job in jobs)
    ends = [_end(each) for held in taken for each in held] + [_end_of_job(job) for job in jobs]
    return Figures(
        wall=cost.wall,
        cpu=cost.cpu,
        module_mb=cost.module_mb,
        requests=log["count"],
        refused_429=log["by_status"].get("429", 0),
        connections=log["connections"],
        taken=sum(len(held) for held in taken),
        restored=sum(job["status"] == "completed" for job in jobs),
        doubled=sum(len(held) > 1 for held in taken) + sum(count > 1 for count in into.values()),
        late=cost.ended_at - max(ends, default=cost.ended_at),
        succeeded=cost.exit_code == 0,
    )


def _backups(atlas: Simulator, names: list[str], jobs: int | None) -> list[dict[str, Any]]:
    """Create a restorable snapshot and this many completed restore jobs of each cluster; return the snapshots.

    jobs: None creates nothing.
    """
    backups = []
    for name in names if jobs is not None else []:
        taken = atlas.order("POST", "snapshots", {"cluster": name, "status": "completed", "age_seconds": 3600})
        backups.append({"cluster_name": name, "id": taken["id"], "project_id": atlas.project_id})
        over = {"cluster": name, "target": "Drill/drill-replica", "status": "completed", "age_seconds": 600}
        for _number in range(jobs or 0):
            atlas.order("POST", "restores", over)
    return backups


def _reach(atlas: Simulator) -> dict[str, str]:
    """The variables of playbooks that do not use this collection."""
    keys = {key: atlas.owner[key] for key in ("public_key", "private_key")}
    return {"base_url": atlas.base_url, "project_id": atlas.project_id, **keys}


def _end(snapshot: dict[str, Any]) -> float:
    """When it was completed, by the clock of this machine."""
    return float(snapshot["taken_at"] + snapshot["queued_seconds"] + snapshot["in_progress_seconds"])


def _end_of_job(job: dict[str, Any]) -> float:
    return float(job["requested_at"] + job["queued_seconds"] + job["running_seconds"])


def _stretched(few: Figures, none: Figures, times: float) -> Figures:
    """The cost of many clusters, if each costs as much as each of a few did; the start counts once."""
    return replace(
        few,
        cpu=none.cpu + (few.cpu - none.cpu) * times,
        requests=round(few.requests * times),
        connections=round(few.connections * times),
    )


def _median(rounds: list[Figures]) -> Figures:
    """The median of each figure; every run must have succeeded."""
    figures = {name: statistics.median(getattr(each, name) for each in rounds) for name in WORDS}
    return Figures(**figures, succeeded=all(each.succeeded for each in rounds))


def _table(scenario: Scenario, ours: Figures, theirs: Figures | None, *, shrunk: bool) -> Iterator[bool]:
    """Print the figures; yield for each limit whether it holds."""
    print(f"{'':<26}{'ours':>10}{'theirs':>10}  bound")
    bounds = {bound.figure: bound for bound in scenario.bounds}
    for figure, words in WORDS.items():
        mine = getattr(ours, figure)
        other = getattr(theirs, figure) if theirs else None
        verdict = ""
        if figure in bounds:
            limit, holds = _judge(bounds[figure], mine, other)
            yield holds
            verdict = f"  {limit}: {'holds' if holds else 'EXCEEDED'}"
        print(f"{words:<26}{_number(mine):>10}{_number(other):>10}{verdict}")
    print(f"{'succeeded':<26}{_yes(ours.succeeded):>10}{_yes(theirs.succeeded) if theirs else '-':>10}")
    yield ours.succeeded
    if shrunk:
        print(f"Theirs ran with {QUICK_CLUSTERS} clusters; CPU, requests and connections are extrapolated.")
    if theirs is None:
        print("No limit compares with theirs: it was not run.")


def _judge(bound: Bound, mine: float, other: float | None) -> tuple[str, bool]:
    if bound.factor is not None:
        allowed = bound.factor * (other or 0.0)
        return f"at most {bound.factor:.3g} of theirs, {_number(allowed)}", mine <= allowed
    if bound.more is not None:
        allowed = (other or 0.0) + bound.more
        return f"at most {_number(bound.more)} above theirs, {_number(allowed)}", mine <= allowed
    limit = bound.limit or 0
    if bound.at_least:
        return f"at least {_number(limit)}", mine >= limit
    return f"at most {_number(limit)}", mine <= limit


def _number(figure: float | None) -> str:
    if figure is None:
        return "-"
    return f"{figure:.0f}" if figure == int(figure) else f"{figure:.2f}"


def _yes(fact: bool) -> str:
    return "yes" if fact else "NO"


if __name__ == "__main__":
    sys.exit(main())
