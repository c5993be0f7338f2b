"""A candidate as real HTTP: sends changes in order, tries again until acknowledged, and writes down what was promised.

Now and then it does what networks and people do: the same request twice, an older one after a newer, another computer.
Some hand in before their time is over, some leave without a word.
"""

from __future__ import annotations

import http.client
import json
import math
import random
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from tests.faults.journal import Journal

PATIENCE = 4.0
OVER = frozenset({"attempt_closed", "session_not_open", "attempt_not_running"})
Address = tuple[str, int]


class Candidate(threading.Thread):
    def __init__(self, person: dict[str, Any], addresses: Sequence[Address], seed: int, pace: float) -> None:
        super().__init__(daemon=True, name=person["username"])
        self.journal = Journal(int(person["attempt"]))
        self._person, self._addresses, self._pace = person, deque(addresses), pace
        self._chance = random.Random(seed)  # noqa: S311  (to be repeated, not to be secret)
        self._link: http.client.HTTPConnection | None = None
        self._token = self._attempt_token = self._client = ""
        self._items: list[dict[str, Any]] = []
        self._unsent: deque[dict[str, Any]] = deque()
        self._before: list[tuple[str, list[dict[str, Any]]]] = []
        self._next = 1
        self.started = threading.Event()
        self.over = threading.Event()
        self._ending = self._chance.choices((self._hand_in, self._vanish, self._work), (3, 2, 7))[0]
        self.ends_at = math.inf
        """On the monotonic clock: from then on it does what it wants to end with."""

    @property
    def identity(self) -> tuple[str, str]:
        """Client and token, as its requests carry them."""
        return self._client, self._attempt_token or self._token

    def run(self) -> None:
        try:
            while not self.over.is_set():
                if not self._client:
                    self._enter()
                elif time.monotonic() > self.ends_at:
                    self._ending()
                else:
                    self._work()
                time.sleep(self._pace * self._chance.uniform(0.5, 1.5))
        finally:
            self._hang_up()

    def _enter(self) -> None:
        """Log in and start, or go on; on another computer this ends what the first one may do."""
        status, answer = self._post("/api/v1/tokens", {k: self._person[k] for k in ("username", "password")}, "")
        if status != 200 or "token" not in answer:
            return
        token = answer["token"]
        status, answer = self._post(f"/api/v1/attempts/{self.journal.attempt}/start", {}, token)
        if status == 200:
            self._token, self._client, self._items = token, answer["client"], answer["paper"]["items"]
            self._attempt_token = answer.get("token", "")
            self._next = max(self._next, answer["next_seq"])
            self.started.set()
        elif status == 409 and _code(answer) in OVER:
            self._told_over()

    def _told_over(self) -> None:
        self.journal.over_at = self.journal.over_at or time.time()
        self.over.set()

    def _work(self) -> None:
        for _ in range(self._chance.randint(0, 3) if len(self._unsent) < 40 else 0):
            self._edit()
        self._send_some()

    def _send_some(self) -> None:
        batch = [self._unsent[place] for place in range(min(len(self._unsent), self._chance.choice((1, 2, 5, 20))))]
        if self._send(self._client, batch):
            self._before = [*self._before[-20:], (self._client, batch)]
            if self._chance.random() < 0.08:
                self._again(self._client, batch)
            if self._chance.random() < 0.05:
                self._again(*self._chance.choice(self._before))
            if self._chance.random() < 0.01:
                self._change_computer()

    def _edit(self) -> None:
        item = self._chance.choice(self._items)
        options = [one["id"] for one in item["options"]]
        count = 1 if item["type"] != "multiple_choice" else self._chance.randint(2, len(options))
        answer = self._chance.sample(options, count) if self._chance.random() < 0.95 else []
        flagged = self._chance.choice((None, None, None, True, False))
        change = {"seq": self._next, "position": item["position"], "answer": answer, "flagged": flagged}
        self.journal.sent[self._next] = (item["position"], answer, flagged)
        self._unsent.append(change)
        self._next += 1

    def _send(self, client: str, batch: list[dict[str, Any]]) -> bool:
        began = time.monotonic()
        self.journal.leaves([one["seq"] for one in batch])
        status, answer = self._changes(client, batch)
        if status == 200:
            self.journal.acknowledge(answer["acked"], answer["receipt"], began)
            while self._unsent and self._unsent[0]["seq"] <= answer["acked"]:
                self._unsent.popleft()
            return True
        code = _code(answer)
        if status == 409 and code in OVER:
            self._told_over()
        elif code in ("client_replaced", "login_required"):
            self._client = ""
        elif status and status < 500 and code not in ("attempt_paused", "too_many_requests"):
            self.journal.breaches.append(f"changes {[one['seq'] for one in batch]} were answered {status} {code}")
            self.over.set()
        else:
            self.journal.failures += 1
            time.sleep(self._chance.uniform(0.1, 0.5))
        return False

    def _again(self, client: str, batch: list[dict[str, Any]]) -> None:
        """The network said it twice, perhaps much later. It may be acknowledged or refused; it must change nothing."""
        self.journal.replays += 1
        status, answer = self._changes(client, batch)
        if status == 200 and client != self._client:
            self.journal.breaches.append(f"a replaced client was heard: {answer}")

    def _change_computer(self) -> None:
        old = self._client
        self._client = ""
        while not self._client and not self.over.is_set():
            self._enter()
            time.sleep(0.2)
        self.journal.takeovers += 1
        if self._client and old != self._client:
            self._again(old, [])

    def _vanish(self) -> None:
        """The browser is closed and never comes back: whoever closes this attempt is not asked by its candidate."""
        self.journal.vanished = 1
        self.over.set()

    def _hand_in(self) -> None:
        """Once nothing waits any more; whatever is not answered is asked for again."""
        if self._unsent:
            self._send_some()
            return
        self.journal.hand_ins += 1
        path = f"/api/v1/attempts/{self.journal.attempt}/submit"
        status, answer = self._post(path, {"client": self._client}, self._attempt_token or self._token)
        code = _code(answer)
        if status == 200:
            self.journal.submitted = answer["receipt"]
            self._told_over()
        elif code in OVER:
            self._told_over()
        elif code in ("client_replaced", "login_required"):
            self._client = ""
        elif status and status < 500 and code != "too_many_requests":
            self.journal.breaches.append(f"handing in was answered {status} {code}")
            self.over.set()

    def _changes(self, client: str, batch: list[dict[str, Any]]) -> tuple[int, dict[str, Any]]:
        path = f"/api/v1/attempts/{self.journal.attempt}/changes"
        return self._post(path, {"client": client, "changes": batch}, self._attempt_token or self._token)

    def _post(self, path: str, body: dict[str, Any], token: str) -> tuple[int, dict[str, Any]]:
        """Status 0 for a request of which nobody knows what became of it; the next one goes to the other host."""
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        try:
            if self._link is None:
                self._link = http.client.HTTPConnection(*self._addresses[0], timeout=PATIENCE)
            self._link.request("POST", path, json.dumps(body), headers)
            response = self._link.getresponse()
            said = response.read()
            answer = json.loads(said) if said[:1] == b"{" else {}
            if response.status >= 502 or response.will_close:
                self._hang_up()
            return response.status, answer
        except (OSError, http.client.HTTPException, ValueError):
            self._hang_up()
            self._addresses.rotate(1)
            return 0, {}

    def _hang_up(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None


def _code(answer: dict[str, Any]) -> str:
    return str(answer.get("error", {}).get("code", ""))
