package io.penstock;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which room of a floor may use which; the floors themselves are {@link PackageFloorsTest}'s. */
@AnalyzeClasses(packages = "io.penstock", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
  /** The rooms of networks: what they share, then layers, losses and updates side by side. */
  @ArchTest
  static final ArchRule roomsOfNetworksLieOneAboveTheOther =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("array")
          .definedBy("io.penstock.array..")
          .layer("compute")
          .definedBy("io.penstock.compute..")
          .layer("nn")
          .definedBy("io.penstock.nn")
          .layer("layer")
          .definedBy("io.penstock.nn.layer..")
          .layer("loss")
          .definedBy("io.penstock.nn.loss..")
          .layer("update")
          .definedBy("io.penstock.nn.update..")
          .layer("network")
          .definedBy("io.penstock.nn.network..")
          .whereLayer("nn")
          .mayOnlyAccessLayers("array", "compute")
          .whereLayer("layer")
          .mayOnlyAccessLayers("array", "compute", "nn")
          .whereLayer("loss")
          .mayOnlyAccessLayers("array", "compute", "nn")
          .whereLayer("update")
          .mayOnlyAccessLayers("array", "compute", "nn")
          .whereLayer("network")
          .mayOnlyAccessLayers("array", "compute", "nn", "layer", "loss", "update");

  /** The rooms of a run's Spark side, each above those before it. */
  @ArchTest
  static final ArchRule roomsOfLaunchLieOneAboveTheOther =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("shared")
          .definedBy("io.penstock.launch")
          .layer("cluster")
          .definedBy("io.penstock.launch.cluster..")
          .layer("plugin")
          .definedBy("io.penstock.launch.plugin..")
          .layer("job")
          .definedBy("io.penstock.launch.job..")
          .whereLayer("shared")
          .mayNotAccessAnyLayer()
          .whereLayer("cluster")
          .mayOnlyAccessLayers("shared")
          .whereLayer("plugin")
          .mayOnlyAccessLayers("shared", "cluster");

  /** Generators and drawings know schedules; no schedule knows who makes or draws it. */
  @ArchTest
  static final ArchRule roomsOfSchedulesLieSideBySide =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("schedule")
          .definedBy("io.penstock.schedule")
          .layer("generate")
          .definedBy("io.penstock.schedule.generate..")
          .layer("draw")
          .definedBy("io.penstock.schedule.draw..")
          .whereLayer("schedule")
          .mayNotAccessAnyLayer()
          .whereLayer("generate")
          .mayOnlyAccessLayers("schedule")
          .whereLayer("draw")
          .mayOnlyAccessLayers("schedule");

  /** The tab and the console know the state of runs, and not each other. */
  @ArchTest
  static final ArchRule roomsOfTheUiLieSideBySide =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("ui")
          .definedBy("io.penstock.ui")
          .layer("tab")
          .definedBy("io.penstock.ui.tab..")
          .layer("console")
          .definedBy("io.penstock.ui.console..")
          .whereLayer("ui")
          .mayNotAccessAnyLayer()
          .whereLayer("tab")
          .mayOnlyAccessLayers("ui")
          .whereLayer("console")
          .mayOnlyAccessLayers("ui");
}
