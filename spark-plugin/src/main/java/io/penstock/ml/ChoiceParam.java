package io.penstock.ml;

import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamPair;

/**
 * A param whose value is one of a few names. Each is taken in either case, and kept as it is
 * written in the list, whichever way it is set: by a setter, by name, from a grid, a map or a file.
 *
 * @param <T> String; not named, so that a value of another type comes to the {@link
 *     ParamValidator}, which says what is allowed
 */
final class ChoiceParam<T> extends Param<T> {
  private static final long serialVersionUID = 1L;

  private final List<String> names;

  private ChoiceParam(
      String uid, String name, String doc, List<String> names, ParamValidator<T> rule) {
    super(uid, name, doc, rule);
    this.names = List.copyOf(names);
  }

  /** Makes a param that may be one of these names and nothing else. */
  static ChoiceParam<String> of(String uid, String name, String doc, List<String> names) {
    return new ChoiceParam<>(uid, name, doc, names, ParamValidator.oneOf(name, names));
  }

  /**
   * Makes a param that may be one of these names, or something else.
   *
   * @param allowed what it may be, the names too
   * @param other holds for what is allowed and no name
   */
  static ChoiceParam<String> of(
      String uid,
      String name,
      String doc,
      List<String> names,
      String allowed,
      ParamValidator.Test<String> other) {
    List<String> own = List.copyOf(names);
    return new ChoiceParam<>(
        uid,
        name,
        doc,
        own,
        new ParamValidator<>(name, allowed, said -> own.contains(said) || other.test(said)));
  }

  /** Returns whether a value is one of the names, as it is written in the list. */
  boolean isName(String value) {
    return names.contains(value);
  }

  /** Every way to set a param makes its pair here. */
  @Override
  public ParamPair<T> $minus$greater(T value) {
    return super.$minus$greater(kept(value));
  }

  @SuppressWarnings("unchecked") // a name takes the place of a name
  private T kept(T value) {
    String said = String.valueOf((Object) value);
    return names.stream()
        .filter(name -> name.equalsIgnoreCase(said))
        .findFirst()
        .map(name -> (T) name)
        .orElse(value);
  }
}
