# ./dev test: every check there is. The tests of the whole stand run beside the others: both wait for servers more than they compute.
# Sourced by ./dev, after setup.sh. Ends with exactly one line: N passed, N failed[, N skipped].

# tests/Millrace.Conformance/Clients/NodeClients.cs says the same.
KAFKAJS_VERSION=2.2.4
PLATFORMATIC_VERSION=1.35.0
RESULTS=$ARTIFACTS/test-results
# No single test comes near it: a test that takes so long hangs.
HANG_LIMIT=4m

PASSED=0 FAILED=0 SKIPPED=0
FAILURES=()

# --- foreign clients that tests use; without them those tests are skipped, and fail where CI=true

ensure_test_tools() {
  local tool
  for tool in kcat curl chromium; do
    command -v "$tool" >/dev/null || (ensure_debian_package "$tool") || say "Tests that need $tool will be skipped."
  done
  # Apache Kafka, to hold every conformance test to the original, needs a Java runtime.
  [[ ! -d $MILLRACE_HOME/../shared/apache-kafka ]] || command -v java >/dev/null || (ensure_debian_package openjdk-17-jre-headless) ||
    say "Tests that need Apache Kafka will be skipped."
  ensure_node_clients
  ensure_container_engine
}

# On a CI machine ../shared may bring an engine along; anywhere else the engine that runs is used, and none is started.
ensure_container_engine() {
  local lab=$MILLRACE_HOME/../shared/compose-lab/lab
  docker info >/dev/null 2>&1 && return
  [[ ${CI:-} == true && $EUID == 0 && -x $lab ]] && step "Starting a container engine for the tests" "$lab" up && return
  say "No container engine runs: the tests of docker-compose.yml will be skipped."
}

ensure_node_clients() {
  local folder=$ARTIFACTS/node-$KAFKAJS_VERSION-$PLATFORMATIC_VERSION
  export NODE_PATH=$folder/node_modules
  has_node_clients "$folder" && return
  command -v npm >/dev/null ||
    { say "npm is missing: tests that need clients of Node.js will be skipped. Type  apt-get install npm  to have them."; return; }
  locked "$ARTIFACTS" install_node_clients "$folder"
}

has_node_clients() { [[ -e $1/node_modules/kafkajs/package.json && -e $1/node_modules/@platformatic/kafka/package.json ]]; }

install_node_clients() {
  has_node_clients "$1" && return
  rm -rf "$1.incoming"
  step "Fetching kafkajs and @platformatic/kafka for the tests" npm install --silent --no-audit --no-fund --prefix "$1.incoming" \
    "kafkajs@$KAFKAJS_VERSION" "@platformatic/kafka@$PLATFORMATIC_VERSION" ||
    fail "kafkajs or @platformatic/kafka can't be fetched: see whether  npm view kafkajs  works, then try again."
  rm -rf "$1"
  mv -T "$1.incoming" "$1"
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

ensure_debian_package() {
  local package=$1
  command -v apt-get >/dev/null || fail "$package is missing and this is no Debian: install it with your package manager, then try again."
  ((EUID == 0)) || sudo -n true 2>/dev/null || fail "$package is missing and needs root: type  sudo apt-get install $package  and try again."
  install_debian_package "$package" && return
  step "Reading Debian's package lists" as_root apt-get update && install_debian_package "$package" ||
    fail "$package can't be installed: type  apt-get update && apt-get install $package  to see why, then try again."
}

# Silent where Debian's lists don't know the package: a fresh machine has no lists at all.
install_debian_package() {
  [[ $(LC_ALL=C apt-cache policy "$1" 2>/dev/null) == *"Candidate: "[0-9]* ]] || return
  step "Installing Debian's package $1" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1"
}

# --- the run

run_all_tests() {
  rm -rf "$RESULTS"
  mkdir -p "$RESULTS"
  # What SDK, test hosts and killed processes leave behind goes with the run. Short: sockets lie in it.
  TMPDIR=$(mktemp -d)
  export TMPDIR
  trap 'rm -rf "$TMPDIR"' EXIT
  # The launcher builds what it runs; left to the first test that starts it, this would count as that test's time.
  if check "build" build && check "the launcher's build" ./millrace version; then
    # The build has run most style rules as errors already; whitespace and the order of imports are what is left.
    check "formatting (./dev fmt repairs it)" "$DOTNET" format whitespace . --folder --verify-no-changes --include src/ tests/ bench/ || true
    check "style (./dev fmt repairs it)" "$DOTNET" format style Millrace.slnx --verify-no-changes --no-restore || true
    local project whole=tests/Millrace.EndToEnd output=$RESULTS/Millrace.EndToEnd.out beside status=0
    run_tests "$whole" "$@" >"$output" 2>&1 &
    beside=$!
    # They end with this script, however it ends.
    # shellcheck disable=SC2064
    trap "kill $beside 2>/dev/null || true; rm -rf '$TMPDIR'" EXIT
    for project in tests/*.Tests tests/Millrace.Conformance; do
      run_tests "$project" "$@" || status=$?
      count_results "$project" "$status"
      status=0
    done
    say "Waiting for the tests of the whole stand ..."
    wait "$beside" || status=$?
    trap 'rm -rf "$TMPDIR"' EXIT
    cat "$output"
    count_results "$whole" "$status"
  fi
  report
}

# A check that has no tests to count: it is heard of only when it fails.
check() {
  local name=$1
  shift
  step "Checking: $name" "$@" && return
  FAILED=$((FAILED + 1))
  FAILURES+=("$name")
  return 1
}

run_tests() {
  local project=$1 name
  shift
  name=$(basename "$project")
  say "Testing $name ..."
  # Signals that nohup(1) or a script's background job left ignored stay so in every child, and tests send them.
  env --default-signal=HUP,INT,QUIT "$DOTNET" test "$project" -c Release --no-build --nologo --results-directory "$RESULTS" --logger "trx;LogFileName=$name.trx" \
    --logger "console;verbosity=minimal" --blame-hang-timeout "$HANG_LIMIT" --blame-hang-dump-type none "$@"
}

count_results() {
  local name status=$2 trx failed=0 line
  name=$(basename "$1")
  trx=$RESULTS/$name.trx
  if [[ -e $trx ]]; then
    PASSED=$((PASSED + $(count_outcome Passed "$trx")))
    SKIPPED=$((SKIPPED + $(count_outcome NotExecuted "$trx")))
    failed=$(count_outcome Failed "$trx")
    FAILED=$((FAILED + failed))
    while read -r line; do FAILURES+=("$line"); done < <(failed_names "$trx")
  fi
  ((status == 0 || failed > 0)) && return
  # A test host that crashed or hung leaves no failed test behind.
  FAILED=$((FAILED + 1))
  FAILURES+=("$name did not run to its end (dotnet test ended with $status)")
}

count_outcome() { grep -c "<UnitTestResult .*outcome=\"$1\"" "$2" || true; }

failed_names() { sed -n 's/.*<UnitTestResult .*testName="\([^"]*\)".*outcome="Failed".*/\1/p' "$1"; }

report() {
  local name
  if ((FAILED > 0)); then
    printf '\nFailed:\n'
    for name in "${FAILURES[@]}"; do printf '  %s\n' "$name"; done
    printf '\n'
  elif ((PASSED == 0)); then
    say "No test ran."
    FAILED=1
  fi
  local skipped=
  ((SKIPPED > 0)) && skipped=", $SKIPPED skipped"
  printf '%s passed, %s failed%s\n' "$PASSED" "$FAILED" "$skipped"
  ((FAILED == 0))
}
