#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sweeps and comparisons as their users meet them: killed at any moment and resumed, interrupted,
# refused; exit statuses and messages.
# sweep.sh MTLINK CHECKOUT, run in a scratch directory

set -uo pipefail
# shellcheck source=tests/tools/checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
mtlink=$1
checkout=$2
enter_scratch sweep

# same FILE FILE: both must have the same bytes.
same()
{
    cmp "$1" "$2" || failed=1
}

cat >base.yaml <<END
fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1MiB}
END
# 24 runs, of which a quarter is refused as a combination.
cat >tiny.yaml <<END
base: base.yaml
grid:
  fabric.endpoints: [4, 6]
  workload.ranks: [[0, 1], [0, 5]]
  workload.size: [1KiB, 256KiB, 1MiB]
seeds: [1, 2]
END

# the whole of it, on one process and on two
expect 3 "6 of 24 runs are not done" "$mtlink" sweep tiny.yaml -o whole -j 1
expect 3 "means over 2 seeds" "$mtlink" sweep tiny.yaml -o two -j 2
same whole/sweep.csv two/sweep.csv
same whole/sweep-means.csv two/sweep-means.csv
[[ $(wc -l <whole/sweep.csv) -eq 25 ]] || fail "not a line per run"

# killed twenty times at random moments, resumed each time, begun anew when it came to its end; how
# long it lives is fitted to the machine
RANDOM=1
kills=0
round=0
most=100 # ms
while [[ $kills -lt 20 && $round -lt 60 ]]; do
    "$mtlink" sweep tiny.yaml -o "killed$round" -j 2 --quiet --resume 2>/dev/null &
    job=$!
    delay=$((RANDOM % most))
    sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
    kill -KILL "$job" 2>/dev/null
    wait "$job" 2>/dev/null
    if [[ $? -eq 137 ]]; then
        kills=$((kills + 1))
        most=$((most * 5 / 4))
    else
        most=$((most * 3 / 4 + 5))
        same whole/sweep.csv "killed$round/sweep.csv"
        round=$((round + 1))
    fi
done
[[ $kills -ge 20 ]] || fail "killed $kills times only"
expect 3 "not done" "$mtlink" sweep tiny.yaml -o "killed$round" --resume
for ((i = 0; i <= round; i++)); do
    same whole/sweep.csv "killed$i/sweep.csv"
    same whole/sweep-means.csv "killed$i/sweep-means.csv"
done

# a directory that is taken
expect 1 "holds results of this sweep: go on with them with --resume" \
    "$mtlink" sweep tiny.yaml -o whole
sed 's/256KiB/128KiB/' tiny.yaml >other.yaml
expect 1 "holds results of another sweep, 'tiny', and this is 'other'" \
    "$mtlink" sweep other.yaml -o whole
expect 1 "holds results of another sweep" "$mtlink" sweep other.yaml -o whole --resume

