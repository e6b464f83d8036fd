#!/bin/sh
# Seeds the corpus from the vectors and runs every target, or those named, for so many seconds.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
cargo run --quiet -p signs --example seed_corpus -- fuzz/corpus
for target in ${*:-sign emvco frame store_code link plane}; do
    # The bar for a text is 50 ms, for a plane 250 ms; instrumented code on a busy machine gets more.
    limits="-timeout=1 -max_len=4200"
    if [ "$target" = plane ]; then
        limits="-timeout=10 -max_len=65536"
        cargo run --quiet --release -p desktop --example camera_hammer -- \
            300 --side 200 --corpus fuzz/corpus/plane
    fi
    # shellcheck disable=SC2086 # two words on purpose
    cargo +nightly fuzz run "$target" -- -max_total_time="$seconds" $limits
done
