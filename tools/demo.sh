#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors

# Builds and installs the collection as a user would, and runs a whole story with a simulated Atlas: back up, break
# something, roll back, report.
# Usage: tools/demo.sh PYTHON FOLDER, in the checkout. It writes below FOLDER only, and stops everything at the end.
set -eu
python=$1
folder=$2
mkdir -p "$folder"
rm -rf "$folder/archive" "$folder/collections" "$folder/atlas.env"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

# Run simulator and playbook in the background, each in its own process group: signals are handled at once, and reach all processes.
set -m
simulator=
playbook=
stop() {
    for group in $playbook $simulator; do
        kill -- "-$group" 2>/dev/null || true
        wait "$group" 2>/dev/null || true
    done
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

say "1. A virtual environment with ansible-core, requests, and the requirements of the simulator"
[ -f "$folder/venv/.complete" ] || "$python" -m venv --clear "$folder/venv"
"$folder/venv/bin/pip" install --quiet --no-compile -r tools/requirements/ansible.txt -r requirements.txt -r tests/simulator/requirements.txt
touch "$folder/venv/.complete"
export PATH="$folder/venv/bin:$PATH"
export ANSIBLE_COLLECTIONS_PATH="$folder/collections"
# The playbooks run on this machine and need no inventory.
export ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false

say "2. Build the collection and install the archive"
ansible-galaxy collection build --output-path "$folder/archive"
ansible-galaxy collection install --offline -p "$folder/collections" "$folder"/archive/*.tar.gz

say "3. Start a simulated Atlas on this machine"
python -m tests.simulator --queued-seconds 1 --in-progress-seconds 3 \
    --parent-pid $$ --env-file "$folder/atlas.env" >"$folder/simulator.log" 2>&1 &
simulator=$!
# On a busy machine, loading the libraries takes long.
end=$((SECONDS + 60))
until [ -f "$folder/atlas.env" ]; do
    if ! kill -0 "$simulator" 2>/dev/null || [ "$SECONDS" -ge "$end" ]; then
        echo "The simulator did not start within 60 s. Its output:" >&2
        cat "$folder/simulator.log" >&2
        exit 1
    fi
    sleep 0.1
done
head -n 2 "$folder/simulator.log"
# shellcheck source=/dev/null
. "$folder/atlas.env"

manifest="$folder/backup.json"
receipt="$folder/receipt.json"
rm -f "$manifest" "$receipt"

run() {
    say "$1"
    shift
    ansible-playbook "$@" </dev/null &
    playbook=$!
    wait "$playbook"
    playbook=
}

# On the simulator, the data of a cluster is a short text.
holds() {
    python - "$@" <<'PYTHON'
import json, os, sys, urllib.request

address = os.environ["MONGODB_ATLAS_BASE_URL"] + "/_simulator/contents"
if len(sys.argv) > 2:
    order = json.dumps({"cluster": sys.argv[1], "text": sys.argv[2]}).encode()
    urllib.request.urlopen(urllib.request.Request(address, order, method="POST"))
contents = json.load(urllib.request.urlopen(address))
print(f"{sys.argv[1]} holds: {contents[sys.argv[1]]['text']}")
PYTHON
}

run "4. Back up before the maintenance: ansible-playbook mongodb_atlas.backup.pre_maintenance_backup" \
    mongodb_atlas.backup.pre_maintenance_backup -e pre_maintenance_backup_clusters=demo-replica,demo-sharded \
    -e pre_maintenance_backup_manifest_path="$manifest"

say "5. The maintenance goes wrong"
holds demo-replica
holds demo-replica "broken by the maintenance"

run "6. Roll back: ansible-playbook mongodb_atlas.backup.rollback -e rollback_confirm=demo-replica,demo-sharded" \
    mongodb_atlas.backup.rollback -e rollback_manifest_path="$manifest" -e rollback_receipt_path="$receipt" \
    -e rollback_confirm=demo-replica,demo-sharded
holds demo-replica

run "7. Show the report: ansible-playbook mongodb_atlas.backup.snapshot_report -e snapshot_report_restores=true" \
    mongodb_atlas.backup.snapshot_report -e snapshot_report_restores=true

say "Done: the data is back, and nothing is left running. README.md shows how to use it with your own Atlas."
