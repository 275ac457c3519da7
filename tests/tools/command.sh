#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The command as its users meet it: exit statuses, messages, what it writes and where.
# command.sh MTLINK CHECKOUT, run in a scratch directory

set -uo pipefail
# shellcheck source=tests/tools/checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
mtlink=$1
checkout=$2
enter_scratch command

# holds CONDITION...: a test that must be true.
holds()
{
    if ! test "$@"; then
        fail "test $*"
    fi
}

cat >good.yaml <<END
fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1MiB}
END
cat >bad.yaml <<END
fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1MB, rank: all}
END
cat >long.yaml <<END
fabric: {kind: fat_tree, radix: 8, levels: 2}
workload: {collective: all_to_all, size: 1GiB}
END

# usage
expect 2 "subcommand" "$mtlink"
expect 2 "" "$mtlink" run
expect 2 "unknown command 'runn': did you mean 'run'? Valid: run, sweep" "$mtlink" runn good.yaml
expect 2 "unknown option '--versoin' of mtlink: did you mean '--version'?" "$mtlink" --versoin
expect 2 "unknown option '--sede' of mtlink run: did you mean '--seed'?" "$mtlink" run good.yaml --sede 3
expect 2 "--set workload.size=64MiB" "$mtlink" check good.yaml --placement random
expect 2 "options of a command come after its name: give '--quiet' as in 'mtlink run --quiet ...'" \
    "$mtlink" --quiet run good.yaml
expect 2 "give '--seed=3' as in 'mtlink run --seed=3 ...'" "$mtlink" --seed=3
expect 2 "unknown option '-quiet' of mtlink run: did you mean '--quiet'?" "$mtlink" run good.yaml -quiet
expect 0 "mtlink [OPTIONS] SUBCOMMAND" "$mtlink" help
expect 0 "EXPERIMENT.yaml" "$mtlink" help run
expect 0 "mtlink " "$mtlink" version
expect 0 "EXPERIMENT.yaml" "$mtlink" run --help
expect 0 "check" "$mtlink" --help
expect 0 "mtlink " "$mtlink" --version

# refused input
expect 1 "bad.yaml:2:47: error: unknown key 'rank' in workload: did you mean 'ranks'?" \
    "$mtlink" run bad.yaml
expect 1 "no-such.yaml:1:1: error: can't be opened" "$mtlink" check no-such.yaml
expect 1 "unknown mode 'flows': did you mean 'flow'?" "$mtlink" run good.yaml --mode flows
expect 1 "--mode flows:1:1: error: unknown mode" "$mtlink" run good.yaml --mode flows
expect 1 "--seed 0:1:1: error: 0 is out of range: give 1 to" "$mtlink" run good.yaml --seed 0
expect 1 "error: -1 is out of range: give 1 to" "$mtlink" run good.yaml --seed=-1
: >empty.yaml
expect 1 "empty.yaml:1:1: error: the file is empty: an experiment needs a fabric and a workload, as
  fabric: {kind: full_mesh, endpoints: 8}
  workload: {collective: all_reduce, size: 1MiB}" "$mtlink" run empty.yaml
printf 'fabric:\n\tkind: full_mesh\n\tendpoints: 4\nworkload: {collective: all_reduce, size: 1MiB}\n' >tab.yaml
expect 1 "tab.yaml:2:1: error: not YAML: a tab indents this line: take blanks instead" "$mtlink" run tab.yaml
printf 'fabric: %s\nworkload: {collective: all_to_all, size: 64KiB}\n' "$checkout/topologies/dragonfly-72.yaml" >groups.yaml
expect 1 "needs at least 3 virtual channels, not 2: give 'switch.vcs: 3' in the fabric, or --set fabric.switch.vcs=3" \
    "$mtlink" check groups.yaml --set fabric.routing.algorithm=valiant
expect 0 "deadlock         free" "$mtlink" check groups.yaml --set fabric.routing.algorithm=valiant --set fabric.switch.vcs=3
expect 1 "--set fabric.endpoint.vcs=2" "$mtlink" check good.yaml --set fabric.routing.algorithm=detour
expect 1 "switch would need 1000000 ports, and a switch has 262143 at most here: take fewer endpoints" \
    timeout 30 "$mtlink" run good.yaml -o ports --set 'fabric={kind: single_switch, endpoints: 1000000}'
