# What ./millrace and ./dev put in place before they can work. Sourced, never run; MILLRACE_HOME names the checkout.
# Every ensure_ function costs next to nothing when there is nothing to do, and says one sentence when it can't do its work.

LIBCHDB_VERSION=26.7.3-stable.1
LIBCHDB_PACKAGE=@chdb/lib-linux-x64-gnu
# npm's integrity value of that very version: `npm view @chdb/lib-linux-x64-gnu@26.7.3-stable.1 dist.integrity`
LIBCHDB_SHA512=XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==
LIBCHDB_DISK_MB=900

# Services of the system and some containers have none; ~ is the password file's where the variable is not set at all.
[[ ${HOME:-} ]] || { unset HOME; HOME=~; }
export HOME
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/millrace
LIBCHDB=$CACHE/libchdb/$LIBCHDB_VERSION/libchdb.so
ARTIFACTS=$MILLRACE_HOME/artifacts
DOTNET=dotnet
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Runs a command with its output hidden: announces it, shows the seconds it takes (and the size of WATCHED, when set), and its output if it fails.
step() {
  local title=$1 output started=$SECONDS pid status=0 live=
  shift
  output=$(mktemp)
  [[ -t 2 ]] && live=yes
  [[ $live ]] || say "$title ..."
  # Without the lock's descriptor: the compiler leaves servers behind, which would hold the lock for many minutes.
  "$@" >"$output" 2>&1 </dev/null 9>&- &
  pid=$!
  # A background job of a script ignores Ctrl-C: it has to be told.
  trap 'kill "'"$pid"'" 2>/dev/null; rm -f "'"$output"'"; say; exit 130' INT TERM
  while [[ $live ]] && kill -0 "$pid" 2>/dev/null; do
    printf '\r\033[K%s ... %s' "$title" "$(progress "$started")" >&2
    sleep 0.2
  done
  wait "$pid" || status=$?
  trap - INT TERM
  [[ $live ]] && printf '\r\033[K' >&2
  if ((status == 0)); then say "$title: done in $((SECONDS - started)) s"; else cat "$output" >&2; fi
  rm -f "$output"
  return "$status"
}

progress() {
  local size=
  [[ ${WATCHED:-} && -e $WATCHED ]] && size=", $(du -sm "$WATCHED" 2>/dev/null | cut -f1) MB"
  printf '%s s%s' $((SECONDS - $1)) "$size"
}

# One set-up at a time in a folder; the lock goes with the process, however that ends.
locked() {
  local folder=$1
  shift
  mkdir -p "$folder" 2>/dev/null && [[ -w $folder ]] || fail "$folder can't be written: make it writable for $(id -un)$([[ $folder != "$CACHE" ]] || echo ", or set XDG_CACHE_HOME to a folder that is")."
  (
    exec 9>"$folder/.setup.lock"
    flock -n 9 || { say "Another set-up is at work: waiting for it ..."; flock 9; }
    "$@"
  ) || exit $?
}

ensure_dotnet() {
  command -v dotnet >/dev/null && return
  local candidate
  for candidate in "${DOTNET_ROOT:-/nowhere}/dotnet" "$HOME/.dotnet/dotnet" /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet; do
    [[ -x $candidate ]] && DOTNET=$candidate && return
  done
  fail "The .NET 10 SDK is missing: install it from https://dotnet.microsoft.com/download/dotnet/10.0, then try again."
}

require_sdk() {
  "$DOTNET" --list-sdks 2>/dev/null | grep -q '^10\.' ||
    fail "The .NET SDK found here is not 10.0: install .NET 10 from https://dotnet.microsoft.com/download/dotnet/10.0, then try again."
}

# --- what a command needs beside .NET

ensure_libraries() {
  [[ " $* " == *" --help "* || " $* " == *" -h "* ]] && return
  if wants_own_clickhouse "$@"; then ensure_libchdb; fi
}

