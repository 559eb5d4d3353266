# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that every module which talks to Atlas shares; same order as module_utils/_argspec.py."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  public_key:
    description:
      - Public half of an API key, for HTTP Digest authentication.
      - >-
        If not set, the environment variable E(MONGODB_ATLAS_PUBLIC_API_KEY) is read,
        and if that is not set either, E(MONGODB_ATLAS_PUBLIC_KEY).
      - Needs O(private_key) as its other half.
    type: str
    aliases:
      - api_username
  private_key:
    description:
      - Private half of an API key.
      - >-
        If not set, the environment variable E(MONGODB_ATLAS_PRIVATE_API_KEY) is read,
        and if that is not set either, E(MONGODB_ATLAS_PRIVATE_KEY).
      - Needs O(public_key) as its other half.
    type: str
    aliases:
      - api_password
  client_id:
    description:
      - Client id of a service account.
      - A token is fetched once for the task, and renewed when the task outlives it.
      - If not set, the environment variable E(MONGODB_ATLAS_CLIENT_ID) is read.
      - Needs O(client_secret) as its other half.
    type: str
    aliases:
      - service_account_id
  client_secret:
    description:
      - Secret of a service account.
      - If not set, the environment variable E(MONGODB_ATLAS_CLIENT_SECRET) is read.
      - Needs O(client_id) as its other half.
    type: str
    aliases:
      - service_account_secret
  access_token:
    description:
      - Access token of a service account that was fetched elsewhere.
      - >-
        Nothing can renew it: a task that outlives it fails, and names the snapshots that exist by then.
        Tokens of Atlas end after one hour. For longer waits give O(client_id) and O(client_secret) instead.
      - If not set, the environment variable E(MONGODB_ATLAS_ACCESS_TOKEN) is read.
    type: str
  project_id:
    description:
      - Id of the project that the clusters belong to, 24 hexadecimal digits. Atlas also calls it the group id.
      - If neither this nor O(project_name) is set, the environment variable E(MONGODB_ATLAS_PROJECT_ID) is read.
      - One of O(project_id) and O(project_name) is needed, and they exclude each other.
    type: str
    aliases:
      - group_id
  project_name:
    description:
      - Name of the project that the clusters belong to. Its id is looked up once, which costs one request.
      - As an option it wins over E(MONGODB_ATLAS_PROJECT_ID).
    type: str
  base_url:
    description:
      - Address of the service, scheme included and without user name or password in it.
      - Set it for a government cloud, for a proxy of your own, or for the simulator.
      - >-
        Plain V(http://) is accepted for loopback alone, which is V(localhost), V(127.0.0.0/8) and V(::1).
        Such an address is never reached through a proxy.
      - If not set, the environment variable E(MONGODB_ATLAS_BASE_URL) is read.
    type: str
    default: https://cloud.mongodb.com
    aliases:
      - api_url
  validate_certs:
    description:
      - Whether the certificate of the service is checked.
      - >-
        V(false) lets anyone on the way read the credentials. To trust a certificate authority of your own, set
        O(ca_path).
    type: bool
    default: true
  ca_path:
    description:
      - Path of a file or directory of certificate authorities to trust, on the machine where the module runs.
      - >-
        If not set, the bundle that E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE) names is trusted, and without these the
        one of the Python library C(requests).
    type: path
  request_timeout:
    description:
      - Seconds to wait for the answer to one request. Above 0, at most 86400.
      - A request without an answer is not the end of the task. What is safe to send again is sent again.
    type: float
    default: 30
requirements:
  - requests >= 2.28.0
notes:
  - >-
    Credentials are an API key (O(public_key) and O(private_key)), a service account (O(client_id) and
    O(client_secret)) or an O(access_token). Options win over the environment: a kind that is given by option, even
    by half, wins over kinds that only the environment has, and its other half may come from the environment. Within
    the options, and within the environment, the order is access token, service account, API key. A half without its
    other half is an error, unless another kind in the same source is complete.
  - >-
    Credentials are read on the machine where the module runs, so environment variables have to be set there.
    With C(connection=local) or C(delegate_to=localhost) that is the controller.
  - Credentials appear in no output. The file C(.netrc) is never read, and no redirect is followed.
  - >-
    Proxies come from the environment, as E(HTTPS_PROXY) and E(NO_PROXY) name them.
  - >-
    Taking, deleting and changing snapshots needs the role Project Backup Manager or Project Owner.
    Looking at them needs Project Read Only.
  - >-
    To give connection and credentials once for all C(atlas_*) modules, set C(module_defaults) for
    C(group/mongodb_atlas.backup.atlas). These count as options: name the project there by O(project_id) or by
    O(project_name), and the same way in every task that names another.
"""
