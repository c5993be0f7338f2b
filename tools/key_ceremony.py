"""Makes the keys behind the certificates, in the presence of two persons. Needs Python 3.9+ and `cryptography` alone.

Run it on a machine that never was and never will be on a network, with all its files in one folder (two USB sticks):

    python key_ceremony.py --folder F root    --organisation "…" --first NAME --second NAME [--crl-url https://…/crl]
    python key_ceremony.py --folder F issuing
    python key_ceremony.py --folder F signer  [--from 2027-01-01] [--csr request.pem] [--purpose stamping]
    python key_ceremony.py --folder F crl     root|issuing
    python key_ceremony.py --folder F revoke  SERIAL --reason key_compromise [--since 2027-01-01T12:00]
    python key_ceremony.py --folder F passphrase root|issuing first|second [--name NAME]
    python key_ceremony.py --folder F check

The key of the root and of the issuing authority is each locked by two passphrases of two persons; one of them alone
opens nothing. Every step is added to transcript.md with its fingerprints, chained to the step before: print it, sign
it, keep it. See docs/keys.md of the project.
"""

# ruff: noqa: B905, E401, I001, UP017
import argparse, getpass, hashlib, json, os, platform, re, secrets, sys
from base64 import b64decode, b64encode
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509, __version__ as library
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat, PublicFormat, load_der_private_key, pkcs12,
)  # fmt: skip
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FILE_LINE = re.compile(r"^\* `([^`]+)`: ([0-9a-f]{64})$", re.MULTILINE)
FORMAT = "two-person-key/1"
LEAST_PASSPHRASE = 16
COST = {"n": 2**17, "r": 8, "p": 1}
PERSONS = ("first", "second")
REASONS = ("key_compromise", "ca_compromise", "affiliation_changed", "superseded", "cessation_of_operation")
USAGES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
          "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
YEARS = {"root": 25, "issuing": 12, "signing": 3, "stamping": 10}
CRL_DAYS = {"root": 366, "issuing": 45}


class Stop(Exception):
    """The step cannot be done; nothing was written."""


# the lock of two persons


def lock(private, names, phrases):
    """The key under a random one, which is split in two: each half under a passphrase, neither says anything alone."""
    public = fingerprint_of_key(private.public_key())
    whole, half = secrets.token_bytes(32), secrets.token_bytes(32)
    halves = (half, bytes(a ^ b for a, b in zip(whole, half)))
    nonce = secrets.token_bytes(12)
    der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return {
        "format": FORMAT,
        "public_key_sha256": public,
        "shares": [wrapped(public, person, name, part, phrase)
                   for person, name, part, phrase in zip(PERSONS, names, halves, phrases)],
        "nonce": text(nonce),
        "sealed": text(AESGCM(whole).encrypt(nonce, der, f"{FORMAT} {public}".encode())),
    }  # fmt: skip


def wrapped(public, person, name, half, phrase):
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    key = derived(phrase, salt, COST)
    held = AESGCM(key).encrypt(nonce, half, f"{FORMAT} {public} {person}".encode())
    return {"person": person, "name": name, "scrypt": {**COST, "salt": text(salt)}, "nonce": text(nonce),
            "wrapped": text(held)}  # fmt: skip


def unwrapped(locked, share, phrase):
    key = derived(phrase, data(share["scrypt"]["salt"]), share["scrypt"])
    about = f"{FORMAT} {locked['public_key_sha256']} {share['person']}".encode()
    try:
        return AESGCM(key).decrypt(data(share["nonce"]), data(share["wrapped"]), about)
    except InvalidTag:
        raise Stop(f"The passphrase of {share['name']} is not the right one.") from None


def unlock(locked, phrases):
    one, other = (unwrapped(locked, share, phrase) for share, phrase in zip(locked["shares"], phrases))
    whole, about = bytes(a ^ b for a, b in zip(one, other)), f"{FORMAT} {locked['public_key_sha256']}".encode()
    try:
        der = AESGCM(whole).decrypt(data(locked["nonce"]), data(locked["sealed"]), about)
    except InvalidTag:
        raise Stop("The key file was changed since it was made.") from None
    return load_der_private_key(der, None)


def derived(phrase, salt, cost):
    return Scrypt(salt=salt, length=32, n=cost["n"], r=cost["r"], p=cost["p"]).derive(phrase.encode())


# asking


