#!/usr/bin/env python3
"""Checks the draw of an exam session from its exported proof: python3 check_draw.py FOLDER [SHA256 ...]

FOLDER holds seal.json, snapshot.json and papers.json. Needs Python 3.11 and nothing else, no part of the engine either.
docs/drawing.md says how papers are drawn. Name every SHA-256 that stands in the audit log, in session:sealed and
session:drawn: whoever makes files that agree with each other cannot make them agree with those.
"""

# fmt: off
# ruff: noqa: E401, I001, B905
import hashlib, hmac, json, struct, sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace as Record

STRICT, TRIES, EXCHANGES, PLACINGS = 16, 32, 400, 100


def digest(value):
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def numbers(seed, purpose, chunk=0):
    """Chance: numbers of 32 bits; number * n >> 32 is less than n."""
    while True:
        yield from struct.unpack(">256I", hashlib.shake_256(f"{seed}:{purpose}:{chunk}".encode()).digest(1024))
        chunk += 1


def shuffled(values, number):
    values = list(values)
    for last in range(len(values) - 1, 0, -1):
        other = next(number) * (last + 1) >> 32
        values[last], values[other] = values[other], values[last]
    return values


class Bank:
    """The units that can be drawn (items, or all items of one stimulus), and the average paper they give."""

    def __init__(self, rules, snapshot):
        self.rules, self.keys, self.items, groups = rules, snapshot.get("keys", {}), {}, defaultdict(list)
        self.cells, self.need = [cell[:3] for cell in rules["cells"]], [cell[3] for cell in rules["cells"]]
        for code, _, kind, row, content, difficulty, options, enemies, _, *rest in snapshot["items"]:
            (seconds, stimulus), key = rest or (60, ""), self.keys.get(code, [])
            cell = self.cells.index([row, content, kind]) if [row, content, kind] in self.cells else -1
            score = int(Decimal(difficulty) * 1000) * rules["cells"][cell][4]
            sums = score, seconds, 1000 * (kind == "truefalse" and key == ["T"])
            item = Record(code=code, kind=kind, cell=cell, sums=sums, options=options, enemies=enemies, key=key)
            self.items[code] = item
            groups["set" if stimulus else "item", stimulus or code].append(item)
        self.units = [unit for unit in groups.values() if self.usable(unit)]
        self.unit = {item.code: number for number, unit in enumerate(self.units) for item in unit}
        self.takes = [Counter(item.cell for item in unit) for unit in self.units]
        self.leads = [[u for u, takes in enumerate(self.takes) if min(takes) == c] for c in range(len(self.need))]
        pairs = {(self.unit[a], self.unit[b]) for a in self.unit for b in self.items[a].enemies if b in self.unit}
        self.foes = [{a + b - u for a, b in pairs if u in (a, b)} - {u} for u in range(len(self.units))]
        inside = [[self.items[a].sums for a in self.unit if self.items[a].cell == c] for c in range(len(self.need))]
        self.share = [(need, max(1, len(found))) for need, found in zip(self.need, inside)]
        self.average = [sum(need * sum(sums[at] for sums in found) // size
                            for (need, size), found in zip(self.share, inside)) for at in range(3)]
        judged = sum(cell[3] for cell in rules["cells"] if cell[2] == "truefalse")
        self.far = (int(Decimal(rules["difficulty_window"]) * 1000) // 2,
                    max(1, self.average[1] * rules["time_window"] // 100), 1000 * max(1, judged * 15 // 100))

    def usable(self, unit):
        takes, codes = Counter(item.cell for item in unit), {item.code for item in unit}
        at_peace = not any({*item.enemies} & (codes - {item.code}) for item in unit)
        return -1 not in takes and (len(unit) == 1 or (at_peace and all(self.need[c] >= takes[c] for c in takes)))

    def cap(self, papers):
        return max(1, papers * self.rules["exposure_cap"] // 100)

    def away(self, units):
        """How far score (in thousandths), seconds and true statements (too) are from the average paper's."""
        items = [item for u in units for item in self.units[u]]
        return [abs(sum(item.sums[at] for item in items) - self.average[at]) for at in range(3)]

    def off(self, units, strict):
        far = self.far[0] // 2 if strict else self.far[0]
        score, seconds, _ = self.away(units)
        return max(0, score - far) * self.far[1] + strict * max(0, seconds - self.far[1]) * far

    def deal(self, seed, turn, paper, used):
        """One try: units dealt into the cells, then exchanged until score and time are near the average; or None."""
        number, strict, cap = numbers(seed, f"deal{turn}"), turn < STRICT, self.cap(paper["papers"])
        soft = [min(cap, paper["number"] * need // size + 2) for need, size in self.share]
        seen, units, room = {self.unit[code] for code in paper["seen"]}, [], list(self.need)
        for cell, leads in enumerate(self.leads):
            while room[cell]:
                start = next(number) * len(leads) >> 32
                for limit, shunned in (soft[cell], seen), (cap, seen), (cap, set()):
                    fits = [u for u in leads[start:] + leads[:start] if u not in units and u not in shunned
                            and used[u] < limit and self.foes[u].isdisjoint(units)
                            and all(room[c] >= many for c, many in self.takes[u].items())]
                    if fits:
                        break
                else:
                    return None
                units.append(fits[0])
                for c, many in self.takes[fits[0]].items():
                    room[c] -= many
        off = self.off(units, strict)
        for _ in range(EXCHANGES if off else 0):
            place = next(number) * len(units) >> 32
            unit, cell = units[place], min(self.takes[units[place]])
            other = self.leads[cell][next(number) * len(self.leads[cell]) >> 32]
            single = len(self.units[unit]) == len(self.units[other]) == 1 and other not in units
            again = strict and other in seen and unit not in seen
            free = used[other] < (soft[cell] if strict else cap) and self.foes[other].isdisjoint({*units} - {unit})
            then = [*units[:place], other, *units[place + 1:]]
            if single and free and not again and self.off(then, strict) < off:
                units, off = then, self.off(then, strict)
                if not off:
                    break
        return None if off or (strict and self.keys and self.away(units)[2] > self.far[2]) else units

    def in_order(self, seed, units):
        def section(u):
            kinds = sorted(self.rules["types"].index(item.kind) for item in self.units[u])
            return max(kinds, key=kinds.count)
        order = sorted(shuffled(sorted(units), numbers(seed, "order")), key=section)
        return [item.code for u in order for item in self.units[u]]

    def options(self, seed, items):
        """First the places of the keys, as even as can be and no four in a row; then the order of the other options."""
        sizes = [len(item.options) for item in items if item.kind == "single" and len(item.key) == 1]
        number = numbers(seed, "keys")
        for _ in range(PLACINGS):
            first = next(number)
            places = [turn % size for turn, size in zip(shuffled(range(first, first + len(sizes)), number), sizes)]
            if not any(len({*places[i:i + 4]}) == 1 for i in range(len(places) - 3)):
                break
        number, found, places = numbers(seed, "options"), [], iter(places)
        for item in items:
            key = item.key if item.kind == "single" and len(item.key) == 1 else []
            stay = [one for one in item.options if item.kind == "truefalse" or one.isdecimal()]
            rest = shuffled([one for one in item.options if one not in stay + key], number)
            at = next(places) if key else 0
            found.append(stay + rest[:at] + key + rest[at:])
        return found


def problems(bank, paper, seed, used):
    """What is wrong with one paper, given how often each unit stands on those before it."""
    items, units = [bank.items[code] for code in paper["items"]], {bank.unit[code] for code in paper["items"]}
    before = range(TRIES if paper["attempt"] < 0 else paper["attempt"])  # without keys, true statements are not known
    dealt = units if paper["attempt"] < 0 else bank.deal(seed, paper["attempt"], paper, used) or []
    wrong = {
        "is not from the first try": any(bank.deal(seed, t, paper, used) for t in before if bank.keys or t >= STRICT),
        "does not follow from seed and snapshot": bank.in_order(seed, dealt) != paper["items"],
        "does not meet the table": Counter(item.cell for item in items) != Counter(dict(enumerate(bank.need))),
        "repeats an item": len({*paper["items"]}) != len(items),
        "tears a set apart": sum(len(bank.units[u]) for u in units) != len(items),
        "has enemies on it": any(bank.foes[u] & units for u in units),
        "is too hard or too easy": bank.away(units)[0] > bank.far[0],
        "has an item beyond its cap": any(used[u] >= bank.cap(paper["papers"]) for u in units),
        "has another order of options": bool(bank.keys) and bank.options(seed, items) != paper["options"],
    }
    used.update(units)
    return [problem for problem, found in wrong.items() if found]


def findings(folder, logged=()):
    """(holds, sentence) for each check."""
    files = (Path(folder, f"{name}.json") for name in ("seal", "snapshot", "papers"))
    seal, snapshot, papers = (json.loads(file.read_bytes()) for file in files)
    secret, said, start, used, scores = bytes.fromhex(seal["secret"]), seal["committed"], 0, Counter(), []
    hashed = hashlib.sha256(secret).hexdigest()
    yield hashed == said["secret_sha256"], f"secret of session {seal['session']}: {hashed}"
    yield digest(snapshot["items"]) == snapshot["id"] == said["snapshot"], f"bank snapshot {snapshot['id']}"
    same = digest(seal["rules"]) == said["rules_sha256"]
    yield same and seal["rules"]["method"] == 1, f"rules of the draw {said['rules_sha256']}"
    if "keys" in snapshot:
        yield digest(snapshot["keys"]) == said["keys_sha256"], f"keys {said['keys_sha256']}"
    for batch in seal["drawn"]:
        drawn, start = papers[start:start + batch["papers"]], start + batch["papers"]
        drawn = [{of: one[of] for of in one if of not in ("options", "seat")} for one in drawn]
        yield digest(drawn) == batch["sha256"], f"papers up to number {start}: {batch['sha256']}"
    hashes, named = {*said.values(), *(batch["sha256"] for batch in seal["drawn"])}, set(logged or ())
    yield named <= hashes, f"hashes named that these files do not have: {' '.join(sorted(named - hashes)) or 'none'}"
    yield True, f"hashes not named, which the audit log must have too: {' '.join(sorted(hashes - named)) or 'none'}"
    yield start == len(papers) > 0 and len({one["paper"] for one in papers}) == start, "each paper has its own seed"
    bank = Bank(seal["rules"], snapshot)
    for number, paper in enumerate(papers):
        found = problems(bank, paper, hmac.new(secret, paper["paper"].encode(), hashlib.sha256).hexdigest(), used)
        if paper.get("seat", seat := int(paper["paper"].split("/")[1])) != seat:
            found.append(f"was given to seat {paper['seat']}")
        if (paper["number"], paper["paper"].split("/")[0]) != (number, str(seal["session"])) or paper["papers"] > start:
            found.append("is numbered wrongly")
        yield not found, f"paper {paper['paper']} {'; '.join(found)}"
        scores.append(sum(bank.items[code].sums[0] for code in paper["items"]))
    yield max(scores) - min(scores) <= 2 * bank.far[0], f"expected scores: {min(scores)} to {max(scores)} thousandths"
    yield max(used.values()) <= bank.cap(start), f"no item stands on more than {max(used.values())} of {start} papers"
    solved = [one["paper"] for one in papers if one["attempt"] < 0]
    yield True, f"papers chosen by the solver, whose choice was checked and not derived again: {solved or 'none'}"
    yield True, "order of options: " + ("derived again too" if bank.keys else "skipped, since the keys were left out")


def main(folder, *logged):
    failed = 0
    try:
        for right, sentence in findings(folder, logged):
            print("ok  " if right else "FAIL", sentence)
            failed += not right
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        print("FAIL", "the files do not have the shape of a proof:", repr(error))
        failed += 1
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
