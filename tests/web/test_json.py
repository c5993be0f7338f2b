"""JSON that nobody can hold is refused as unreadable, by every door that reads it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

DEEP = ["[" * 30_000, "[" * 5_000 + "]" * 5_000, '{"username":' * 5_000 + "1" + "}" * 5_000]


@pytest.mark.parametrize("body", DEEP)
@pytest.mark.parametrize("address", ["/api/v1/tokens", "/verify"])
def test_nesting_without_end_is_a_bad_request(client: FlaskClient, address: str, body: str) -> None:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    assert client.post(address, data=body, headers=headers).status_code in {400, 422}


@pytest.mark.parametrize("depth", range(850, 1000, 10))
def test_nesting_at_the_edge_of_what_can_be_read_is_no_fault(client: FlaskClient, depth: int) -> None:
    body = "[" * depth + "]" * depth
    answer = client.post("/api/v1/tokens", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
