# SPDX-License-Identifier: BSL-1.0
"""Makes the wheel, with nothing but the standard library: for `wheel`, and for pip (PEP 517).

With a library, a file or its folder, the wheel carries it and is for this platform. Without, the wheel is for any, and
the library is found as weir/_library.py says.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import sysconfig
import zipfile
from pathlib import Path
from typing import Any, Iterator, Optional

ROOT = Path(__file__).parents[1]
PROJECT = dict(re.findall(r'^([\w-]+) = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE))
STEM = f"{PROJECT['name']}-{PROJECT['version']}"
LIBRARY = "libweir.so.1"


def make(folder: Path, library: Optional[Path]) -> Path:
    """Writes the wheel and gives its path. The same input makes the same bytes."""
    tag = "py3-none-" + (re.sub(r"[-.]", "_", sysconfig.get_platform()) if library else "any")
    files = dict(package())
    if library:
        files[f"weir/{LIBRARY}"] = found(library).read_bytes()
    licence = ROOT.parents[1] / "LICENSE"
    if licence.exists():
        files[f"{STEM}.dist-info/LICENSE"] = licence.read_bytes()
    files[f"{STEM}.dist-info/METADATA"] = metadata().encode()
    files[f"{STEM}.dist-info/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: weir\nRoot-Is-Purelib: {'false' if library else 'true'}\nTag: {tag}\n".encode()
    )
    record = f"{STEM}.dist-info/RECORD"
    files[record] = "".join(f"{name},{digest(data)},{len(data)}\n" for name, data in files.items()).encode()
    files[record] += f"{record},,\n".encode()
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{STEM}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if name.endswith(LIBRARY) else 0o644) << 16
            archive.writestr(entry, data)
    return wheel


def package() -> Iterator[tuple[str, bytes]]:
    for file in sorted((ROOT / "weir").iterdir()):
        if file.suffix == ".py" or file.name == "py.typed":
            yield f"weir/{file.name}", file.read_bytes()


def metadata() -> str:
    head = {
        "Metadata-Version": "2.1",
        "Name": PROJECT["name"],
        "Version": PROJECT["version"],
        "Summary": PROJECT["description"],
        "License": PROJECT["license"],
        "Requires-Python": PROJECT["requires-python"],
        "Description-Content-Type": "text/markdown",
    }
    return "".join(f"{key}: {value}\n" for key, value in head.items()) + "\n" + (ROOT / "README.md").read_text()


def digest(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def found(library: Path) -> Path:
    for file in (library, library / LIBRARY, library / "libweir.so"):
        if file.is_file():
            return file
    raise SystemExit(f"{library}: no libweir.so there")


# What pip asks for.


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: Any = None) -> str:
    library = os.environ.get("WEIR_LIB")
    return make(Path(wheel_directory), Path(library) if library else None).name


def get_requires_for_build_wheel(config_settings: Any = None) -> list[str]:
    return []
