#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tools/plot.py draws what it is given, and says what it can't draw. Exits with 77, skipped, where
# there is no matplotlib.
# plot.sh CHECKOUT, run in a scratch directory

set -uo pipefail
# shellcheck source=tests/tools/checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
checkout=$1
python=
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c "import matplotlib" 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || { echo "skipped: no matplotlib"; exit 77; }
enter_scratch plot
export MPLCONFIGDIR=$scratch

# One process draws all: that starts takes longer than what it draws.
cat >driver.py <<'END'
import contextlib
import io
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1] + "/tools")
import plot

for line in sys.stdin:
    sys.argv = ["plot.py", *line.rstrip("\n").split("\t")]
    said = io.StringIO()
    status = 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            plot.main()
        except SystemExit as end:
            status = end.code
            if isinstance(status, str):
                print(status)
                status = 1
        plot.plt.close("all")
    print(said.getvalue() + f"status {status or 0}", flush=True)
END
coproc PLOT { "$python" driver.py "$checkout"; }

# draws STATUS TEXT ARGUMENT...: draw; status and a part of the output must be right.
draws()
{
    local status=$1 text=$2 output="" line="" words
    shift 2
    printf -v words '%s\t' "$@"
    echo "${words%$'\t'}" >&"${PLOT[1]}"
    while IFS= read -r line <&"${PLOT[0]}"; do
        output+=$line$'\n'
        [[ $line == "status "* ]] && break
    done
    if [[ $line != "status $status" || $output != *"$text"* ]]; then
        fail "plot.py $*"
        echo "  wanted status $status and: $text"
        echo "  got: $output"
    fi
}

# drawn FILE TEXT...: it is an SVG that holds these texts.
drawn()
{
    local file=$1 text
    shift
    for text; do
        if ! grep -qF "<!-- $text -->" "$file"; then
            fail "$file does not show: $text"
        fi
    done
}

# As a user calls it.
"$python" "$checkout/tools/plot.py" cdf no-such-directory -o no.svg 2>said.txt && failed=1
grep -q "^plot.py: error: no-such-directory" said.txt || fail "$(cat said.txt)"

cat >sweep.csv <<'END'
point,fabric,workload.size,workload.kind,seed,busbw_GBps,status
1,a/mesh.yaml,4KiB,x,1,10,done
2,a/mesh.yaml,64KiB,x,1,20,done
3,b/planes.yaml,4KiB,x,1,5,done
4,b/planes.yaml,64KiB,x,1,,incomplete
5,b/planes.yaml,64KiB,y,1,7,done
END
draws 0 "1 rows left out" sweep sweep.csv -x workload.size -y busbw_GBps --by fabric --where workload.kind=x \
    --name "b/planes.yaml=switch planes" -o out.svg
drawn out.svg mesh "switch planes" "4 KiB" "busbw (GB/s)"
draws 0 "bars.svg" bars sweep.csv -x fabric -y busbw_GBps --by workload.size \
    --where workload.kind=x -o bars.svg
drawn bars.svg mesh planes 64KiB "not done"
draws 1 "two rows have fabric=b/planes.yaml and workload.size=64KiB" bars sweep.csv -x fabric \
    -y busbw_GBps --by workload.size -o no.svg
draws 1 "has no column bandwidth; it has: point, fabric" sweep sweep.csv -x workload.size \
    -y bandwidth -o no.svg
draws 1 "has no row with workload.kind=z" bars sweep.csv -x fabric -y busbw_GBps \
    --where workload.kind=z -o no.svg

# latency over load: no line through what is saturated; a logarithmic axis has plain numbers
cat >loads.csv <<'END'
point,fabric.taper,workload.load,seeds,done,design,saturated,packet_latency_ns_p99_mean,packet_latency_ns_p99_ci95
1,1,0.1,2,2,1,0,1000,10
2,1,0.5,2,2,1,0,2000,20
3,1,0.9,2,2,1,1,60000,30
4,2,0.1,2,2,2,0,1100,
5,2,0.5,2,2,2,2,30000,
END
draws 0 "loads.svg" sweep loads.csv -x workload.load -y packet_latency_ns_p99 --by fabric.taper --log-y -o loads.svg
drawn loads.svg "hollow: saturated" "1,000" "10,000" "50,000"
printf 'point,k.load,seed,x_ns\n1,0.1,1,5\n1,0.1,2,6\n' >seeds.csv
draws 1 "several rows have k.load=0.1: draw sweep-means.csv" sweep seeds.csv -x k.load -y x_ns -o no.svg
printf 'point,k.load,seed,x_ns\n1,0.1,1,0\n' >zero.csv
draws 1 "which a logarithmic axis can't show" sweep zero.csv -x k.load -y x_ns --log-y -o no.svg

