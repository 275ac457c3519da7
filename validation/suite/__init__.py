# SPDX-License-Identifier: GPL-2.0-only
"""Validation of mtlink against theory, other simulators and measurements; see ../README.md."""
