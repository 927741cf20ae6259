package io.penstock.dl4j;

import static org.bytedeco.hdf5.global.hdf5.H5F_ACC_TRUNC;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.hdf5.Attribute;
import org.bytedeco.hdf5.DataSet;
import org.bytedeco.hdf5.DataSpace;
import org.bytedeco.hdf5.DataType;
import org.bytedeco.hdf5.Group;
import org.bytedeco.hdf5.H5File;
import org.bytedeco.hdf5.H5Object;
import org.bytedeco.hdf5.PredType;
import org.bytedeco.hdf5.StrType;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A file as {@code model.save("model.h5")} of Keras 2.12 writes it: the model's configuration in an
 * attribute, and in {@code model_weights} a group for each layer, which has its weights under the
 * names of TensorFlow's variables.
 */
final class KerasFile {
  private record Entry(String json, String name, Map<String, INDArray> weights) {}

  private final List<Entry> layers = new ArrayList<>();
  private String version = "2.12.0";
  private String training;

  /** The shape of the input; null for what is open. */
  KerasFile input(Integer... dims) {
    return layer(
        "InputLayer",
        "input_1",
        "'batch_input_shape': [null, "
            + String.join(", ", Arrays.stream(dims).map(String::valueOf).toList())
            + "], 'dtype': 'float32', 'sparse': false, 'ragged': false",
        Map.of());
  }

  /**
   * A layer.
   *
   * @param config its settings without the name, in JSON with single quotes
   * @param weights by their names behind the layer's, such as {@code kernel}
   */
  KerasFile layer(String type, String name, String config, Map<String, INDArray> weights) {
    String json =
        "{'class_name': '%s', 'config': {'name': '%s', 'trainable': true%s}}"
            .formatted(type, name, config.isEmpty() ? "" : ", " + config);
    layers.add(new Entry(json.replace('\'', '"'), name, new LinkedHashMap<>(weights)));
    return this;
  }

  KerasFile dense(String name, int units, String activation, INDArray kernel, INDArray bias) {
    return layer(
        "Dense",
        name,
        "'units': %d, 'activation': '%s', 'use_bias': true, %s"
            .formatted(units, activation, initializers()),
        Map.of("kernel", kernel, "bias", bias));
  }

  /** What begins weights, and what holds them; nobody needs it, but DL4J reads it. */
  static String initializers() {
    return "'kernel_initializer': {'class_name': 'GlorotUniform', 'config': {'seed': null}},"
        + " 'bias_initializer': {'class_name': 'Zeros', 'config': {}}, 'kernel_regularizer': null,"
        + " 'bias_regularizer': null, 'activity_regularizer': null, 'kernel_constraint': null,"
        + " 'bias_constraint': null";
  }

  /** Settings of a convolution over pictures with channels last. */
  static String conv(int filters, String size, String padding, String activation) {
    return ("'filters': %d, 'kernel_size': %s, 'strides': [1, 1], 'padding': '%s',"
                + " 'activation': '%s'")
            .formatted(filters, size, padding, activation)
        + ", 'data_format': 'channels_last', 'dilation_rate': [1, 1], 'groups': 1,"
        + " 'use_bias': true, "
        + initializers();
  }

  /** Settings of an LSTM as they usually are. */
  static String lstm(int units, boolean sequences) {
    return "'return_sequences': "
        + sequences
        + ", 'return_state': false, 'go_backwards': false, 'stateful': false, 'unroll': false,"
        + " 'time_major': false, 'units': "
        + units
        + ", 'activation': 'tanh', 'recurrent_activation': 'sigmoid', 'use_bias': true,"
        + " 'recurrent_initializer': {'class_name': 'Orthogonal', 'config': {'gain': 1.0, 'seed':"
        + " null}}, 'unit_forget_bias': true, 'recurrent_regularizer': null,"
        + " 'recurrent_constraint': null, 'dropout': 0.0, 'recurrent_dropout': 0.0,"
        + " 'implementation': 2, "
        + initializers();
  }

  /** What an LSTM has. */
  static Map<String, INDArray> lstmWeights(INDArray kernel, INDArray recurrent, INDArray bias) {
    return Map.of(
        "lstm_cell/kernel",
        kernel,
        "lstm_cell/recurrent_kernel",
        recurrent,
        "lstm_cell/bias",
        bias);
  }

