# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line: what it prints, what it refuses, and that it stops."""

from __future__ import annotations

import json
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests import simulator
from ansible_collections.mongodb_atlas.backup.tests.simulator.cli import main

PROGRAM = Path(simulator.__file__).parent
PATIENCE = 30.0


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@contextmanager
def _started(
    folder: Path, *options: str, how: tuple[str, ...] = (str(PROGRAM),)
) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A running simulator and the content of its state file."""
    state = folder / "state.json"
    command = [sys.executable, *how, "--state-file", str(state), *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROGRAM.parents[1]
    )
    try:
        _until(lambda: state.exists() or process.poll() is not None)
        yield process, json.loads(state.read_text())
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("how", [(str(PROGRAM),), ("-m", "tests.simulator")])
def test_simulator_starts_as_folder_and_as_module(tmp_path: Path, how: tuple[str, ...]) -> None:
    with _started(tmp_path, how=how) as (_unused, state):
        assert _settings(state)["queued_seconds"] == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_start_prints_how_to_use_it_and_a_signal_stops_it(tmp_path: Path, number: signal.Signals) -> None:
    env_file = tmp_path / "atlas.env"
    with _started(tmp_path, "--env-file", str(env_file)) as (process, state):
        process.send_signal(number)
        output, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")
    assert state["base_url"] in output
    assert state["project_id"] in output
    assert all(name in output for name in state["clusters"])
    exports = env_file.read_text()
    assert exports in output
    assert f"export MONGODB_ATLAS_BASE_URL={state['base_url']}\n" in exports
    assert state["projects"]["Demo"] == state["project_id"]
    assert set(state["projects"]) == {"Demo", "Other", "Drill"}
    assert set(state["credentials"]) == {"owner", "backup_manager", "read_only", "outsider"}
    assert set(state["credentials"]["owner"]) == {
        "public_key",
        "private_key",
        "client_id",
        "client_secret",
        "access_token",
    }


def test_signal_stops_it_while_an_answer_hangs(tmp_path: Path) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"faults": [{"kind": "hang", "match": {"signed": None}}]}))
    with _started(tmp_path, "--settings", str(settings)) as (process, state):
        with pytest.raises(TimeoutError):
            urllib.request.urlopen(state["base_url"], timeout=0.3)
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_settings_are_read_from_file_and_flags(tmp_path: Path) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"seed": 7, "queued_seconds": 50}))
    with _started(tmp_path, "--settings", str(settings), "--queued-seconds", "1.5", "--in-progress-seconds", "9") as (
        _unused,
        state,
    ):
        found = _settings(state)
    assert (found["seed"], found["queued_seconds"], found["in_progress_seconds"]) == (7, 1.5, 9)


def test_simulator_stops_when_its_parent_ends(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with _started(tmp_path, "--parent-pid", str(parent.pid)) as (process, _unused):
        assert process.poll() is None
        parent.communicate(b"\n")
        assert process.wait(PATIENCE) == 0


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_tls_options_serve_https(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    with _started(tmp_path, "--tls-cert", str(certificate), "--tls-key", str(key)) as (_unused, state):
        assert state["base_url"].startswith("https://")
        context = ssl.create_default_context(cafile=str(certificate))
        address = f"{state['base_url']}/_simulator/settings"
        with urllib.request.urlopen(address, context=context, timeout=PATIENCE) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.invalid"])
def test_host_other_than_loopback_is_refused(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", host]) == 2
    assert host in capsys.readouterr().err


def test_invalid_settings_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text('{"nonsense": 1}')
    assert main(["--settings", str(settings)]) == 2
    assert "unknown setting 'nonsense'" in capsys.readouterr().err
    settings.write_text("[1]")
    assert main(["--settings", str(settings)]) == 2
    settings.write_text('{"faults": {"kind": "nonsense"}}')
    assert main(["--settings", str(settings)]) == 2
    assert main(["--settings", str(tmp_path / "missing.json")]) == 2


def test_port_in_use_is_reported(tmp_path: Path) -> None:
    with _started(tmp_path) as (_unused, state):
        port = state["base_url"].rpartition(":")[2]
        second = subprocess.run(
            [sys.executable, str(PROGRAM), "--port", port],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert second.returncode == 2
    assert second.stderr.startswith("simulator: ")
    assert "Traceback" not in second.stderr


def _settings(state: dict[str, Any]) -> dict[str, Any]:
    with urllib.request.urlopen(f"{state['base_url']}/_simulator/settings", timeout=PATIENCE) as answer:
        settings: dict[str, Any] = json.load(answer)
    return settings


def _until(is_true: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.02)
