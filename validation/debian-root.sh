# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # set by who sources it
#
# To source: a fresh Debian 12 in a folder. $here is the checkout, $cache a folder, absolute.

# shellcheck source=validation/debian-archive.sh
. "$here/validation/debian-archive.sh"

# enter_mount_namespace VARIABLE COMMAND...: mounts made from here on vanish with this process,
# whatever happens to it. Where that is not permitted, there are none to clean up. COMMAND is this
# script again, VARIABLE is yes there where it is.
enter_mount_namespace()
{
    local variable=$1
    shift
    if [[ -z ${!variable:-} ]]; then
        if unshare --mount true 2>/dev/null; then
            exec env "$variable=yes" unshare --mount -- "$@"
        fi
        printf -v "$variable" no
    fi
}

# find_proxies: array $environment gets the way of this machine's apt to the archive.
find_proxies()
{
    environment=()
    local scheme proxy name value
    for scheme in http https; do
        proxy=
        eval "$(apt-config shell proxy "Acquire::$scheme::Proxy")"
        name=${scheme}_proxy
        value=${!name:-$proxy}
        if [[ -n $value && $value != DIRECT ]]; then
            environment+=("$name=$value")
        fi
    done
}

# make_root ROOT PACKAGES UNSHARED: Debian 12 with PACKAGES (commas between) in the empty folder ROOT,
# set up with the same archive, and the same way to it, as this machine's apt; what was fetched before
# is taken from $cache. UNSHARED: yes where mounts are permitted.
make_root()
{
    local root=$1 packages=$2 unshared=$3 archive mirror
    archive=$(debian_archive "$cache/lists" | grep ' bookworm[^ ]* main$' || :)
    mirror=$(awk '$2 == "bookworm" { print $1; exit }' <<<"$archive")
    if [[ -z $mirror ]]; then # apt here is another release's
        mirror=$(debian_archive "$cache/lists" | awk 'NR == 1 { print $1 }')
        archive="$mirror bookworm main"
    fi
    find_proxies
    chmod 755 "$root" # others than root go through it: _apt, man
    env "${environment[@]}" debootstrap --variant=minbase --cache-dir="$cache/debs" \
        --include="$packages" bookworm "$root" "$mirror" \
        >"$cache/debootstrap.log" 2>&1 </dev/null \
        || { tail -n 30 "$cache/debootstrap.log" >&2; return 1; }
    echo "deb ${archive//$'\n'/$'\n'deb }" >"$root/etc/apt/sources.list"
    apt-config dump | grep -E '^Acquire::(http|https|Retries|ForceIPv[46]|Check-(Date|Valid-Until))\b' \
        >"$root/etc/apt/apt.conf.d/90host" || :
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || :
    cp -n "$cache"/debs/*.deb "$root/var/cache/apt/archives/" 2>/dev/null || :
    if [[ $unshared = yes ]]; then
        # debootstrap may have mounted its own.
        mountpoint -q "$root/proc" || mount -t proc proc "$root/proc" || echo "no /proc in the root"
        mountpoint -q "$root/dev" || mount --rbind /dev "$root/dev" || echo "no /dev in the root"
    else
        echo "mounts are not permitted here: the root has no /proc"
    fi
}

# keep_packages ROOT: what was fetched there is kept for the next time.
keep_packages()
{
    cp -n "$1"/var/cache/apt/archives/*.deb "$cache/debs/" 2>/dev/null || :
}
