# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: PT009  (unittest has assertions of its own, which tell the values)

"""What AWX and Automation Controller need: the execution environment, credential types, ansible-runner, job slices."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, ClassVar

import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from . import workshop
from .case import NO_LIMIT, SHORT, Case, program

FLEET = workshop.EXAMPLES / "fleet"
CREDENTIAL_TYPES = sorted((workshop.EXAMPLES / "controller").glob("credential_type_*.yml"))
# What the controller takes: the keys of a field, and names that it can use as variables.
FIELD_KEYS = {"id", "label", "type", "secret", "help_text", "format", "choices", "default", "multiline"}
NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


class ExecutionEnvironment(Case):
    def test_the_collection_tells_what_it_needs(self) -> None:
        told = yaml.safe_load(_output(program("ansible-builder"), "introspect", str(workshop.COLLECTIONS)))
        self.assertEqual(told["python"], ["requests>=2.28.0  # from collection mongodb_atlas.backup"])
        self.assertFalse(told["system"])

    def test_the_example_makes_a_context_that_installs_the_collection(self) -> None:
        definition, context = self.folder / "definition", self.folder / "context"
        for old in (definition, context):
            shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(workshop.EXAMPLES / "execution-environment", definition)
        shutil.copy(workshop.archive(), definition)
        file = definition / "execution-environment.yml"
        _output(program("ansible-builder"), "create", "--file", str(file), "--context", str(context))
        # Its name depends on the container runtime that is there.
        (containerfile,) = (path.read_text() for path in context.glob("*file"))
        self.assertIn("fedora:42", containerfile)
        self.assertIn("ansible-galaxy collection install", containerfile)
        # The image installs from the folder of these files.
        build, installed = context / "_build", self.folder / "installed"
        shutil.rmtree(installed, ignore_errors=True)
        galaxy = [program("ansible-galaxy"), "collection", "install", "--offline", "-r", "requirements.yml"]
        # An image has no collections yet.
        _output(*galaxy, "--collections-path", str(installed), cwd=build, ANSIBLE_COLLECTIONS_PATH=str(installed))
        manifest = installed / "ansible_collections" / "mongodb_atlas" / "backup" / "MANIFEST.json"
        self.assertEqual(json.loads(manifest.read_text())["collection_info"]["name"], "backup")


class CredentialTypes(Case):
    def test_there_is_one_for_each_pair(self) -> None:
        self.assertEqual(len(CREDENTIAL_TYPES), 2)

    def test_the_controller_takes_them(self) -> None:
        for file in CREDENTIAL_TYPES:
            with self.subTest(file.name):
                self._assert_taken(yaml.safe_load(file.read_text()))

    def _assert_taken(self, document: dict[str, Any]) -> None:
        """The rules by which the controller looks at inputs and injectors."""
        self.assertEqual(set(document), {"name", "description", "kind", "inputs", "injectors"})
        self.assertIn(document["kind"], ("cloud", "net"))
        self.assertEqual(set(document["inputs"]), {"fields", "required"})
        fields = {field["id"]: field for field in document["inputs"]["fields"]}
        self.assertEqual(len(fields), len(document["inputs"]["fields"]))
        for name, field in fields.items():
            self.assertRegex(name, NAME)
            self.assertNotEqual(name, "tower")
            self.assertLessEqual(set(field), FIELD_KEYS)
            self.assertIn(field["type"], ("string", "boolean"))
            self.assertEqual(field.get("secret", False), name.endswith(("key", "secret")) and name != "public_key")
        self.assertLessEqual(set(document["inputs"]["required"]), set(fields))
        self.assertEqual(set(document["injectors"]), {"env"})
        for name in injected(document, dict.fromkeys(fields, "value")):
            self.assertRegex(name, "^MONGODB_ATLAS_[A-Z_]+$")


class Runner(Case):
    """ansible-runner is what the controller starts in an execution environment."""

    settings: ClassVar[dict[str, Any]] = {**SHORT, "queued_seconds": 1.5, **NO_LIMIT}

    def test_runs_the_playbook_with_each_credential_type(self) -> None:
        for file in CREDENTIAL_TYPES:
            with self.subTest(file.name):
                self.atlas.reset(**self.settings)
                private = self._private_folder(file.stem, file, MONGODB_ATLAS_PROJECT_ID=self.atlas.project_id)
                (private / "env" / "extravars").write_text(json.dumps({"clusters": ["demo-replica", "demo-sharded"]}))
                self._run(private, "mongodb_atlas.backup.take_snapshot")
                self.assert_one_each(["demo-replica", "demo-sharded"])
                told = self._told(private)
                self.assertIn("Taken now", told)
                # The lines of progress are events of the job, too.
                self.assertIn("demo-replica: queued", told)
                self.assert_no_secret(told)

    def test_slices_take_each_project_once(self) -> None:
        """A sliced job runs once per slice, each with its part of the inventory's hosts, at the same time."""
        inventory = yaml.safe_load((FLEET / "inventory.yml").read_text())
        hosts = sorted(inventory["projects"]["hosts"])
        running = []
        for number in range(len(hosts)):
            private = self._private_folder(f"slice-{number}", CREDENTIAL_TYPES[0])
            part = {host: inventory["projects"]["hosts"][host] for host in hosts[number :: len(hosts)]}
            (private / "inventory").mkdir()
            sliced = {"projects": {**inventory["projects"], "hosts": part}}
            (private / "inventory" / "hosts.yml").write_text(yaml.safe_dump(sliced))
            running.append((private, self._start(private, str(FLEET / "take_snapshots.yml"))))
        for private, process in running:
            self.assertEqual(process.wait(), 0, self._told(private))
        self.assert_one_each(["demo-replica", "demo-sharded", "other-replica"])
        self.assertNotIn("other-replica", self._told(running[0][0]))

    def _private_folder(self, name: str, credential_type: Path, **variables: str) -> Path:
        """A folder as ansible-runner wants it, with the variables that the credential type injects."""
        private = self.folder / name
        shutil.rmtree(private, ignore_errors=True)
        (private / "env").mkdir(parents=True)
        injectors = injected(yaml.safe_load(credential_type.read_text()), self.atlas.owner)
        address = {"MONGODB_ATLAS_BASE_URL": self.atlas.base_url}
        (private / "env" / "envvars").write_text(json.dumps({**address, **injectors, **variables}))
        return private

    def _run(self, private: Path, playbook: str) -> None:
        process = self._start(private, playbook)
        self.assertEqual(process.wait(), 0, self._told(private))

    def _start(self, private: Path, playbook: str) -> subprocess.Popen[bytes]:
        command = [program("ansible-runner"), "run", str(private), "-p", playbook, "--ident", "job", "--quiet"]
        return subprocess.Popen(command, env=workshop.environment(), stdin=subprocess.DEVNULL)

    def _told(self, private: Path) -> str:
        """All that a person can see of a job afterwards."""
        job = private / "artifacts" / "job"
        files = [job / "stdout", job / "stderr", *sorted((job / "job_events").glob("*.json"))]
        return "".join(file.read_text() for file in files if file.exists())


def injected(credential_type: dict[str, Any], values: dict[str, str]) -> dict[str, str]:
    """The variables that the controller sets for a credential with these values, rendered as it renders them."""
    templates = SandboxedEnvironment(undefined=StrictUndefined)
    env = credential_type["injectors"]["env"]
    return {name: templates.from_string(template).render(values) for name, template in env.items()}


def _output(*command: str, cwd: Path | None = None, **variables: str) -> str:
    """What a program writes to standard output."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=workshop.environment(**variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout
