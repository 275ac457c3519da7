#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tools/plot.py draws what it is given, and says what it can't draw. Exits with 77, skipped, where
# there is no matplotlib.
# plot.sh CHECKOUT, run in a scratch directory

set -uo pipefail
checkout=$1
python=
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c "import matplotlib" 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || { echo "skipped: no matplotlib"; exit 77; }
scratch=$(mktemp -d "$PWD/plot-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
export MPLCONFIGDIR=$scratch
failed=0

# expect STATUS TEXT ARGUMENT...: draw; status and a part of the output must be right.
expect()
{
    local status=$1 text=$2 output got
    shift 2
    output=$("$python" "$checkout/tools/plot.py" "$@" 2>&1)
    got=$?
    if [[ $got -ne $status || $output != *"$text"* ]]; then
        echo "FAILED: plot.py $*"
        echo "  wanted status $status and: $text"
        echo "  got status $got and: $output"
        failed=1
    fi
}

# drawn FILE TEXT...: it is an SVG that holds these texts.
drawn()
{
    local file=$1 text
    shift
    for text; do
        if ! grep -qF "<!-- $text -->" "$file"; then
            echo "FAILED: $file does not show: $text"
            failed=1
        fi
    done
}

cat >sweep.csv <<'END'
point,fabric,workload.size,workload.kind,seed,busbw_GBps,status
1,a/mesh.yaml,4KiB,x,1,10,done
2,a/mesh.yaml,64KiB,x,1,20,done
3,b/planes.yaml,4KiB,x,1,5,done
4,b/planes.yaml,64KiB,x,1,,incomplete
5,b/planes.yaml,64KiB,y,1,7,done
END
expect 0 "1 rows left out" sweep sweep.csv -x workload.size -y busbw_GBps --by fabric --where workload.kind=x \
    --name "b/planes.yaml=switch planes" -o out.svg
drawn out.svg mesh "switch planes" "4 KiB" "busbw (GB/s)"
expect 0 "bars.svg" bars sweep.csv -x fabric -y busbw_GBps --by workload.size \
    --where workload.kind=x -o bars.svg
drawn bars.svg mesh planes 64KiB "not done"
expect 1 "two rows have fabric=b/planes.yaml and workload.size=64KiB" bars sweep.csv -x fabric \
    -y busbw_GBps --by workload.size -o no.svg
expect 1 "has no column bandwidth; it has: point, fabric" sweep sweep.csv -x workload.size \
    -y bandwidth -o no.svg
expect 1 "has no row with workload.kind=z" bars sweep.csv -x fabric -y busbw_GBps \
    --where workload.kind=z -o no.svg

printf 'what,part,share\na,kernels,60\na,bubble,40\nb,kernels,70\nb,bubble,30\n' >parts.csv
expect 0 "stack.svg" stack parts.csv -x what -y share --by part --name a=mesh -o stack.svg
drawn stack.svg mesh kernels bubble share
printf 'a,bubble,1\n' >>parts.csv
expect 1 "two rows have what=a and part=bubble" stack parts.csv -x what -y share --by part -o no.svg

printf 'id,src,latency_ns\n0,0,1000\n1,0,3000\n2,1,\n' >messages.csv
expect 0 "cdf.svg" cdf . -o cdf.svg
drawn cdf.svg "share of messages"
printf 'id,link\n0,a:0\n1,b:0\n' >links.csv
printf 'start_ns,end_ns,link_id,utilisation\n0,1000,0,0.5\n1000,2000,1,1\n' >series.csv
expect 0 "time.svg" time . -o time.svg
drawn time.svg "mean of 2 links" "busiest link, b:0"
expect 0 "heat.svg" heat . -o heat.svg

mkdir mesh plain
printf '{"training": {"mfu": 0.421, "time_ns": {"compute": 6e6, "tensor": 3e6, "bubble": 0, "host": 1e6}}}\n' \
    >mesh/summary.json
printf '{"training": null}\n' >plain/summary.json
expect 0 "causes.svg" causes mesh -o causes.svg
drawn causes.svg compute tensor host mesh "MFU 42.1 %"
expect 1 "the run is no training" causes mesh plain -o no.svg
drawn heat.svg a:0 b:0
[ ! -e no.svg ] || { echo "FAILED: a refused plot left a file"; failed=1; }
exit "$failed"
