# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Runs the examples of the documentation against the simulator, and compares RETURN with the results.

Usage: python tests/docs/run_examples.py [WORD ...], in the checkout, with the collection installed.
Words select the parts whose name contains one of them. Three things are tested:

- every task in EXAMPLES of every module, unchanged;
- every result of these tasks, and of a failing one, against RETURN: the same keys and the documented types;
- every playbook in README.md, in the role's README and in the guides.

The last line has the counts: N passed, N failed.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docs.returned import result_problems, sample_problems
from simulator.process import Simulator, simulator

ROOT = Path(__file__).resolve().parents[2]
COLLECTION = "mongodb_atlas.backup"
# Snapshots of this simulator take a second, so a playbook that takes longer than this hangs.
PLAYBOOK_SECONDS = 240
# Parts that run in parallel: more than there are cores, since they mostly wait.
BESIDE_EACH_OTHER = 3
SIMULATOR_SETTINGS = {"queued_seconds": 0.3, "in_progress_seconds": 0.4}
NO_PROJECT = "0" * 24
FAILING = "what a failing task returns"
# The last task of a playbook, which shows the results of all others. Debug needs no process on the target.
SHOWN = "Show the results"
# Options with which the module itself fails; Ansible would refuse an invalid cluster_name.
FAILING_OPTIONS: dict[str, dict[str, Any]] = {
    "atlas_restore_plan": {"snapshots": [{"cluster_name": "x", "id": "0" * 24}]},
}
YAML_BLOCK = re.compile(r"^(?P<indent> *)\.\. code-block:: yaml(?:\+jinja)?\n(?P<body>(?:(?P=indent) +.*\n|\n)+)", re.M)
FENCED_BLOCK = re.compile(r"^```yaml\n(?P<body>.*?)^```$", re.M | re.S)


class Example(yaml.SafeDumper):
    """Writes YAML as it was read: Ansible's own tags are kept, and no aliases are added."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@dataclass
class Report:
    """The parts that were tested, with their problems."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, name: str, problems: list[str]) -> None:
        if problems:
            self.failed.append(name)
        else:
            self.passed += 1
        lines = "\n".join(textwrap.indent(problem, " " * 8) for problem in problems)
        # One call of print, so that the lines of parallel parts do not mix.
        sys.stdout.write(f"FAILED  {name}\n{lines}\n" if problems else f"passed  {name}\n")
        sys.stdout.flush()


@dataclass(frozen=True)
class Module:
    """The three documentation blocks of a module."""

    name: str
    documentation: dict[str, Any]
    examples: list[dict[str, Any]]
    returns: dict[str, Any]

    @property
    def talks_to_atlas(self) -> bool:
        return f"{COLLECTION}.atlas" in self.documentation.get("extends_documentation_fragment", [])


def read_module(path: Path) -> Module:
    """The documentation of the module in this file."""
    blocks: dict[str, Any] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in ("DOCUMENTATION", "EXAMPLES", "RETURN"):
                blocks[name] = yaml.safe_load(ast.literal_eval(node.value))
    return Module(path.stem, blocks["DOCUMENTATION"], blocks["EXAMPLES"], blocks["RETURN"])


def environment(atlas: Simulator, folder: Path) -> dict[str, str]:
    """The environment of a user, without other settings that change how Ansible works."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "MONGODB_ATLAS_"))}
    if "ANSIBLE_COLLECTIONS_PATH" in os.environ:
        kept["ANSIBLE_COLLECTIONS_PATH"] = os.environ["ANSIBLE_COLLECTIONS_PATH"]
    return {
        **kept,
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_RETRY_FILES_ENABLED": "false",
        "ANSIBLE_LOCAL_TEMP": str(folder / "ansible"),
        **atlas.variables(),
    }


def variables(atlas: Simulator) -> dict[str, str]:
    """The variables from which examples and guides take credentials."""
    return {"atlas_project_id": atlas.project_id, **{f"atlas_{name}": value for name, value in atlas.owner.items()}}


def with_registers(tasks: list[dict[str, Any]], prefix: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The tasks, each with a registered result and ignored failure; {name of the task: variable}."""
    made, names = [], {}
    for number, task in enumerate(tasks):
        if "block" in task:
            block, inner = with_registers(task["block"], f"{prefix}_{number}")
            made.append({**task, "block": block})
            names.update(inner)
            continue
        variable = task.get("register", f"{prefix}_{number}")
        made.append({**task, "register": variable, "ignore_errors": True})
        names[task["name"]] = variable
    return made, names


def play(tasks: list[dict[str, Any]], atlas: Simulator) -> dict[str, Any]:
    return {
        "name": "Run examples",
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "vars": variables(atlas),
        "tasks": tasks,
    }


