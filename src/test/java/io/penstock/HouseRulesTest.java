package io.penstock;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.invoke.MethodHandles;

/** What CONTRIBUTING.md says of the plugin's code, as far as that can be asked of the code. */
@AnalyzeClasses(packages = "io.penstock", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTest {
  /** Where Spark 4 moved or retyped a method, and where a SameDiff function arrives. */
  private static final String LOOKS_UP_NAMES =
      "io\\.penstock\\.(feed\\.QueryRows|ui\\.tab\\.PageRequest|nn\\.network\\.CustomText)"
          + "(\\$.*)?";

  private static boolean isShown(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && !type.isAnnotatedWith(Internal.class)
        && type.getEnclosingClass().map(HouseRulesTest::isShown).orElse(true);
  }

  private static final DescribedPredicate<JavaClass> SHOWN =
      DescribedPredicate.describe("public and not internal", HouseRulesTest::isShown);

  @ArchTest
  static final ArchRule classesAndMethodsAreNotLookedUpByName =
      noClasses()
          .that()
          .haveNameNotMatching(LOOKS_UP_NAMES)
          .should()
          .callMethodWhere(
              target(owner(type(Class.class)))
                  .and(target(nameMatching("forName|get(Declared)?(Methods?|Fields?)"))))
          .orShould()
          .callMethodWhere(
              target(owner(type(MethodHandles.Lookup.class))).and(target(nameMatching("find.*"))));

  /** What a static final field holds may change all the same: CONTRIBUTING.md names those. */
  @ArchTest
  static final ArchRule staticFieldsAreFinal = fields().that().areStatic().should().beFinal();

  /** What users call shows nothing that is public for other packages only. */
  @ArchTest
  static final ArchRule noPublicSignatureShowsAnInternalType =
      classes().that(are(SHOWN)).should(showNothingInternal());

  private static ArchCondition<JavaClass> showNothingInternal() {
    return new ArchCondition<>("show no type that is marked as internal") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaCodeUnit member : type.getCodeUnits()) {
          if (!member.getModifiers().contains(JavaModifier.PUBLIC)) {
            continue;
          }
          member.getAllInvolvedRawTypes().stream()
              .filter(shown -> shown.isAnnotatedWith(Internal.class))
              .forEach(shown -> events.add(violated(type, member, shown)));
        }
      }

      private ConditionEvent violated(JavaClass type, JavaCodeUnit member, JavaClass shown) {
        return SimpleConditionEvent.violated(
            type, member.getFullName() + " shows " + shown.getName());
      }
    };
  }
}