# The words of a command line without the options that may stand before or among them: "up", "run setup".
words_of() {
  local words=()
  while (($#)); do
    case $1 in
      --kafka | --clickhouse | --profile | --data | --streams | --output | -o) shift $(($# > 1 ? 2 : 1)) ;;
      -*) shift ;;
      *) words+=("$1"); shift ;;
    esac
  done
  printf '%s' "${words[*]}"
}

# --- libchdb: the ClickHouse engine, kept outside the checkout because every checkout shares it

# With --clickhouse, or a profile that has a section for it, the stand uses a ClickHouse that someone else runs.
wants_own_clickhouse() {
  local word before= profile=${MILLRACE_PROFILE:-}
  # A check has a stand of its own, whoever's servers are named.
  [[ $(words_of "$@") == check* ]] && return
  for word in "$@"; do
    [[ $word == --clickhouse || $word == --clickhouse=* ]] && return 1
    [[ $word == --profile=* ]] && profile=${word#*=}
    [[ $before == --profile ]] && profile=$word
    before=$word
  done
  [[ $profile ]] && grep -qs '^clickhouse:' "$profile" && return 1
  [[ $(words_of "$@") == @(up|run clickhouse)* ]]
}

ensure_libchdb() { [[ -e $LIBCHDB ]] || locked "$CACHE" install_libchdb; }

install_libchdb() {
  [[ -e $LIBCHDB ]] && return
  [[ $(uname -s)-$(uname -m) == Linux-x86_64 ]] ||
    fail "The ClickHouse engine $LIBCHDB_VERSION exists for Linux on x86-64 only, not for $(uname -s) on $(uname -m): point ./millrace up --clickhouse URL at a ClickHouse server."
  command -v npm >/dev/null || fail "npm is missing, and the ClickHouse engine comes from its registry: type  sudo apt-get install npm  and try again."
  local free
  free=$(df -Pm "$CACHE" | awk 'NR == 2 { print $4 }')
  ((free >= LIBCHDB_DISK_MB)) || fail "The ClickHouse engine needs $LIBCHDB_DISK_MB MB in $CACHE and $free MB are free: make room, or set XDG_CACHE_HOME to another disk."

  # A folder of its own: the npm of a set-up that was killed may still be writing into the last one.
  local work=$CACHE/incoming.$$
  rm -rf "$CACHE"/incoming.*
  mkdir -p "$work"
  trap 'rm -rf "'"$work"'"' EXIT

  # npm's own cache goes into the work folder too: a second copy of 178 MB in ~/.npm helps nobody.
  WATCHED=$work step "Downloading the ClickHouse engine, 178 MB" \
    npm pack --silent --cache "$work/npm" --pack-destination "$work" "$LIBCHDB_PACKAGE@$LIBCHDB_VERSION" ||
    fail "The ClickHouse engine can't be downloaded: see whether  npm view $LIBCHDB_PACKAGE@$LIBCHDB_VERSION  works and the disk has room, then try again."
  rm -rf "$work/npm"
  has_sha512 "$work"/*.tgz "$LIBCHDB_SHA512" ||
    fail "The downloaded ClickHouse engine is not the pinned one (its SHA-512 differs): try again; if it stays so, ask who runs your npm registry."
  WATCHED=$work step "Unpacking it, 566 MB" tar -xzf "$work"/*.tgz -C "$work" package/libchdb.so ||
    fail "The ClickHouse engine can't be unpacked in $CACHE: see whether the disk is full, then try again."
  mkdir -p "$(dirname "$LIBCHDB")"
  mv "$work/package/libchdb.so" "$LIBCHDB"
}

# npm writes the hash in base64, sha512sum in hexadecimal.
has_sha512() {
  local wanted actual
  wanted=$(base64 -d <<<"$2" | od -An -v -tx1 | tr -d ' \n')
  actual=$(sha512sum "$1" | cut -d' ' -f1)
  [[ $wanted == "$actual" ]]
}

# --- the command line, which everybody on the machine can read: the password of a ClickHouse URL goes into the environment (ClickHousePassword.cs)

hide_passwords() {
  local word password
  ARGUMENTS=()
  for word in "$@"; do
    if [[ $word =~ ^((--clickhouse[=:])?[A-Za-z]+://[^/@:]*):([^/]*)@(.*)$ ]]; then
      word=${BASH_REMATCH[1]}@${BASH_REMATCH[4]}
      password=${BASH_REMATCH[3]//\\/\\\\}
      MILLRACE_CLICKHOUSE_URL_PASSWORD=$(printf '%b' "${password//%/\\x}")
      export MILLRACE_CLICKHOUSE_URL_PASSWORD
    fi
    ARGUMENTS+=("$word")
  done
}

# --- the build: one folder per state of the sources, so that a running stand keeps the assemblies it started with

ensure_cli() {
  local fingerprint
  fingerprint=$(sources_fingerprint)
  CLI=$ARTIFACTS/millrace/$fingerprint
  [[ -e $CLI/millrace.dll ]] || locked "$ARTIFACTS" build_cli
}

# Changes with every file that is added, removed or edited; contents are not read, which keeps it at a few milliseconds.
sources_fingerprint() {
  (
    cd "$MILLRACE_HOME"
    find src ./*.props global.json \( -name bin -o -name obj \) -prune -o -type f -printf '%p %s %T@\n' | LC_ALL=C sort | sha1sum | cut -c1-16
  )
}

build_cli() {
  [[ -e $CLI/millrace.dll ]] && return
  require_sdk
  local incoming=$ARTIFACTS/incoming.$$
  rm -rf "$ARTIFACTS"/incoming.*
  trap 'rm -rf "'"$incoming"'" "'"$incoming.tmp"'"' EXIT
  step "Building Millrace" publish_cli "$incoming" || fail "Millrace can't be built: $(what_broke "$incoming.tmp/log")"
  mkdir -p "$ARTIFACTS/millrace"
  mv -T "$incoming" "$CLI"
  forget_old_builds
}

# Compiled ahead of time a stand is up in half the time. The compiler for that is a package some mirrors lack: then it is left to the runtime.
publish_cli() {
  local publish=("$DOTNET" publish "$MILLRACE_HOME/src/Millrace.Cli" -c Release -o "$1" --nologo -v quiet) log=$1.tmp/log
  # The SDK leaves two empty folders in TMPDIR at each build. Its words are looked into: English in every country.
  mkdir -p "$1.tmp"
  export TMPDIR=$1.tmp DOTNET_CLI_UI_LANGUAGE=en
  "${publish[@]}" -p:MillraceReadyToRun=true >"$log" 2>&1 && return
  rm -rf "$1"
  "${publish[@]}" >"$log" 2>&1 || { cat "$log"; return 1; }
}

what_broke() {
  if [[ $(<"$1") =~ error\ NU110[123]:\ Unable\ to\ find\ (a\ stable\ )?package\ ([^ ]+) ]]; then
    echo "NuGet finds no usable package ${BASH_REMATCH[2]%.} in the sources that  dotnet nuget list source  names: add one that has it, then try again."
  else
    echo "the compiler's words are above."
  fi
}

# The newest three stay, and those from which a stand still runs: its services come back from there.
forget_old_builds() {
  local old
  ls -1td "$ARTIFACTS/millrace"/*/ | tail -n +4 | while read -r old; do
    grep -qsF "$old" /proc/[0-9]*/maps || rm -rf "$old"
  done
}
