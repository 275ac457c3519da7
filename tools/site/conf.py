# SPDX-License-Identifier: GPL-2.0-only
"""How Sphinx makes the site: tools/make-site."""

import os

project = "mtlink"
release = os.environ["MTLINK_VERSION"]
copyright = "the authors of mtlink"
extensions = ["myst_parser"]
myst_heading_anchors = 4  # links to headings, as they are in the checkout
html_theme = "furo"
html_title = f"mtlink {release}"
html_copy_source = False
