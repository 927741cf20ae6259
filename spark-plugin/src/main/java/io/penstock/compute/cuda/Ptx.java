package io.penstock.compute.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of kernels, compiled to PTX, NVIDIA's assembly language of which the driver makes machine
 * code for its GPU. Immutable.
 *
 * @param file its name
 * @param text as the compiler wrote it
 * @param parameters by the name of each kernel in it, the letters of {@link Kernel}
 */
record Ptx(String file, String text, Map<String, String> parameters) {
  /** Resource that names all files of kernels, a line each. */
  private static final String INDEX = "kernels.txt";

  private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+(\\w+)\\s*\\(([^)]*)\\)");
  private static final Pattern PARAMETER = Pattern.compile("\\.param\\s+\\.(\\w+)");

  /** Reads what the text declares. */
  static Ptx of(String file, String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    Matcher entry = ENTRY.matcher(text);
    while (entry.find()) {
      StringBuilder letters = new StringBuilder();
      Matcher each = PARAMETER.matcher(entry.group(2));
      while (each.find()) {
        letters.append(letter(file, entry.group(1), each.group(1)));
      }
      parameters.put(entry.group(1), letters.toString());
    }
    return new Ptx(file, text, parameters);
  }

  private static char letter(String file, String kernel, String type) {
    return switch (type) {
      case "u64", "s64", "b64" -> Kernel.LONG;
      case "u32", "s32", "b32" -> Kernel.INT;
      case "f32" -> Kernel.FLOAT;
      case "f64" -> Kernel.DOUBLE;
      default ->
          throw new IllegalArgumentException(
              "Kernel "
                  + kernel
                  + " of "
                  + file
                  + " has a parameter of type "
                  + type
                  + "; kernels.h says which there may be.");
    };
  }

  /** Reads all files of kernels that this installation has. */
  static List<Ptx> all() {
    List<Ptx> all = new ArrayList<>();
    for (String file : read(INDEX).lines().toList()) {
      all.add(of(file, read(file)));
    }
    return all;
  }

  private static String read(String resource) {
    try (InputStream in = Ptx.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new CudaException(
            Trouble.IMAGE,
            "Penstock's jar lacks "
                + resource
                + ", which the build puts there; spark-plugin/src/main/cuda/compile makes it.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Penstock's jar cannot be read: " + resource, e);
    }
  }
}
