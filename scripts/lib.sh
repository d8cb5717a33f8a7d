# shellcheck shell=bash
# Helpers of the shell scripts; sourced, not run.

# Root of the source tree the script belongs to.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export root

say() { printf '%s\n' "$*" >&2; }
die() {
    say "$(basename "$0"): $*"
    exit 1
}
