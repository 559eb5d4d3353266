# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The options of atlas_restore: refuses invalid ones before any request, and parses the others.

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ._atlas.errors import InvalidInput
from ._atlas.object_id import is_object_id
from ._options import check_options, id_problems, name_problems, raise_problems, seconds_problems
from ._restores.point_in_time import parse_point_in_time
from ._restores.spec import RestoreSpec

# The options of one restore, at the top level and in each item of restores.
RESTORE_OPTIONS: dict[str, dict[str, Any]] = {
    "cluster_name": {"type": "str"},
    "snapshot_id": {"type": "str"},
    # Text or a number. With type str, Ansible would warn about converting a number.
    "point_in_time": {"type": "raw"},
    "target_cluster_name": {"type": "str"},
    "target_project_id": {"type": "str"},
    "target_project_name": {"type": "str"},
}
_IDS = ("project_id", "snapshot_id", "target_project_id")


@dataclass(frozen=True)
class AskedRestore:
    """One restore as the options request it; None for an option that is not set.

    where: prefix for messages about it, for example restores[2].
    """

    where: str
    cluster_name: str | None
    snapshot_id: str | None
    point_in_time: str | None
    target_cluster_name: str | None
    target_project_id: str | None
    target_project_name: str | None
    project_id: str | None

    def problems(self, *, job_is_named: bool) -> Iterator[str]:
        """The problems of this restore. job_is_named: restore_job_id names it, so other options may be missing."""
        if self.cluster_name is None:
            yield "cluster_name is missing: name the cluster that the snapshot was taken of"
        if self.snapshot_id is not None and self.point_in_time is not None:
            yield "snapshot_id and point_in_time are both given: give one of them"
        if self.snapshot_id is None and self.point_in_time is None and not job_is_named:
            yield "neither snapshot_id nor point_in_time is given: set one of them"
        if self.target_cluster_name is None and not job_is_named:
            yield (
                "target_cluster_name is missing: name the cluster that is overwritten, even when it is the one that "
                "the snapshot was taken of"
            )
        if self.target_project_id is not None and self.target_project_name is not None:
            yield "target_project_id and target_project_name are both given: give one of them"
        for option in ("cluster_name", "target_cluster_name"):
            for problem in name_problems(getattr(self, option)) if getattr(self, option) else ():
                yield f"{option}: {problem}"
        for option in _IDS:
            value = getattr(self, option)
            if value is not None and not is_object_id(value):
                yield f"{option} is {value!r}, but an id has 24 hexadecimal digits"
        if self.point_in_time is not None:
            try:
                parse_point_in_time(self.point_in_time)
            except ValueError as error:
                yield f"point_in_time {self.point_in_time!r} {error}"

    def seconds(self) -> int | None:
        """The point in time in seconds since 1970."""
        return None if self.point_in_time is None else parse_point_in_time(self.point_in_time)

    def spec(self, project_id: str, target_project_id: str) -> RestoreSpec:
        """The specification of this restore, with the ids of both projects."""
        return RestoreSpec(
            project_id=project_id,
            cluster_name=self.cluster_name or "",
            target_project_id=target_project_id,
            target_cluster_name=self.target_cluster_name or "",
            snapshot_id=self.snapshot_id.lower() if self.snapshot_id else None,
            point_in_time=self.seconds(),
            target_project_name=self.target_project_name,
        )


def asked_restores(params: Mapping[str, Any]) -> list[AskedRestore]:
    """Every restore that the options request, in their order."""
    if params["restores"] is None:
        # project_id is then the project of the task, and need not be repeated here.
        return [_asked({**params, "project_id": None}, "")]
    return [_asked(item, f"restores[{place}]: ") for place, item in enumerate(params["restores"])]


def check_restore_options(params: Mapping[str, Any]) -> None:
    """Check what Ansible's argument spec cannot. Raises InvalidInput with every problem."""
    raise_problems(_problems(params))


def needs_project(params: Mapping[str, Any]) -> bool:
    """Whether any restore uses the project of the task for its source."""
    return any(asked.project_id is None for asked in asked_restores(params))


def check_targets(specs: list[RestoreSpec]) -> None:
    """Raise InvalidInput if two restores have the same target, whether its project is given by id or by name."""
    counts = Counter(spec.target_place for spec in specs)
    doubled = list(dict.fromkeys(str(spec.target) for spec in specs if counts[spec.target_place] > 1))
    if doubled:
        raise InvalidInput(_two_into(doubled), "Restore only one of them into each target.")


def _two_into(targets: list[str]) -> str:
    return f"two restores have the same target, {', '.join(targets)}: the second would wipe the data of the first"


def _problems(params: Mapping[str, Any]) -> Iterator[str]:
    yield from seconds_problems(params)
    job_id, items = params.get("restore_job_id"), params["restores"]
    yield from id_problems("restore_job_id", job_id)
    if items is not None:
        if job_id is not None:
            yield "restore_job_id cannot be used with restores: set cluster_name instead"
        beside = [option for option in RESTORE_OPTIONS if _given(params[option]) is not None]
        if beside:
            yield f"restores cannot be used with {', '.join(beside)}: move these into its items"
        if not items:
            yield "restores is an empty list: name at least one restore"
    asked = asked_restores(params)
    for each in asked:
        for problem in each.problems(job_is_named=job_id is not None):
            yield each.where + problem
    project_id = _given(params["project_id"])
    targets = Counter(_target_as_given(each, project_id) for each in asked if each.target_cluster_name)
    doubled = [name for (name, *_project), count in targets.items() if count > 1]
    if doubled:
        yield _two_into([f"cluster {name}" for name in doubled])


def _target_as_given(asked: AskedRestore, project_id: str | None) -> tuple[str | None, ...]:
    """The target with its project, as far as the options show it without a look-up. project_id: that of the task."""
    if asked.target_project_name is not None:
        return asked.target_cluster_name, None, asked.target_project_name
    project_id = asked.target_project_id or asked.project_id or project_id
    return asked.target_cluster_name, project_id.lower() if project_id else None, None


def _asked(given: Mapping[str, Any], where: str) -> AskedRestore:
    return AskedRestore(where, **{option: _given(given.get(option)) for option in (*RESTORE_OPTIONS, "project_id")})


def _given(value: Any) -> str | None:
    """The trimmed text, None if it is empty."""
    return (str(value).strip() or None) if value is not None else None


def check_restore_info_options(params: Mapping[str, Any]) -> None:
    """Check the options of atlas_restore_info. Raises InvalidInput."""
    check_options(params)
    raise_problems(id_problems("restore_job_id", params["restore_job_id"]))
