"""Signatures of the issuing body, and the proof that lets them outlive every key that made them.

What others use:

    issuer = choose(demonstration)                         # seals.issuers(settings): IssuerChoice
    signed = issuer.sign(pdf, reason=..., at=now)          # levels.Signed(pdf, level, weakens_at), checked
    longer = issuer.lengthen(signed.pdf, at=now)           # levels.Longer(suffix, weakens_at): DSS and a time stamp
    issuer.level                                           # levels.Level: what it signs at, from the settings
    issuer.roots, issuer.tsa_roots                         # who vouches for its signatures, and for time stamps
    trusted_roots(settings), trusted_tsa_roots(settings)   # the same for who verifies (seals.py)

    issuer.keys                                            # register.keys.RegisterKeys: of the code and the credential

    issuer.timestamps.token(digest, at=now)                # timestamps.Token(der, at, weakens_at)
    issuer.proofs.of(chain, at=now)                        # proofs.Proof(certificates, crls, ocsps, good_until): DER

`sign` and `lengthen` work in memory and hand out a whole result or raise: `unavailable.Unavailable` (a Refusal with
status 503) with the code `timestamp_unavailable`, `revocation_unavailable` or `seal_unavailable` where someone else
does not answer, which is worth another try later; any other Refusal where trying again would not help.

A file at B-LTA is three revisions: the page, the signature (holding a time stamp of it), and DSS with a document time
stamp over all before it. A renewal adds one more of the last kind. `weakens_at` is when the certificate of the newest
time stamp ends; None where there is no time stamp (B-B).

An `Issuer` holds keys and connections: it does not cross processes. Send `Settings` and choose there.
`sign.sign(pdf, seal, reason=, at=)` puts a B-B signature on anything else that the body seals, as a room's record.
"""
