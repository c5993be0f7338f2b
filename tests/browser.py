"""How the tests start Chromium: nothing leaves this machine, and a visit elsewhere fails at once."""

from __future__ import annotations

UNUSED = (
    "OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,CertificateTransparencyComponentUpdater",
    "PreloadTopChromeWebUI,WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup",
)
"""What it would ask of its maker; and the pages of its address bar, which cost each context as much as ours."""
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
    f"--disable-features={','.join(UNUSED)}",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]
CONTEXT = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
