#!/bin/sh
# Runs a command with the Swift 6 toolchain on Linux: `toolchain.sh swift test`.
#
# Debian's `swiftlang` is unpacked once into a folder of its own, beside the system and not in it.
# The project, and every folder named in TILLSIGHT_SWIFT_SHARE (separated by colons), is seen inside
# under the same path as outside; the mounts belong to the command and end with it.
#
#   TILLSIGHT_SWIFT   the folder of the toolchain; ~/.cache/tillsight/swift when not set
#
# Exit code 77 says that the toolchain cannot be had here, and the last line why.
set -eu

suite=trixie
packages=swiftlang,libc6-dev,libstdc++-14-dev,libncurses-dev,binutils-gold,git,ca-certificates
folder=${TILLSIGHT_SWIFT:-${XDG_CACHE_HOME:-$HOME/.cache}/tillsight/swift}
project=$(cd "$(dirname "$0")/../.." && pwd)

say() { printf 'swift: %s\n' "$*" >&2; }
not_here() { say "$*"; exit 77; }

find_debootstrap() {
    if command -v debootstrap >/dev/null; then
        return
    fi
    if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
        not_here "needs debootstrap, which this system does not offer"
    fi
    say "unpacking debootstrap beside the toolchain"
    mkdir -p "$folder.debootstrap"
    apt-get update -qq >/dev/null
    (cd "$folder.debootstrap" && apt-get download -qq debootstrap)
    dpkg-deb -x "$folder.debootstrap"/debootstrap_*.deb "$folder.debootstrap"
    DEBOOTSTRAP_DIR=$folder.debootstrap/usr/share/debootstrap
    PATH=$folder.debootstrap/usr/sbin:$PATH
    export DEBOOTSTRAP_DIR PATH
}

install() {
    mkdir -p "$(dirname "$folder")"
    # One at a time: who comes second waits, and finds it installed.
    exec 9>"$folder.lock"
    if command -v flock >/dev/null; then
        flock 9
    fi
    if [ -L "$folder/usr/bin/swift" ]; then
        exec 9>&-
        return
    fi
    say "installing the Swift toolchain into $folder (once, about 3.3 GB)"
    find_debootstrap
    # Unpacked aside and moved when whole, so that an interrupted install is never taken for one.
    rm -rf "$folder.part"
    status=$(mktemp)
    { debootstrap --variant=minbase --include="$packages" "$suite" "$folder.part" 2>&1 ||
        echo failed >"$status"; } | tee "$folder.log" |
        awk '!seen[$2]++ && /Retrieving|Unpacking|Configuring/ { print "swift: " tolower($2) }
             NR % 100 == 0 { print "swift: ... " $0 } { fflush() }' >&2
    if [ -s "$status" ]; then
        tail -n 5 "$folder.log" >&2
        rm -f "$status"
        not_here "the toolchain could not be installed; the whole log is $folder.log"
    fi
    rm -rf "$status" "$folder.debootstrap" "$folder.part"/var/cache/apt/archives/*.deb
    rm -rf "$folder"
    mv "$folder.part" "$folder"
    say "installed"
    exec 9>&-
}

if command -v swift >/dev/null; then
    exec "$@"
fi
[ "$(uname -s)" = Linux ] || not_here "no swift in PATH"
[ "$(id -u)" = 0 ] || not_here "no swift in PATH, and unpacking the toolchain needs root"
command -v unshare >/dev/null || not_here "no swift in PATH, and no unshare to run the toolchain in"
# The command is a link that leads somewhere only inside the folder, so `-x` would not find it.
[ -L "$folder/usr/bin/swift" ] || install

here=$(pwd)
export TILLSIGHT_SWIFT_FOLDER="$folder"
export TILLSIGHT_SWIFT_MOUNTS="$project:${TILLSIGHT_SWIFT_SHARE:-}"
exec unshare --mount sh -euc '
    root=$TILLSIGHT_SWIFT_FOLDER
    mount --rbind /proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp"
    IFS=:
    for path in $TILLSIGHT_SWIFT_MOUNTS; do
        [ -n "$path" ] || continue
        mkdir -p "$root$path"
        mount --bind "$path" "$root$path"
    done
    here=$1
    shift
    exec chroot "$root" /usr/bin/env HOME=/root PATH=/usr/bin:/bin sh -c "cd \"\$0\" && exec \"\$@\"" "$here" "$@"
' sh "$here" "$@"
