package io.penstock.docs;

import io.penstock.testing.Fence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a page's Java is given of imports: every public type of Penstock's that it names, and the
 * packages below.
 */
record JavaImports(Sources sources) {
  private static final List<String> PACKAGES =
      List.of(
          "java.util",
          "java.nio.file",
          "org.apache.spark.ml",
          "org.apache.spark.ml.evaluation",
          "org.apache.spark.ml.feature",
          "org.apache.spark.ml.tuning",
          "org.apache.spark.scheduler",
          "org.apache.spark.sql",
          "org.nd4j.linalg.learning.config",
          "org.nd4j.weightinit");

  private static final Pattern NAME = Pattern.compile("(?<![.\\w])[A-Z]\\w*");

  /**
   * The imports, in one line.
   *
   * @param code of the block, without comments and texts
   * @param own simple names that the block itself imports or declares
   * @param complaints takes what is wrong, with its place
   */
  String of(Fence fence, String code, Set<String> own, List<String> complaints) {
    StringBuilder imports =
        new StringBuilder(String.join(" ", types(fence, code, own, complaints)));
    PACKAGES.forEach(each -> imports.append(" import ").append(each).append(".*;"));
    return imports.toString();
  }

  private Set<String> types(Fence fence, String code, Set<String> own, List<String> complaints) {
    Map<String, String> found = new HashMap<>();
    Matcher name = NAME.matcher(code);
    while (name.find()) {
      List<Sources.Type> types = own.contains(name.group()) ? List.of() : meant(name.group());
      if (types.size() > 1) {
        complaints.add(
            fence.complaint(
                0,
                "there are several types "
                    + name.group()
                    + ": add the import of one of "
                    + types.stream().map(Sources.Type::name).toList()));
      } else if (types.size() == 1) {
        found.put(name.group(), "import " + types.get(0).name() + ";");
      }
    }
    return Set.copyOf(found.values());
  }

  /** Where packages share a name, the one that networks or estimators are written with is meant. */
  private List<Sources.Type> meant(String name) {
    List<Sources.Type> all = sources.named(name).stream().filter(Sources.Type::isPublic).toList();
    List<Sources.Type> users =
        all.stream().filter(type -> type.name().matches("io\\.penstock\\.(nn|ml)\\..*")).toList();
    return users.isEmpty() ? all : users;
  }
}
