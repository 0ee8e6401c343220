#!/bin/sh
# Run after each rollback with what was done as JSON on standard input; failing changes nothing of what was done.
if [ -z "$SLACK_WEBHOOK" ]; then exec cat >>told.jsonl; fi
exec curl -sf -X POST -H 'content-type: application/json' -d @- "$SLACK_WEBHOOK"
