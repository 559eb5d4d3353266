# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The options of a rollback: which snapshots go into which clusters, and the problems with that. Pure functions.

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._atlas.object_id import is_object_id
from .._atlas.path_parts import is_cluster_name
from .._option_names import NamedOptions
from .._problems import Problem
from .._snapshots.plan_options import PlanOptions, option_problems
from .._snapshots.records import Record
from .._snapshots.suggestions import misspelt
from .newest import asks_for_newest
from .option_names import in_own_words
from .safety import OUTLIVES
from .spec import RestoreSpec


@dataclass(frozen=True)
class RollbackOptions(NamedOptions):
    """The parsed options of a rollback; durations are in seconds.

    clusters: names of sources, empty for all. targets: source -> target, if they differ. project_id: for snapshots
    that do not name their project. is_chosen: whether the user set the project, so that snapshots of another one are a
    mistake. target_project_id: None if each target is in the project of its source.
    option_names: option -> its name in messages.
    """

    snapshots: Sequence[Mapping[str, Any]]
    clusters: Sequence[str] = ()
    targets: Mapping[str, str] = field(default_factory=dict)
    confirm: frozenset[str] = frozenset()
    snapshot_first: bool = True
    retention_in_days: int | None = 7
    max_age: float | None = None
    wait_timeout: float = 10800.0
    project_id: str | None = None
    is_chosen: bool = False
    target_project_id: str | None = None
    option_names: Mapping[str, str] = field(default_factory=dict)

    def in_own_words(self, message: str) -> str:
        """A message about one restore, with atlas_restore's option names replaced by those of this plan."""
        return in_own_words(message, self.option_names)

    def leave_out(self, cluster_name: str) -> str:
        """The advice to leave this cluster out, for each of its problems; empty if the plan has only one snapshot."""
        option = self.called("clusters")
        return f"Or leave {cluster_name} out with {option}." if option else ""

    def general_problems(self) -> Iterator[str]:
        """The problems of the durations, which also count without safety snapshots."""
        yield from option_problems(replace(self.for_safety_snapshots([""]), retention_in_days=None), takes=False)

    def for_safety_snapshots(self, targets: Sequence[str]) -> PlanOptions:
        """The options of a backup plan for the safety snapshots of these targets."""
        return PlanOptions(
            cluster_names=list(targets),
            tags={},
            retention_in_days=self.retention_in_days,
            max_age=self.max_age,
            outlives=OUTLIVES,
            wait_timeout=self.wait_timeout,
            tenant_policy="fail",
            tenant_max_age=0.0,
            option_names={**self.option_names, "outlives": ""},
        )


@dataclass(frozen=True)
class Selection:
    """The requested restores, in the order of the snapshots, with each snapshot's record from the options."""

    specs: list[RestoreSpec]
    given: list[Record]
    problems: list[Problem]


def records_in(value: Any) -> list[Any]:
    """A list of records from an option: a list, one record, or either as JSON text. ValueError for other text."""
    if isinstance(value, str):
        if not value.strip():
            return []
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise ValueError("is text that is not JSON") from None
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def targets_in(value: Any) -> dict[str, str]:
    """A dictionary source -> target from an option: a dictionary, or text a=b,c=d or JSON. ValueError otherwise."""
    if isinstance(value, str):
        text = value.strip()
        value = json.loads(text) if text.startswith("{") else dict(_pair(part) for part in text.split(",") if part)
    if not isinstance(value, (Mapping, type(None))):
        raise ValueError("is not a dictionary")
    return {str(source).strip(): str(target).strip() for source, target in (value or {}).items()}


def _pair(text: str) -> tuple[str, str]:
    source, sign, target = text.partition("=")
    if not sign:
        raise ValueError(f"has no target for {text}")
    return source, target


def select_restores(options: RollbackOptions) -> Selection:
    """The requested restores, and every problem of the options."""
    chosen = [record for record in options.snapshots if is_chosen(options, record)]
    problems = [Problem(None, message) for message in _general_problems(options)]
    problems += _name_problems(options)
    specs, given = [], []
    for record in chosen:
        wrong = list(_record_problems(options, record))
        problems += wrong
        if not wrong:
            specs.append(_spec(options, record))
            given.append(dict(record))
    problems += _common_problems(options, specs)
    return Selection(specs, given, problems)


def is_chosen(options: RollbackOptions, record: Any) -> bool:
    """Whether the record is of one of the selected clusters."""
    return not options.clusters or (isinstance(record, Mapping) and record.get("cluster_name") in options.clusters)


def _general_problems(options: RollbackOptions) -> Iterator[str]:
    if not options.snapshots:
        yield (
            f"There are no snapshots to restore. Give {options.called('snapshots')}, or a manifest that has snapshots: "
            "the receipt of a rollback without safety snapshots has none."
        )
    yield from options.general_problems()