# bandwidth over size finds its columns, and a curve for each of what else is varied
mkdir sizes
cat >sizes/sweep.csv <<'END'
point,fabric,workload.size,workload.kind,seed,design,collective_duration_ns_mean,collective_busbw_GBps_mean,status
1,a/mesh.yaml,4KiB,x,1,1,3000,10,done
2,a/mesh.yaml,1MiB,x,1,1,90000,200,done
3,b/planes.yaml,4KiB,x,1,2,4000,5,done
4,b/planes.yaml,1MiB,x,1,2,,,refused
END
draws 0 "1 rows left out" size-busbw sizes -o sizes.svg
drawn sizes.svg mesh planes "4 KiB" "1 MiB" "bus bandwidth (GB/s)"
draws 0 "times.svg" size-busbw sizes --figure time -o times.svg
drawn times.svg "time (µs)" 10 50
draws 1 "has no column of sizes" size-busbw loads.csv -o no.svg
draws 1 "sizes holds none of designs.csv" pareto sizes -x a -y b -o no.svg

# the front of designs: names of what differs, logarithmic where it is wide, what is not compared
cat >designs.csv <<'END'
design,fabric,fabric.taper,scenarios,runs,done,saturated,cost_power_W,accepted_load
1,a/tree.yaml,1,2,4,4,0,900,0.8
2,a/tree.yaml,2,2,4,4,3,500,0.6
3,b/fly.yaml,2,2,4,4,0,20,0.5
4,b/fly.yaml,4,2,4,4,0,800,0.4
5,b/fly.yaml,1,2,4,3,0,700,
END
draws 0 "1 designs left out" pareto designs.csv -x cost_power_W -y accepted_load:max \
    --name b/fly.yaml=dragonfly -o front.svg
drawn front.svg "tree, 1" "tree, 2" "dragonfly, 4" "names: fabric, taper" "on the front, saturated in a run" \
    "other designs" "cost power W, less is better" "accepted load, more is better" 20 500
"$python" -B - "$checkout" <<'END' || failed=1
import sys
sys.path.insert(0, sys.argv[1] + "/tools")
import plot
assert plot.find_front([(1, 1), (2, 2), (2, 1), (1, 1), (3, 2)], ("min", "max")) == [True, True, False, True, False]
assert plot.find_front([(1, 5)], ("max", "min")) == [True]
END
draws 1 "is no designs.csv" pareto loads.csv -x a -y b -o no.svg
draws 1 "should be FIGURE, FIGURE:min or FIGURE:max" pareto designs.csv -x a:most -y b -o no.svg
draws 1 "has no column power" pareto designs.csv -x power -y accepted_load -o no.svg

# runs are named by what differs between them
for buffer in 4 16; do
    mkdir -p "b$buffer/seed-1"
    printf 'setting,value\nname,b%s\nfabric.switch.buffer,%sKiB\n' $buffer $buffer >"b$buffer/seed-1/settings.csv"
    printf 'id,src,latency_ns\n0,0,1000\n1,0,30000\n' >"b$buffer/seed-1/messages.csv"
done
draws 0 "runs.svg" cdf b4/seed-1 b16/seed-1 --log-x -o runs.svg
drawn runs.svg "buffer 4KiB" "buffer 16KiB" 5 10

printf 'what,part,share\na,kernels,60\na,bubble,40\nb,kernels,70\nb,bubble,30\n' >parts.csv
draws 0 "stack.svg" stack parts.csv -x what -y share --by part --name a=mesh -o stack.svg
drawn stack.svg mesh kernels bubble share
printf 'a,bubble,1\n' >>parts.csv
draws 1 "two rows have what=a and part=bubble" stack parts.csv -x what -y share --by part -o no.svg

printf 'id,src,latency_ns\n0,0,1000\n1,0,3000\n2,1,\n' >messages.csv
draws 0 "cdf.svg" cdf . -o cdf.svg
drawn cdf.svg "share of messages"
printf 'id,link\n0,a:0\n1,b:0\n' >links.csv
printf 'start_ns,end_ns,link_id,utilisation\n0,1000,0,0.5\n1000,2000,1,1\n' >series.csv
draws 0 "time.svg" time . -o time.svg
drawn time.svg "mean of 2 links" "busiest link, b:0"
draws 0 "heat.svg" heat . -o heat.svg

mkdir mesh plain
printf '{"training": {"mfu": 0.421, "time_ns": {"compute": 6e6, "tensor": 3e6, "bubble": 0, "host": 1e6}}}\n' \
    >mesh/summary.json
printf '{"training": null}\n' >plain/summary.json
draws 0 "causes.svg" causes mesh -o causes.svg
drawn causes.svg compute tensor host mesh "MFU 42.1 %"
draws 1 "the run is no training" causes mesh plain -o no.svg
drawn heat.svg a:0 b:0
[ ! -e no.svg ] || fail "a refused plot left a file"
exit "$failed"
