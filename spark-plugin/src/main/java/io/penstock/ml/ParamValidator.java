package io.penstock.ml;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import scala.runtime.AbstractFunction1;

/**
 * Validator of a param's values. MLlib's own message for a false answer is "given invalid value"
 * and no more, so a refusal is thrown from here and says what is allowed.
 */
final class ParamValidator<T> extends AbstractFunction1<T, Object> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String param;
  private final String allowed;
  private final Test<T> test;

  /** Travels with its param. */
  interface Test<T> extends Predicate<T>, Serializable {}

  /**
   * @param allowed what the value must be, to stand behind "it must be"
   */
  ParamValidator(String param, String allowed, Test<T> test) {
    this.param = param;
    this.allowed = allowed;
    this.test = test;
  }

  /** For a whole number of at least 1. */
  static ParamValidator<Object> atLeastOne(String param) {
    return new ParamValidator<>(
        param, "a whole number of at least 1", value -> (Integer) value >= 1);
  }

  /** For a finite number of at least 0. */
  static ParamValidator<Object> notNegative(String param, String zero) {
    return new ParamValidator<>(
        param,
        "a finite number of at least 0; 0 " + zero,
        value -> (Double) value >= 0 && Double.isFinite((Double) value));
  }

  /** For a finite number above 0. */
  static ParamValidator<Object> positive(String param, String example) {
    return new ParamValidator<>(
        param,
        "a finite number above 0, for example " + example,
        value -> (Double) value > 0 && Double.isFinite((Double) value));
  }

  /** For a text that is not null. */
  static ParamValidator<String> text(String param, String what) {
    return new ParamValidator<>(param, what, value -> value instanceof String);
  }

  /** For one of a few names. */
  static ParamValidator<String> oneOf(String param, List<String> names) {
    List<String> own = List.copyOf(names);
    return new ParamValidator<>(param, "one of " + String.join(", ", own), own::contains);
  }

  @Override
  public Object apply(T value) {
    if (value == null || !isAllowed(value)) {
      throw new IllegalArgumentException(
          param + " is " + said(value) + "; it must be " + allowed + ".");
    }
    return true;
  }

  /** Params can be set by name, from a map or from Python, with a value of any type. */
  private boolean isAllowed(T value) {
    try {
      return test.test(value);
    } catch (ClassCastException ofAnotherType) {
      return false;
    }
  }

  private static String said(Object value) {
    if (value instanceof int[] numbers) {
      return Arrays.toString(numbers);
    }
    if (value instanceof Object[] values) {
      return Arrays.toString(values);
    }
    if (value instanceof String text) {
      return "'" + text + "'"; // so that blanks show
    }
    return value instanceof double[] numbers ? Arrays.toString(numbers) : String.valueOf(value);
  }
}
