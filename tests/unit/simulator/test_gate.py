# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access: signatures, tokens, roles, and the address of the caller."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.gate import CHALLENGE_BODY
from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Request, Response
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import BACKUP, Atlas, code

FIELDS = re.compile(r'(\w+)="([^"]*)"')


class Signer:
    """A client that signs with Digest; a test can falsify every part of the signature."""

    def __init__(self, atlas: Atlas, role: str = "owner") -> None:
        self.atlas = atlas
        self.path = atlas.snapshots("demo-replica")
        self.user, self.password = f"demo-{role}", f"not-a-real-private-key-{role}"
        self.nonce, self.count = "", 0

    def challenge(self, **more: Any) -> Response:
        answer = self.atlas.ask("GET", self.path, headers={"Authorization": ""}, **more)
        self.learn(answer)
        return answer

    def learn(self, answer: Response) -> None:
        self.nonce, self.count = dict(FIELDS.findall(answer.headers["WWW-Authenticate"]))["nonce"], 0

    def send(
        self, *, nc: int | None = None, uri: str | None = None, realm: str = "MMS Public API", **more: Any
    ) -> Response:
        self.count = nc if nc is not None else self.count + 1
        uri = uri or self.path
        secret = _md5(f"{self.user}:{realm}:{self.password}")
        response = _md5(f"{secret}:{self.nonce}:{self.count:08x}:abc:auth:{_md5(f'GET:{uri}')}")
        header = (
            f'Digest username="{self.user}", realm="{realm}", nonce="{self.nonce}", uri="{uri}", '
            f'response="{response}", algorithm="MD5", qop="auth", nc={self.count:08x}, cnonce="abc"'
        )
        return self.atlas.ask("GET", self.path, headers={"Authorization": header}, **more)


def test_challenge_is_as_recorded() -> None:
    answer = Signer(Atlas()).challenge()
    assert answer.status == 401
    assert answer.body == CHALLENGE_BODY
    assert len(answer.body) == 142
    assert set(answer.headers) == {"Content-Type", "Vary", "WWW-Authenticate", "Date"}
    assert re.fullmatch(
        r'Digest realm="MMS Public API", domain="", nonce="\w{32}", algorithm=MD5, qop="auth", stale=false',
        answer.headers["WWW-Authenticate"],
    )


def test_one_nonce_signs_many_requests() -> None:
    signer = Signer(Atlas())
    signer.challenge()
    assert [signer.send().status for _unused in range(3)] == [200, 200, 200]


@pytest.mark.parametrize("used", [1, 2])
def test_replayed_count_is_stale(used: int) -> None:
    signer = Signer(Atlas())
    signer.challenge()
    signer.send()
    signer.send()
    refused = signer.send(nc=used)
    assert refused.status == 401
    assert "stale=true" in refused.headers["WWW-Authenticate"]
    signer.learn(refused)
    assert signer.send().status == 200


def test_stale_nonce_is_never_valid_again() -> None:
    signer = Signer(Atlas())
    signer.challenge()
    signer.atlas.service.faults.add({"kind": "stale_nonce"})
    refused = signer.send()
    assert "stale=true" in refused.headers["WWW-Authenticate"]
    assert signer.send().status == 401
    signer.learn(refused)
    assert signer.send().status == 200


def test_nonce_expires() -> None:
    atlas = Atlas(nonce_seconds=60)
    signer = Signer(atlas)
    signer.challenge()
    atlas.moment += 59
    assert signer.send().status == 200
    atlas.moment += 1
    assert "stale=true" in signer.send().headers["WWW-Authenticate"]


def test_unknown_nonce_with_the_right_password_is_stale() -> None:
    signer = Signer(Atlas())
    signer.nonce = "f" * 32
    assert "stale=true" in signer.send().headers["WWW-Authenticate"]


@pytest.mark.parametrize(("bound", "status"), [(True, 401), (False, 200)])
def test_nonce_can_be_bound_to_its_connection(bound: bool, status: int) -> None:
    signer = Signer(Atlas(nonce_per_connection=bound))
    signer.challenge(connection="one")
    assert signer.send(connection="one").status == 200
    assert signer.send(connection="two").status == status


@pytest.mark.parametrize(
    "bent",
    [{"uri": "/elsewhere"}, {"realm": "another"}],
)
def test_falsified_signature_is_refused(bent: dict[str, str]) -> None:
    signer = Signer(Atlas())
    signer.challenge()
    assert "stale=false" in signer.send(**bent).headers["WWW-Authenticate"]


@pytest.mark.parametrize("name", ["user", "password"])
def test_wrong_credentials_are_refused(name: str) -> None:
    signer = Signer(Atlas())
    signer.challenge()
    setattr(signer, name, "wrong")
    assert "stale=false" in signer.send().headers["WWW-Authenticate"]


