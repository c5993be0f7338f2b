"""How the tests start Chromium: nothing leaves this machine, and a visit elsewhere fails at once."""

from __future__ import annotations

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--disable-default-apps",
    "--no-pings",
    "--disable-dev-shm-usage",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,CertificateTransparencyComponentUpdater",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]
CONTEXT = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
