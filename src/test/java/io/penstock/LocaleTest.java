package io.penstock;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.text.DateFormat;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Scanner;
import java.util.Set;

/**
 * No text depends on the user's language: Arabic and Persian have digits of their own, Turkish
 * another i, and half of the world a comma where JSON, CSV and SVG need a point.
 */
@AnalyzeClasses(packages = "io.penstock", importOptions = ImportOption.DoNotIncludeTests.class)
class LocaleTest {
  private static final Set<String> NAMES =
      Set.of(
          "format",
          "formatted",
          "printf",
          "toLowerCase",
          "toUpperCase",
          "ofPattern",
          "<init>",
          "getInstance",
          "getNumberInstance",
          "getIntegerInstance",
          "getPercentInstance",
          "getDateInstance",
          "getTimeInstance",
          "getDateTimeInstance");

  private static final List<Class<?>> OWNERS =
      List.of(
          PrintStream.class,
          PrintWriter.class,
          Formatter.class,
          NumberFormat.class,
          DateFormat.class,
          MessageFormat.class,
          DateTimeFormatter.class,
          Scanner.class);

  private static final DescribedPredicate<JavaCall<?>> GO_BY_THE_USERS_LANGUAGE =
      target(
              new DescribedPredicate<CodeUnitCallTarget>("a method that asks for no locale") {
                @Override
                public boolean test(CodeUnitCallTarget called) {
                  return NAMES.contains(called.getName())
                      && (isString(called) ? !called.getName().equals("<init>") : isOneOf(called))
                      && called.getRawParameterTypes().stream()
                          .noneMatch(type -> type.isEquivalentTo(Locale.class));
                }
              })
          .as("methods that go by the user's language; give Locale.ROOT");

  private static boolean isString(CodeUnitCallTarget called) {
    return called.getOwner().isEquivalentTo(String.class);
  }

  /** What is made with a locale formats by it: only making it, and printing, are looked at. */
  private static boolean isOneOf(CodeUnitCallTarget called) {
    boolean prints =
        called.getOwner().isAssignableTo(PrintStream.class)
            || called.getOwner().isAssignableTo(PrintWriter.class);
    boolean formats = called.getName().equals("format");
    return OWNERS.stream().anyMatch(called.getOwner()::isAssignableTo)
        && !(prints ? called.getName().equals("<init>") : formats);
  }

  @ArchTest
  static final ArchRule textsAreTheSameInEveryLanguage =
      noClasses().should().callCodeUnitWhere(GO_BY_THE_USERS_LANGUAGE);
}
