# SPDX-License-Identifier: GPL-2.0-only
#
# What the shell tests beside it share; they source it, and exit with $failed.
# shellcheck shell=bash disable=SC2034 # $failed is read by who sources this

failed=0 # 1: something was not as it must be

# enter_scratch NAME: go to a directory of the test's own, which goes when it ends.
enter_scratch()
{
    scratch=$(mktemp -d "$PWD/$1-test.XXXXXX") || exit 1
    trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
    cd "$scratch" || exit 1
}

# fail WHAT...: say so, and go on.
fail()
{
    echo "FAILED: $*"
    failed=1
}

# expect STATUS TEXT COMMAND...: run it; its status and a part of its output must be right.
expect()
{
    local status=$1 text=$2 output got
    shift 2
    output=$("$@" 2>&1)
    got=$?
    if [[ $got -ne $status || $output != *"$text"* ]]; then
        fail "$*"
        echo "  wanted status $status and: $text"
        echo "  got status $got and: $output"
    fi
}

# await COMMAND...: run it until it succeeds. What a program does before a test interrupts it takes
# as long as the machine has others to serve: two minutes, not a moment that is mostly enough.
await()
{
    local left
    for ((left = 1200; left > 0; left--)); do
        "$@" && return
        sleep 0.1
    done
    fail "not within two minutes: $*"
}

# interruptible COMMAND...: the shell's job $! that takes Ctrl-C as it would in a terminal, which a
# job in the background does not.
interruptible()
{
    trap - INT
    exec env --default-signal=INT "$@"
}
