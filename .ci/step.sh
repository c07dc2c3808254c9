# The counting of .ci/run, for bash: `step COMMAND...`, `beside COMMAND...`, and `closing`, the last line.

passed=0
failed=0
skipped=0

# A step counts as one check; a `cargo test` counts its tests instead. A line `!!! SKIPPED: …` counts
# as one skipped, and a step that does nothing else has not passed.
step() {
    echo "--- $*"
    local log start=$SECONDS
    log=$(mktemp)
    "$@" 2>&1 | tee "$log"
    count "$*" "${PIPESTATUS[0]}" "$log" $((SECONDS - start))
}

# Steps of one word each, at once: one of them alone leaves a core idle where it waits for a single
# compiler. What each says is printed when all before it are over.
beside() {
    local each start=$SECONDS
    local -A logs=() jobs=()
    for each; do
        logs[$each]=$(mktemp)
        ("$each"; status=$?; echo $((SECONDS - start)) >"${logs[$each]}.took"; exit $status) \
            >"${logs[$each]}" 2>&1 &
        jobs[$each]=$!
    done
    for each; do
        echo "--- $each"
        wait "${jobs[$each]}"
        local status=$? log=${logs[$each]}
        cat "$log"
        count "$each" "$status" "$log" "$(cat "$log.took")"
        rm "$log.took"
    done
}

# STEP STATUS LOG SECONDS
count() {
    local ok bad none
    none=$(grep -c '^!!! SKIPPED' "$3")
    read -r ok bad < <(awk '/^test result:/ { ok += $4; bad += $6 } END { print ok + 0, bad + 0 }' "$3")
    rm "$3"
    if (($2 != 0 && bad == 0)); then
        bad=1
    elif ((ok + bad + none == 0)); then
        ok=1
    fi
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + none))
    echo "--- $1 took $4 s: $ok passed, $bad failed, $none skipped"
}

# Succeeds if nothing has failed.
closing() {
    local line="$passed passed, $failed failed"
    ((skipped == 0)) || line+=", $skipped skipped"
    echo "$line"
    ((failed == 0))
}
