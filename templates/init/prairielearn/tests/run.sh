#!/usr/bin/env bash
# PrairieLearn starts this in the image for every submission; /grade/results/results.json is what it reads.
# The job is killed after "timeout" of info.json: raise --finish-within together with it.
mkdir -p /grade/results
checker=$(command -v checker || echo /opt/checker/bin/checker)
cd /tmp || exit 3  # nothing is written beside the submission
"$checker" grade "/grade/tests/@@problems@@" /grade/student --one-student --output-format prairielearn \
  --write /grade/results/results.json --timeout @@timeout@@ --finish-within 240 --jobs 1 --memory 512MiB
