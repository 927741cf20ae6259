package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That classes which start executors as processes of their own can be left out. */
class SlowTagTest {
  private static final Set<String> STARTERS = Set.of("Executors", "StandaloneCluster");

  private static boolean starts(JavaClass test) {
    return test.getDirectDependenciesFromSelf().stream()
        .map(dependency -> dependency.getTargetClass())
        .anyMatch(
            used ->
                used.getPackageName().startsWith("io.penstock")
                    && STARTERS.contains(used.getSimpleName()));
  }

  @Test
  void whatStartsExecutorProcessesIsTagged() {
    JavaClasses all =
        new ClassFileImporter()
            .withImportOption(new ImportOption.OnlyIncludeTests())
            .importPackages("io.penstock");
    List<JavaClass> starters =
        all.stream()
            .filter(test -> test.getSimpleName().endsWith("Test"))
            .filter(SlowTagTest::starts)
            .toList();
    assertTrue(starters.size() >= 9, starters::toString);
    assertEquals(
        List.of(),
        starters.stream()
            .filter(
                test ->
                    test.tryGetAnnotationOfType(Tag.class)
                        .filter(tag -> tag.value().equals("slow"))
                        .isEmpty())
            .map(JavaClass::getName)
            .toList(),
        "give them @Tag(\"slow\")");
  }
}
