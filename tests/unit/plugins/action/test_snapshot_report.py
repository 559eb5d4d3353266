# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.action import snapshot_report
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.action import Terminal, act, refusal

CLUSTERS = [
    {"name": "prod", "cluster_type": "dedicated", "topology": "REPLICASET", "instance_size": "M10"},
    {"name": "trial", "cluster_type": "tenant", "instance_size": "M0"},
]
SNAPSHOT = {
    "id": "6a80e2504f19b7c2d8a03e61",
    "cluster_name": "prod",
    "cluster_type": "dedicated",
    "status": "completed",
    "created_at": "2026-08-15T22:06:21Z",
    "expires_at": "2026-08-18T22:06:21Z",
}
ARGUMENTS: dict[str, Any] = {"clusters": CLUSTERS, "snapshots": [SNAPSHOT], "atlas_time": "2026-08-15T22:07:37Z"}
STANDINGS = [
    {"name": "trial", "backup": "unsafe", "note": "A free cluster (M0) has no backups at all."},
    {"name": "prod", "backup": "safe", "note": ""},
]


def run(arguments: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    return act(snapshot_report, arguments, **keywords)


def test_report_without_a_page_shows_the_table_and_is_not_changed(terminal: Terminal) -> None:
    result = run(ARGUMENTS)

    assert result["changed"] is False
    assert terminal.shown == [("stdout", "\n".join(result["lines"]))]
    assert [line.split()[:2] for line in result["lines"][-2:]] == [["NOT", "ASSURED"], ["assured", "prod"]]
    assert result["clusters"] == STANDINGS
    assert "html" not in result


def restore(job: str, status: str, into: str = "prod", **more: Any) -> dict[str, Any]:
    target = {"target_project_id": "5f", "target_cluster_name": into}
    return {"id": job, "project_id": "5f", "cluster_name": "prod", "status": status, **target, **more}


def test_cluster_with_a_running_restore_into_it_is_not_assured() -> None:
    clusters = [{**cluster, "project_id": "5f"} for cluster in CLUSTERS]
    running = restore("6a80e2504f19b7c2d8a03e70", "inProgress")
    earlier = [restore(f"6a80e1504f19b7c2d8a03e7{number}", "completed") for number in (1, 2)]

    result = run({**ARGUMENTS, "clusters": clusters, "restores": [*earlier, running]})

    prod = result["clusters"][1]
    assert (prod["name"], prod["backup"]) == ("prod", "restoring")
    assert running["id"] in prod["note"]
    text = "\n".join(result["lines"])
    assert "restore running" in text.lower()
    assert "A restore runs into 1 cluster." in text
    # Only the latest restores from and into the cluster are shown.
    assert not any(each["id"] in text for each in earlier)


@pytest.mark.parametrize(
    "other",
    [
        restore("6a80e2504f19b7c2d8a03e70", "completed"),
        restore("6a80e2504f19b7c2d8a03e70", "inProgress", into="else"),
        restore("6a80e2504f19b7c2d8a03e70", "inProgress", target_project_id="60"),
        restore("6a80e2504f19b7c2d8a03e70", "inProgress", delivery_type="download"),
    ],
)
def test_other_restores_leave_a_cluster_assured_and_are_shown(other: dict[str, Any]) -> None:
    clusters = [{**cluster, "project_id": "5f"} for cluster in CLUSTERS]
    result = run({**ARGUMENTS, "clusters": clusters, "restores": [other]})
    assert result["clusters"] == STANDINGS
    assert other["id"] in result["lines"][-1]


def test_restores_are_shown_only_if_they_are_given() -> None:
    assert "restore" not in "\n".join(run(ARGUMENTS)["lines"]).lower()
    assert run({**ARGUMENTS, "restores": []})["lines"][-1] == "No restores."


def test_restores_that_cannot_be_listed_are_named_without_failing() -> None:
    errors = [{"cluster_name": name, "msg": f"Cluster {name}: Atlas answered 403."} for name in ("prod", "shop")]
    result = run({**ARGUMENTS, "restores": [], "restore_errors": errors})
    assert not result.get("failed")
    assert result["lines"][-1] == "The restores of prod, shop could not be listed. Atlas answered 403."


def test_table_is_not_printed_if_standard_output_may_be_json(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSIBLE_STDOUT_CALLBACK", "ansible.posix.json")

    run(ARGUMENTS)

    assert [stream for stream, _text in terminal.shown] == ["stderr"]


def test_no_log_shows_nothing_but_writes_the_page(terminal: Terminal, tmp_path: Path) -> None:
    run({**ARGUMENTS, "html": str(tmp_path / "page.html")}, no_log=True)

    assert terminal.shown == []
    assert (tmp_path / "page.html").exists()


def test_only_the_page_is_written(tmp_path: Path) -> None:
    path = tmp_path / "page.html"

    result = run({**ARGUMENTS, "html": str(path), "days": 3})

    assert result["changed"] is True
    assert result["html"] == str(path)
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "in the last 3 days" in path.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]


def test_unchanged_report_is_not_rewritten(tmp_path: Path) -> None:
    arguments = {**ARGUMENTS, "html": str(tmp_path / "page.html")}
    run(arguments)
    before = (tmp_path / "page.html").stat()

    assert run(arguments)["changed"] is False
    after = (tmp_path / "page.html").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_changed_report_replaces_the_page(tmp_path: Path) -> None:
    arguments = {**ARGUMENTS, "html": str(tmp_path / "page.html")}
    run(arguments)

    assert run({**arguments, "atlas_time": "2026-08-15T22:08:37Z"})["changed"] is True
    assert "22:08" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("before", [None, "old"])
def test_check_mode_shows_the_change_and_writes_nothing(before: str | None, tmp_path: Path, terminal: Terminal) -> None:
    path = tmp_path / "page.html"
    if before is not None:
        path.write_text(before, encoding="utf-8")

    result = run({**ARGUMENTS, "html": str(path)}, check_mode=True)

    assert result["changed"] is True
    assert (path.read_text(encoding="utf-8") if path.exists() else None) == before
    assert len(terminal.shown) == 1


def test_diff_mode_shows_before_and_after(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")

    diff = run({**ARGUMENTS, "html": str(path)}, diff=True)["diff"]

    assert diff["before"] == "old"
    assert diff["after"] == path.read_text(encoding="utf-8")
    assert diff["before_header"] == diff["after_header"] == str(path)
    assert "diff" not in run({**ARGUMENTS, "html": str(path)}, diff=True)


def test_new_page_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        run({**ARGUMENTS, "html": str(tmp_path / "page.html")})
    finally:
        os.umask(mask)

    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) == 0o640


def test_replaced_page_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o604)

    run({**ARGUMENTS, "html": str(path)})

    assert stat.S_IMODE(path.stat().st_mode) == 0o604


