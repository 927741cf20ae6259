#!/usr/bin/env bash
# Tells Spark which GPUs this machine has: one line of JSON, {"name": "gpu", "addresses": ["0", "1"]}.
# For spark.{worker,executor,driver}.resource.gpu.discoveryScript. Addresses are nvidia-smi's indices,
# of those only that CUDA_VISIBLE_DEVICES shows, where it is set. A machine without a GPU is an error:
# Spark asks only where GPUs are declared, and would otherwise say no more than that it wants more.
# NVIDIA_SMI names another tool than the one on the PATH.
set -euo pipefail

tool="${NVIDIA_SMI:-nvidia-smi}"
fail() { echo "getGpusResources.sh on $(hostname): $*" >&2; exit 1; }

command -v "$tool" >/dev/null ||
  fail "there is no $tool: install NVIDIA's driver here, or declare no GPUs (spark.*.resource.gpu.amount)"
listed="$("$tool" --query-gpu=index,uuid --format=csv,noheader 2>&1)" || fail "$tool failed: $listed"

addresses=()
while IFS=', ' read -r index uuid; do
  [[ "$index" =~ ^[0-9]+$ ]] || continue # "No devices were found"
  shown=yes
  if [ -n "${CUDA_VISIBLE_DEVICES+set}" ]; then
    shown=
    for name in ${CUDA_VISIBLE_DEVICES//,/ }; do
      # CUDA takes the beginning of a UUID for the whole.
      if [ "$name" = "$index" ] || { [[ "$name" == GPU-* ]] && [[ "$uuid" == "$name"* ]]; }; then shown=yes; fi
    done
  fi
  [ -z "$shown" ] || addresses+=("\"$index\"")
done <<<"$listed"
[ "${#addresses[@]}" -gt 0 ] ||
  fail "no GPU ($tool says: ${listed:-nothing}; CUDA_VISIBLE_DEVICES=${CUDA_VISIBLE_DEVICES-not set})"

joined="$(IFS=,; echo "${addresses[*]}")"
echo "{\"name\": \"gpu\", \"addresses\": [${joined//,/, }]}"
