# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# To source: where this machine gets Debian's packages from.

# debian_archive FOLDER: print "URI SUITE COMPONENT" for each part of Debian's
# archive that apt is set up with. FOLDER takes package lists where apt has none.
debian_archive()
{
    # shellcheck disable=SC2016 # apt's variables, not the shell's
    local format='$(REPO_URI) $(RELEASE) $(COMPONENT)' found
    local -a filter=("Created-By: Packages" "Origin: Debian")
    found=$(apt-get indextargets --format "$format" "${filter[@]}" | sort -u)
    if [[ -z $found ]]; then
        local -a lists=(-o "Dir::State::Lists=$1")
        mkdir -p "$1/partial"
        apt-get -qq "${lists[@]}" update >&2
        found=$(apt-get "${lists[@]}" indextargets --format "$format" "${filter[@]}" | sort -u)
    fi
    if [[ -z $found ]]; then
        echo "apt on this machine is not set up with Debian's archive" >&2
        return 1
    fi
    echo "$found"
}
