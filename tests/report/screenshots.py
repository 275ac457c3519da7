#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: screenshots.py OUTPUT_DIR PAGE.html... [--width N]... [--lang en|zh]... [--scheme light|dark]...

Writes a picture of each whole page at each width, in each colour scheme and language, to be looked
at: OUTPUT_DIR/PAGE-WIDTH-SCHEME-LANG.png, where PAGE is the folder that the page lies in. Defaults:
400, 1440 and 3840 pixels, light and dark, English and Chinese, which wants fonts-noto-cjk."""

import argparse
import itertools
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser, find_chromium  # noqa: E402

MOST_HEIGHT = 16000  # Pixels; Chromium draws no more at once.


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output")
    parser.add_argument("pages", nargs="+")
    parser.add_argument("--width", type=int, action="append")
    parser.add_argument("--lang", choices=("en", "zh"), action="append")
    parser.add_argument("--scheme", choices=("light", "dark"), action="append")
    arguments = parser.parse_args()
    if not find_chromium():
        sys.exit("there is no Chromium: tools/setup browser installs it")
    os.makedirs(arguments.output, exist_ok=True)
    with Browser() as browser:
        for page, lang, scheme, width in itertools.product(
                arguments.pages, arguments.lang or ("en", "zh"), arguments.scheme or ("light", "dark"),
                arguments.width or (400, 1440, 3840)):
            browser.view(width, 1200, scheme == "dark")
            browser.open(page, "?lang=" + lang)
            browser.run("dispatchEvent(new Event('beforeprint'))")
            height = browser.run("document.documentElement.scrollHeight")
            browser.view(width, min(height, MOST_HEIGHT), scheme == "dark")
            browser.run("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)))")
            name = os.path.basename(os.path.dirname(os.path.abspath(page)))
            browser.screenshot(f"{arguments.output}/{name}-{width}-{scheme}-{lang}.png")
            found = browser.run("document.documentElement.scrollWidth")
            note = f"  WIDER THAN THE WINDOW: {found}" if found > width else ""
            print(f"{name} {width} {scheme} {lang}: {height} high{note}", *browser.errors)
            browser.errors.clear()


if __name__ == "__main__":
    main()
