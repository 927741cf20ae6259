package io.penstock.ml;

import io.penstock.launch.SparkVersion;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * Registry of the params of one estimator or model that are ours and not MLlib's, by name, each
 * made once. Groups of them are declared by classes whose names begin with Declared; the interface
 * of each group finds its own here.
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

  private final Params parent;
  private final Map<String, Param<?>> params = new LinkedHashMap<>();
  private final List<Default<?>> defaults = new ArrayList<>();

  private record Default<T>(Param<T> param, T value) implements Serializable {}

  private ParamRegistry(Params parent) {
    this.parent = parent;
  }

  /**
   * The params of these groups.
   *
   * @param parent whose they are; it must know its uid already
   */
  @SafeVarargs
  static ParamRegistry of(Params parent, Consumer<ParamRegistry>... groups) {
    SparkVersion.check();
    ParamRegistry made = new ParamRegistry(parent);
    for (Consumer<ParamRegistry> group : groups) {
      group.accept(made);
    }
    return made;
  }

  /** Whose they are. */
  Params parent() {
    return parent;
  }

  /** The parent's uid. */
  String uid() {
    return parent.uid();
  }

  /** Adds a param that has no default. */
  void add(Param<?> param) {
    params.put(param.name(), param);
  }

  /** Adds a param with its default. */
  <T> void add(Param<T> param, T value) {
    add(param);
    defaults.add(new Default<>(param, value));
  }

  /** Gives another default to a param that has been added. */
  <T> void change(String name, T value) {
    defaults.removeIf(one -> one.param().name().equals(name));
    Param<T> param = get(name);
    defaults.add(new Default<>(param, value));
  }

  /** The param of this name; whoever asks knows its type. */
  @SuppressWarnings("unchecked")
  <P extends Param<?>> P get(String name) {
    return (P) params.get(name);
  }

  /** Sets the defaults; only once the parent's field holds this, for MLlib then asks for it. */
  void setDefaults() {
    defaults.forEach(this::setDefault);
  }

  private <T> void setDefault(Default<T> one) {
    parent.setDefault(one.param(), one.value());
  }
}
