#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the autograder's image (Ubuntu).
set -euo pipefail

runs() { "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1; }
newest() { for python in python3.13 python3.12 python3.11 python3; do runs "$python" && echo "$python" && return; done; }

python=$(newest || true)
if [ -z "$python" ]; then  # Ubuntu 22.04 comes with 3.10, and has 3.11 as a package
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  for wanted in python3.12 python3.11; do
    apt-get install -yq --no-install-recommends "$wanted" "$wanted-venv" && break
  done
  python=$(newest)
fi

"$python" -m venv /autograder/venv
cd /autograder/source
/autograder/venv/bin/python -m pip install --quiet --disable-pip-version-check "@@install@@"
/autograder/venv/bin/checker --version