holds ! -e ports
expect 1 "error: unknown key 'bufer' in switch: did you mean 'buffer'?" \
    "$mtlink" run good.yaml --set fabric.switch.bufer=64KiB
holds ! -e results

# a run, and where it writes
expect 0 "all_reduce" "$mtlink" run good.yaml
holds -s results/good/summary.json
holds -s results/good/experiment.yaml
holds -s results/good/report.html
expect 0 "" "$mtlink" run good.yaml -o elsewhere --quiet
holds -s elsewhere/links.csv
[[ $(find . -name '*.tmp' | wc -l) -eq 0 ]] || fail "temporary files are left"
expect 0 "complete, mode bound, seed 5" "$mtlink" run good.yaml -o bound --mode bound --seed 5

# the run again, from what it wrote
expect 0 "" "$mtlink" run elsewhere/experiment.yaml -o again --quiet
for file in elsewhere/*.csv elsewhere/experiment.yaml elsewhere/timeline.json; do
    [[ $file == */settings.csv ]] && continue # it says where the settings come from
    cmp "$file" "again/${file##*/}" || failed=1
done

# rows as asked
expect 0 "no table of them" "$mtlink" run good.yaml -o elsewhere --set measure.messages=none
holds ! -e elsewhere/messages.csv
expect 0 "one in 8 in messages.csv" "$mtlink" run good.yaml -o elsewhere --set measure.messages=5
holds "$(wc -l <elsewhere/messages.csv)" -le 6
holds ! -e elsewhere/link_levels.csv
expect 0 "" "$mtlink" run good.yaml -o elsewhere --quiet --set measure.links=5 --set measure.queues=5
holds -s elsewhere/link_levels.csv
expect 1 "unknown messages 'nonne': did you mean 'none'?" \
    "$mtlink" run good.yaml --set measure.messages=nonne
expect 0 "" "$mtlink" run good.yaml -o elsewhere --quiet

# nothing of an older run stays: not its report, nor what one that was killed left
holds -s elsewhere/report.html
touch elsewhere/links.csv.1.tmp elsewhere/messages.csv.gz
expect 0 "" "$mtlink" run good.yaml -o elsewhere --quiet --no-report
holds ! -e elsewhere/report.html
holds ! -e elsewhere/links.csv.1.tmp
holds ! -e elsewhere/messages.csv.gz
expect 0 "" "$mtlink" run good.yaml -o elsewhere --quiet

# a disk that is full, or as good as full: told, and nothing half is left
# shellcheck disable=SC2016 # its own words
expect 3 "File too large" bash -c 'ulimit -f 1; exec "$0" run good.yaml -o small --quiet' "$mtlink"
holds ! -e small/messages.csv
if [[ -c /dev/full ]]; then
    for call in attributes "attributes --json-schema" --help "check good.yaml" "topology good.yaml"; do
        # shellcheck disable=SC2086 # words of a call
        expect 3 "can't write to the standard output" bash -c '"$@" >/dev/full' bash "$mtlink" $call
    done
fi

# stopped early
expect 3 "stopped at simulation.stop, 1us" "$mtlink" run good.yaml -o stopped --set simulation.stop=1us
grep -q '"complete": false' stopped/summary.json || fail "complete is not false"

# Ctrl-C: results so far are kept.
interruptible "$mtlink" run long.yaml -o interrupted --quiet --no-report &
job=$!
await test -d interrupted
sleep 1
kill -INT "$job"
wait "$job"
status=$?
[[ $status -eq 130 ]] || fail "status $status after Ctrl-C"
grep -q '"complete": false' interrupted/summary.json || fail "nothing kept after Ctrl-C"

# simulated time: idle, it costs nothing; at its end, the run is refused
printf '%s\n' 'fabric: {kind: full_mesh, endpoints: 4}' \
    'workload: {collective: all_reduce, size: 1MiB, start: 8640000s}' >idle.yaml
expect 0 "all_reduce" timeout 60 "$mtlink" run idle.yaml
expect 1 "idle.yaml:2:11: error: simulated time would pass its end" \
    "$mtlink" run idle.yaml --mode bound --set fabric.endpoints=16 \
    --set workload.algorithm=ring --set fabric.link.latency=86400s
