package io.penstock.docs;

import io.penstock.testing.Fence;
import java.lang.reflect.Field;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.SimpleJavaFileObject;

/**
 * A Java block of a page as a compiler takes it, line by line as on the page. Statements become a
 * method of a {@link Given}, methods its members, types stand for themselves.
 */
final class JavaSource extends SimpleJavaFileObject {
  private static final Pattern IMPORT = Pattern.compile("import (static )?([\\w.*]+);.*");
  private static final Pattern TYPE =
      Pattern.compile("(?m)^([a-z]+ )*(class|interface|record|enum|@interface) (\\w+)");
  private static final Pattern NO_CODE =
      Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*|\"\"\".*?\"\"\"|\"(\\\\.|[^\"\\\\\n])*\"");

  /** What a block cannot have when it is run: Spark, and files. */
  private static final Set<String> ABSENT =
      Stream.concat(
              Arrays.stream(Given.class.getDeclaredFields()).map(Field::getName),
              Stream.of("SparkSession", "Path", "read", "load"))
          .collect(Collectors.toSet());

  private final Fence fence;
  private final String text;
  private final String toRun;

  private JavaSource(Fence fence, String folder, String type, String text, boolean standsAlone) {
    super(URI.create("string:///" + folder + "/" + type + ".java"), Kind.SOURCE);
    this.fence = fence;
    this.text = text;
    this.toRun = standsAlone ? folder + "." + type : "";
  }

  /** The block. */
  Fence fence() {
    return fence;
  }

  /** The class whose method {@code shown} can be run; empty where there is none. */
  String toRun() {
    return toRun;
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return text;
  }

  /**
   * Makes one of a block.
   *
   * @param name of its package, its own
   * @param complaints takes what is wrong, with its place
   */
  static JavaSource of(Fence fence, String name, JavaImports given, List<String> complaints) {
    Set<String> own = new LinkedHashSet<>(); // imported or declared
    StringBuilder imports = new StringBuilder();
    StringBuilder body = new StringBuilder();
    for (String line : fence.text().lines().toList()) {
      Matcher matcher = IMPORT.matcher(line.strip());
      if (matcher.matches()) {
        String whole = matcher.group(2);
        imports.append(line.strip(), 0, matcher.end(2)).append("; ");
        own.add(whole.substring(whole.lastIndexOf('.') + 1));
      }
      body.append(matcher.matches() || line.startsWith("package ") ? "" : line).append('\n');
    }
    String code = NO_CODE.matcher(body).replaceAll(" ");
    Matcher type = TYPE.matcher(code);
    String open = "Block";
    while (type.find()) {
      own.add(type.group(3));
      open = type.group().startsWith("public ") ? type.group(3) : open;
    }
    String head = "package " + name + "; " + imports + given.of(fence, code, own, complaints);
    String first = code.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    if (TYPE.matcher(first).find() || first.startsWith("@FunctionalInterface")) {
      return new JavaSource(fence, name, open, head + body, false);
    }
    String block = " class Block extends " + Given.class.getName() + " { ";
    if (first.matches("(@Override|public |protected |private |static ).*")) {
      return new JavaSource(fence, name, "Block", head + " abstract" + block + body + "}", false);
    }
    String shown =
        head + " public" + block + "public void shown() throws Exception { " + body + "} }";
    return new JavaSource(fence, name, "Block", shown, standsAlone(code));
  }

  private static boolean standsAlone(String code) {
    return Pattern.compile("\\w+")
        .matcher(code)
        .results()
        .map(MatchResult::group)
        .noneMatch(ABSENT::contains);
  }
}
