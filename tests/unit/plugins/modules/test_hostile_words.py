# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of others in the output of modules: no part of a secret, and no control character for the terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.progress_file import FILE_VARIABLE
from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_snapshot, atlas_snapshot_info
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import html, ok, page, refused, token
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import DESCRIPTION, snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import (
    POST,
    Script,
    lists,
    look,
    take,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import minted

TAKE, INFO = atlas_snapshot.main, atlas_snapshot_info.main
SECRETS = {
    "access_token": {"access_token": "tkn-5up3rS3cr3t-QzWxEc-0123456789"},
    "key pair": {"public_key": "pblckyab", "private_key": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"},
    "service account": {"client_id": "mdb_sa_id_64aa1b2c3d4e", "client_secret": "mdb_sa_sk_aB3dE5fG7hJ9kL1mN3pQ5"},
}
ISSUED = "issued.tkn-ZyXwVuTsRqPoNmLk"

# Every part of the output where a text of Atlas or a proxy may appear; each gets the text.
ECHOES: dict[str, Callable[[str], Answer]] = {
    "detail": lambda words: refused(400, "VALIDATION_ERROR", words),
    "error code": lambda words: refused(403, words),
    "title": lambda words: html(404, f"{'x' * 60} {words}"),
    "record": lambda words: page(snapshot("completed", description=words, replicaSetName=words, cloudProvider=words)),
    "status": lambda words: page(snapshot(words)),
    "odd id": lambda words: page(snapshot("completed", id=words)),
}


def run(call: Call, echo: str, kind: str, words: str) -> dict[str, Any]:
    options: dict[str, Any] = {"access_token": None, **SECRETS[kind]}
    sign_in = [POST("/api/oauth/token", token(ISSUED))] if kind == "service account" else []
    answer = ECHOES[echo](words)
    again = [lists(answer)] * (2 if answer.document is None else 1)
    return call(INFO, Script(*sign_in, *again), cluster_name="prod", cluster_type="dedicated", **options)


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("echo", [echo for echo in ECHOES if echo != "title"])
def test_no_eight_characters_of_a_secret_are_in_any_result(call: Call, echo: str, kind: str) -> None:
    secrets = [*SECRETS[kind].values(), *([ISSUED] if kind == "service account" else [])]
    for secret in secrets:
        for words in (secret, secret[:-1], secret[1:], f"Bearer {secret}", secret.upper()):
            shown = json.dumps(run(call, echo, kind, words)).lower()

            assert not [at for at in range(len(secret) - 7) if secret[at : at + 8].lower() in shown]


@pytest.mark.parametrize("echo", ["detail", "error code"])
def test_no_message_contains_a_control_character(call: Call, echo: str) -> None:
    result = run(call, echo, "access_token", "a\x1b[2J\x07\r\n\x00\x9b\u202eb")

    for text in (result["msg"], *(error["msg"] for error in result["errors"])):
        assert text.isprintable()
        assert "\\x1b[2J\\x07\\r\\n\\x00\\x9b\\u202e" in text


def test_progress_shows_no_part_of_a_secret(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "progress"
    file.touch()
    monkeypatch.setenv(FILE_VARIABLE, str(file))
    secret = SECRETS["access_token"]["access_token"]
    script = Script(take(ok(snapshot(secret[:-1]))), look(minted(), ok(snapshot("completed"))))

    call(TAKE, script, cluster_name="prod", description=DESCRIPTION, access_token=secret)

    lines = file.read_text(encoding="utf-8")
    assert len(lines.splitlines()) == 2
    assert not [at for at in range(len(secret) - 7) if secret[at : at + 8] in lines]
