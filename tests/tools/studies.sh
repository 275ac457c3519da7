#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The texts of the studies agree with their data: tables and claims.
# studies.sh CHECKOUT; exits with 77, skipped, where there is no Python.

set -uo pipefail
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
# shellcheck source=tests/tools/checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
for study in "$1"/examples/studies/*/; do
    echo "$(basename "$study")"
    (cd "$study" && python3 tables.py --check) || failed=1
    while read -r picture; do
        [ -s "$study/$picture" ] || fail "README.md shows $picture, which is not there"
    done < <(grep -o '[a-z0-9_-]*\.png' "$study/README.md")
done
exit "$failed"