expect 1 "the latency of a link, or of its credits, is at most a day" \
    "$mtlink" run idle.yaml --mode bound --set fabric.link.latency=9000000s

# places that can't be written, found out before the run
touch file
expect 1 "give another directory with -o" "$mtlink" run good.yaml -o file/below
if [[ $EUID -ne 0 ]]; then
    mkdir locked
    chmod a-w locked
    expect 1 "-o" "$mtlink" run good.yaml -o locked
fi

# check takes what run takes, of experiments
expect 0 "endpoints        4," "$mtlink" check good.yaml --set fabric.endpoints=4
expect 0 "in mode flow" "$mtlink" check good.yaml --mode flow
expect 1 "and this is a fabric" "$mtlink" check "$checkout/topologies/s5000-mesh-8.yaml" --set kind=star

# what takes long says so before, what takes more memory than there is does not start
printf '%s\n' 'fabric: {kind: single_switch, endpoints: 64}' \
    'workload: {collective: all_reduce, algorithm: ring, size: 64GiB}' \
    'simulation: {event_limit: 1}' >long.yaml
expect 3 "packet-hops will take about" "$mtlink" run long.yaml -o long
expect 0 "in mode flow" "$mtlink" check long.yaml
printf '%s\n' 'fabric: {kind: single_switch, endpoints: 4}' 'workload: {traffic: uniform, load: 0.5, measure: 100s}' \
    'simulation: {event_limit: 1}' >offered.yaml
expect 3 "packet-hops will take about" "$mtlink" run offered.yaml -o offered
printf 'fabric: %s\nworkload: {collective: all_to_all, algorithm: direct, size: 1GiB}\n' \
    "$checkout/topologies/kuae-100k.yaml" >crowd.yaml
expect 1 "crowd.yaml:2:11: error: the run would take about" "$mtlink" run crowd.yaml -o crowd
holds ! -e crowd

# the other subcommands
expect 0 "deadlock         free" "$mtlink" check good.yaml
expect 0 "kind full_mesh" "$mtlink" topology good.yaml
printf '%s\n' 'kind: single_switch' 'endpoints: 4' >chip.yaml
one_switch=$'1\xc2\xa0switch,' # with a blank that does not break
expect 0 "$one_switch" "$mtlink" topology chip.yaml
expect 0 "$one_switch" "$mtlink" run good.yaml -o one \
    --set 'fabric={kind: single_switch, endpoints: 4}'
expect 0 "" "$mtlink" topology good.yaml --dot g.dot --graphml g.graphml --csv g.csv
holds -s g.dot
holds -s g.csv
printf 'fabric: {kind: graph, file: g.graphml}\nworkload: {collective: all_reduce, size: 1MiB}\n' >graph.yaml
expect 0 "all_reduce" "$mtlink" run graph.yaml
expect 0 "switch.buffer: size" "$mtlink" attributes switch.buffer
expect 1 "did you mean 'buffer'?" "$mtlink" attributes bufer
expect 0 "both.html" "$mtlink" report elsewhere again -o both.html
holds -s both.html
for call in "report missing" "compare missing again" "compare again missing"; do
    # shellcheck disable=SC2086 # words of a call
    expect 1 "missing:1:1: error: there is no such directory: give one that mtlink run wrote" "$mtlink" $call
done
expect 1 "good.yaml:1:1: error: this is no directory" "$mtlink" report good.yaml
mkdir killed
touch killed/mtlink.lock killed/experiment.yaml.1.tmp
expect 1 "killed:1:1: error: there is no summary.json in it: the run was killed before" "$mtlink" report killed
holds ! -e killed/report.html