def test_signature_covers_the_path_with_its_query() -> None:
    signer = Signer(Atlas())
    signer.challenge()
    signer.path += "?itemsPerPage=2"
    assert signer.send(uri=signer.atlas.snapshots("demo-replica")).status == 401
    signer.challenge()
    assert signer.send().status == 200


def test_issued_token_gives_access() -> None:
    atlas = Atlas()
    issued = _token(atlas)
    assert issued.headers["Content-Type"] == "application/json"
    assert set(issued.json()) == {"access_token", "expires_in", "token_type"}
    assert (issued.json()["expires_in"], issued.json()["token_type"]) == (3600, "Bearer")
    assert _with_token(atlas, issued.json()["access_token"]).status == 200


def test_issued_tokens_are_unique() -> None:
    atlas = Atlas()
    assert _token(atlas).json()["access_token"] != _token(atlas).json()["access_token"]


def test_issued_token_expires_and_fixed_token_does_not() -> None:
    atlas = Atlas(token_seconds=10)
    token = _token(atlas).json()["access_token"]
    atlas.moment += 9.9
    assert _with_token(atlas, token).status == 200
    atlas.moment += 0.1
    refused = _with_token(atlas, token)
    assert refused.status == 401
    assert "WWW-Authenticate" not in refused.headers
    atlas.moment += 10**7
    assert _with_token(atlas, atlas.token()).status == 200


@pytest.mark.parametrize(
    "authorization", ["", "Basic !!!", "Basic " + base64.b64encode(b"demo-client-owner:wrong").decode(), "Bearer x"]
)
def test_service_account_needs_its_secret(authorization: str) -> None:
    assert _token(Atlas(), authorization=authorization).status == 401


def test_grant_types_other_than_client_credentials_are_refused() -> None:
    assert code(_token(Atlas(), form=b"grant_type=password")) == (400, "VALIDATION_ERROR")


def test_token_endpoint_has_its_own_rate_limit() -> None:
    atlas = Atlas(token_limit=2)
    assert [_token(atlas).status for _unused in range(3)] == [200, 200, 429]
    assert _token(atlas).headers["Retry-After"] == "30"
    atlas.moment += 30
    assert _token(atlas).status == 200
    assert atlas.get(atlas.snapshots("demo-replica")).status == 200


def test_unknown_token_is_refused() -> None:
    assert _with_token(Atlas(), "wrong").status == 401


@pytest.mark.parametrize(("chosen", "status"), [("USER_UNAUTHORIZED", 401), ("ACCESS_FORBIDDEN", 403)])
def test_read_only_role_reads_but_does_not_write(chosen: str, status: int) -> None:
    atlas = Atlas(read_only_code=chosen)
    one = atlas.snapshots("demo-replica", f"/{atlas.finished()}")
    assert atlas.get(one, role="read_only").status == 200
    body = {"retentionUnit": "DAYS", "retentionValue": 9}
    refused = [
        atlas.take(role="read_only"),
        atlas.ask("PATCH", one, body=body, role="read_only"),
        atlas.ask("DELETE", one, role="read_only"),
    ]
    assert [code(each) for each in refused] == [(status, chosen)] * 3
    assert all(("RateLimit-Limit" in each.headers) == (status == 403) for each in refused)
    assert atlas.get(one).status == 200


@pytest.mark.parametrize("chosen", ["NOT_IN_GROUP", "USER_CANNOT_ACCESS_GROUP"])
def test_outsider_has_no_access(chosen: str) -> None:
    atlas = Atlas(outsider_code=chosen)
    refused = atlas.get(atlas.snapshots("demo-replica"), role="outsider")
    assert code(refused) == (401, chosen)
    assert not [name for name in refused.headers if name.startswith("RateLimit")]
    by_name = atlas.get("/api/atlas/v2/groups/byName/Demo", role="outsider")
    assert code(by_name) == (401, chosen)


def test_access_list_refuses_other_addresses() -> None:
    atlas = Atlas(access_list=["10.0.0.0/8", "192.0.2.7"])
    path = atlas.snapshots("demo-replica")
    assert code(atlas.get(path)) == (403, "IP_ADDRESS_NOT_ON_ACCESS_LIST")
    assert atlas.get(path, peer="10.9.8.7").status == 200
    assert atlas.get(path, peer="192.0.2.7").status == 200


def test_unknown_caller_gets_401_for_every_path() -> None:
    assert Atlas().get("/api/atlas/v2/nothing", headers={"Authorization": ""}).status == 401


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _token(atlas: Atlas, authorization: str | None = None, form: bytes = b"grant_type=client_credentials") -> Response:
    basic = "Basic " + base64.b64encode(b"demo-client-owner:not-a-real-client-secret-owner").decode()
    headers = {"Authorization": basic if authorization is None else authorization}
    return atlas.service.handle(Request("POST", "/api/oauth/token", headers, form))


def _with_token(atlas: Atlas, token: str) -> Response:
    headers = {"Authorization": f"Bearer {token}"}
    return atlas.get(atlas.snapshots("demo-replica"), version=BACKUP, headers=headers)
