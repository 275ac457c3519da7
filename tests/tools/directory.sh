#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A results directory is one run's, whole, whatever happens: two runs into it at once, runs that are
# killed, runs over older ones.
# directory.sh MTLINK, run in a scratch directory

set -uo pipefail
# shellcheck source=tests/tools/checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
mtlink=$1
enter_scratch directory

# Two runs that differ in every table and take long enough to meet.
for ranks in 24 32; do
    cat >"$ranks.yaml" <<END
fabric: {kind: single_switch, endpoints: 32}
workload: {collective: all_to_all, algorithm: direct, size: 8MiB, ranks: {count: $ranks}}
END
    "$mtlink" run "$ranks.yaml" -o "alone-$ranks" --quiet --no-report || fail "no run of $ranks ranks"
done

# is_run DIRECTORY RANKS: whether it holds that run, all of it.
is_run()
{
    local file
    for file in "alone-$2"/*; do
        case $file in
            */summary.json) diff -q <(figures "$file") <(figures "$1/summary.json") >/dev/null || return 1 ;;
            *) cmp -s "$file" "$1/${file##*/}" || return 1 ;;
        esac
    done
    [[ $(ls "$1") == "$(ls "alone-$2")" ]]
}

# figures SUMMARY: all of it but what every run has of its own.
figures()
{
    grep -v '"\(wall_time_s\|cpu_time_s\|setup_time_s\|peak_rss_bytes\)"' "$1"
}

# twenty pairs of runs into one directory: one is done, the other refused, nothing is mixed; where
# the machine is so busy that they came one after the other, the directory is one of them
refusals=0
for ((pair = 0; pair < 20; pair++)); do
    "$mtlink" run 24.yaml -o "pair" --quiet --no-report 2>24.txt &
    first=$!
    "$mtlink" run 32.yaml -o "pair" --quiet --no-report 2>32.txt &
    second=$!
    wait "$first"
    first=$?
    wait "$second"
    second=$?
    case $first,$second in
        0,1) winner=24 loser=32 ;;
        1,0) winner=32 loser=24 ;;
        0,0)
            is_run pair 24 || is_run pair 32 || fail "pair $pair: a mixture: $(ls pair)"
            continue
            ;;
        *)
            fail "pair $pair: exit statuses $first and $second: $(cat 24.txt 32.txt)"
            continue
            ;;
    esac
    grep -q "error: another mtlink is at work in pair" "$loser.txt" || fail "$(cat "$loser.txt")"
    is_run pair "$winner" || fail "pair $pair: not the run of $winner ranks: $(ls pair)"
    refusals=$((refusals + 1))
done
((refusals > 0)) || fail "no run met another"

# killed at random moments over an older run: that one, the new one, or refused; and the next run
# finds nothing in its way
RANDOM=1
refused=0
for ((kill = 0; kill < 20; kill++)); do
    "$mtlink" run 24.yaml -o killed --quiet || fail "no run over one that was killed"
    "$mtlink" run 32.yaml -o killed --quiet 2>/dev/null &
    job=$!
    sleep "0.$(printf %03d $((RANDOM % 600)))"
    kill -KILL "$job" 2>/dev/null
    wait "$job" 2>/dev/null
    if ! "$mtlink" compare killed alone-24 >compared.txt 2>&1; then
        grep -q -e "did not come to write them all" -e "the run was killed before it had written" compared.txt || fail "$(cat compared.txt)"
        refused=$((refused + 1))
        continue
    fi
    rm -f killed/*.tmp killed/mtlink.lock killed/report.html
    is_run killed 24 || is_run killed 32 || fail "kill $kill: a mixture"
done
"$mtlink" run 32.yaml -o killed --quiet --no-report || fail "no run over one that was killed"
is_run killed 32 || fail "files of runs that were killed are left: $(ls killed)"

[[ $failed -eq 0 ]] && echo "a results directory is one run's; $refused of 20 that were killed are refused"
exit "$failed"
