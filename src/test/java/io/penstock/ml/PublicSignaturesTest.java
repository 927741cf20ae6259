package io.penstock.ml;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;

/** What users call says its types: none of them is Object, and none lies hidden in a package. */
@AnalyzeClasses(packages = "io.penstock.ml", importOptions = ImportOption.DoNotIncludeTests.class)
class PublicSignaturesTest {
  @ArchTest
  static final ArchRule publicSignaturesNameTypesThatUsersKnow =
      codeUnits()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat()
          .arePublic()
          .should(nameTypesThatUsersKnow());

  /** They are public because Java makes an interface's methods so, and for nothing else. */
  @ArchTest
  static final ArchRule theOpaqueTypesHaveNoPublicMember =
      noCodeUnits()
          .that()
          .areDeclaredIn(ParamRegistry.class)
          .or()
          .areDeclaredIn(FittedNetwork.class)
          .should()
          .bePublic();

  private static ArchCondition<JavaCodeUnit> nameTypesThatUsersKnow() {
    return new ArchCondition<>("name types that users know") {
      @Override
      public void check(JavaCodeUnit unit, ConditionEvents events) {
        if (unit.getModifiers().contains(JavaModifier.SYNTHETIC) || isOthers(unit)) {
          return;
        }
        Stream.concat(Stream.of(unit.getRawReturnType()), unit.getRawParameterTypes().stream())
            .filter(type -> type.isEquivalentTo(Object.class) || isHidden(type))
            .forEach(
                type ->
                    events.add(
                        SimpleConditionEvent.violated(
                            unit, unit.getFullName() + " names " + type.getName())));
      }
    };
  }

  private static boolean isHidden(JavaClass type) {
    JavaClass element = type.getBaseComponentType();
    return element.getPackageName().startsWith("io.penstock")
        && !element.getModifiers().contains(JavaModifier.PUBLIC);
  }

  /** What Java or Spark gives a signature to, such as equals. */
  private static boolean isOthers(JavaCodeUnit unit) {
    return Stream.concat(
            unit.getOwner().getAllRawSuperclasses().stream(),
            unit.getOwner().getAllRawInterfaces().stream())
        .filter(type -> !type.getPackageName().startsWith("io.penstock"))
        .anyMatch(type -> type.tryGetMethod(unit.getName(), names(unit)).isPresent());
  }

  private static String[] names(JavaCodeUnit unit) {
    return unit.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
  }
}
