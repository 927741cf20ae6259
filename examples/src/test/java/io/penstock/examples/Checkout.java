package io.penstock.examples;

import io.penstock.testing.Command;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A copy of what {@code examples/run} needs of this working copy, in a folder of any name, with
 * what a build would have put there.
 *
 * @param root the copy's folder
 */
record Checkout(Path root) {
  static final Path ORIGINAL = Path.of(System.getProperty("penstock.root"));

  private static final Pattern GROUPS = Pattern.compile("<penstock.groups>(.*)</penstock.groups>");

  /** The launcher, its settings and the programs, those of this process's class path. */
  static Checkout in(Path root) throws IOException {
    copy(
        root,
        "pom.xml",
        "examples/pom.xml",
        "examples/run",
        "examples/launch.sh",
        "examples/doctor.sh");
    try (Stream<Path> conf = Files.list(ORIGINAL.resolve("conf"))) {
      copy(root, conf.map(file -> "conf/" + file.getFileName()).toArray(String[]::new));
    }
    Files.createDirectories(root.resolve("spark-plugin/src/main"));
    Files.createFile(root.resolve("spark-plugin/pom.xml"));
    Files.createDirectories(root.resolve("examples/src/main"));
    Files.createSymbolicLink(root.resolve("examples/data"), ORIGINAL.resolve("examples/data"));
    Path target = root.resolve("examples/target");
    Path lib = Files.createDirectories(target.resolve("lib"));
    Path spark = Files.createDirectories(target.resolve("spark-home/jars"));
    List<String> groups = groups();
    for (String entry : System.getProperty("java.class.path").split(":")) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        if (path.equals(ORIGINAL.resolve("examples/target/classes"))) {
          jar(path, target.resolve("penstock-examples-0.jar"));
        } else if (path.equals(ORIGINAL.resolve("spark-plugin/target/classes"))) {
          jar(path, lib.resolve("penstock-spark-0.jar"));
        }
      } else if (entry.endsWith(".jar")) {
        boolean ours = groups.stream().anyMatch(entry::contains);
        Files.createSymbolicLink((ours ? lib : spark).resolve(path.getFileName()), path);
      }
    }
    Files.createFile(target.resolve("built-for-run"));
    return new Checkout(root);
  }

  /** What goes to {@code lib}: parts of the paths of files. */
  private static List<String> groups() throws IOException {
    Matcher groups = GROUPS.matcher(Files.readString(ORIGINAL.resolve("examples/pom.xml")));
    groups.find();
    return Stream.concat(
            Stream.of("/spark-plugin/target/"),
            Arrays.stream(groups.group(1).split(","))
                .map(group -> "/" + group.replace('.', '/') + "/"))
        .toList();
  }

  private static void copy(Path root, String... files) throws IOException {
    for (String file : files) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.copy(ORIGINAL.resolve(file), root.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  private static void jar(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream out = new ZipOutputStream(file);
        Stream<Path> all = Files.walk(classes)) {
      for (Path each :
          all.filter(Files::isRegularFile).sorted(Comparator.naturalOrder()).toList()) {
        out.putNextEntry(new ZipEntry(classes.relativize(each).toString()));
        Files.copy(each, out);
      }
    }
  }

  /** A script in the place of {@code java}; gives the folder to put on the {@code PATH}. */
  Path fakeJava(String body) throws IOException {
    Path bin = Files.createDirectories(root.resolve("fake bin"));
    Path java = Files.writeString(bin.resolve("java"), "#!/bin/sh\n" + body + "\n");
    java.toFile().setExecutable(true);
    return bin;
  }

  /** Runs {@code examples/run}, to its end or to the test's. */
  Command.Outcome run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return Command.run(launcher(environment, arguments));
  }

  /** {@code examples/run}, not started yet. */
  ProcessBuilder launcher(Map<String, String> environment, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder(root.resolve("examples/run").toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
    builder.environment().putAll(environment);
    return builder;
  }
}
