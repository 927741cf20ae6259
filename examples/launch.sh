# What examples/run and notebooks/install-kernel have in common; they source it, with their own name in self.

fail() { echo "$self: $*" >&2; exit 1; }

# --- phases ---------------------------------------------------------------------------------------------
# Microseconds since 1970; an old shell (macOS has bash 3.2) tells whole seconds only.
micros() {
  local now="${EPOCHREALTIME:-$(date +%s).000000}"
  echo "${now/[.,]/}"
}
# When the command was given, for the phases of an example go on from here.
PENSTOCK_LAUNCHED="$(micros)"
export PENSTOCK_LAUNCHED
unset PENSTOCK_BUILT # of a job that starts this one
# Says that a phase begins, as io.penstock.examples.Phases does.
phase() {
  local tenths=$((($(micros) - PENSTOCK_LAUNCHED) / 100000))
  printf '[%3d.%d s] %s\n' $((tenths / 10)) $((tenths % 10)) "$*" >&2
}

# --- tools ----------------------------------------------------------------------------------------------
# Sets java to a Java that Spark 4.0 runs on, or fails.
find_java() {
  local version
  java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
  java="$(command -v "$java")" || fail "no Java${JAVA_HOME:+ in JAVA_HOME=$JAVA_HOME}: install JDK 17" \
    "(Debian: apt-get install openjdk-17-jdk-headless) or set JAVA_HOME to one"
  # Up to 8, versions begin with 1: "1.8.0_412".
  version="$("$java" -version 2>&1 | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -n 1 || true)"
  [ "${version:-0}" -ge 17 ] && [ "$version" -le 22 ] || fail "$java is Java ${version:-unknown};" \
    "Spark 4.0 runs on 17 to 22: set JAVA_HOME to a JDK 17 or 21"
}

# Fails where java, which find_java has set, has no compiler beside it.
check_compiler() {
  command -v "${java}c" >/dev/null ||
    fail "no compiler beside $java: install a JDK, not a JRE (Debian: openjdk-17-jdk-headless)"
}

# Sets maven to its version, or fails where there is none that builds this.
find_maven() {
  local need="install 3.6.3 or newer (Debian: apt-get install maven)" rest
  command -v mvn >/dev/null || fail "no Maven: $need"
  maven="$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1 || true)"
  [ -n "$maven" ] || fail "$(command -v mvn) does not tell its version: see what mvn -v says, or $need"
  rest="${maven#*.}.0.0"
  [ $((${maven%%.*} * 1000000 + ${rest%%.*} * 1000 + $(cut -d. -f2 <<<"$rest"))) -ge 3006003 ] ||
    fail "$(command -v mvn) is Maven $maven: $need"
}

# --- build ----------------------------------------------------------------------------------------------
# Builds a module, without tests, and what it is made of.
#   build MODULE MARK [OPTION OF MAVEN]...   MARK is as old as the start of the last good build
build() {
  local module="$1" mark="$2"
  shift 2
  find_maven
  check_compiler
  if [ -e "$mark" ] || [ -d "$root/spark-plugin/target/classes" ]; then
    phase "building again, for a source, an option or a module is new"
  else
    phase "building (first time: some minutes, 0.5 GB from Maven Central)"
  fi
  mkdir -p "$(dirname "$mark")"
  touch "$mark.new" # before the build: a source saved meanwhile is newer
  # Copied libraries of other versions than the build's would stand beside them on the class path.
  rm -rf "$root/$module/target/lib"
  # What is built beside the examples, and not from them, lays no libraries out for them.
  [ "$module" = examples/gpu ] || rm -rf "$root/examples/target/lib"
  mvn -B -Dstyle.color=never -f "$root/pom.xml" -pl "$module" -am -Dmaven.test.skip=true \
    -Dspotless.check.skip "$@" package 2>&1 | build_phases ||
    fail "the build failed; its messages stand above"
  mv "$mark.new" "$mark"
  PENSTOCK_BUILT="$(micros)"
  export PENSTOCK_BUILT
}

# Of what Maven says: a line for each phase, and its errors as they are.
build_phases() {
  local line artifact said=yes fetched=0 told=0 kilo='\(([0-9]+)(\.[0-9]+)? (B|kB|MB|GB) at'
  while IFS= read -r line; do
    line="${line//$'\e[0m'/}" # Maven's start resets colours that nobody set
    line="${line//$'\e[m'/}"
    artifact="${line##* @ }"
    artifact="${artifact%% *}"
    case "$line" in
      '[INFO] Downloaded from '*)
        if [[ "$line" =~ $kilo ]]; then
          case "${BASH_REMATCH[3]}" in
            kB) fetched=$((fetched + BASH_REMATCH[1])) ;;
            MB) fetched=$((fetched + 1000 * BASH_REMATCH[1])) ;;
            GB) fetched=$((fetched + 1000000 * BASH_REMATCH[1])) ;;
          esac
        fi
        if [ $((fetched - told)) -ge 50000 ]; then
          phase "fetched $((fetched / 1000)) MB so far"
          told="$fetched"
        fi ;;
      '[INFO] --- '*':compile (default-compile) @ '*) phase "compiling $artifact" ;;
      '[INFO] --- '*' (default-jar) @ '*)             phase "packing $artifact" ;;
      '[INFO] --- '*' (spark-home) @ '*)              phase "laying out Spark's jars" ;;
      '[INFO] --- '*' (lib) @ '*)                     phase "laying out the libraries of $artifact" ;;
    esac
    # An error may go on for lines without a mark; before the first mark, it is the shell that speaks.
    case "$line" in
      '[ERROR]'*|'[FATAL]'*) said=yes ;;
      '['[A-Z]*']'*)         said= ;;
    esac
    [ -z "$said" ] || echo "$line" >&2
  done
}

# Class paths, lists of jars and Hadoop's patterns have no way to quote these.
fail_for_odd_folder() {
  case "$root" in
    *[]:,\;*?\[{}\"\\]*) fail "this checkout lies in '$root': class paths and Spark's lists of files" \
      'cannot hold : , ; * ? [ ] { } " or \, so move it' ;;
  esac
}

# The URI of a file: the bytes of its path, all but the plainest as %XX. It holds nothing at which Spark
# would cut a list of options in two.
file_uri() {
  local LC_ALL=C path="$1" uri='' i byte code
  for ((i = 0; i < ${#path}; i++)); do
    byte="${path:i:1}"
    case "$byte" in
      [A-Za-z0-9/._~-]) uri+="$byte" ;;
      *)
        printf -v code '%d' "'$byte"
        printf -v byte '%%%02X' $((code & 255))
        uri+="$byte" ;;
    esac
  done
  echo "file:$uri"
}