def test_symbolic_link_is_kept(tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to("page.html")

    result = run({**ARGUMENTS, "html": str(tmp_path / "link.html")})

    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "page.html").is_file()
    assert result["html"] == str(tmp_path / "page.html")


def test_relative_path_starts_in_the_folder_where_ansible_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run({**ARGUMENTS, "html": "page.html"})["html"] == str(tmp_path / "page.html")


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("where", ["missing/page.html", "file/page.html", "."])
def test_unwritable_page_fails_the_task_after_the_table(
    where: str, check_mode: bool, tmp_path: Path, terminal: Terminal
) -> None:
    (tmp_path / "file").touch()

    arguments = {**ARGUMENTS, "html": str(tmp_path / where)}

    assert "The page cannot be written to " in refusal(snapshot_report, arguments, check_mode=check_mode)
    assert len(terminal.shown) == 1


def test_unwritable_folder_fails_in_check_mode_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)

    arguments = {**ARGUMENTS, "html": str(tmp_path / "page.html")}

    assert "is not writable" in refusal(snapshot_report, arguments, check_mode=True)


def test_incomplete_page_does_not_replace_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")

    def full(_source: str, _target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)

    assert "No space left on device" in refusal(snapshot_report, {**ARGUMENTS, "html": str(path)})
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_cluster_that_could_not_be_listed_has_a_note() -> None:
    result = run({**ARGUMENTS, "snapshots": [], "errors": [{"cluster_name": "prod", "msg": "Atlas answered 403."}]})

    assert result["clusters"][0]["note"] == "Its snapshots could not be listed. Atlas answered 403."


def test_listing_errors_are_returned_except_for_disabled_backups() -> None:
    errors = [
        {"cluster_name": "prod", "msg": "Cluster prod: Atlas answered 403.", "error_code": "USER_UNAUTHORIZED"},
        {"cluster_name": "trial", "msg": "Cluster trial: Atlas answered 400.", "error_code": "BACKUP_JOB_NOT_FOUND"},
    ]

    assert run({**ARGUMENTS, "errors": errors})["unlisted"] == ["Cluster prod: Atlas answered 403."]
    assert run(ARGUMENTS)["unlisted"] == []


def test_project_without_clusters_has_one_sentence_instead_of_a_table() -> None:
    result = run({**ARGUMENTS, "clusters": [], "snapshots": []})

    assert result["clusters"] == []
    assert result["lines"][-1] == "The project has no clusters."


@pytest.mark.parametrize(
    "wrong",
    [
        {"clusters": None},
        {"snapshots": ["prod"]},
        {"atlas_time": "now"},
        {"atlas_time": None},
        {"days": 0},
        {"days": 3661},
        {"days": "a week"},
        {"page": "x.html"},
    ],
)
def test_unknown_values_are_refused(wrong: dict[str, Any], terminal: Terminal) -> None:
    assert refusal(snapshot_report, {**ARGUMENTS, **wrong})
    assert terminal.shown == []
