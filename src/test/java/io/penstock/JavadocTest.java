package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import io.penstock.testing.SourceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the plugin's Javadoc begins, and that a public class says which threads may call it. */
class JavadocTest {
  /**
   * Words that make a clause of the first sentence, where an IDE's pop-up needs a noun or a verb.
   */
  private static final Pattern CLAUSE =
      Pattern.compile(
          "(What|Who|Whose|Whether|So|Those|From|Of|If|The same|All that|That)\\b.*",
          Pattern.DOTALL);

  private static final Pattern THREADS =
      Pattern.compile(
          "(?i).*(thread|immutable|stateless|pure function|process-wide).*", Pattern.DOTALL);

  /** A declaration with its documentation, which is null where there is none. */
  record Documented(String place, String kind, String text) {
    boolean startsWithAClause() {
      return text != null && CLAUSE.matcher(text.strip()).matches();
    }
  }

  private static final List<Documented> TYPES = new ArrayList<>();
  private static final List<Documented> MEMBERS = new ArrayList<>();

  @BeforeAll
  static void read() throws IOException {
    Path main =
        Path.of(System.getProperty("penstock.root"), "spark-plugin/src/main/java/io/penstock");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      List<Path> sources =
          SourceFiles.below(main, ".java").stream()
              .filter(file -> !file.endsWith("package-info.java"))
              .toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(sources));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        Path file = main.relativize(Path.of(unit.getSourceFile().toUri()));
        new Reader(docs, unit, file.toString()).scan(unit, true);
      }
    }
    assertTrue(TYPES.size() > 200 && MEMBERS.size() > 800, TYPES.size() + " " + MEMBERS.size());
  }

  /** Collects what is public all the way out. */
  private static final class Reader extends TreePathScanner<Void, Boolean> {
    private final DocTrees docs;
    private final CompilationUnitTree unit;
    private final String file;

    Reader(DocTrees docs, CompilationUnitTree unit, String file) {
      this.docs = docs;
      this.unit = unit;
      this.file = file;
    }

    private Documented here(Tree tree, String kind) {
      long line =
          unit.getLineMap().getLineNumber(docs.getSourcePositions().getStartPosition(unit, tree));
      return new Documented(file + ":" + line, kind, docs.getDocComment(getCurrentPath()));
    }

    private boolean isInterface() {
      return getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.INTERFACE;
    }

    private boolean isShown(ModifiersTree modifiers) {
      Set<Modifier> flags = modifiers.getFlags();
      return flags.contains(Modifier.PUBLIC)
          || flags.contains(Modifier.PROTECTED)
          || isInterface() && !flags.contains(Modifier.PRIVATE);
    }

    @Override
    public Void visitClass(ClassTree type, Boolean outerIsShown) {
      boolean shown = outerIsShown && isShown(type.getModifiers());
      if (shown && !type.getSimpleName().isEmpty()) {
        boolean nested = getCurrentPath().getParentPath().getLeaf() instanceof ClassTree;
        TYPES.add(here(type, nested ? "nested" : type.getKind().name()));
      }
      return super.visitClass(type, shown);
    }

    @Override
    public Void visitMethod(MethodTree method, Boolean typeIsShown) {
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(each -> each.getAnnotationType().toString().equals("Override"));
      boolean constructs = method.getName().contentEquals("<init>");
      if (typeIsShown && isShown(method.getModifiers()) && !overrides) {
        MEMBERS.add(here(method, constructs ? "constructor" : "method"));
      }
      return null;
    }

    @Override
    public Void visitVariable(VariableTree field, Boolean typeIsShown) {
      return null;
    }
  }

  private static List<String> places(Stream<Documented> bad) {
    return bad.map(each -> each.place() + "  " + firstLine(each.text())).toList();
  }

  private static String firstLine(String text) {
    return text == null ? "(nothing)" : text.strip().lines().findFirst().orElse("");
  }

  @Test
  void everyPublicTypeAndMethodIsDocumented() {
    assertEquals(
        List.of(),
        places(
            Stream.concat(TYPES.stream(), MEMBERS.stream())
                .filter(each -> !each.kind().equals("constructor"))
                .filter(each -> each.text() == null || each.text().isBlank())));
  }

  @Test
  void theFirstSentenceIsANounOrAVerbPhrase() {
    assertEquals(
        List.of(),
        places(
            Stream.concat(TYPES.stream(), MEMBERS.stream()).filter(Documented::startsWithAClause)));
  }

  @Test
  void aPublicTypeSaysWhichThreadsMayCall() {
    assertEquals(
        List.of(),
        places(
            TYPES.stream()
                .filter(each -> !Set.of("nested", "ENUM", "ANNOTATION_TYPE").contains(each.kind()))
                .filter(each -> each.text() == null || !THREADS.matcher(each.text()).matches())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"The same, one event later.", "What all that a rank does has in common."})
  void aClauseIsFound(String text) {
    assertTrue(new Documented("here", "method", text).startsWithAClause());
  }
}
