"""The credential that goes with each certificate: Open Badges 3.0 as a signed token, and the lists that tell its worth.

What others use:

    facts = facts_of(certificate, public_url)                       # register.facts; or built before the row stands
    made = credentials.credential_of(session, facts, key, issuer_name)   # Credential; None where key is None
    made.file                                                       # bytes: the token, to embed or to hand out
    credentials.keep(session, certificate.id, made)                 # in the transaction that stores the certificate
    credentials.of(session, certificate, key, issuer_name, public_url)   # the kept one, or made and kept now

`key` is `issuer.keys.credential` (signing.seals.Issuer). `register.qr.code_content(facts, issuer.keys.code)` gives the
text of the QR code.
"""