def _name_problems(options: RollbackOptions) -> Iterator[Problem]:
    """Names without a snapshot, usually misspelt: to ignore them would restore less than requested."""
    known = list(
        dict.fromkeys(str(each.get("cluster_name")) for each in options.snapshots if isinstance(each, Mapping))
    )
    for option, names in (("clusters", options.clusters), ("targets", list(options.targets))):
        for name, nearest in misspelt(dict.fromkeys(names), known).items():
            offer = f" The nearest are {', '.join(nearest)}." if nearest else ""
            shown = name or repr(name)
            yield Problem(
                name,
                f"{shown}: no snapshot is of a cluster with this name.{offer} Check {options.called(option)}"
                + ("." if option == "clusters" else f", which names the source first. {options.leave_out(shown)}"),
            )


def _record_problems(options: RollbackOptions, record: Any) -> Iterator[Problem]:
    if not isinstance(record, Mapping) or not is_cluster_name(record.get("cluster_name")):
        shown = record.get("cluster_name") if isinstance(record, Mapping) else record
        yield Problem(
            None,
            f"{options.called('snapshots')} contains {shown!r:.60}, which does not name a cluster. Give records with "
            f"cluster_name and id, or select only the other clusters with {options.called('clusters')}.",
        )
        return
    name, target = record["cluster_name"], options.targets.get(record["cluster_name"])
    for message in (_id_problem(record), _project_problem(options, record)):
        if message:
            yield Problem(name, f"{name}: {message} {options.leave_out(name)}")
    if target is not None and not is_cluster_name(target):
        yield Problem(
            name,
            f"{name}: its target {target!r:.60} is not a valid cluster name. Correct {options.called('targets')}. "
            f"{options.leave_out(name)}",
        )


def _id_problem(record: Mapping[str, Any]) -> str | None:
    if asks_for_newest(record):
        return None  # The newest could not be looked up because of the name or the project: see their problems.
    if record.get("id") is None:
        return "its snapshot has no id. Give the record of a snapshot that exists; check mode takes none."
    if not is_object_id(record["id"]):
        return f"the id of its snapshot is {record['id']!r:.60}, but an id has 24 hexadecimal digits. Correct it."
    return None


def _project_problem(options: RollbackOptions, record: Mapping[str, Any]) -> str | None:
    own, asked = record.get("project_id"), options.project_id
    if own is None and asked is None:
        return (
            f"snapshot {record.get('id')} does not name its project. Give {options.called('project_id')} or "
            f"{options.called('project_name')}."
        )
    if own is not None and not is_object_id(own):
        return f"its project is {own!r:.60}, but an id has 24 hexadecimal digits. Correct it."
    if own is not None and options.is_chosen and own.lower() != asked:
        return (
            f"snapshot {record.get('id')} is of project {own}, and {options.called('project_id')} or "
            f"{options.called('project_name')} names {asked}. Unset or correct these."
        )
    return None


def _spec(options: RollbackOptions, record: Mapping[str, Any]) -> RestoreSpec:
    project_id = (record.get("project_id") or options.project_id or "").lower()
    return RestoreSpec(
        project_id=project_id,
        cluster_name=record["cluster_name"],
        target_project_id=options.target_project_id or project_id,
        target_cluster_name=options.targets.get(record["cluster_name"]) or record["cluster_name"],
        snapshot_id=record["id"].lower(),
    )


def _common_problems(options: RollbackOptions, specs: Sequence[RestoreSpec]) -> Iterator[Problem]:
    """Problems of several restores together."""
    of_source: dict[tuple[str, str], list[str]] = {}
    for spec in specs:
        of_source.setdefault(spec.source_place, []).append(str(spec.snapshot_id))
    doubled = {source: ids for source, ids in of_source.items() if len(ids) > 1}
    for (_project, name), ids in doubled.items():
        yield Problem(
            name,
            f"{name}: there are {len(ids)} snapshots of it ({', '.join(ids)}), and one can be restored. Give one of "
            f"them in {options.called('snapshots')}. {options.leave_out(name)}",
        )
    sources = {spec.source_place: spec for spec in specs}.values()
    counts = Counter(spec.target_place for spec in sources)
    for spec in sources:
        if counts[spec.target_place] > 1:
            name = spec.cluster_name
            yield Problem(
                name,
                f"{name}: another snapshot has the same target, {spec.target}, and the second restore would wipe the "
                f"data of the first. Correct {options.called('targets')}. {options.leave_out(name)}",
            )
    projects = list(dict.fromkeys(spec.target_project_id for spec in specs))
    if len(projects) > 1:
        yield Problem(
            None,
            f"The targets are in {len(projects)} projects ({', '.join(projects)}). Roll back one project at a time: "
            f"leave the clusters of the others out with {options.called('clusters')}.",
        )