  /** Numbers in no order, positive so that variances are. */
  static INDArray numbers(long... shape) {
    int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    double[] all = IntStream.range(0, count).mapToDouble(i -> (i * 37 % 101 + 1) / 200.0).toArray();
    return Nd4j.createFromArray(all)
        .castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT)
        .reshape(shape);
  }

  /** The loss that it was compiled with, in JSON with single quotes. */
  KerasFile compiled(String loss) {
    training =
        ("{'loss': " + loss + ", 'metrics': null, 'weighted_metrics': null, 'loss_weights': null}")
            .replace('\'', '"');
    return this;
  }

  KerasFile version(String other) {
    version = other;
    return this;
  }

  Path write(Path path) {
    try (H5File file = new H5File(path.toString(), H5F_ACC_TRUNC)) {
      text(file, "keras_version", version);
      text(file, "backend", "tensorflow");
      String all = String.join(", ", layers.stream().map(Entry::json).toList());
      text(
          file,
          "model_config",
          "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"sequential\", \"layers\": ["
              + all
              + "]}}");
      if (training != null) {
        text(file, "training_config", training);
      }
      try (Group root = file.createGroup("model_weights")) {
        text(root, "backend", "tensorflow");
        text(root, "keras_version", version);
        texts(root, "layer_names", layers.stream().map(Entry::name).toList());
        layers.forEach(entry -> weights(root, entry));
      }
    }
    return path;
  }

  private static void weights(Group root, Entry entry) {
    try (Group outer = root.createGroup(entry.name())) {
      List<String> names =
          entry.weights().keySet().stream().map(n -> entry.name() + "/" + n + ":0").toList();
      texts(outer, "weight_names", names);
      if (names.isEmpty()) {
        return;
      }
      // An LSTM's have its cell in their names, and are in a group of it.
      String path = names.get(0).substring(0, names.get(0).lastIndexOf('/'));
      write(outer, Arrays.asList(path.split("/")), entry.weights());
    }
  }

  private static void write(Group where, List<String> path, Map<String, INDArray> weights) {
    if (path.isEmpty()) {
      weights.forEach(
          (name, values) -> numbers(where, name.substring(name.lastIndexOf('/') + 1), values));
      return;
    }
    try (Group group = where.createGroup(path.get(0))) {
      write(group, path.subList(1, path.size()), weights);
    }
  }

  private static void numbers(Group group, String name, INDArray values) {
    DataSpace space = new DataSpace(values.rank(), values.shape());
    DataType type = new DataType(PredType.IEEE_F32LE());
    try (DataSet set = group.createDataSet(name + ":0", type, space);
        FloatPointer numbers = new FloatPointer(values.dup('c').data().asFloat())) {
      set.write(numbers, new DataType(PredType.NATIVE_FLOAT()));
    }
  }

  /** A byte string of fixed length, as h5py writes Python's {@code bytes}. */
  private static void text(H5Object where, String name, String text) {
    strings(where, name, List.of(text), new DataSpace());
  }

  private static void texts(H5Object where, String name, List<String> texts) {
    if (texts.isEmpty()) {
      // numpy makes an empty list one of doubles.
      DataType doubles = new DataType(PredType.NATIVE_DOUBLE());
      where.createAttribute(name, doubles, new DataSpace(1, new long[] {0})).close();
    } else {
      strings(where, name, texts, new DataSpace(1, new long[] {texts.size()}));
    }
  }

  private static void strings(H5Object where, String name, List<String> texts, DataSpace space) {
    List<byte[]> bytes = texts.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toList();
    int size = bytes.stream().mapToInt(b -> b.length).max().orElseThrow();
    byte[] all = new byte[size * bytes.size()];
    for (int i = 0; i < bytes.size(); i++) {
      System.arraycopy(bytes.get(i), 0, all, i * size, bytes.get(i).length);
    }
    StrType type = new StrType(PredType.C_S1(), size);
    type.setStrpad(org.bytedeco.hdf5.global.hdf5.H5T_STR_NULLPAD);
    try (Attribute attribute = where.createAttribute(name, type, space);
        BytePointer pointer = new BytePointer(all)) {
      attribute.write(type, pointer);
    }
  }
}
