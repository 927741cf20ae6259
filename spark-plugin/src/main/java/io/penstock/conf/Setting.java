package io.penstock.conf;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.OptionConverters;

/**
 * Setting of Penstock among Spark's, given by {@code --conf}, a properties file or {@code
 * SparkConf} before the application starts. Immutable; any thread may read it.
 *
 * @param <T> the type of its values
 */
public final class Setting<T> {
  private final String key;
  private final SettingType<T> type;
  private final String usual;
  private final Supplier<T> fallback;
  private final String meaning;

  /**
   * @param usual what holds if it is not set: a value, or words where that depends
   * @param fallback makes the value that holds if it is not set; makes null where its reader knows
   */
  private Setting(
      String key, SettingType<T> type, String usual, Supplier<T> fallback, String meaning) {
    this.key = key;
    this.type = type;
    this.usual = usual;
    this.fallback = fallback;
    this.meaning = meaning;
  }

  /** Returns a setting that has the same value wherever it is not set. */
  static <T> Setting<T> of(String key, SettingType<T> type, String usual, String meaning) {
    T value = type.reader().apply(usual);
    return new Setting<>(key, type, usual, () -> value, meaning);
  }

  /**
   * Makes a setting whose usual value hangs on the process that reads it.
   *
   * @param usual that in words
   * @param value makes it
   */
  static <T> Setting<T> computed(
      String key, SettingType<T> type, String usual, Supplier<T> value, String meaning) {
    return new Setting<>(key, type, usual, value, meaning);
  }

  /**
   * Returns a setting whose reader knows what holds if it is not set: see {@link #given}.
   *
   * @param usual that in words
   */
  static <T> Setting<T> open(String key, SettingType<T> type, String usual, String meaning) {
    return new Setting<>(key, type, usual, () -> null, meaning);
  }

  /** Returns its name. */
  public String key() {
    return key;
  }

  /** Returns what holds if it is not set: a value, or words where that depends. */
  public String usual() {
    return usual;
  }

  /** Returns what it does, in one or more sentences. */
  public String meaning() {
    return meaning;
  }

  /**
   * Returns its value, which is the usual one if it is not set.
   *
   * @throws IllegalArgumentException if what is set is no value of its type; says what to write
   * @throws IllegalStateException if it is not set and has no usual value
   */
  public T in(SparkConf conf) {
    return orUsual(given(conf));
  }

  /**
   * Returns its value in a session, which may have another than the application.
   *
   * @throws IllegalArgumentException if what is set is no value of its type; says what to write
   * @throws IllegalStateException if it is not set and has no usual value
   */
  public T in(SparkSession session) {
    return orUsual(given(session));
  }

  /**
   * Returns the value that is set in a session, if one is.
   *
   * @throws IllegalArgumentException if what is set is no value of its type; says what to write
   */
  public Optional<T> given(SparkSession session) {
    return OptionConverters.toJava(session.conf().getOption(key)).map(this::read);
  }

  private T orUsual(Optional<T> given) {
    return given
        .or(() -> Optional.ofNullable(fallback.get()))
        .orElseThrow(() -> new IllegalStateException(key + " is not set; it has no usual value"));
  }

  /**
   * Returns the value that is set, if one is.
   *
   * @throws IllegalArgumentException if what is set is no value of its type; says what to write
   */
  public Optional<T> given(SparkConf conf) {
    return conf.contains(key) ? Optional.of(read(conf.get(key))) : Optional.empty();
  }

  private T read(String text) {
    try {
      return type.reader().apply(text.strip());
    } catch (RuntimeException wrong) {
      throw new IllegalArgumentException(
          key + " is '" + text + "'; write " + type.advice() + ".", wrong);
    }
  }
}
