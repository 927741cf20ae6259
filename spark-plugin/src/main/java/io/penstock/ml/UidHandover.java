package io.penstock.ml;

import io.penstock.launch.SparkVersion;

/**
 * Carries a uid over the gap in which a Java subclass of an MLlib class has none: the Scala
 * super-constructors make their params with {@code this.uid()} before a Java field can be set.
 *
 * <p>Made as an argument of {@code this(…)}, which runs before {@code super()}; {@link #current}
 * answers {@code uid()} until {@link #take} hands the value to the field.
 */
final class UidHandover {
  private static final ThreadLocal<String> CURRENT = new ThreadLocal<>();

  UidHandover(String uid) {
    SparkVersion.check();
    CURRENT.set(uid);
  }

  static String current() {
    return CURRENT.get();
  }

  String take() {
    String uid = CURRENT.get();
    CURRENT.remove();
    return uid;
  }
}
