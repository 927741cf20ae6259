package io.penstock.docs;

import io.penstock.testing.Page;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names in backticks that are written as paths: of a file, of a type ({@code nn/layer/Dense}), of
 * its member ({@code train/Stage.run}) or of a folder. {@code NAME} in it stands for any.
 */
record PathNames(Repository repository, Paths paths) {
  private static final Pattern PATH =
      Pattern.compile(
          "(?:[\\w.]+=|-D[\\w.]+=)?(?:file:)?(?:…/penstock/)?"
              + "(\\.?[A-Za-z][\\w.*-]*(?:/[\\w.*-]+)+|[a-z][\\w-]*(?=/$))/?");

  private static final Pattern MEMBER = Pattern.compile("(.*/[A-Z]\\w*)\\.(\\w+)");
  private static final Pattern OTHERS = Pattern.compile("[A-Z]+/.*");

  /** Where pages begin a path, the page's own folder besides. */
  private static final List<String> STARTS =
      List.of(
          "",
          "spark-plugin/src/main/java/io/penstock/",
          "src/test/java/io/penstock/",
          "src/testing/java/io/penstock/",
          "spark-plugin/src/main/resources/",
          "src/test/resources/");

  static PathNames of(Repository repository) {
    return new PathNames(repository, new Paths(repository, Poms.of(repository)));
  }

  /** Tells what is wrong with a text in backticks, if it is a path. */
  List<String> complaints(Page.Span span) {
    Matcher whole = PATH.matcher(span.text());
    if (!whole.matches() || OTHERS.matcher(whole.group(1)).matches()) {
      return List.of();
    }
    String path = whole.group(1);
    String folder = span.page().name().replaceFirst("[^/]*$", "");
    boolean there =
        Stream.concat(STARTS.stream(), Stream.of(folder)).anyMatch(start -> has(start + path));
    return there
        ? List.of()
        : List.of(
            span.complaint(
                "there is no file, type or folder '"
                    + path
                    + "', neither here nor below any of "
                    + STARTS.subList(1, STARTS.size())
                    + ": mend it or, if it is not this repository's, begin it with / or $"));
  }

  private boolean has(String path) {
    String pattern = path.replace("NAME", "*").replaceFirst("(/[^/*]*\\*[^/]*)/.*", "$1");
    return paths.leads(path)
        || paths.leads(path + ".java")
        || paths.leads(pattern)
        || paths.leads(pattern + ".java")
        || hasMember(path);
  }

  private boolean hasMember(String path) {
    Matcher member = MEMBER.matcher(path);
    return member.matches()
        && repository.has(member.group(1) + ".java")
        && Pattern.compile("\\b" + member.group(2) + "\\b")
            .matcher(repository.text(member.group(1) + ".java"))
            .find();
  }
}
