"""The fixed words of a certificate. The bold font is reduced to exactly these (see fonts/README.md)."""

from __future__ import annotations

TITLE = "水平评价证书"
TITLE_EN = "CERTIFICATE OF COMPETENCE"
NAME = ("姓名", "Name")
SCHEME = ("评价项目", "Assessment")
LEVEL = ("等级", "Level")
SERIAL = ("证书编号", "Certificate No.")
ISSUED_ON = ("发证日期", "Date of issue")
ISSUER = ("发证机构", "Issued by")
AWARD = "经考核，理论知识与操作技能均达到规定要求，特发此证。"
AWARD_EN = "The holder has met the requirements of both the theory examination and the practical assessment."
SCAN = "扫码查验"
SCAN_EN = "Scan to verify"
SEALED = "本证书为电子证书，已加数字签名；内容以发证机构登记册为准，可扫码或登录下方网址查验。"
SEALED_EN = "Digitally signed. The register of the issuing body is authoritative; verify by code or address."
DEMONSTRATION = "演示证书：由演示用签发机构制作，不证明任何事项"
DEMONSTRATION_EN = "DEMONSTRATION — made by the demonstration CA; this document certifies nothing"
WATERMARK = "演示"
FOR_EVER = ("长期有效", "No expiry")
DRAWN_SEAL = "印章为图样，效力以数字签名为准。"
DRAWN_SEAL_EN = "The seal is a drawing; the digital signature is what counts."
SEAL_BELOW = "证书专用章"
SEAL_BELOW_DEMONSTRATION = "演示专用"
PHOTO_ALT = "{holder}的照片 Photo of the holder"
SEAL_ALT = "印章图样：{name} Drawing of the seal"
CODE_ALT = "查验用二维码：{address} QR code to verify this certificate"

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

ASCII = "".join(map(chr, range(0x20, 0x7F)))


def in_bold() -> str:
    """Every character that the bold font must hold."""
    labels = NAME + SCHEME + LEVEL + SERIAL + ISSUED_ON + ISSUER
    words = (TITLE, TITLE_EN, AWARD, SCAN, DEMONSTRATION, DEMONSTRATION_EN, WATERMARK, "年月日", *labels)
    return "".join(sorted({*"".join(words), *ASCII}))


def in_bold_here() -> str:
    """Of these, what a certificate shows in bold whatever its template."""
    return SCAN + ISSUER[0] + ISSUED_ON[0] + DEMONSTRATION


def in_regular() -> str:
    """What the regular font shows on most certificates: figures and letters of numbers, dates and addresses too."""
    words = (DRAWN_SEAL, DRAWN_SEAL_EN, DEMONSTRATION_EN, SCAN_EN, ISSUER[1], ISSUED_ON[1], *FOR_EVER, "年月日（）")
    return "".join(words) + ASCII.replace("`", "").replace("~", "")
