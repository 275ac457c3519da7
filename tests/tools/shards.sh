#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sweeps in parts, by many programs into one directory: points, shards, merges; killed, doubled,
# merged while they write; by GNU parallel where that is. validation/cluster/run does it by Slurm.
# shards.sh MTLINK, run in a scratch directory

set -uo pipefail
# shellcheck source=tests/tools/checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
mtlink=$1
enter_scratch shards

# equal DIRECTORY: its tables are those of the whole sweep, and nothing is left behind.
equal()
{
    local table
    for table in sweep.csv sweep-means.csv designs.csv; do
        cmp "whole/$table" "$1/$table" || failed=1
    done
    [[ ! -e $1/claims ]] || fail "claims are left in $1"
    [[ -z $(find "$1/points" -mindepth 2 -maxdepth 2 -name '.*') ]] || fail "attempts are left in $1"
}

cat >base.yaml <<END
fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1MiB}
END
# 40 points: combinations that are refused, runs that are stopped early
cat >forty.yaml <<END
base: base.yaml
grid:
  fabric.endpoints: [4, 6]
  workload.ranks: [[0, 1], [0, 5]]
  workload.size: [1KiB, 2KiB, 64KiB, 1MiB, 4MiB]
  simulation.stop: [1s, 2us]
seeds: [1]
END
expect 3 "40 runs" "$mtlink" sweep forty.yaml -o whole

# points
expect 0 "of which 3 here, 3 done" "$mtlink" sweep forty.yaml -o points --points 2:4
[[ ! -e points/sweep.csv ]] || fail "a part of a sweep writes tables"
expect 3 "nobody is at it" "$mtlink" sweep forty.yaml -o points --merge
expect 3 "27 of 40 runs are missing" "$mtlink" sweep --merge points
[[ -e points/report.html ]] || fail "a merge makes no report"
expect 3 "of which 36 here" "$mtlink" sweep forty.yaml -o points --points 5:40
expect 0 "of which 1 here, 1 done" "$mtlink" sweep forty.yaml -o points --points 1:1
expect 3 "runs are not done" "$mtlink" sweep forty.yaml -o points --merge
equal points

# shards at once, one of them twice
for shard in 1/3 2/3 3/3 3/3; do
    "$mtlink" sweep forty.yaml -o shards --shard $shard -q -j 1 2>/dev/null &
done
while [[ $(jobs -r | wc -l) -gt 0 ]]; do
    "$mtlink" sweep forty.yaml -o shards --merge -q >merge.txt 2>&1
    # Nothing there yet, some are missing, or all is there: never a row that is not whole.
    [[ $? -le 3 ]] || fail "a merge while others write: $(cat merge.txt)"
    if [[ -e shards/sweep.csv ]]; then
        cp shards/sweep.csv seen.csv
        [[ -z $(grep -vxFf whole/sweep.csv seen.csv) ]] || fail "a merge while others write has wrong rows"
    fi
done
wait
expect 3 "runs are not done" "$mtlink" sweep forty.yaml -o shards --merge
equal shards

# killed in the middle, again and again
RANDOM=1
kills=0
most=150 # ms
for ((i = 0; i < 200 && kills < 8; i++)); do
    "$mtlink" sweep forty.yaml -o killed --shard 1/2 -q -j 2 2>/dev/null &
    job=$!
    delay=$((RANDOM % most))
    sleep "0.$(printf %03d $delay)"
    kill -KILL "$job" 2>/dev/null
    wait "$job" 2>/dev/null
    if [[ $? -eq 137 ]]; then
        kills=$((kills + 1))
        most=$((most < 900 ? most * 5 / 4 : most))
    else
        break
    fi
done
"$mtlink" sweep forty.yaml -o killed --shard 1/2 -q 2>/dev/null
"$mtlink" sweep forty.yaml -o killed --shard 2/2 -q 2>/dev/null
"$mtlink" sweep forty.yaml -o killed --merge -q 2>/dev/null
equal killed

# two whole sweeps at once share the work
"$mtlink" sweep forty.yaml -o both --resume -q 2>/dev/null &
"$mtlink" sweep forty.yaml -o both --resume -q 2>/dev/null &
wait
equal both

