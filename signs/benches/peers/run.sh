#!/bin/sh
# Our bench, then the peers in other languages over the same vectors on the same machine. Needs
# node, npm and python3, and the registries of both for the peers.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
peers=${1:-$(mktemp -d)}
(cd "$here/../.." && cargo bench --bench read)
cd "$peers"
npm install --silent --no-save --prefix "$peers" emvqr@0.0.5 emvco-merchant-parse@1.1.0
node "$here/emvco.js" "$here/../../tests/data/emvco-vectors.json"
python3 -m venv venv
venv/bin/pip install --quiet beacontools
venv/bin/python "$here/frames.py" "$here/../../tests/data/ble-vectors.json"
