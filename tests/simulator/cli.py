# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line: starts the server, prints how to reach it, and stops it cleanly."""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import json
import os
import shlex
import signal
import ssl
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from .control import Control
from .demo import DEMO_PROJECT_ID
from .server import new_runner
from .settings import Settings
from .world import OWNER

PARENT_POLL_SECONDS = 0.5
SHUTDOWN_SECONDS = 0.2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until a signal arrives or the parent ends; return 2 for invalid options."""
    options = _parser().parse_args(arguments)
    try:
        _check_loopback(options.host)
        control = _control(options)
        tls = _tls(options)
    except (ValueError, OSError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    return asyncio.run(_serve(options, control, tls))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulator", description="A simulator of the backup API of MongoDB Atlas.")
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument("--queued-seconds", type=float, help="how long new snapshots are queued")
    parser.add_argument("--in-progress-seconds", type=float, help="how long new snapshots are in progress")
    parser.add_argument("--settings", type=Path, metavar="FILE.json", help="settings, optionally with a list of faults")
    parser.add_argument("--state-file", type=Path, metavar="FILE", help="write address and credentials as JSON")
    parser.add_argument("--env-file", type=Path, metavar="FILE", help="write export lines for a shell")
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="serve HTTPS with this certificate")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="the key of that certificate")
    parser.add_argument("--parent-pid", type=int, metavar="PID", help="stop when this process has ended")
    return parser


def _check_loopback(host: str) -> None:
    """Refuse other addresses: the credentials are public, and the control interface has none."""
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"{host} is not a loopback address; choose 127.0.0.1 or another loopback address")


def _control(options: argparse.Namespace) -> Control:
    """The control with the settings of file and flags; the faults of the file apply until the first reset."""
    changes = json.loads(options.settings.read_text()) if options.settings else {}
    faults = changes.pop("faults", []) if isinstance(changes, dict) else []
    flags = {name: getattr(options, name) for name in ("queued_seconds", "in_progress_seconds")}
    settings = Settings().changed(changes).changed({name: each for name, each in flags.items() if each is not None})
    control = Control(time.time, settings)
    control.add_faults(faults)
    return control


def _tls(options: argparse.Namespace) -> ssl.SSLContext | None:
    if not options.tls_cert:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.tls_cert, options.tls_key)
    return context


async def _serve(options: argparse.Namespace, control: Control, tls: ssl.SSLContext | None) -> int:
    runner = new_runner(control, SHUTDOWN_SECONDS)
    await runner.setup()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        site = web.TCPSite(runner, options.host, options.port, ssl_context=tls)
        await site.start()
        _announce(options, _state(control, _base_url(runner, tls)))
        await _until_stopped(stop, options.parent_pid)
    except OSError as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    finally:
        await runner.cleanup()
    return 0


async def _until_stopped(stop: asyncio.Event, parent: int | None) -> None:
    while not stop.is_set() and (parent is None or _is_alive(parent)):
        try:
            await asyncio.wait_for(stop.wait(), None if parent is None else PARENT_POLL_SECONDS)
        except asyncio.TimeoutError:
            continue


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _base_url(runner: web.AppRunner, tls: ssl.SSLContext | None) -> str:
    host, port = runner.addresses[0][:2]
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if tls else 'http'}://{shown}:{port}"


def _state(control: Control, base_url: str) -> dict[str, Any]:
    """Everything a client needs to connect."""
    world = control.service.world
    project = world.projects[DEMO_PROJECT_ID]
    return {
        "base_url": base_url,
        "project_id": project.id,
        "project_name": project.name,
        "projects": {each.name: each.id for each in world.projects.values()},
        "clusters": [name for name, cluster in project.clusters.items() if not cluster.deleted],
        "credentials": {
            each.role: {
                "public_key": each.public_key,
                "private_key": each.private_key,
                "client_id": each.client_id,
                "client_secret": each.client_secret,
                "access_token": each.access_token,
            }
            for each in world.credentials
        },
        "pid": os.getpid(),
    }


def _announce(options: argparse.Namespace, state: dict[str, Any]) -> None:
    """Print the address for people, write files for shells and tests; each file appears only when it is complete."""
    exports = [f"export {name}={shlex.quote(value)}" for name, value in _environment(state).items()]
    if options.state_file:
        _write(options.state_file, json.dumps(state, indent=2) + "\n")
    if options.env_file:
        _write(options.env_file, "\n".join(exports) + "\n")
    print(f"The Atlas simulator listens on {state['base_url']}")
    print(f"Project {state['project_name']} ({state['project_id']}) has the clusters {', '.join(state['clusters'])}")
    print("To use it, paste these lines into a shell:")
    print("\n".join(exports))
    print("Press Ctrl+C to stop it.", flush=True)


def _environment(state: dict[str, Any]) -> dict[str, str]:
    owner = state["credentials"][OWNER]
    return {
        "MONGODB_ATLAS_BASE_URL": state["base_url"],
        "MONGODB_ATLAS_PROJECT_ID": state["project_id"],
        "MONGODB_ATLAS_PUBLIC_API_KEY": owner["public_key"],
        "MONGODB_ATLAS_PRIVATE_API_KEY": owner["private_key"],
    }


def _write(path: Path, text: str) -> None:
    draft = path.with_name(path.name + ".draft")
    draft.write_text(text)
    draft.replace(path)
