#!/bin/sh
# Seeds the corpus from the vectors and runs every target, or those named, for so many seconds.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
cargo run --quiet -p signs --example seed_corpus -- fuzz/corpus
for target in ${*:-sign emvco frame store_code link}; do
    # -timeout: the bar for a text is 50 ms; instrumented code on a busy machine gets a second.
    cargo +nightly fuzz run "$target" -- -max_total_time="$seconds" -timeout=1 -max_len=4200
done
