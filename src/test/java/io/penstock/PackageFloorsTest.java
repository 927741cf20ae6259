package io.penstock;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may use which, bottom floor first: a call never goes up. */
@AnalyzeClasses(packages = "io.penstock", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageFloorsTest {
  @ArchTest
  static final ArchRule callsNeverGoUp =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .ignoreDependency(alwaysTrue(), resideInAPackage("io.penstock"))
          .layer("root")
          .definedBy("io.penstock")
          .layer("schedule")
          .definedBy("io.penstock.schedule..")
          .layer("conf")
          .definedBy("io.penstock.conf..")
          .layer("array")
          .definedBy("io.penstock.array..")
          .layer("nn")
          .definedBy("io.penstock.nn..")
          .layer("balance")
          .definedBy("io.penstock.balance..")
          .layer("device")
          .definedBy("io.penstock.device..")
          .layer("compute")
          .definedBy("io.penstock.compute..")
          .layer("link")
          .definedBy("io.penstock.link..")
          .layer("feed")
          .definedBy("io.penstock.feed..")
          .layer("checkpoint")
          .definedBy("io.penstock.checkpoint..")
          .layer("train")
          .definedBy("io.penstock.train..")
          .layer("event")
          .definedBy("io.penstock.event..")
          .layer("launch")
          .definedBy("io.penstock.launch..")
          .layer("ml")
          .definedBy("io.penstock.ml..")
          .layer("ui")
          .definedBy("io.penstock.ui..")
          .whereLayer("root")
          .mayNotAccessAnyLayer()
          .whereLayer("schedule")
          .mayNotAccessAnyLayer()
          .whereLayer("conf")
          .mayNotAccessAnyLayer()
          .whereLayer("array")
          .mayNotAccessAnyLayer()
          .whereLayer("compute")
          .mayOnlyAccessLayers("array", "device")
          .whereLayer("nn")
          .mayOnlyAccessLayers("array", "compute")
          .whereLayer("balance")
          .mayOnlyAccessLayers("schedule", "nn")
          .whereLayer("link")
          .mayOnlyAccessLayers("conf", "array")
          .whereLayer("device")
          .mayNotAccessAnyLayer()
          .whereLayer("feed")
          .mayOnlyAccessLayers("conf", "array", "nn")
          .whereLayer("checkpoint")
          .mayOnlyAccessLayers("array", "nn")
          .whereLayer("train")
          .mayOnlyAccessLayers(
              "schedule", "array", "compute", "nn", "balance", "link", "feed", "checkpoint")
          .whereLayer("event")
          .mayOnlyAccessLayers("schedule", "nn", "balance", "train")
          .whereLayer("launch")
          .mayOnlyAccessLayers(
              "conf",
              "event",
              "schedule",
              "array",
              "nn",
              "balance",
              "device",
              "compute",
              "link",
              "feed",
              "checkpoint",
              "train")
          .whereLayer("ui")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("ui")
          .mayOnlyAccessLayers("conf", "schedule", "train", "event", "launch")
          .ensureAllClassesAreContainedInArchitecture();

  /** A new package takes its place among the floors and rooms above, by a line here. */
  @ArchTest
  static final ArchRule everyPackageIsAFloorOrARoom =
      classes()
          .should()
          .resideInAnyPackage(
              "io.penstock",
              "io.penstock.array",
              "io.penstock.balance",
              "io.penstock.checkpoint",
              "io.penstock.compute",
              "io.penstock.compute.cuda",
              "io.penstock.compute.host..",
              "io.penstock.compute.plain",
              "io.penstock.conf",
              "io.penstock.device",
              "io.penstock.event",
              "io.penstock.feed",
              "io.penstock.launch",
              "io.penstock.launch.cluster",
              "io.penstock.launch.job",
              "io.penstock.launch.plugin",
              "io.penstock.link",
              "io.penstock.ml",
              "io.penstock.nn",
              "io.penstock.nn.layer",
              "io.penstock.nn.loss",
              "io.penstock.nn.network",
              "io.penstock.nn.update",
              "io.penstock.schedule",
              "io.penstock.schedule.draw",
              "io.penstock.schedule.generate",
              "io.penstock.train",
              "io.penstock.ui",
              "io.penstock.ui.console",
              "io.penstock.ui.tab");

  /** What people look at knows runs by their events; of the Spark side, how a part is started. */
  @ArchTest
  static final ArchRule whatPeopleLookAtKnowsRunsByTheirEvents =
      noClasses()
          .that()
          .resideInAPackage("io.penstock.ui..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.penstock.launch.job..", "io.penstock.launch.cluster..");

  /** What failed, and where, is told by fields. Spark's own words are read in one place. */
  @ArchTest
  static final ArchRule noMessageIsReadWithARegularExpression =
      noClasses()
          .that()
          .resideInAnyPackage("io.penstock.launch..", "io.penstock.event..", "io.penstock.ui.tab..")
          .and()
          .doNotHaveFullyQualifiedName("io.penstock.launch.SparkMessages")
          .and()
          .doNotHaveFullyQualifiedName("io.penstock.launch.cluster.ClusterOffer") // of a master
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.util.regex..")
          .orShould()
          .callMethod(String.class, "matches", String.class);

  /** Which layers there are, only the builder and the text of networks know: others ask a layer. */
  @ArchTest
  static final ArchRule layersAreAskedAndNotTold =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.penstock.nn.layer..")
          .and()
          .doNotHaveFullyQualifiedName("io.penstock.nn.network.NetworkBuilder")
          .and()
          .doNotHaveFullyQualifiedName("io.penstock.nn.network.NetworkJson")
          .and()
          .doNotHaveFullyQualifiedName("io.penstock.nn.network.CustomText")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.penstock.nn.layer..");

  /** A layer asks for a computation and never knows what it runs on. */
  @ArchTest
  static final ArchRule nobodyKnowsAKindOfCompute =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.penstock.compute.cuda..",
              "io.penstock.compute.host..",
              "io.penstock.compute.plain..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.penstock.compute.cuda..",
              "io.penstock.compute.host..",
              "io.penstock.compute.plain..");

  @ArchTest
  static final ArchRule schedulesArePureJava =
      classes()
          .that()
          .resideInAPackage("io.penstock.schedule..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.penstock", "io.penstock.schedule..", "java..");

  @ArchTest
  static final ArchRule networksKnowOnlyNd4j =
      classes()
          .that()
          .resideInAnyPackage("io.penstock.nn..", "io.penstock.compute..", "io.penstock.array..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.penstock",
              "io.penstock.nn..",
              "io.penstock.compute..",
              "io.penstock.array..",
              "io.penstock.device..",
              "java..",
              "com.sun.jna..",
              "org.nd4j..",
              "org.bytedeco..");

  /** The history server has neither ND4J nor an environment of Spark's. */
  @ArchTest
  static final ArchRule whatPeopleLookAtNeedsNoNd4j =
      noClasses()
          .that()
          .resideInAPackage("io.penstock.ui..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.nd4j..",
              "org.bytedeco..",
              "io.penstock.nn..",
              "io.penstock.compute..",
              "io.penstock.array..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.apache.spark.SparkEnv");

  @ArchTest
  static final ArchRule linksKnowNoSparkButItsTransport =
      noClasses()
          .that()
          .resideInAPackage("io.penstock.link..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark.sql..", "org.apache.spark.ml..", "org.apache.spark.rdd..");

  @ArchTest
  static final ArchRule stagesRunNoSparkJobs =
      noClasses()
          .that()
          .resideInAnyPackage("io.penstock.train..", "io.penstock.balance..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");
}
