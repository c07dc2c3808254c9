# The counting of .ci/run, for bash: `step COMMAND...`, and `closing`, the last line.

passed=0
failed=0
skipped=0

# A step counts as one check; a `cargo test` counts its tests instead. A line `!!! SKIPPED: …` counts
# as one skipped, and a step that does nothing else has not passed.
step() {
    echo "--- $*"
    local log status ok bad none start=$SECONDS
    log=$(mktemp)
    "$@" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    none=$(grep -c '^!!! SKIPPED' "$log")
    read -r ok bad < <(awk '/^test result:/ { ok += $4; bad += $6 } END { print ok + 0, bad + 0 }' "$log")
    rm "$log"
    if ((status != 0 && bad == 0)); then
        bad=1
    elif ((ok + bad + none == 0)); then
        ok=1
    fi
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + none))
    echo "--- $* took $((SECONDS - start)) s: $ok passed, $bad failed, $none skipped"
}

# Succeeds if nothing has failed.
closing() {
    local line="$passed passed, $failed failed"
    ((skipped == 0)) || line+=", $skipped skipped"
    echo "$line"
    ((failed == 0))
}
