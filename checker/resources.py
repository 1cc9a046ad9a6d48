"""Where the files that are not Python live."""

from __future__ import annotations

from pathlib import Path


def template_dir() -> Path:
    """The folder of the report templates: inside an installed package, or beside it in a checkout.

    Raises :class:`FileNotFoundError`.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no templates/ in {package} nor beside it: is the installation complete?")