def ask(words):
    """A passphrase; typed unseen at a terminal, read as a line where a rehearsal is scripted."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{words}: ")
    line = sys.stdin.readline()
    if not line:
        raise Stop(f"Nobody answered: {words}")
    return line.rstrip("\n")


def new_phrase(name, about):
    phrase = ask(f"{name}, choose a passphrase for {about}")
    if len(phrase) < LEAST_PASSPHRASE:
        raise Stop(f"A passphrase needs {LEAST_PASSPHRASE} characters or more: some words that mean nothing together.")
    if ask(f"{name}, the same once more") != phrase:
        raise Stop("The two passphrases differ.")
    return phrase


def new_phrases(names, about):
    phrases = [new_phrase(name, about) for name in names]
    if phrases[0] == phrases[1]:
        raise Stop("Both persons gave the same passphrase, so one of them would suffice.")
    return phrases


def opened(folder, which):
    locked = read_json(folder / f"{which}.key.json")
    return unlock(locked, [ask(f"{one['name']}, the passphrase for the key “{which}”") for one in locked["shares"]])


# certificates


def certificate(ledger, subject_name, public, issuer, issuer_key, use, starts, years, *, crl_of=None):
    """`issuer` is the certificate above, or None for a root, which vouches for itself."""
    subject = named(ledger["organisation"], subject_name)
    above = subject if issuer is None else issuer.subject
    ends = starts.replace(year=starts.year + years) if (starts.month, starts.day) != (2, 29) else (
        starts.replace(year=starts.year + years, day=28))  # fmt: skip
    if issuer is not None and ends > issuer.not_valid_after_utc:
        ends = issuer.not_valid_after_utc
    authority = use in ("root", "issuing")
    usage = dict.fromkeys(USAGES, False)
    usage.update({"key_cert_sign": True, "crl_sign": True} if authority else {"digital_signature": True})
    usage["content_commitment"] = use == "signing"
    path = {"root": 1, "issuing": 0}.get(use)
    builder = (
        x509.CertificateBuilder(above, subject, public, x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(authority, path), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if use == "stamping":
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if crl_of and ledger["crl_url"]:
        address = x509.UniformResourceIdentifier(f"{ledger['crl_url']}/{crl_of}.crl")
        point = x509.DistributionPoint([address], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return builder.sign(issuer_key, hash_of(issuer_key))


def hash_of(key):
    return hashes.SHA384() if key.curve.key_size >= 384 else hashes.SHA256()


def named(organisation, name):
    pairs = ((NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, name))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs])


# steps


def make_root(given, folder, at):
    if (folder / "ledger.json").exists():
        raise Stop("This folder holds keys already. Take an empty one.")
    if given.first == given.second:
        raise Stop("Two persons are needed, and both are named the same.")
    ledger = {"organisation": given.organisation, "crl_url": (given.crl_url or "").rstrip("/"),
              "persons": [given.first, given.second], "issued": [], "revoked": [], "crl_number": {}}  # fmt: skip
    key = ec.generate_private_key(ec.SECP384R1())
    locked = lock(key, ledger["persons"], new_phrases(ledger["persons"], "the root key"))
    name = given.name or f"{given.organisation} Root CA {at.year}"
    made = certificate(ledger, name, key.public_key(), None, key, "root", at, given.years or YEARS["root"])
    files = {"root.key.json": as_json(locked), "root.pem": pem(made)}
    return keep(folder, ledger, at, "根密钥已生成 Root key made", files, made, entry(made, "root", None))


def make_issuing(given, folder, at):
    ledger, root = read_json(folder / "ledger.json"), read_certificate(folder / "root.pem")
    if (folder / "issuing.key.json").exists():
        raise Stop("There is an issuing authority already. Move issuing.key.json and issuing.pem away to make another.")
    root_key = opened(folder, "root")
    key = ec.generate_private_key(ec.SECP384R1())
    locked = lock(key, ledger["persons"], new_phrases(ledger["persons"], "the key of the issuing authority"))
    name = given.name or f"{ledger['organisation']} Issuing CA {at.year}"
    made = certificate(ledger, name, key.public_key(), root, root_key, "issuing", at, given.years or YEARS["issuing"],
                       crl_of="root")  # fmt: skip
    files = {"issuing.key.json": as_json(locked), "issuing.pem": pem(made)}
    return keep(folder, ledger, at, "签发机构密钥已生成 Key of the issuing authority made", files, made,
                entry(made, "issuing", "root"))  # fmt: skip


def make_signer(given, folder, at):
    ledger, above = read_json(folder / "ledger.json"), read_certificate(folder / "issuing.pem")
    starts, use = given.starts or at, given.purpose
    request = read_request(given.csr) if given.csr else None
    key = None if request else ec.generate_private_key(ec.SECP256R1())
    public = request.public_key() if request else key.public_key()
    name = given.name or f"{ledger['organisation']} {'Time stamps' if use == 'stamping' else 'Seal'} {starts.year}"
    above_key = opened(folder, "issuing")
    made = certificate(ledger, name, public, above, above_key, use, starts, given.years or YEARS[use], crl_of="issuing")
    stem = f"{use}-{made.serial_number:x}"
    chain = [above, read_certificate(folder / "root.pem")]
    files = {f"{stem}.pem": pem(made) + b"".join(map(pem, chain))}
    if key:
        phrase = new_phrase("The operator", f"the file {stem}.p12")
        sealed = BestAvailableEncryption(phrase.encode())
        files[f"{stem}.p12"] = pkcs12.serialize_key_and_certificates(stem.encode(), key, made, chain, sealed)
    how = "由设备申请书 from a device's request" if request else "PKCS#12"
    return keep(folder, ledger, at, f"签名证书已签发 Certificate for {use} issued ({how})", files, made,
                entry(made, use, "issuing"))  # fmt: skip


def revoke(given, folder, at):
    ledger, serial = read_json(folder / "ledger.json"), given.serial.lower().lstrip("0")
    found = next((one for one in ledger["issued"] if one["serial"] == serial), None)
    if found is None or found["by"] is None:
        raise Stop(f"The ledger knows no certificate {serial} that an authority of this folder issued.")
    if any(one["serial"] == serial for one in ledger["revoked"]):
        raise Stop(f"The certificate {serial} is revoked already.")
    since = given.since or at
    ledger["revoked"].append({"serial": serial, "by": found["by"], "since": since.isoformat(), "reason": given.reason})
    title = f"证书已吊销 Certificate {serial} revoked from {since.isoformat()}: {given.reason}"
    return renew_crl(folder, ledger, found["by"], at, CRL_DAYS[found["by"]], title)


def crl(given, folder, at):
    ledger, days = read_json(folder / "ledger.json"), given.days or CRL_DAYS[given.ca]
    return renew_crl(folder, ledger, given.ca, at, days, "吊销列表已更新 Revocation list renewed")


def renew_crl(folder, ledger, which, at, days, title):
    authority, key = read_certificate(folder / f"{which}.pem"), opened(folder, which)
    number = ledger["crl_number"].get(which, 0) + 1
    ledger["crl_number"][which] = number
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(at)
        .next_update(at + timedelta(days=days))
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    for one in (one for one in ledger["revoked"] if one["by"] == which):
        reason = x509.CRLReason(x509.ReasonFlags[one["reason"]])
        line = x509.RevokedCertificateBuilder(int(one["serial"], 16), datetime.fromisoformat(one["since"]))
        builder = builder.add_revoked_certificate(line.add_extension(reason, critical=False).build())
    made = builder.sign(key, hash_of(key))
    files = {f"{which}.crl": made.public_bytes(Encoding.DER)}
    return keep(folder, ledger, at, f"{title} ({which}, No. {number}, until {made.next_update_utc.date()})", files)


def passphrase(given, folder, at):
    """Another person, or the same with another passphrase: who leaves must have no way back in."""
    ledger, path = read_json(folder / "ledger.json"), folder / f"{given.ca}.key.json"
    key = opened(folder, given.ca)
    names = [share["name"] for share in read_json(path)["shares"]]
    names[PERSONS.index(given.person)] = given.name or names[PERSONS.index(given.person)]
    if names[0] == names[1]:
        raise Stop("Two persons are needed, and both are named the same.")
    ledger["persons"] = names
    locked = lock(key, names, new_phrases(names, f"the key “{given.ca}”"))
    return keep(folder, ledger, at, f"保管人变更 Passphrases of “{given.ca}” changed", {path.name: as_json(locked)})


def check(_given, folder, _at):
    """Everything that can be checked without a passphrase."""
    ledger, problems = read_json(folder / "ledger.json"), []
    steps = split_transcript((folder / "transcript.md").read_text())
    for number, (before, body) in enumerate(steps, start=1):
        said = re.search(r"Steps before: ([0-9a-f]{64})", body)
        if not said or said[1] != hashlib.sha256(before.encode()).hexdigest():
            problems.append(f"step {number} of the transcript does not follow from what stands before it")
    last = dict(pair for _, body in steps for pair in FILE_LINE.findall(body))
    last = {name: digest for name, digest in last.items() if not name.endswith(".p12")}  # those are carried away
    for name, digest in last.items():
        if not (folder / name).exists():
            problems.append(f"{name} is missing")
        elif hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            problems.append(f"{name} is not as the transcript says")
    for one in ledger["issued"]:
        made = read_certificate(folder / one["file"]) if (folder / one["file"]).exists() else None
        above = folder / f"{one['by'] or 'root'}.pem"
        try:
            if made and above.exists():
                made.verify_directly_issued_by(read_certificate(above))
        except (InvalidSignature, ValueError, TypeError):
            problems.append(f"{one['file']} was not issued by {above.name}")
    for problem in problems:
        print(f"WRONG: {problem}")
    if problems:
        raise Stop(f"{len(problems)} things are not as they should be.")
    print(f"Well: {len(steps)} steps, {len(ledger['issued'])} certificates, {len(last)} files.")


# files


def entry(made, use, by):
    file = f"{use}.pem" if use in ("root", "issuing") else f"{use}-{made.serial_number:x}.pem"
    return {"serial": f"{made.serial_number:x}", "use": use, "by": by, "file": file,
            "subject": made.subject.rfc4514_string(), "ends": made.not_valid_after_utc.isoformat()}  # fmt: skip


def keep(folder, ledger, at, title, files, made=None, issued=None):
    """All that a step makes, the transcript last; a file that stands there is never lost, only replaced whole."""
    folder.mkdir(parents=True, exist_ok=True)
    if issued:
        ledger["issued"].append(issued)
    path = folder / "transcript.md"
    said = path.read_text() if path.exists() else ""
    files = {**files, "ledger.json": as_json(ledger)}
    lines = [f"## {title}", "", f"时间 Time: {at.isoformat()}  ", f"在场 Present: {' · '.join(ledger['persons'])}  ",
             f"软件 Software: Python {platform.python_version()}, cryptography {library}, this script "
             f"{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]}  ",
             f"Steps before: {hashlib.sha256(said.encode()).hexdigest()}", ""]  # fmt: skip
    if made is not None:
        lines += [f"证书 Certificate: {made.subject.rfc4514_string()}  ",
                  f"有效期 Valid: {made.not_valid_before_utc.isoformat()} – {made.not_valid_after_utc.isoformat()}  ",
                  f"序号 Serial: {made.serial_number:x}  ",
                  f"指纹 Fingerprint (SHA-256): {spaced(made.fingerprint(hashes.SHA256()).hex())}", ""]  # fmt: skip
    lines += [f"* `{name}`: {hashlib.sha256(content).hexdigest()}" for name, content in files.items()]
    lines += ["", "签名 Signatures:", "", *(f"{name} ______________________" for name in ledger["persons"]), "", ""]
    step = "\n".join(lines)
    for name, content in {**files, "transcript.md": (said + step).encode()}.items():
        write(folder / name, content)
    print(step)


def split_transcript(said):
    starts = [match.start() for match in re.finditer(r"^## ", said, re.MULTILINE)]
    return [(said[:start], said[start:end]) for start, end in zip(starts, [*starts[1:], len(said)])]


def write(path, content):
    fresh = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read_json(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        raise Stop(f"{path} cannot be read. Is this the folder of the ceremony?") from None


def read_certificate(path):
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        raise Stop(f"{path} holds no certificate.") from None


def read_request(path):
    try:
        request = x509.load_pem_x509_csr(Path(path).read_bytes())
    except (OSError, ValueError):
        raise Stop(f"{path} holds no certificate request in PEM form.") from None
    key = request.public_key()
    fitting = isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"
    if not (fitting and request.is_signature_valid):
        raise Stop("The request is not by an elliptic curve key on P-256, or its own signature does not hold.")
    return request


def fingerprint_of_key(public):
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def as_json(value):
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def pem(made):
    return made.public_bytes(Encoding.PEM)


def spaced(digits):
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4)).upper()


def text(raw):
    return b64encode(raw).decode()


def data(said):
    return b64decode(said, validate=True)


def moment(said):
    found = datetime.fromisoformat(said)
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    steps = parser.add_subparsers(dest="step", required=True)
    made = {}
    for name, work in (("root", make_root), ("issuing", make_issuing), ("signer", make_signer), ("crl", crl),
                       ("revoke", revoke), ("passphrase", passphrase), ("check", check)):  # fmt: skip
        made[name] = steps.add_parser(name)
        made[name].set_defaults(work=work)
    for name in ("root", "issuing", "signer"):
        made[name].add_argument("--name")
        made[name].add_argument("--years", type=int, choices=range(1, 41), metavar="1-40")
    for option in ("--organisation", "--first", "--second"):
        made["root"].add_argument(option, required=True)
    made["root"].add_argument("--crl-url", help="where the lists will be published, without the file's name")
    made["signer"].add_argument("--from", dest="starts", type=moment)
    made["signer"].add_argument("--csr", help="the request of a device that holds the key itself")
    made["signer"].add_argument("--purpose", choices=("signing", "stamping"), default="signing")
    for name in ("crl", "passphrase"):
        made[name].add_argument("ca", choices=("root", "issuing"))
    made["crl"].add_argument("--days", type=int, choices=range(1, 801), metavar="1-800")
    made["revoke"].add_argument("serial")
    made["revoke"].add_argument("--reason", choices=REASONS, required=True)
    made["revoke"].add_argument("--since", type=moment)
    made["passphrase"].add_argument("person", choices=PERSONS)
    made["passphrase"].add_argument("--name")
    return parser.parse_args()


def main():
    given = arguments()
    try:
        given.work(given, given.folder, datetime.now(timezone.utc).replace(microsecond=0))
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
