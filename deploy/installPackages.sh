#!/bin/sh
# Installs the packed packages with what they need to run, and nothing else, into a folder of its own.
# Run by deploy/Dockerfile and by scripts/exerciseImage.ts.
#
#     sh installPackages.sh DIRECTORY-OF-TARBALLS FOLDER [FURTHER-PACKAGE ...]
set -eu
tarballs=$(cd "$1" && pwd)
folder=$2
shift 2
mkdir -p "$folder"
cd "$folder"
printf '{ "private": true, "type": "module" }\n' > package.json
# No scripts: everything comes built, and what npm runs would run with the rights of the build.
npm install --omit=dev --omit=peer --ignore-scripts --no-audit --no-fund --no-package-lock --no-update-notifier \
  --loglevel=error "$tarballs"/*.tgz "$@"
# For debuggers and compilers.
find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
