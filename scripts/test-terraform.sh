#!/usr/bin/env bash
# Applies the synthesized Terraform to the simulated AWS at AWS_ENDPOINT_URL, and never to an account.
# Every request is checked against AWS's models first; a table of what was checked ends the output.
# Uses a provider mirror and a simulator that are next to the checkout, if they exist.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

fail() { echo "$1" >&2; exit 1; }

command -v terraform >/dev/null || fail "terraform is not on PATH. Install it: https://developer.hashicorp.com/terraform/install"

if [ -f ../shared/terraform-offline.sh ]; then . ../shared/terraform-offline.sh; fi
if [ -z "${AWS_ENDPOINT_URL:-}" ] && [ -f ../shared/moto.sh ]; then
  . ../shared/moto.sh
  # How many seconds moto takes to believe a certificate's record: a minute, by itself.
  export MOTO_ACM_VALIDATION_WAIT=1
  trap stop_moto EXIT
  start_moto "$((20000 + RANDOM % 20000))" || exit
fi
[ -n "${AWS_ENDPOINT_URL:-}" ] || fail "AWS_ENDPOINT_URL is not set. Start an AWS simulator such as moto_server, and set AWS_ENDPOINT_URL to its address."
curl -s -o /dev/null "$AWS_ENDPOINT_URL" || fail "Nothing answers at AWS_ENDPOINT_URL, $AWS_ENDPOINT_URL. Start it first."

# Each proxy in front of AWS_ENDPOINT_URL writes here what it has checked against AWS's models.
AWS_MODELS_TALLIES=$(mktemp -d)
export AWS_MODELS_TALLIES
failed=0

# Terraform and its provider are short-lived: collecting garbage is a fifth of their CPU time.
export GOGC=off GOMEMLIMIT=1GiB

# Terraform waits for AWS more than it works: the files run side by side. The timeout allows for a busy machine.
DYNAMODB_ENDPOINT="$AWS_ENDPOINT_URL" npx mocha --parallel --jobs 11 --timeout 1800000 "__tests__/terraform/*-test.ts" __tests__/aws/table/store-contract-test.ts || failed=1
node --import tsx __tests__/support/aws-models/summary.ts || failed=1
rm -r "$AWS_MODELS_TALLIES"
exit "$failed"
