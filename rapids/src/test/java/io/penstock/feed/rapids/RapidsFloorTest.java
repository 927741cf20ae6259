package io.penstock.feed.rapids;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Of Penstock, this module knows the feed that it serves, and nothing above or beside it. */
@AnalyzeClasses(
    packages = "io.penstock.feed.rapids",
    importOptions = ImportOption.DoNotIncludeTests.class)
class RapidsFloorTest {
  @ArchTest
  static final ArchRule nothingButTheFeedIsUsed =
      classes()
          .that()
          .resideInAPackage("io.penstock.feed.rapids")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.penstock",
              "io.penstock.conf",
              "io.penstock.feed",
              "io.penstock.feed.rapids",
              "ai.rapids.cudf",
              "com.nvidia.spark.rapids",
              "org.apache.spark..",
              "java..");
}
