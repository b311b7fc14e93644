"""What a file is, by its first bytes; its name has no say in it."""

import codecs
import re
import zipfile
from pathlib import Path
from typing import Literal

Kind = Literal[
    "workbook", "locked", "xml", "json", "text", "archive", "html", "pdf", "picture", "document",
    "binary", "nothing",
]  # fmt: skip

# What to call it towards the officer who sent it.
WORDS: dict[Kind, str] = {
    "workbook": "a workbook",
    "locked": "a workbook with a password",
    "xml": "XML",
    "json": "JSON",
    "text": "plain text",
    "archive": "a ZIP archive",
    "html": "a web page",
    "pdf": "a PDF",
    "picture": "a picture",
    "document": "a document or presentation",
    "binary": "damaged, or something that is no table",
    "nothing": "empty",
}

HEAD = 8_192  # bytes
LARGEST_COMPOUND = 100_000_000  # bytes looked at
ARCHIVES = (".zip",)  # by name; what reads them is `pipeline.intake.archive`
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, .doc, .msg, and workbooks with a password
# An old workbook begins with a record of its version; one with a password has FilePass behind it,
# at most WriteProtect between them.
_OLD_LOCKED = re.compile(
    rb"\x09\x08(?:\x10\x00\x00\x06\x05\x00.{12}|\x08\x00\x00\x05\x05\x00.{4})"
    rb"(?:\x86\x00\x00\x00)?\x2f\x00",
    re.DOTALL,
)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_PROLOGUE = r"^\s*(?:(?:<\?.*?\?>|<!--.*?-->)\s*)*"
_HTML = re.compile(
    _PROLOGUE + r"<(?:!doctype\s+html|(?:html|head|body|table|meta|script|style|div|form)[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(
    r"^\s*<(?:\?xml\b|!(?:--|doctype)|[a-z_][\w.:-]*(?:\s[^<>]*)?/?>\s*(?:<|$))", re.IGNORECASE
)
_JSON = re.compile(r'^\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:\{|\]|$))')


def text_encoding(head: bytes) -> str | None:
    """UTF-8 or UTF-16 where a mark at the beginning or the NULs of Latin letters tell of it."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0::2], head[1::2]
    if odd.count(0) > 0.4 * len(head) / 2 and not even.count(0):
        return "utf-16-le"
    if even.count(0) > 0.4 * len(head) / 2 and not odd.count(0):
        return "utf-16-be"
    return None


def _zip_kind(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mime = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError, EOFError):
        return "binary"
    if "xl/workbook.xml" in names or mime.startswith(_SPREADSHEET):
        return "workbook"
    if "[Content_Types].xml" in names or mime:
        return "document"
    return "archive"


def _compound_kind(path: Path) -> Kind:
    """By the names of its streams, which stand in it as UTF-16, and how a workbook begins."""
    with path.open("rb") as stream:
        content = stream.read(LARGEST_COMPOUND)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "locked"
    named = ("WordDocument", "PowerPoint Document", "__substg1.0_")
    if any(n.encode("utf-16-le") in content for n in named):
        return "document"
    return "locked" if _OLD_LOCKED.search(content) else "workbook"


def kind(path: Path) -> Kind:
    """What a file is. Raises OSError where it cannot be opened."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if head.startswith(ZIP_STARTS):
        return _zip_kind(path)
    if head.startswith(_COMPOUND):
        return _compound_kind(path)
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(_PICTURES):
        return "picture"
    if head.startswith(b"{\\rtf"):
        return "document"
    encoding = text_encoding(head)
    if encoding is None and b"\x00" in head:
        return "binary"
    text = head.decode(encoding or "utf-8", errors="replace")
    if not text.strip("\ufeff \t\r\n") and len(head) < HEAD:
        return "nothing"
    if _HTML.match(text):
        return "html"
    if _XML.match(text):
        return "xml"
    return "json" if _JSON.match(text) else "text"
