# What examples/run and notebooks/install-kernel have in common; they source it, with their own name in self.

fail() { echo "$self: $*" >&2; exit 1; }

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

# Builds a module, without tests, and what it is made of.
#   build MODULE MARK [OPTION OF MAVEN]...   MARK is as old as the start of the last good build
build() {
  local module="$1" mark="$2"
  shift 2
  command -v mvn >/dev/null || fail "no Maven: install 3.6.3 or newer (Debian: apt-get install maven)"
  command -v "${java}c" >/dev/null ||
    fail "no compiler beside $java: install a JDK, not a JRE (Debian: openjdk-17-jdk-headless)"
  echo "$self: building, a minute or two (the first time, Maven also fetches Spark and ND4J) ..." >&2
  mkdir -p "$(dirname "$mark")"
  touch "$mark.new" # before the build: a source saved meanwhile is newer
  # Copied libraries of other versions than the build's would stand beside them on the class path.
  rm -rf "$root/examples/target/lib" "$root/$module/target/lib"
  mvn -q -B -ntp -f "$root/pom.xml" -pl "$module" -am -Dmaven.test.skip=true -Dspotless.check.skip \
    "$@" package >&2 || fail "the build failed; its messages stand above"
  mv "$mark.new" "$mark"
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
