package io.penstock.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes damaged and hostile inputs of good ones: bits flipped, pieces cut out, doubled, put in from
 * elsewhere, numbers blown up, brackets nested, letters of other alphabets, classes named where any
 * text is. The same seed makes the same change.
 */
final class Mutator {
  private static final int DEEP = 20_000;

  /** What readers of numbers trip over. */
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-1",
          "1",
          "2",
          "7",
          "255",
          "65536",
          "2147483647",
          "2147483648",
          "4294967295",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551615",
          "18446744073709551620",
          "-9223372036854775809",
          "0.5",
          "1.9",
          "1e999",
          "-1e999",
          "1e-999",
          "NaN",
          "\"NaN\"",
          "Infinity",
          "-0",
          "007",
          "0x10",
          "1_000",
          "\u0664",
          "9".repeat(400));

  private static final List<String> WORDS =
      List.of(
          "null",
          "true",
          "false",
          "True",
          "{}",
          "[]",
          "()",
          "\"\"",
          "''",
          ",",
          ":",
          ";",
          "\n",
          "\r",
          " ",
          "\u0000",
          "\uFEFF",
          "\u202E",
          "\u0130",
          "\ud83d\ude80",
          "\\",
          "\\u0000",
          "//",
          "#",
          "[[",
          "]]",
          "{\"\":",
          "}}",
          "java.lang.Runtime",
          "../../x",
          "\u00e9",
          "%n",
          "$1");

  /** Some do harm when they are made or only loaded; the first tells when it is. */
  private static final List<String> CLASSES =
      List.of(
          Canary.class.getName(),
          "javax.script.ScriptEngineManager",
          "org.nd4j.linalg.learning.config.Adam",
          "[L" + Canary.class.getName() + ";");

  private final Random random;
  private final List<byte[]> seeds;

  /**
   * @param seeds good inputs, of which pieces are taken
   */
  Mutator(long seed, List<byte[]> seeds) {
    this.random = new Random(seed);
    this.seeds = seeds;
  }

  /** Changes an input in one place. */
  byte[] changed(byte[] bytes) {
    int at = place(bytes);
    int end = Math.min(bytes.length, at + 1 + random.nextInt(random.nextInt(8) == 0 ? 64 : 8));
    return switch (random.nextInt(16)) {
      case 0, 1 -> flipped(bytes, at);
      case 2 -> replaced(bytes, at, end, randomBytes(1 + random.nextInt(8)));
      case 3 -> replaced(bytes, at, end, new byte[0]);
      case 4 -> replaced(bytes, end, end, Arrays.copyOfRange(bytes, at, end));
      case 5 -> Arrays.copyOf(bytes, at);
      case 6 -> spliced(bytes, at);
      case 7, 8, 9 -> replacedRun(bytes, at, NUMBERS, true);
      case 10, 11 -> replacedRun(bytes, at, words(), false);
      case 12 -> replaced(bytes, at, at, text(any(WORDS)));
      case 13, 14 -> withClass(bytes, at);
      default -> random.nextInt(50) == 0 ? nested(bytes, at) : doubledPart(bytes, at);
    };
  }

  private int place(byte[] bytes) {
    return bytes.length == 0 ? 0 : random.nextInt(bytes.length);
  }

  private byte[] flipped(byte[] bytes, int at) {
    byte[] other = bytes.clone();
    if (at < other.length) {
      other[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    return other;
  }

  /** The beginning of this and the end of another. */
  private byte[] spliced(byte[] bytes, int at) {
    byte[] other = any(seeds);
    return replaced(bytes, at, bytes.length, Arrays.copyOfRange(other, place(other), other.length));
  }

  /** A run of letters and digits, or of digits alone, gives way to another. */
  private byte[] replacedRun(byte[] bytes, int near, List<String> by, boolean digits) {
    int at = near;
    while (at < bytes.length && !isOfRun(bytes[at], digits)) {
      at++;
    }
    int begin = at;
    while (begin > 0 && isOfRun(bytes[begin - 1], digits)) {
      begin--;
    }
    while (at < bytes.length && isOfRun(bytes[at], digits)) {
      at++;
    }
    return replaced(bytes, begin, at, text(any(by)));
  }

  private static boolean isOfRun(byte one, boolean digits) {
    return digits ? one >= '0' && one <= '9' : Character.isLetterOrDigit(one & 0x7f);
  }

  /** Words of a seed beside ours. */
  private List<String> words() {
    List<String> all = new ArrayList<>(WORDS);
    String seed = new String(any(seeds), StandardCharsets.ISO_8859_1);
    String[] own = seed.split("[^A-Za-z0-9_.]+");
    all.addAll(List.of(own).subList(0, Math.min(own.length, 100)));
    return all;
  }

  /** The next quoted text names a class, or a field is put before it that does. */
  private byte[] withClass(byte[] bytes, int near) {
    int begin = next(bytes, near);
    int end = next(bytes, begin + 1);
    if (end >= bytes.length) {
      return replaced(bytes, near, near, text(any(CLASSES)));
    }
    String name = '"' + any(CLASSES) + '"';
    return random.nextInt(4) == 0
        ? replaced(bytes, begin, begin, text("\"@class\":" + name + ","))
        : replaced(bytes, begin, end + 1, text(name));
  }

  private static int next(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != '"' && bytes[at] != '\'') {
      at++;
    }
    return at;
  }

  private byte[] nested(byte[] bytes, int at) {
    String open = any(List.of("[", "(", "{\"a\":", "{\"type\":\"chain\",\"layers\":[", "((", "'"));
    return replaced(bytes, at, at, text(open.repeat(1 + random.nextInt(DEEP))));
  }

  /** From one bracket, quote or comma to the next. */
  private byte[] doubledPart(byte[] bytes, int at) {
    int end = at + 1;
    while (end < bytes.length && "{}[](),\"'\n".indexOf(bytes[end]) < 0) {
      end++;
    }
    end = Math.min(end, bytes.length);
    byte[] part = Arrays.copyOfRange(bytes, Math.min(at, end), end);
    return replaced(bytes, end, end, part);
  }

  private byte[] randomBytes(int count) {
    byte[] some = new byte[count];
    random.nextBytes(some);
    return some;
  }

  private static byte[] replaced(byte[] bytes, int from, int to, byte[] by) {
    byte[] result = new byte[from + by.length + bytes.length - to];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(bytes, to, result, from + by.length, bytes.length - to);
    return result;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
