package io.penstock.docs;

import io.penstock.testing.Fence;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles the Java blocks of pages, all at once. A block of statements becomes a method of a
 * {@link Given}, one of methods its members, one of types stands for itself. What it does not
 * import itself is imported: every public type of Penstock's by its simple name, and the packages
 * below.
 */
record JavaBlocks(Sources sources) {
  /** Whose types a page may use without an import. */
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

  private static final Pattern IMPORT = Pattern.compile("import (static )?([\\w.*]+);.*");
  private static final Pattern NAME = Pattern.compile("(?<![.\\w])[A-Z]\\w*");
  private static final Pattern TYPE =
      Pattern.compile("(?m)^([a-z]+ )*(class|interface|record|enum|@interface) (\\w+)");
  private static final Pattern NO_CODE =
      Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*|\"\"\".*?\"\"\"|\"(\\\\.|[^\"\\\\\n])*\"");

  /** A block as the compiler gets it, line by line as on the page. */
  private static final class Source extends SimpleJavaFileObject {
    private final Fence fence;
    private final String text;

    Source(Fence fence, String file, String text) {
      super(URI.create("string:///" + file), Kind.SOURCE);
      this.fence = fence;
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** What the compiler says of blocks, each with its place; {@code out} takes the classes. */
  List<String> complaints(List<Fence> fences, Path out) throws IOException {
    List<String> complaints = new ArrayList<>();
    List<Source> files = new ArrayList<>();
    for (Fence fence : fences) {
      files.add(source(fence, "block" + files.size(), complaints));
    }
    if (files.isEmpty()) {
      return complaints;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "-d",
            out.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-proc:none",
            "-Xlint:deprecation",
            "-Xmaxerrs",
            "1000");
    compiler.getTask(null, null, found, options, null, files).call();
    for (Diagnostic<? extends JavaFileObject> one : found.getDiagnostics()) {
      boolean wrong = one.getKind() != Diagnostic.Kind.NOTE;
      if (wrong && one.getSource() instanceof Source source) {
        String what = one.getMessage(null).replaceAll("\\s+", " ");
        complaints.add(source.fence.complaint((int) one.getLineNumber(), what));
      } else if (wrong) {
        complaints.add(one.toString());
      }
    }
    return complaints;
  }

  private Source source(Fence fence, String name, List<String> complaints) {
    Set<String> imports = new LinkedHashSet<>();
    StringBuilder body = new StringBuilder();
    Set<String> imported = new LinkedHashSet<>();
    for (String line : fence.text().lines().toList()) {
      Matcher matcher = IMPORT.matcher(line.strip());
      if (matcher.matches()) {
        imports.add(
            "import " + (matcher.group(1) == null ? "" : "static ") + matcher.group(2) + ";");
        imported.add(matcher.group(2).substring(matcher.group(2).lastIndexOf('.') + 1));
        body.append('\n');
      } else {
        body.append(line.startsWith("package ") ? "" : line).append('\n');
      }
    }
    String code = NO_CODE.matcher(body).replaceAll(" ");
    Matcher type = TYPE.matcher(code);
    String file = name;
    while (type.find()) {
      imported.add(type.group(3));
      file = type.group().startsWith("public ") ? type.group(3) : file;
    }
    imports.addAll(imports(fence, code, imported, complaints));
    String head = "package pages." + name + "; " + String.join(" ", imports);
    for (String each : PACKAGES) {
      head += " import " + each + ".*;";
    }
    return new Source(fence, "pages/" + name + "/" + file + ".java", wrapped(head, body, code));
  }

  /** Penstock's types that the code names and does not import. */
  private Set<String> imports(
      Fence fence, String code, Set<String> imported, List<String> complaints) {
    Map<String, String> found = new HashMap<>();
    Matcher name = NAME.matcher(code);
    while (name.find()) {
      List<Sources.Type> types = imported.contains(name.group()) ? List.of() : meant(name.group());
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

  private static String wrapped(String head, CharSequence body, String code) {
    String first = code.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    boolean types = TYPE.matcher(first).find() || first.startsWith("@FunctionalInterface");
    boolean members = first.matches("(@Override|public |protected |private |static ).*");
    String given = Given.class.getName();
    if (types) {
      return head + body;
    }
    head += " abstract class Block extends " + given + " { ";
    return members ? head + body + "}" : head + "void shown() throws Exception { " + body + "} }";
  }
}
