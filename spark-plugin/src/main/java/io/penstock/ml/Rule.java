package io.penstock.ml;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.Predicate;
import scala.runtime.AbstractFunction1;

/**
 * What a param's value must be. MLlib's own message for a false answer is "given invalid value" and
 * no more, so a refusal is thrown from here and says what is allowed.
 */
final class Rule<T> extends AbstractFunction1<T, Object> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String param;
  private final String allowed;
  private final Test<T> test;

  /** Travels with its param. */
  interface Test<T> extends Predicate<T>, Serializable {}

  /**
   * @param allowed what the value must be, to stand behind "it must be"
   */
  Rule(String param, String allowed, Test<T> test) {
    this.param = param;
    this.allowed = allowed;
    this.test = test;
  }

  @Override
  public Object apply(T value) {
    if (!test.test(value)) {
      String said =
          value instanceof int[] sizes ? Arrays.toString(sizes) : String.valueOf((Object) value);
      throw new IllegalArgumentException(param + " is " + said + "; it must be " + allowed + ".");
    }
    return true;
  }
}
