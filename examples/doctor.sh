# What examples/run doctor finds out without Java: sourced by it, after launch.sh. Every check says what it
# found in one line, and what to do in the same words as the job that would fail for it.

wrong=0
finding() { printf '%-5s %-10s %s\n' "$1" "$2" "${*:3}"; }
ok() { finding ok "$@"; }
note() { finding note "$@"; }
bad() { finding BAD "$@"; wrong=$((wrong + 1)); }

# Runs a check that fails with a sentence: said is that sentence, without our name before it.
passes() {
  local status=0
  said="$("$@" 2>&1)" || status=$?
  said="${said#"$self: "}"
  return "$status"
}

examine() {
  local built_before=
  echo "What the main job needs, examples/run fashion-mnist: ok, note (worth knowing) or BAD (what to do)"
  if passes fail_for_odd_folder; then ok folder "$root"; else bad folder "$said"; fi
  examine_java
  examine_maven
  examine_build
  examine_memory
  examine_cores
  examine_gpus
  examine_spark
  if passes check_master; then ok master "$master"; else bad master "$said"; fi
  if [ "$wrong" -gt 0 ]; then
    echo "doctor: the main job cannot run yet: mend what is BAD above ($wrong), then ask again"
    exit 1
  fi
  if [ -z "$built_before" ]; then
    note kernels "what executors compute with, and slots, are looked at once it is built"
    echo "doctor: the main job can run: examples/run fashion-mnist"
    exit 0
  fi
  echo "doctor: starts Spark as the main job would, to ask its executors: some seconds"
}

examine_java() {
  java=
  if ! passes find_java; then bad Java "$said"; return; fi
  find_java
  ok Java "$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1) at $java"
}

# Both are needed to build only; but then a JRE or an old Maven is in the way.
examine_maven() {
  local finding=bad
  if ! stale; then finding=note; fi
  if [ -n "$java" ] && ! passes check_compiler; then "$finding" compiler "$said"; fi
  if [ -z "$java" ] && command -v mvn >/dev/null; then
    note Maven "$(command -v mvn): of what version is looked at once there is a Java, which it runs on"
    return
  fi
  if passes find_maven; then find_maven; ok Maven "$maven at $(command -v mvn)"; else "$finding" Maven "$said"; fi
}

examine_build() {
  if ! stale; then
    built_before=yes
    ok build "up to date"
  elif [ -e "$built" ]; then
    note build "older than its sources or without an option: the next examples/run builds it again, a minute or two"
  else
    note build "nothing is built: the first examples/run builds it, some minutes and 0.5 GB from Maven Central"
  fi
}

# MiB of resident memory that the main job takes: of the driver, of each executor, and of one process with all
# stages as threads. Measured, with some room: VmHWM in /proc of the processes of examples/run fashion-mnist was
# 651, 669 and 713, and with --master 'local[2]' 1128.
driver_mib=700
executor_mib=800
threads_mib=1200
needed_mib() {
  local executors='^local-cluster\[ *([0-9]+)'
  if [[ "$master" =~ $executors ]]; then
    echo $((driver_mib + BASH_REMATCH[1] * executor_mib))
  else
    case "$master" in
      local*) echo "$threads_mib" ;;
      *)      echo "$driver_mib" ;; # executors are elsewhere
    esac
  fi
}
# MiB that are free: of the machine, and of the container that this may be (cgroup 2, or 1).
free_mib() {
  local free kib limit used cached group=/sys/fs/cgroup max=memory.max current=memory.current
  free=$(($(getconf _PHYS_PAGES) / 1024 * $(getconf PAGE_SIZE) / 1024))
  kib="$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo 2>/dev/null || true)"
  [ -z "$kib" ] || [ $((kib / 1024)) -ge "$free" ] || free=$((kib / 1024))
  [ -e "$group/$max" ] || { group+=/memory max=memory.limit_in_bytes current=memory.usage_in_bytes; }
  limit="$(cat "$group/$max" 2>/dev/null || true)"
  used="$(cat "$group/$current" 2>/dev/null || true)"
  cached="$(sed -n 's/^inactive_file //p' "$group/memory.stat" 2>/dev/null || true)"
  if [[ "$limit" =~ ^[0-9]{1,15}$ && "$used" =~ ^[0-9]+$ ]]; then
    limit=$(((limit - used + ${cached:-0}) / 1048576))
    [ "$limit" -ge "$free" ] || free="$limit"
  fi
  echo "$free"
}
examine_memory() {
  local free needed
  needed="$(needed_mib)"
  if ! free="$(free_mib 2>/dev/null)" || [ -z "$free" ]; then
    note memory "how much is free cannot be told here; the main job takes $needed MiB of it"
  elif [ "$free" -ge "$needed" ]; then
    ok memory "$free MiB free; $master takes $needed"
  elif [ "$free" -ge "$threads_mib" ] && [[ "$master" = local-cluster* ]]; then
    bad memory "$free MiB free, but $master takes $needed: end other programs, or have stages as threads of one" \
      "process, which takes $threads_mib: --master 'local[$slots]'"
  else
    bad memory "$free MiB free, but $master takes $needed: end other programs, or take a larger machine"
  fi
}

examine_cores() {
  local cores
  cores="$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 0)"
  if [ "$cores" -eq 0 ]; then
    note cores "how many there are cannot be told here"
  elif [[ "$master" = local* ]] && [ "$cores" -lt "$slots" ]; then
    note cores "$cores, for $slots stages: they take turns, so a pipeline gains less here than on as many cores"
  else
    ok cores "$cores"
  fi
}

examine_gpus() {
  local gpus_there finding=note
  [ -z "$gpus" ] || finding=bad
  if ! command -v nvidia-smi >/dev/null; then
    "$finding" GPU "no nvidia-smi on the PATH, which NVIDIA's driver brings along: $(without_gpus)"
  elif ! gpus_there="$(nvidia-smi --query-gpu=name,memory.total,compute_cap --format=csv,noheader 2>&1)"; then
    "$finding" GPU "nvidia-smi says: ${gpus_there%%$'\n'*}: $(without_gpus)"
  elif [ -z "$gpus_there" ]; then
    "$finding" GPU "nvidia-smi lists none: $(without_gpus)"
  else
    ok GPU "$(tr '\n' ';' <<<"$gpus_there" | sed 's/;$//; s/;/; /g'); stages take them as threads (--master local[N]), and on a cluster with --gpus"
  fi
}
without_gpus() {
  if [ -n "$gpus" ]; then echo "install the driver, or leave --gpus out"; else echo "stages compute on the processor"; fi
}

examine_spark() {
  local core
  if [ -n "${SPARK_HOME:-}" ]; then
    if passes check_spark_home; then
      if [ -n "$said" ]; then note Spark "$said"; else ok Spark "$SPARK_HOME"; fi
    else
      bad Spark "$said"
    fi
    return
  fi
  core="$(find "$target/spark-home/jars/" -name 'spark-core_2.13-*.jar' -print -quit 2>/dev/null || true)"
  if [ -n "$core" ]; then
    core="${core##*/spark-core_2.13-}"
    ok Spark "${core%.jar} of Maven's jars, in examples/target/spark-home (SPARK_HOME names none)"
  else
    ok Spark "comes with the build, from Maven Central (SPARK_HOME names none)"
  fi
}
