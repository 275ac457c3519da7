#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# One run in several processes: the same files as one process writes, and what becomes of it when one of them dies.
# Usage: processes.sh MTLINK SOURCE_DIR

set -uo pipefail
# shellcheck source=tests/tools/checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
mtlink=$1
source=$2
enter_scratch processes
unset MAKEFLAGS

# same A B: all that two runs left, but for what tells how they were run
same()
{
    local file
    for file in "$1"/*; do
        if [ "${file##*/}" = summary.json ]; then
            diff <(grep -vE "$apart" "$1/summary.json") <(grep -vE "$apart" "$2/summary.json") >&2 ||
                fail "summary.json of $2 differs"
        else
            cmp -s "$file" "$2/${file##*/}" || fail "${file##*/} of $2 differs"
        fi
    done
}
apart='"(wall_time_s|cpu_time_s|setup_time_s|peak_rss_bytes|events|processes|partition|endpoints|switches|cut_links|lookahead_ns)"|^ *[]}0-9]+,?$'

# others LEADER: the processes that it has forked
others()
{
    cat "/proc/$1/task/$1/children" 2>/dev/null || true
}

has_others()
{
    [ -n "$(others "$1")" ]
}

run()
{
    "$mtlink" run "$@" --no-report -q
}

cat >job.yaml <<YAML
fabric: $source/topologies/fat-tree-128.yaml
workloads:
  - {collective: all_to_all, algorithm: pairwise, size: 256KiB, ranks: [0, 1, 40, 41, 80, 81, 120, 121]}
  - {traffic: uniform, load: 0.6, warmup: 1us, measure: 3us}
measure: {timeline: true, sample_every: 1us}
YAML
run job.yaml -o one
for processes in 2 3; do
    run job.yaml -o several --processes "$processes"
    same one several
    grep -q "\"processes\": $processes" several/summary.json || fail "summary.json does not say how many there were"
done

# Under a launcher, if there is one that the command was built for.
if command -v mpirun >/dev/null && [ -e "$(dirname "$mtlink")/libmtlink-mpi.so" ]; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    # Open MPI keeps some of its memory to the end.
    ASAN_OPTIONS=detect_leaks=0 mpirun --oversubscribe -n 2 "$mtlink" run job.yaml --no-report -q -o launched
    same one launched
fi

# Process 0 alone has something to do: in other modes, and where nothing is to be cut.
run "$source/examples/allreduce-s5000-mesh.yaml" -o one
run "$source/examples/allreduce-s5000-mesh.yaml" -o several --processes 2
same one several

# What needs to know all at once is refused at its place.
if run "$source/examples/incast-control.yaml" -o refused --processes 2 2>error; then
    fail "HPCC runs in two processes"
fi
grep -q 'incast-control.yaml:[0-9]*:[0-9]*: error: a run in several processes: ' error || fail "said: $(cat error)"

# One dies: what there is is kept, and said to be less than all.
cat >long.yaml <<YAML
fabric: $source/topologies/fat-tree-128.yaml
workload: {traffic: uniform, load: 0.9, warmup: 1us, measure: 10ms}
YAML
"$mtlink" run long.yaml --no-report -q -o killed --processes 2 2>error &
leader=$!
await has_others "$leader"
sleep 1
kill -9 $(others "$leader") # one: without quotes, as a blank follows it
status=0
wait "$leader" || status=$?
[ "$status" = 3 ] || fail "exit $status when process 1 dies"
grep -q 'process 1 of the run has ended' error || fail "said: $(cat error)"
grep -q '"complete": false' killed/summary.json || fail "a run that has lost a process is complete"

# And Ctrl-C ends it in order.
interruptible "$mtlink" run long.yaml --no-report -q -o interrupted --processes 2 2>error &
leader=$!
await has_others "$leader"
sleep 1
kill -INT "$leader"
status=0
wait "$leader" || status=$?
[ "$status" = 130 ] || fail "exit $status after Ctrl-C"
grep -q '"stop_reason": "interrupted"' interrupted/summary.json || fail "no word of Ctrl-C"

"$mtlink" check job.yaml --processes 2 >check
grep -q '^processes .* of the work of one process' check || fail "check said: $(cat check)"
exit "$failed"