before=$(cksum whole/*.*)
expect 1 "whole:1:1: error: a sweep is in it" "$mtlink" run base.yaml -o whole
[[ $(cksum whole/*.*) = "$before" ]] || fail "a run has written among a sweep's files"
mkdir begun
cp whole/mtlink-sweep.json begun
expect 1 "this is a sweep that has not come to its end" "$mtlink" report begun

# a reason is told once, with all of its points
reasons=$("$mtlink" sweep tiny.yaml -o told 2>&1 | grep -c "endpoint 5 is not in the fabric")
[[ $reasons -eq 1 ]] || fail "the reason is told $reasons times"
expect 3 "points 4 to 6: refused: " "$mtlink" sweep tiny.yaml -o whole --resume

# a sweep that grows, and shrinks
cat >grow.yaml <<END
base: base.yaml
grid: {fabric.endpoints: [4, 6], workload.size: [1KiB, 4KiB]}
END
expect 0 ", 4 done" "$mtlink" sweep grow.yaml -o grow
sed -i 's/1KiB, 4KiB/1KiB, 2KiB, 4KiB/' grow.yaml
expect 0 "4 of 6 runs are over already" "$mtlink" sweep grow.yaml -o grow --resume
sed -i 's/1KiB, 2KiB, 4KiB/2KiB/' grow.yaml
expect 0 "4 other runs in grow/points are of values that the sweep has no longer" \
    "$mtlink" sweep grow.yaml -o grow --resume
[[ $(wc -l <grow/sweep.csv) -eq 3 ]] || fail "a removed value has rows"

# designs under two traffics and seeds: the front is one of designs, what is beyond saturation shows
cat >front.yaml <<END
base:
  fabric: {kind: fat_tree, radix: 8, levels: 2, link: {rate: 100Gbps}, endpoint: {packet: 512B}}
  workload: {traffic: uniform, load: 0.6, packet: 512B, warmup: 1us, measure: 2us}
grid: {fabric.taper: [1, 4], fabric.switch.buffer: [4KiB, 16KiB]}
scenarios: {workload.traffic: [uniform, permutation]}
seeds: [1, 2]
END
expect 0 ", 16 done" \
    "$mtlink" sweep front.yaml -o front
expect 0 " and 2 seeds: workload.traffic" \
    "$mtlink" sweep front.yaml -o front --resume
expect 0 " of 4: least cost_power_W, most accepted_load" \
    "$mtlink" sweep front.yaml -o front --resume
[[ $(wc -l <front/designs.csv) -eq 5 ]] || fail "not a line per design"
for saturated in true false; do
    grep -q ",$saturated,done," front/sweep.csv || fail "no run has saturated $saturated"
done
expect 0 "of one core, " "$mtlink" check front.yaml
sed -i 's/taper: \[1, 4\]/taper: [1, 3]/' front.yaml
expect 1 "(so in every point with fabric.taper=3)" "$mtlink" sweep front.yaml -o refused
[[ ! -e refused ]] || fail "a sweep that is refused leaves a directory"

# one design under several loads
cat >loads.yaml <<END
base: base.yaml
grid: {workload.size: [1KiB, 4KiB]}
END
expect 0 "to compare those of workload.size as designs, add 'designs: [workload.size]' to the sweep" \
    "$mtlink" sweep loads.yaml -o loads
echo 'designs: [workload.size]' >>loads.yaml
expect 0 "of 2: " "$mtlink" sweep loads.yaml -o chosen

# Ctrl-C ends the processes, and what is over counts
cat >long.yaml <<END
base:
  fabric: {kind: fat_tree, radix: 8, levels: 2}
  workload: {collective: all_to_all, size: 1KiB}
grid: {workload.size: [1KiB, 1GiB]}
END
interruptible "$mtlink" sweep long.yaml -o long -j 1 2>interrupted.txt >/dev/null &
job=$!
await compgen -G "long/points/size-1GiB-*" >/dev/null
kill -INT "$job"
wait "$job"
status=$?
[[ $status -eq 130 ]] || fail "status $status after Ctrl-C"
grep -q "interrupted: 1 of 2 runs are over; go on with --resume" interrupted.txt || {
    fail "$(cat interrupted.txt)"
}
[[ $(wc -l <long/sweep.csv) -eq 2 ]] || fail "an interrupted run counts"

# refused, and wrong usage
sed 's/1KiB/1kib/' tiny.yaml >bad.yaml
expect 1 "bad.yaml:5:19: error:" "$mtlink" sweep bad.yaml -o bad
[[ ! -e bad ]] || fail "a refused sweep leaves a directory"
expect 1 "tiny.yaml:1:1: error: 'base' makes this a sweep: run it with 'mtlink sweep tiny.yaml'" \
    "$mtlink" run tiny.yaml
expect 1 "this is no sweep" "$mtlink" sweep base.yaml
expect 2 "" "$mtlink" sweep
expect 2 "" "$mtlink" sweep tiny.yaml -j 0

# check
expect 1 "3 of 12 points are refused" "$mtlink" check tiny.yaml
for example in "$checkout"/examples/sweep-*.yaml; do
    expect 0 "of one core" "$mtlink" check "$example"
done

# compare
point=whole/points
a=$(echo $point/endpoints-4-ranks-0-1-size-1KiB-*/seed-1)
b=$(echo $point/endpoints-4-ranks-0-1-size-256KiB-*/seed-1)
expect 0 "no parameter differs" "$mtlink" compare "$a" "$a" --threshold completion_time_ns=0
expect 0 "workloads.0.size" "$mtlink" compare "$a" "$b"
expect 1 "past threshold: completion_time_ns" \
    "$mtlink" compare "$a" "$b" --threshold completion_time_ns=2%
expect 0 "" "$mtlink" compare "$a" "$b" --threshold completion_time_ns=1000000
expect 1 "past threshold: busbw_GBps of collective 0" \
    "$mtlink" compare "$a" "$b" --threshold busbw_GBps=1
expect 2 "there is no figure 'time'" "$mtlink" compare "$a" "$b" --threshold time=2%
expect 2 "is no FIGURE=PERCENT" "$mtlink" compare "$a" "$b" --threshold completion_time_ns=much
expect 2 "" "$mtlink" compare "$a"
expect 1 "error:" "$mtlink" compare "$a" no-such-directory
expect 1 "whole:1:1: error: this is a sweep, and two runs are compared: name one of its runs, as whole/points/" \
    "$mtlink" compare whole "$a"
"$mtlink" run base.yaml -o stopped --quiet --no-report --set simulation.stop=1us 2>/dev/null
expect 0 "INCOMPLETE (stopped at simulation.stop, 1us)" "$mtlink" compare "$a" stopped

[[ $failed -eq 0 ]] && echo "sweeps and comparisons do what they should"
exit "$failed"
