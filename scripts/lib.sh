# Shared by the scripts beside it: words to the user, timed steps, building the screens. Sourced, not run.
# Expects the repository root as working directory.

say() { printf '\n%s\n' "$*"; }
die() { printf '\nerror: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# Where cargo puts the server. The path may be moved by the usual variable.
BINARY="${CARGO_TARGET_DIR:-target}/debug/youju"

# at_least 20.19.0 20.19: whether the first version is not older than the second.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# Prints the path of a Chromium, or fails.
find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && have "$name"; then command -v "$name"; return 0; fi
  done
  return 1
}

# The screens are up to date when nothing under web/ is newer than the last build.
# Folders are compared too, so that a deleted file counts.
screens_are_fresh() {
  local stamp=web/node_modules/.youju-built
  [ -f "$stamp" ] && [ -d web/dist ] || return 1
  [ -z "$(find web \( -name node_modules -o -name dist -o -name test-results -o -name playwright-report \) -prune \
    -o ! -path web -newer "$stamp" -print -quit)" ]
}

build_screens() {
  npm --prefix web run build && touch web/node_modules/.youju-built
}

# --- timed steps -----------------------------------------------------------------------------------------------

STEP_TABLE=''
STEPS_BEGAN=$SECONDS

# step NAME COMMAND…: runs one step; the first that fails ends the run and is named.
step() {
  local name="$1" began=$SECONDS code=0
  shift
  printf '\n── %s\n' "$name"
  # a command after `if` would run without `set -e`; a shell of its own keeps it, and keeps `cd` inside
  set +e
  ( set -e; "$@" )
  code=$?
  set -e
  STEP_TABLE+="$(printf '%6d s  %s' "$((SECONDS - began))" "$name")"$'\n'
  if [ "$code" -ne 0 ]; then
    step_table "stopped at: $name"
    exit "$code"
  fi
  printf '── %s: %d s\n' "$name" "$((SECONDS - began))"
}

# step_table WORDS [BUDGET_SECONDS]: where the time went.
step_table() {
  local total=$((SECONDS - STEPS_BEGAN))
  printf '\n%s%6d s  in all%s\n\n%s\n' "$STEP_TABLE" "$total" "${2:+ (budget $2 s)}" "$1"
  if [ -n "${2:-}" ] && [ "$total" -gt "$2" ]; then
    printf 'over the budget by %d s: find out which step grew\n' "$((total - $2))"
  fi
}