def run_playbook(path: Path, env: Mapping[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    command = [shutil.which("ansible-playbook") or "ansible-playbook", *options, str(path)]
    return subprocess.run(
        command,
        env=dict(env),
        cwd=path.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=PLAYBOOK_SECONDS,
        check=False,
    )


def run_tasks(tasks: list[dict[str, Any]], atlas: Simulator, folder: Path) -> tuple[dict[str, dict[str, Any]], str]:
    """The result of each task by its name, and the output of Ansible."""
    made, names = with_registers(tasks, "example")
    pairs = ", ".join(f"'{variable}': {variable}" for variable in names.values())
    show = {"name": SHOWN, "ansible.builtin.debug": {"msg": "{{ {" + pairs + "} | to_json }}"}}
    # Examples write files into this folder only.
    made = json.loads(json.dumps(made).replace('"/tmp/', f'"{folder}/'))
    playbook = folder / "examples.yml"
    playbook.write_text(yaml.dump([play([*made, show], atlas)], Dumper=Example, sort_keys=False, width=10000))
    output = run_playbook(playbook, environment(atlas, folder), "--diff").stdout
    found = shown_results(output)
    return {name: found[variable] for name, variable in names.items() if variable in found}, output


def shown_results(output: str) -> dict[str, Any]:
    """The registered results in the output of the last task; empty if it was not run."""
    shown = output.partition(f"TASK [{SHOWN}]")[2].partition('"msg": ')[2]
    if not shown:
        return {}
    found, _end = json.JSONDecoder().raw_decode(shown)
    # Before ansible-core 2.19, a template that results in JSON is no text.
    results: dict[str, Any] = json.loads(found) if isinstance(found, str) else found
    return results


def action_of(task: Mapping[str, Any]) -> str | None:
    """The module of this collection that a task runs."""
    return next((key.removeprefix(f"{COLLECTION}.") for key in task if key.startswith(f"{COLLECTION}.")), None)


def flat(tasks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for task in tasks:
        if "block" in task:
            yield from flat(task["block"])
        else:
            yield task


def failing(module: Module) -> list[dict[str, Any]]:
    """A task that fails with the error of the module, if it can."""
    if not module.talks_to_atlas:
        return []
    options = {**FAILING_OPTIONS.get(module.name, {"cluster_name": "x"}), "project_id": NO_PROJECT}
    return [{"name": FAILING, f"{COLLECTION}.{module.name}": options}]


def test_module(module: Module, modules: Mapping[str, Module], report: Report, folder: Path) -> None:
    """Test the examples, their results, and the result of a failing task; then which documented keys never appeared."""
    seen: set[str] = set()
    tasks = [*module.examples, *failing(module)]
    with simulator(folder, **SIMULATOR_SETTINGS) as atlas:
        results, output = run_tasks(tasks, atlas, folder)
    for task in flat(tasks):
        name, result = task["name"], results.get(task["name"])
        if result is None:
            report.add(f"{module.name}: {name}", [f"was not run:\n{output[-3000:]}"])
            continue
        problems = [] if bool(result.get("failed")) == (name == FAILING) else [f"unexpected: {result.get('msg')}"]
        other = modules.get(action_of(task) or "")
        problems += list(result_problems(other.returns, result)) if other else []
        report.add(f"{module.name}: {name}", problems)
        if other is module:
            seen.update(result)
    never = [f"{key} is documented but was never returned" for key in module.returns if key not in seen]
    report.add(f"{module.name}: samples of RETURN", [*sample_problems(module.returns), *never])


def playbooks_in(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every playbook for localhost on a page; other YAML is ignored."""
    text = path.read_text(encoding="utf-8")
    for block in (YAML_BLOCK if path.suffix == ".rst" else FENCED_BLOCK).finditer(text):
        body = textwrap.dedent(block["body"]).strip("\n") + "\n"
        document = yaml.safe_load(body)
        if isinstance(document, list) and document and document[0].get("hosts") == "localhost":
            yield text.count("\n", 0, block.start("body")) + 1, body


def pages() -> list[Path]:
    found = [ROOT / "README.md", *sorted((ROOT / "docs" / "docsite" / "rst").glob("*.rst"))]
    return [path for path in [*found, *sorted((ROOT / "roles").glob("*/README.md"))] if path.exists()]


def test_page(path: Path, report: Report, folder: Path) -> None:
    """Run every playbook of a page, each on a simulator that has just been reset, with the clusters in the playbook."""
    playbooks = list(playbooks_in(path))
    if not playbooks:
        return
    with simulator(folder) as atlas:
        for line, body in playbooks:
            atlas.reset(**SIMULATOR_SETTINGS)
            for name in sorted(set(re.findall(r"\bprod-[a-z0-9]+\b", body))):
                atlas.order("POST", "clusters", {"name": name, "instance_size": "M10", "history": True})
            playbook = folder / "playbook.yml"
            body = body.replace("project_name: Production", f"project_name: {atlas.state['project_name']}")
            playbook.write_text(body)
            (folder / "variables.json").write_text(json.dumps(variables(atlas)))
            env = environment(atlas, folder)
            done = run_playbook(playbook, env, "-e", f"@{folder}/variables.json")
            problems = [done.stdout[-3000:]] if done.returncode else []
            report.add(f"{path.relative_to(ROOT)}, line {line}", problems)


def main(words: list[str]) -> int:
    """Run all parts that the words select; 1 if something failed or nothing was run."""
    report = Report()
    modules = {path.stem: read_module(path) for path in sorted((ROOT / "plugins" / "modules").glob("*.py"))}
    parts: dict[str, Callable[[Path], None]] = {
        **{name: partial(test_module, module, modules, report) for name, module in modules.items()},
        **{str(path.relative_to(ROOT)): partial(test_page, path, report) for path in pages()},
    }
    chosen = [name for name in parts if not words or any(word in name for word in words)]
    with tempfile.TemporaryDirectory(prefix="examples-") as temporary, ThreadPoolExecutor(BESIDE_EACH_OTHER) as pool:
        running = {}
        for number, name in enumerate(chosen):
            folder = Path(temporary, str(number))
            folder.mkdir()
            running[name] = pool.submit(parts[name], folder)
        for name, one in running.items():
            try:
                one.result()
            except (OSError, RuntimeError, subprocess.TimeoutExpired) as error:
                report.add(name, [str(error)])
    print(f"{report.passed} passed, {len(report.failed)} failed")
    return 0 if report.passed and not report.failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
