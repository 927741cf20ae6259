package io.penstock.docs;

import java.util.List;
import org.junit.jupiter.api.Test;

class XmlBlocksTest {
  private static final Poms POMS = Poms.of(Repository.OWN);

  private static List<String> complaints(String group, String artifact, String version) {
    String text =
        "<dependency>\n"
            + "<groupId>%s</groupId>\n"
            + "<artifactId>%s</artifactId>\n"
            + "<version>%s</version>\n"
            + "</dependency>";
    return new XmlBlocks(POMS)
        .complaints(Bad.block("xml", text.formatted(group, artifact, version)));
  }

  @Test
  void aDependencyHasTheVersionOfThisBuild() {
    Bad.assertNone(complaints("io.penstock", "penstock-spark", POMS.version()));
    Bad.assertNone(complaints("org.nd4j", "nd4j-native", "1.0.0-M2.1"));
    Bad.assertComplaint(
        1, "is not the version", complaints("org.apache.spark", "spark-mllib_2.13", "3.0.0"));
    Bad.assertComplaint(
        1, "is not the version of this build", complaints("io.penstock", "penstock-spark", "9"));
  }

  @Test
  void anArtifactOfNobodysIsRefused() {
    Bad.assertComplaint(1, "is in no POM", complaints("io.penstock", "penstock-sparks", "1"));
  }

  @Test
  void whatIsNoXmlIsRefused() {
    Bad.assertComplaint(
        1, "no XML", new XmlBlocks(POMS).complaints(Bad.block("xml", "<dependency>\n")));
  }
}
