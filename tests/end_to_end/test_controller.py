# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX and Automation Controller need: the execution environment, credential types, ansible-runner, job slices."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from simulator.process import Simulator

from .support import (
    COLLECTIONS,
    EXAMPLES,
    PATIENCE_SECONDS,
    assert_no_secret,
    assert_one_each,
    assert_went_well,
    environment,
    run,
)

FLEET = EXAMPLES / "fleet"
CREDENTIAL_TYPES = sorted((EXAMPLES / "controller").glob("credential_type_*.yml"))
# What the controller accepts: the keys of a field, and names that are valid variables.
FIELD_KEYS = {"id", "label", "type", "secret", "help_text", "format", "choices", "default", "multiline"}
NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")

each_type = pytest.mark.parametrize("file", CREDENTIAL_TYPES, ids=lambda file: file.stem)


def test_collection_declares_its_requirements() -> None:
    output = yaml.safe_load(_output("ansible-builder", "introspect", str(COLLECTIONS)))
    assert output["python"] == ["requests>=2.28.0  # from collection mongodb_atlas.backup"]
    assert not output["system"]


def test_execution_environment_example_installs_the_collection(tmp_path: Path) -> None:
    definition, context, installed = (tmp_path / name for name in ("definition", "context", "installed"))
    shutil.copytree(EXAMPLES / "execution-environment", definition)
    (archive,) = (COLLECTIONS.parent / "archive").glob("*.tar.gz")
    shutil.copy(archive, definition)
    file = definition / "execution-environment.yml"
    _output("ansible-builder", "create", "--file", str(file), "--context", str(context))
    # The file name depends on the installed container runtime.
    (containerfile,) = (path.read_text() for path in context.glob("*file"))
    assert "fedora:42" in containerfile
    assert "ansible-galaxy collection install" in containerfile
    # The image installs from this folder, and has no collections yet.
    galaxy = ["ansible-galaxy", "collection", "install", "--offline", "-r", "requirements.yml"]
    galaxy += ["--collections-path", str(installed)]
    _output(*galaxy, cwd=context / "_build", ANSIBLE_COLLECTIONS_PATH=str(installed))
    manifest = installed / "ansible_collections" / "mongodb_atlas" / "backup" / "MANIFEST.json"
    assert json.loads(manifest.read_text())["collection_info"]["name"] == "backup"


def test_each_pair_of_credentials_has_one_credential_type() -> None:
    assert len(CREDENTIAL_TYPES) == 2


@each_type
def test_controller_accepts_the_credential_type(file: Path) -> None:
    """The rules by which the controller validates inputs and injectors."""
    document = yaml.safe_load(file.read_text())
    assert set(document) == {"name", "description", "kind", "inputs", "injectors"}
    assert document["kind"] in ("cloud", "net")
    assert set(document["inputs"]) == {"fields", "required"}
    fields = {field["id"]: field for field in document["inputs"]["fields"]}
    assert len(fields) == len(document["inputs"]["fields"])
    for name, field in fields.items():
        assert NAME.search(name)
        assert name != "tower"
        assert set(field) <= FIELD_KEYS
        assert field["type"] in ("string", "boolean")
        assert field.get("secret", False) == (name.endswith(("key", "secret")) and name != "public_key")
    assert set(document["inputs"]["required"]) <= set(fields)
    assert set(document["injectors"]) == {"env"}
    for name in _injected(document, dict.fromkeys(fields, "value")):
        assert re.fullmatch("MONGODB_ATLAS_[A-Z_]+", name)


@each_type
def test_ansible_runner_runs_the_playbook_with_the_credential_type(
    atlas: Simulator, tmp_path: Path, file: Path
) -> None:
    """The controller starts ansible-runner in an execution environment."""
    private = _private_folder(atlas, tmp_path, file, MONGODB_ATLAS_PROJECT_ID=atlas.project_id)
    (private / "env" / "extravars").write_text(json.dumps({"clusters": ["demo-replica", "demo-sharded"]}))
    job = _start(private, "mongodb_atlas.backup.take_snapshot")
    assert job.wait(PATIENCE_SECONDS) == 0, _output_of(private)
    assert_one_each(atlas, ["demo-replica", "demo-sharded"])
    output = _output_of(private)
    assert "Taken now" in output
    # The progress lines are events of the job, too.
    assert "demo-replica: queued" in output
    assert_no_secret(atlas, output)


def test_sliced_job_takes_each_project_once(atlas: Simulator, tmp_path: Path) -> None:
    """A sliced job runs once per slice, at the same time, each with a part of the inventory's hosts."""
    inventory = yaml.safe_load((FLEET / "inventory.yml").read_text())
    hosts = sorted(inventory["projects"]["hosts"])
    running = []
    for number in range(len(hosts)):
        private = _private_folder(atlas, tmp_path / str(number), CREDENTIAL_TYPES[0])
        part = {host: inventory["projects"]["hosts"][host] for host in hosts[number :: len(hosts)]}
        (private / "inventory").mkdir()
        sliced = {"projects": {**inventory["projects"], "hosts": part}}
        (private / "inventory" / "hosts.yml").write_text(yaml.safe_dump(sliced))
        running.append((private, _start(private, str(FLEET / "take_snapshots.yml"))))
    for private, job in running:
        assert job.wait(PATIENCE_SECONDS) == 0, _output_of(private)
    assert_one_each(atlas, ["demo-replica", "demo-sharded", "other-replica"])
    assert "other-replica" not in _output_of(running[0][0])


def _private_folder(atlas: Simulator, folder: Path, credential_type: Path, **variables: str) -> Path:
    """A folder in the layout of ansible-runner, with the variables that the credential type injects."""
    (folder / "env").mkdir(parents=True)
    injectors = _injected(yaml.safe_load(credential_type.read_text()), atlas.owner)
    address = {"MONGODB_ATLAS_BASE_URL": atlas.base_url}
    (folder / "env" / "envvars").write_text(json.dumps({**address, **injectors, **variables}))
    return folder


def _start(private: Path, playbook: str) -> subprocess.Popen[bytes]:
    command = ["ansible-runner", "run", str(private), "-p", playbook, "--ident", "job", "--quiet"]
    return subprocess.Popen(command, env=environment(), stdin=subprocess.DEVNULL)


def _output_of(private: Path) -> str:
    """All output of a job that a user can read afterwards."""
    job = private / "artifacts" / "job"
    files = [job / "stdout", job / "stderr", *sorted((job / "job_events").glob("*.json"))]
    return "".join(file.read_text() for file in files if file.exists())


def _injected(credential_type: dict[str, Any], values: dict[str, str]) -> dict[str, str]:
    """The variables that the controller sets for a credential with these values, rendered as it renders them."""
    templates = SandboxedEnvironment(undefined=StrictUndefined)
    env = credential_type["injectors"]["env"]
    return {name: templates.from_string(template).render(values) for name, template in env.items()}


def _output(*command: str, cwd: Path | None = None, **variables: str) -> str:
    """The standard output of a program."""
    done = run(*command, cwd=cwd, variables=variables)
    assert_went_well(done)
    return done.stdout
