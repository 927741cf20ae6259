package io.penstock.ml;

import io.penstock.launch.SparkVersion;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * Registry of the params of one estimator or model that are ours and not MLlib's, by name, each
 * made once.
 *
 * <p>A param has one place: the public method of its name in one of the {@code ...Params}
 * interfaces, which tells the registry name, doc, allowed values and default. MLlib finds params by
 * calling every public method that returns one, and {@link #declare} has it do so in the
 * constructor; later calls only look the param up.
 *
 * <p>The type is public and has no public member. Each estimator and model extends a class of
 * MLlib's, so the params are in interfaces, whose methods Java makes public: {@link
 * OptimizerParams#paramRegistry} is one, and its type must be one that a user's compiler knows.
 * Users have the params by the methods of their names.
 *
 * <p>Filled by its owner's constructor and only read from then on, by any thread.
 */
public final class ParamRegistry implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Map<String, Param<?>> params = new LinkedHashMap<>();
  private final Map<String, Default<?>> defaults = new LinkedHashMap<>();
  private boolean declared;

  private record Default<T>(Param<T> param, T value) implements Serializable {}

  ParamRegistry() {
    SparkVersion.check();
  }

  /**
   * The param of this name, which has no default.
   *
   * @param make makes it of its name, at the first call
   */
  @SuppressWarnings("unchecked") // one method asks for a name, and always for the same type
  <P extends Param<?>> P param(String name, Function<String, P> make) {
    Param<?> known = params.get(name);
    if (known == null) {
      if (declared) {
        throw new IllegalStateException(
            "MLlib does not find the param " + name + ": its method must be public.");
      }
      known = make.apply(name);
      params.put(name, known);
    }
    return (P) known;
  }

  /**
   * The param of this name.
   *
   * @param usual its default
   * @param make makes it of its name, at the first call
   */
  <T, P extends Param<T>> P param(String name, T usual, Function<String, P> make) {
    return withDefault(param(name, make), usual);
  }

  /** The param, with this default in place of its own. */
  <T, P extends Param<T>> P withDefault(P param, T usual) {
    if (!declared) {
      defaults.put(param.name(), new Default<>(param, usual));
    }
    return param;
  }

  /**
   * Makes every param and sets the defaults: the last that the owner's constructor does, for its
   * methods are called.
   */
  void declare(Params owner) {
    owner.params();
    declared = true;
    defaults.values().forEach(one -> set(owner, one));
  }

  private static <T> void set(Params owner, Default<T> one) {
    owner.setDefault(one.param(), one.value());
  }
}