# a claim of a machine that is dead, and one of a machine that lives
mkdir -p foreign/claims
"$mtlink" sweep forty.yaml -o foreign --points 1:1 -q
content=$(sed -n 's/.*"content": "\(.*\)".*/\1/p' foreign/points/*/seed-1/mtlink-job.json)
rm -r foreign/points
mkdir -p foreign/claims
echo '{"host": "elsewhere", "process": "1"}' >"foreign/claims/$content"
touch -d '2 minutes ago' "foreign/claims/$content"
expect 0 "1 done" timeout 50 "$mtlink" sweep forty.yaml -o foreign --points 1:1
rm -r foreign/points
mkdir -p foreign/claims
echo '{"host": "elsewhere", "process": "1"}' >"foreign/claims/$content"
rm foreign/mtlink-sweep.json
interruptible "$mtlink" sweep forty.yaml -o foreign --points 1:1 >interrupted.txt 2>&1 &
job=$!
await test -e foreign/mtlink-sweep.json
sleep 1
kill -INT "$job"
wait "$job"
status=$?
[[ $status -eq 130 ]] || fail "status $status after Ctrl-C"
grep -q "interrupted: 0 of 1" interrupted.txt || fail "said: $(cat interrupted.txt)"
expect 3 "under way, by process 1 on elsewhere" "$mtlink" sweep forty.yaml -o foreign --merge

# a program that is killed beside its claims, and one that has no time for it: the next removes them
cp -r whole left
mkdir left/claims
echo '{"host": "elsewhere", "process": "1"}' >left/claims/0123456789abcdef
touch -d '2 minutes ago' left/claims/0123456789abcdef
expect 3 "40 runs" "$mtlink" sweep forty.yaml -o left --resume
equal left

# a launcher's claim: one at a time
mkdir -p other/claims
echo '{"host": "elsewhere", "process": "1"}' >other/claims/launcher
if parallel --version 2>/dev/null | grep -q "GNU parallel"; then
    expect 1 "another mtlink launches this sweep, process 1 on elsewhere" \
        "$mtlink" sweep forty.yaml -o other --launcher parallel
fi

# directories of machines that share none
"$mtlink" sweep forty.yaml -o far --shard 1/2 -q 2>/dev/null
"$mtlink" sweep forty.yaml -o near --shard 2/2 -q 2>/dev/null
(cd far && find . -type f -exec cksum {} +) >far.txt
stat -c '%n %z' far far/* far/points/* >>far.txt
expect 3 "from other directories" "$mtlink" sweep --merge near far -o merged
equal merged
expect 3 "from other directories" "$mtlink" sweep --merge near forty.yaml far/
equal near
expect 3 "40 runs" "$mtlink" sweep --merge forty.yaml -o near
(cd far && find . -type f -exec cksum {} +) >after.txt
stat -c '%n %z' far far/* far/points/* >>after.txt
cmp far.txt after.txt || fail "a merge writes into what it reads"
mkdir empty
expect 1 "there is no sweep in it to merge" "$mtlink" sweep forty.yaml empty near --merge -o bad
expect 2 "empty does not tell which sweep it is of" "$mtlink" sweep --merge empty
cp forty.yaml another.yaml
expect 1 "near holds results of another sweep, 'forty', and this is 'another': leave it out" "$mtlink" sweep another.yaml near --merge -o bad
expect 1 "near holds results of another sweep, 'forty', and this is 'another': give another directory with -o" \
    "$mtlink" sweep another.yaml -o near --shard 1/2

# refused
expect 2 "'0/4' is no shard I/N" "$mtlink" sweep forty.yaml -o bad --shard 0/4
expect 2 "'5/4' is no shard I/N" "$mtlink" sweep forty.yaml -o bad --shard 5/4
expect 2 "'a:b' is no shard I/N" "$mtlink" sweep forty.yaml -o bad --shard a:b
expect 2 "'4:2' is no range A:B of points" "$mtlink" sweep forty.yaml -o bad --points 4:2
expect 2 "'a:b' is no range A:B of points" "$mtlink" sweep forty.yaml -o bad --points a:b
expect 2 "'39:41' ends beyond the sweep, which has 40 points" "$mtlink" sweep forty.yaml -o bad --points 39:41
expect 2 "'3/2' is no shard I/N" "$mtlink" sweep forty.yaml -o bad --shard 3/2
expect 2 "--merge excludes --shard" "$mtlink" sweep forty.yaml -o bad --merge --shard 1/2
expect 2 "--merge excludes --resume" "$mtlink" sweep forty.yaml -o bad --merge --resume
expect 2 "one sweep at a time; directories are for --merge" "$mtlink" sweep forty.yaml whole -o bad
expect 2 "sweep is required" "$mtlink" sweep --shard 1/2
expect 2 "which sweep?" "$mtlink" sweep --merge
expect 1 "there is no sweep in it to merge" "$mtlink" sweep forty.yaml -o bad --merge
expect 2 "slurm" "$mtlink" sweep forty.yaml -o bad --launcher pbs
expect 2 "options are for" "$mtlink" sweep forty.yaml -o bad --launcher-options --mem=1G
expect 1 "needs Slurm's command sbatch" env PATH=/nowhere "$mtlink" sweep forty.yaml -o bad --launcher slurm
expect 1 "needs GNU parallel" env PATH=/nowhere "$mtlink" sweep forty.yaml -o bad --launcher parallel
[[ ! -e bad ]] || fail "what is refused leaves a directory"
expect 1 "base.yaml/out" "$mtlink" sweep forty.yaml -o base.yaml/out --shard 1/2
if [[ $(id -u) -ne 0 ]]; then
    mkdir locked
    chmod a-w locked
    expect 1 "cannot write locked" "$mtlink" sweep forty.yaml -o locked --shard 1/2
fi

if parallel --version 2>/dev/null | grep -q "GNU parallel"; then
    expect 3 "40 runs" "$mtlink" sweep forty.yaml -o parallel --launcher parallel -j 2
    equal parallel
    expect 2 "there is no file hosts" "$mtlink" sweep forty.yaml -o hosts --launcher parallel --hosts hosts
    echo 2/: >hosts
    expect 3 "40 runs" "$mtlink" sweep forty.yaml -o hosts-sweep --launcher parallel --hosts hosts
    equal hosts-sweep
else
    echo "GNU parallel is not installed: not tried"
fi

[[ $failed -eq 0 ]] && echo "sweeps in parts do what they should"
exit "$failed"
