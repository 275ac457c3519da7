#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What mtlink run and mtlink compare print of the verdict: first, whole, and so that what is
# proposed can be typed as it stands.
# verdict.sh MTLINK, run in a scratch directory

set -uo pipefail
# shellcheck source=tests/tools/checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
mtlink=$1
enter_scratch verdict
export LC_ALL=C # whoever runs this may read Chinese

# says FILE TEXT...: the file has these texts, in this order.
says()
{
    local file=$1 text from=1 at
    shift
    for text; do
        at=$(tail -n "+$from" "$file" | grep -nF -m 1 -- "$text" | cut -d : -f 1)
        if [[ -z $at ]]; then
            echo "FAILED: $file lacks, from line $from: $text"
            cat "$file"
            failed=1
            return
        fi
        from=$((from + at - 1))
    done
}

# lacks FILE TEXT: the file has no such text.
lacks()
{
    if grep -qF -- "$2" "$1"; then
        fail "$1 has: $2"
    fi
}

cat >incast.yaml <<'END'
fabric: {kind: fat_tree, down: [4, 3], up: [1, 2]}
workloads:
  - {name: many, collective: gather, size: 4MiB, ranks: [8, 0, 1, 4, 5, 6, 9, 10]}
  - {name: bystander, collective: send_recv, size: 128KiB, ranks: [2, 11]}
END
"$mtlink" run incast.yaml -o incast --no-report >incast.txt || failed=1
# The verdict before any table: sentence and word, victims, what to try and why, notes.
says incast.txt "leaf2:0 to gpu8 is the root of" "[congestion" "victims: gpu2 to gpu11" \
    "try --set fabric.endpoint.congestion_control=hpcc" "expected: victims stand still for less" \
    "note: more virtual channels" "simulated  "
change=$(sed -n 's/^  try --set //p' incast.txt | tail -n 1)
"$mtlink" run incast.yaml -o tried --no-report --set "$change" >tried.txt || failed=1
"$mtlink" compare incast tried >compared.txt || failed=1
# Which is better by which figure, whether chance allows to say so, both verdicts, then the tables.
says compared.txt "A  incast: incast, mode packet, seed 1" "is better" "seeds: one seed of each" \
    "A: leaf2:0 to gpu8 is the root of" "B: " "fabric.endpoint.congestion_control" "figure  "

# A change with blanks and braces is quoted, so that a shell hands it on.
cat >software.yaml <<'END'
fabric: {kind: single_switch, endpoints: 4, endpoint: {message_overhead: 20us}}
workload: {collective: all_reduce, algorithm: ring, size: 4KiB}
END
"$mtlink" run software.yaml -o software --no-report >software.txt || failed=1
says software.txt "[software" "try --set" "simulated  "
change=$(sed -n "s/^  try --set //p" software.txt | head -n 1)
eval "\"$mtlink\" run software.yaml -o faster --no-report --set $change" >faster.txt || failed=1
"$mtlink" compare software faster >compared.txt || failed=1
says compared.txt "B is better: completion_time_ns"
lacks compared.txt "chance has a part" # nothing is drawn at random here

# Seeds that agree, and one run against itself.
cat >seeds.yaml <<'END'
base:
  fabric: {kind: fat_tree, radix: 8, levels: 2, link: {rate: 100Gbps}}
  workload: {traffic: uniform, load: 0.1, packet: 512B, measure: 2us}
grid: {fabric.link.latency: [10ns, 1us]}
seeds: [1, 2, 3]
END
"$mtlink" sweep seeds.yaml -o seeds --quiet || failed=1
"$mtlink" compare seeds/points/latency-10ns-*/seed-1 seeds/points/latency-1us-*/seed-1 >compared.txt || failed=1
says compared.txt "A is better: packet_latency_ns_mean" "seeds: " "3 seeds"
"$mtlink" compare incast incast >same.txt || failed=1
says same.txt "neither is better: completion_time_ns is the same"

# In Chinese, asked for or by the environment, of which the first that is set counts; summary.json is
# English for all that, and a language that there is none of is refused by name.
in_china=(env LC_ALL=zh_CN.UTF-8 LC_MESSAGES=C LANG=C "$mtlink")
"${in_china[@]}" run incast.yaml -o chinese >chinese.txt || failed=1
says chinese.txt "leaf2:0 到 gpu8 是全部等待中" "[拥塞" "受害流：gpu2 到 gpu11" \
    "可试 --set fabric.endpoint.congestion_control=hpcc" "预期：受害流停顿更少" "注意：" "simulated  "
says chinese/report.html '<html lang="zh">' "leaf2:0 到 gpu8 是全部等待中"
says chinese/summary.json "is the root of"
"${in_china[@]}" compare incast tried >compared.txt || failed=1
says compared.txt "更好：" "种子：各只有一个种子" "A: leaf2:0 到 gpu8"
env LC_ALL= LC_MESSAGES=C LANG=zh_CN.UTF-8 "$mtlink" report chinese -o english.html >/dev/null || failed=1
says english.html '<html lang="en">' "is the root of"
"$mtlink" report chinese -o again.html --lang zh >/dev/null || failed=1
cmp -s chinese/report.html again.html || fail "the same report differs"
"$mtlink" compare incast tried --lang fr >wrong.txt 2>&1
[[ $? -eq 2 ]] || fail "--lang fr is taken"
says wrong.txt "--lang" "there is no language 'fr'; valid: en, zh"

[[ $failed -eq 0 ]] && echo "verdicts are printed as they should be"
exit "$failed"
