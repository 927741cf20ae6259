package io.penstock.docs;

import io.penstock.testing.Fence;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles the Java blocks of pages, all at once, and runs those that stand alone: statements that
 * take nothing of what is given and no file, such as those that make a network.
 */
record JavaBlocks(JavaImports imports) {
  /** What the compiler says of blocks, each with its place; {@code out} takes the classes. */
  List<String> complaints(List<Fence> fences, Path out) throws IOException {
    List<String> complaints = new ArrayList<>();
    List<JavaSource> files = new ArrayList<>();
    for (Fence fence : fences) {
      files.add(JavaSource.of(fence, "page" + files.size(), imports, complaints));
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
      if (wrong && one.getSource() instanceof JavaSource source) {
        String what = one.getMessage(null).replaceAll("\\s+", " ");
        complaints.add(source.fence().complaint((int) one.getLineNumber(), what));
      } else if (wrong) {
        complaints.add(one.toString());
      }
    }
    return complaints.isEmpty() ? runs(files, out) : complaints;
  }

  /** Runs the blocks that stand alone, unheard; what they throw, each with its place. */
  private static List<String> runs(List<JavaSource> files, Path out) throws IOException {
    List<String> complaints = new ArrayList<>();
    URL[] classes = {out.toUri().toURL()};
    PrintStream console = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try (URLClassLoader loader = new URLClassLoader(classes, Given.class.getClassLoader())) {
      for (JavaSource file : files) {
        if (!file.toRun().isEmpty()) {
          run(loader.loadClass(file.toRun()), file.fence()).ifPresent(complaints::add);
        }
      }
    } catch (ReflectiveOperationException notAsWrapped) {
      throw new IllegalStateException(notAsWrapped);
    } finally {
      System.setOut(console);
    }
    return complaints;
  }

  private static Optional<String> run(Class<?> block, Fence fence)
      throws ReflectiveOperationException {
    try {
      block.getMethod("shown").invoke(block.getConstructor().newInstance());
      return Optional.empty();
    } catch (InvocationTargetException thrown) {
      int line =
          Arrays.stream(thrown.getCause().getStackTrace())
              .filter(frame -> frame.getClassName().startsWith(block.getName()))
              .mapToInt(StackTraceElement::getLineNumber)
              .findFirst()
              .orElse(0);
      return Optional.of(fence.complaint(line, "run, it throws " + thrown.getCause()));
    }
  }
}
