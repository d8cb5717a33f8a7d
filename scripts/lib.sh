# Helpers of the scripts; sourced, not run.

# Root of the source tree the script belongs to.
root=$(cd "$(dirname "$0")/.." && pwd -P)

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

# Files of the tree $1 as relative paths, one a line: those git tracks (or would track), else all but build folders.
# Further arguments: shell patterns of which a path has to match one.
tree_files() {
    local top=$1 path pattern
    shift
    if [ "$(git -C "$top" rev-parse --show-toplevel 2>/dev/null)" = "$(cd "$top" && pwd -P)" ]; then
        git -C "$top" -c core.quotePath=false ls-files --cached --others --exclude-standard
    else
        (cd "$top" && find . \( -name .git -o -name 'build*' -o -name node_modules \) -prune -o -type f -print | sed 's|^\./||')
    fi | LC_ALL=C sort -u | while IFS= read -r path; do
        [ -f "$top/$path" ] || continue
        [ $# -eq 0 ] && printf '%s\n' "$path"
        for pattern in "$@"; do
            # shellcheck disable=SC2254 # the pattern is meant as one
            case $path in $pattern) printf '%s\n' "$path"; break ;; esac
        done
    done
}
