#!/bin/sh
# Makes what is absent of the secrets that compose.yaml mounts: three tokens of the collector and Grafana's first password.
# The folder is for its owner only; the files in it can be read by the users of the containers, whose numbers differ.
set -eu
cd "$(dirname "$0")"
mkdir -p -m 700 secrets
for name in ingest read admin grafana-password; do
  [ -s "secrets/$name" ] && continue
  head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' > "secrets/$name"
  chmod 644 "secrets/$name"
done
