#!/usr/bin/env bash
# Gradescope runs this once, when the autograder image is built.
set -e
apt-get update -q && apt-get install -yq python3 python3-pip python3-venv
python3 -m venv /autograder/venv && /autograder/venv/bin/pip install -q "$install"
