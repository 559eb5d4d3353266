# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Connects Ansible to the client: the only place that creates the AnsibleModule and ends it with a result.

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._argspec import CONNECTION_CONSTRAINTS, CONNECTION_OPTIONS
from ._atlas.auth import choose_credentials
from ._atlas.base_url import checked_base_url, user_info
from ._atlas.client import AtlasClient
from ._atlas.endpoints import AtlasApi
from ._atlas.errors import AtlasError, InvalidInput
from ._atlas.http_session import HAS_REQUESTS
from ._atlas.http_settings import http_settings, proxy_secrets
from ._atlas.retry import Deadline, RetryBudget
from ._atlas.secrets import Secrets
from ._atlas.transport import HttpConnection
from ._attempts import unforeseen
from ._interruption import Interrupted, Interruption, ignore_signals, signals_restored
from ._options import check_options, checked_project_id, trimmed_options, unique_names
from ._results import project_failure
from ._snapshots.suggestions import ClusterNames, find_project
from ._times import format_time

PROJECT_VARIABLE = "MONGODB_ATLAS_PROJECT_ID"
# All requests of a task share at most this many connections: one answer takes Atlas 55 to 130 ms, as recorded.
MOST_CONNECTIONS = 8


@dataclass(frozen=True)
class Task:
    """The options, the client and the settings of one run of a module."""

    params: Mapping[str, Any]
    check_mode: bool
    diff_mode: bool
    client: AtlasClient
    project_id: str
    deadline: Deadline
    waits_when_busy: bool
    names: ClusterNames
    interruption: Interruption
    scrub: Callable[[str], str]

    @property
    def cluster_names(self) -> list[str]:
        """The clusters in the requested order, each once."""
        return unique_names(self.params["cluster_name"])

    def new_budget(self) -> RetryBudget:
        """A retry budget for the work on one cluster."""
        return RetryBudget(self.deadline, waits_when_busy=self.waits_when_busy)

    def api(self, budget: RetryBudget | None = None) -> AtlasApi:
        """The endpoints of the project; requests are retried within this budget, or within a new one."""
        return AtlasApi(self.client, self.project_id, budget or self.new_budget(), self.params.get("api_version", "v2"))


Work = Callable[[Task], Awaitable[dict[str, Any]]]
FailureResult = Callable[[AtlasError], dict[str, Any]]


def atlas_module(options: Mapping[str, Any], **constraints: Any) -> AnsibleModule:
    """The module with its own options and the shared ones."""
    return AnsibleModule(
        argument_spec={**CONNECTION_OPTIONS, **options},
        supports_check_mode=True,
        **{**CONNECTION_CONSTRAINTS, **constraints},
    )


@dataclass(frozen=True)
class Conduct:
    """The differences between modules in how they run.

    check: raises InvalidInput for invalid options. failure: returns the result for an error.
    width: the number of clusters to work on at the same time, 0 if it is not known beforehand.
    needs_project: whether the task needs a project of its own; if not, its project_id is empty.
    """

    check: Callable[[Mapping[str, Any]], None] = check_options
    failure: FailureResult = project_failure
    width: Callable[[Mapping[str, Any]], int] = lambda params: len(unique_names(params["cluster_name"]))
    needs_project: Callable[[Mapping[str, Any]], bool] = lambda _params: True


def run_module(
    module: AnsibleModule,
    work: Work,
    nothing: Mapping[str, Any],
    *,
    wait_timeout: float | None = None,
    conduct: Conduct | None = None,
) -> None:
    """Do the work and end the module with its result.

    nothing: the return values of a failure before the work could start.
    wait_timeout: seconds for the whole task, including signing in. None for a module that does not wait: then the only
    limit is that each request is retried for a minute at most.
    """
    if not HAS_REQUESTS:
        module.fail_json(msg=missing_required_lib("requests"))
    with signals_restored():
        _run_to_the_end(module, work, nothing, wait_timeout, conduct or Conduct())


def _run_to_the_end(
    module: AnsibleModule, work: Work, nothing: Mapping[str, Any], wait_timeout: float | None, conduct: Conduct
) -> None:
    secrets = Secrets(module.no_log_values.add)
    secrets.add(*user_info(module.params["base_url"]))
    try:
        params = trimmed_options(module.params)
        conduct.check(params)
        result = asyncio.run(_run(module, params, work, secrets, wait_timeout, conduct))
    except AtlasError as error:
        result = conduct.failure(error)
    except KeyboardInterrupt:
        # It came before the work started; later, Interruption handles the signal.
        result = conduct.failure(Interrupted("SIGINT has ended this module", "Run this again."))
    result = secrets.scrub_all(result)
    if result.get("failed"):
        module.fail_json(**{"atlas_time": None, **nothing, **result})
    module.exit_json(**result)


async def _run(
    module: AnsibleModule,
    params: Mapping[str, Any],
    work: Work,
    secrets: Secrets,
    wait_timeout: float | None,
    conduct: Conduct,
) -> dict[str, Any]:
    interruption = Interruption()
    client = _connect(module, params, secrets, interruption, conduct.width(params))

    async def from_project_to_result() -> dict[str, Any]:
        deadline = Deadline(math.inf if wait_timeout is None else wait_timeout, params["request_timeout"])
        waits_when_busy = wait_timeout is not None
        budget = RetryBudget(deadline, waits_when_busy=waits_when_busy)
        project_id = await _project(params, client, budget) if conduct.needs_project(params) else ""
        task = Task(
            params=params,
            check_mode=module.check_mode,
            diff_mode=module._diff,
            client=client,
            project_id=project_id,
            deadline=deadline,
            waits_when_busy=waits_when_busy,
            names=ClusterNames(client, project_id, deadline),
            interruption=interruption,
            scrub=secrets.scrub,
        )
        return await work(task)

    try:
        result = await interruption.run(from_project_to_result())
    except Exception as error:
        # As attempt_all does for each cluster: a traceback does not help a user, and may contain a secret.
        result = conduct.failure(error if isinstance(error, AtlasError) else unforeseen(error))
    finally:
        ignore_signals()
        client.close()
    now = client.clock.now()
    return {**result, "atlas_time": format_time(now) if now else None}


def _connect(
    module: AnsibleModule,
    params: Mapping[str, Any],
    secrets: Secrets,
    interruption: Interruption,
    width: int,
) -> AtlasClient:
    base_url = checked_base_url(params["base_url"])
    settings = http_settings(base_url, params["validate_certs"], params["ca_path"])
    secrets.add(*proxy_secrets(settings))
    credentials = choose_credentials(params, os.environ, base_url, secrets)
    if settings.verify is False and base_url.lower().startswith("https:"):
        module.warn("validate_certs is false: anyone between this host and Atlas can read the credentials")
    return AtlasClient(
        base_url,
        credentials,
        secrets,
        lambda: HttpConnection(settings),
        # Every connection costs a handshake, so open no more than there are clusters.
        min(MOST_CONNECTIONS, width or MOST_CONNECTIONS),
        before_writing=interruption.check,
    )


async def _project(params: Mapping[str, Any], client: AtlasClient, budget: RetryBudget) -> str:
    """The id of the project: options beat the environment."""
    if params["project_id"]:
        return checked_project_id(params["project_id"], "project_id")
    if params["project_name"]:
        return await find_project(client, params["project_name"], budget)
    from_environment = os.environ.get(PROJECT_VARIABLE)
    if from_environment:
        return checked_project_id(from_environment, PROJECT_VARIABLE)
    raise InvalidInput("No project is given", f"Set project_id, project_name, or the variable {PROJECT_VARIABLE}.")
