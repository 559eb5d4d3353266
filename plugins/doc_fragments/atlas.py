# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of every module that uses Atlas, in the same order as in module_utils/_argspec.py."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  public_key:
    description:
      - Public key of an API key, for HTTP Digest authentication.
      - >-
        If not set, the module reads the environment variable E(MONGODB_ATLAS_PUBLIC_API_KEY), or else
        E(MONGODB_ATLAS_PUBLIC_KEY).
      - Requires O(private_key).
    type: str
    aliases:
      - api_username
  private_key:
    description:
      - Private key of an API key.
      - >-
        If not set, the module reads the environment variable E(MONGODB_ATLAS_PRIVATE_API_KEY), or else
        E(MONGODB_ATLAS_PRIVATE_KEY).
      - Requires O(public_key).
    type: str
    aliases:
      - api_password
  client_id:
    description:
      - Client id of a service account.
      - The module gets one token for the task, and a new one when the task runs longer than the token is valid.
      - If not set, the module reads the environment variable E(MONGODB_ATLAS_CLIENT_ID).
      - Requires O(client_secret).
    type: str
    aliases:
      - service_account_id
  client_secret:
    description:
      - Client secret of a service account.
      - If not set, the module reads the environment variable E(MONGODB_ATLAS_CLIENT_SECRET).
      - Requires O(client_id).
    type: str
    aliases:
      - service_account_secret
  access_token:
    description:
      - Access token of a service account, fetched by another program.
      - >-
        The module cannot renew it. A task that runs longer than the token is valid fails, and its message names the
        snapshots that exist. A token of Atlas is valid for one hour. For longer waits use O(client_id) and
        O(client_secret) instead.
      - If not set, the module reads the environment variable E(MONGODB_ATLAS_ACCESS_TOKEN).
    type: str
  project_id:
    description:
      - Id of the project that the clusters belong to, 24 hexadecimal digits. Atlas also calls it the group id.
      - >-
        If neither O(project_id) nor O(project_name) is set, the module reads the environment variable
        E(MONGODB_ATLAS_PROJECT_ID). The two options are mutually exclusive.
    type: str
    aliases:
      - group_id
  project_name:
    description:
      - Name of the project that the clusters belong to. The module looks up its id, which costs one request.
      - This option wins over the environment variable E(MONGODB_ATLAS_PROJECT_ID).
    type: str
  base_url:
    description:
      - Address of the service, with its scheme, and without a user name or password.
      - Set it for a government cloud, for a reverse proxy of your own, or for the simulator.
      - >-
        Plain V(http://) is accepted only for this machine, which is V(localhost), V(127.0.0.0/8) and V(::1).
        Requests to such an address never go through a proxy.
      - If not set, the module reads the environment variable E(MONGODB_ATLAS_BASE_URL).
    type: str
    default: https://cloud.mongodb.com
    aliases:
      - api_url
  validate_certs:
    description:
      - Whether the module validates the certificate of the service.
      - >-
        With V(false), anyone between this machine and Atlas can read the credentials. To trust a private certificate
        authority, set O(ca_path) instead.
    type: bool
    default: true
  ca_path:
    description:
      - Path of a file or directory of CA certificates to trust, on the machine where the module runs.
      - >-
        If not set, the module trusts the CA bundle that E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE) names, or else the
        one of the Python library C(requests).
    type: path
  request_timeout:
    description:
      - Seconds to wait for the whole answer to one request. More than 0, and at most 86400.
      - A request without an answer does not end the task. The module retries requests that are safe to repeat.
    type: float
    default: 30
requirements:
  - requests >= 2.28.0
notes:
  - >-
    Credentials are an API key (O(public_key) and O(private_key)), a service account (O(client_id) and
    O(client_secret)) or an O(access_token). Options win over the environment. The guide
    R(Credentials,ansible_collections.mongodb_atlas.backup.docsite.guide_credentials) has the exact precedence.
  - >-
    The module reads environment variables on the machine where it runs. With C(connection=local) or
    C(delegate_to=localhost) that is the controller.
  - No output shows the credentials. The module never reads C(.netrc), and follows no redirect.
  - >-
    Proxies come from the environment variables E(HTTPS_PROXY) and E(NO_PROXY).
  - >-
    Taking, deleting and changing snapshots requires the role Project Backup Manager or Project Owner.
    Reading them requires Project Read Only.
  - >-
    To set connection and credentials once for all C(atlas_*) modules, use C(module_defaults) with
    C(group/mongodb_atlas.backup.atlas). These count as options. Set the project in the same way there and in the tasks,
    always with O(project_id) or always with O(project_name), because the two are mutually exclusive.
"""
