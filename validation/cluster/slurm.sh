# SPDX-License-Identifier: GPL-2.0-only
#
# A Slurm of two nodes on this machine's loopback, for tests: sourced. All of it is below a directory,
# belongs to the user, and does not touch a Slurm that the machine may have.

# slurm_start DIRECTORY: munged, slurmctld and a slurmd for each of the nodes one and two; SLURM_CONF is set.
slurm_start()
{
    slurm=$1
    mkdir -p "$slurm/state" "$slurm/run"
    chmod 700 "$slurm" "$slurm/run"
    head -c 1024 /dev/urandom >"$slurm/munge.key"
    chmod 400 "$slurm/munge.key"
    munged --force --key-file="$slurm/munge.key" --socket="$slurm/run/munge" --num-threads=2 \
        --pid-file="$slurm/run/munged.pid" --log-file="$slurm/munged.log" --seed-file="$slurm/munge.seed"
    local host user port
    host=$(hostname -s)
    user=$(id -un)
    port=$(slurm_port)
    # No accounting: what there is must do without sacct.
    cat >"$slurm/slurm.conf" <<END
ClusterName=mtlink
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$slurm/run/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout=10
KillWait=5
BatchStartTimeout=60
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=1000,bf_interval=5
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool.%n
SlurmctldPidFile=$slurm/run/slurmctld.pid
SlurmdPidFile=$slurm/run/slurmd.%n.pid
SlurmctldLogFile=$slurm/slurmctld.log
SlurmdLogFile=$slurm/slurmd.%n.log
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
SlurmctldPort=$port
NodeName=one NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=1 RealMemory=1000 State=UNKNOWN
NodeName=two NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=1 RealMemory=1000 State=UNKNOWN
PartitionName=batch Nodes=one,two Default=YES MaxTime=INFINITE State=UP
END
    export SLURM_CONF=$slurm/slurm.conf
    slurmctld -c
    slurm_node one
    slurm_node two
    slurm_await "sinfo -h -t idle -o %D" 2 || { cat "$slurm/slurmctld.log" "$slurm"/slurmd.*.log; return 1; }
}

# slurm_port: the first of three ports that nobody listens at.
slurm_port()
{
    local port
    for ((port = 20817; port < 21817; port += 3)); do
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
}

# slurm_node NAME: start its slurmd.
slurm_node()
{
    mkdir -p "$slurm/spool.$1"
    slurmd -N "$1"
}

# slurm_await COMMAND WANTED: wait until it prints that.
slurm_await()
{
    local i
    for ((i = 0; i < 300; i++)); do
        [[ $($1 2>/dev/null) == "$2" ]] && return
        sleep 0.2
    done
    return 1
}

# slurm_is_on PROCESS NAME: whether it is of a task on that node of this Slurm.
slurm_is_on()
{
    local environment
    environment=$(tr '\0' '\n' 2>/dev/null <"/proc/$1/environ")
    grep -qx "SLURM_CONF=$SLURM_CONF" <<<"$environment" && grep -qx "SLURMD_NODENAME=$2" <<<"$environment"
} 2>/dev/null

# slurm_lose NAME: the node is gone, with all that runs there, as if its plug had been pulled.
slurm_lose()
{
    kill -KILL "$(cat "$slurm/run/slurmd.$1.pid")"
    local entry process parent
    for entry in /proc/[0-9]*; do
        process=${entry#/proc/}
        if slurm_is_on "$process" "$1"; then
            parent=$(awk '/^PPid:/ { print $2 }' "/proc/$process/status" 2>/dev/null)
            if [[ $(cat "/proc/$parent/comm" 2>/dev/null) == slurmstepd ]]; then
                kill -KILL "$parent" 2>/dev/null
            fi
            kill -KILL "$process" 2>/dev/null
        fi
    done
}

# slurm_return NAME: the node is back.
slurm_return()
{
    slurm_node "$1"
    slurm_await "sinfo -h -t idle,alloc,mix -o %D" 2 || echo "node $1 does not come back"
}

# slurm_stop: all of it ends.
slurm_stop()
{
    [[ -n ${slurm:-} ]] || return 0
    scancel -u "$(id -un)" 2>/dev/null
    local name process i
    for name in slurmd.one slurmd.two slurmctld munged; do
        process=$(cat "$slurm/run/$name.pid" 2>/dev/null) || continue
        kill "$process" 2>/dev/null
        for ((i = 0; i < 100; i++)); do
            kill -0 "$process" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$process" 2>/dev/null
    done
}
