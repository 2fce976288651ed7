"""Write the pages: `python -m tools.reference`."""

from tools.reference import DOCS, PAGES

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