# a search for the best fabric: its report, and again, and not without a front
cat >fabrics.yaml <<END
endpoints: 4
chips: [{ports: 4, rate: 100Gbps}]
kinds: [single_switch, torus]
dimensions: [1]
workloads: [{collective: all_reduce, size: 4KiB}]
END
expect 0 "designs/report.html" "$mtlink" design fabrics.yaml -o designs
cp designs/report.html first.html
expect 0 "designs/report.html" "$mtlink" report designs
holds "$(cmp first.html designs/report.html && echo same)" = same
expect 0 "" "$mtlink" design fabrics.yaml -o plain --quiet --no-report
holds ! -e plain/report.html
expect 0 "" "$mtlink" report plain --lang zh
grep -q '<html lang="zh">' plain/report.html || fail "the report of designs is not in Chinese"
expect 1 "a report shows one search at a time" "$mtlink" report designs plain
expect 1 "is for the directory of a sweep" "$mtlink" report designs --objective chips
expect 0 "" "$mtlink" design fabrics.yaml -o listed --list --quiet
holds ! -e listed/report.html
expect 1 "there is no front.csv in it" "$mtlink" report listed
printf 'start_ns,src,dst,bytes\n0,0,1,4096\n' >messages.csv
expect 0 "ranks            2" "$mtlink" trace messages.csv
expect 0 '"format"' "$mtlink" trace messages.csv --json
expect 1 "error:" "$mtlink" trace good.yaml

# nccl-tests' table: columns where they are looked for, roots and counts of one rank's part
cat >columns.yaml <<END
fabric: {kind: full_mesh, endpoints: 4}
workloads:
  - {name: sum, collective: all_reduce, size: 1MiB, ranks: [0, 1], repeat: 3}
  - {name: give, collective: broadcast, size: 4098B, root: 3}
  - {name: share, collective: all_gather, size: 4KiB}
END
"$mtlink" run columns.yaml -o columns --nccl-tests >columns.txt 2>/dev/null || failed=1
columns=$(awk '!/^#/ { print $1, $2, $3, $4, $5 }' columns.txt)
[[ $columns = "1048576 262144 float sum -1
4098 4098 int8 none 3
4096 256 float none -1" ]] || fail "nccl-tests' columns are: $columns"
holds "$(awk '!/^#/ && NF != 13' columns.txt | wc -l)" -eq 0
grep -q '^# Avg bus bandwidth    : [1-9]' columns.txt || fail "no mean of busbw"

# completion and manual: from the same texts as the help
"$mtlink" completion bash >completion.bash || failed=1
# shellcheck disable=SC2016 # the other shell's own
completed=$(PATH=$(dirname "$mtlink"):$PATH bash -c '. ./completion.bash
    complete_words() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mtlink 2>/dev/null; echo "${COMPREPLY[@]}"; }
    complete_words mtlink sw
    complete_words mtlink run --noth
    complete_words mtlink run --nccl
    complete_words mtlink check --mode b
    complete_words mtlink run x.yaml --set simulation.budg
    complete_words mtlink run goo')
[[ $completed = "sweep

--nccl-tests
bound
simulation.budget=
good.yaml" ]] || fail "completed were: $completed"
expect 0 "compdef _mtlink mtlink" "$mtlink" completion zsh
expect 0 "complete -c mtlink -n '__fish_seen_subcommand_from run' -l mode" "$mtlink" completion fish
expect 1 "unknown shell 'bsh': did you mean 'bash'?" "$mtlink" completion bsh
expect 1 "unknown shell 'tcsh'; valid: bash, zsh, fish" "$mtlink" completion tcsh
"$mtlink" manual | sed 's/\\-/-/g' >manual.txt || failed=1
for word in $("$mtlink" run --help | grep -o -- '--[a-z-]*'); do
    grep -q -- "$word" manual.txt || fail "no $word in the manual"
done
while IFS= read -r key; do
    # Each is known, whatever it can't be beside.
    [[ $("$mtlink" check good.yaml --set "$key=[[], {}]" 2>&1) != *"unknown key"* ]] || fail "$key"
done < <("$mtlink" attributes --keys | grep -E '^(simulation|measure|fabric\.(link|switch))\.' | awk 'NR % 16 == 1')

# every ready fabric is proved free of deadlock, or refused with its cycle; beyond 16,384 endpoints
# that takes minutes
for fabric in "$checkout"/topologies/*.yaml; do
    case $fabric in
        */kuae-100k.yaml) expect 0 "deadlock         not proved" "$mtlink" check "$fabric" ;;
        *) expect 0 "deadlock         free, proved" "$mtlink" check "$fabric" ;;
    esac
done

[[ $failed -eq 0 ]] && echo "the command does what it should"
exit "$failed"
