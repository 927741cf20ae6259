package io.penstock.feed.rapids;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** Which builds fetch the half gibibyte of the RAPIDS Accelerator, by the POMs. */
class RapidsBuildTest {
  private static final String PROFILE = "/project/profiles/profile[id='rapids']";
  private static final String FETCHED = "//dependency[groupId='com.nvidia']";

  private static final XPath PATH = XPathFactory.newInstance().newXPath();
  private static Document root;
  private static Document module;

  @BeforeAll
  static void read() throws Exception {
    root = pom("pom.xml");
    module = pom("rapids/pom.xml");
  }

  private static Document pom(String file) throws Exception {
    Path path = Path.of(System.getProperty("penstock.root"), file);
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(path.toFile());
  }

  private static String text(Document pom, String path) throws Exception {
    return (String) PATH.evaluate(path, pom, XPathConstants.STRING);
  }

  private static int count(Document pom, String path) throws Exception {
    return ((Double) PATH.evaluate("count(" + path + ")", pom, XPathConstants.NUMBER)).intValue();
  }

  /** Active are those whose property is anything but true, and those that -P names. */
  @Test
  void skippingTestsDoesNotInEitherWay() throws Exception {
    assertEquals("skipTests", text(root, PROFILE + "/activation/property/name"));
    assertEquals("!true", text(root, PROFILE + "/activation/property/value"));
    assertEquals("rapids/parent", text(root, PROFILE + "/modules/module[1]"));
    assertEquals("rapids", text(root, PROFILE + "/modules/module[2]"));
    assertEquals(0, count(root, "/project/modules/module[starts-with(., 'rapids')]"));
    assertEquals("maven.test.skip", text(module, PROFILE + "/activation/property/name"));
    assertEquals("!true", text(module, PROFILE + "/activation/property/value"));
  }

  @Test
  void withoutItsProfileTheModuleHasNothingToBuild() throws Exception {
    assertEquals("${rapids.packaging}", text(module, "/project/packaging"));
    assertEquals("pom", text(module, "/project/properties/rapids.packaging"));
    assertEquals("jar", text(module, PROFILE + "/properties/rapids.packaging"));
    assertEquals(2, count(module, FETCHED)); // and the parent that stands in
    assertEquals(2, count(module, PROFILE + FETCHED));
  }

  /** NVIDIA does not publish it, and Maven reads no POM without its parent. */
  @Test
  void theParentThatRapidssPomNamesStandsIn() throws Exception {
    String name = "rapids-4-spark-parent_2.13";
    String version = text(module, "/project/properties/rapids.version");
    Document parent = pom("rapids/parent/pom.xml");
    assertEquals(name, text(parent, "/project/artifactId"));
    assertEquals(version, text(parent, "/project/version"));
    String itsPom = "META-INF/maven/com.nvidia/rapids-4-spark_2.13/pom.xml";
    try (ZipFile jar = new ZipFile(RapidsSettings.here().jar().toFile());
        InputStream in = jar.getInputStream(jar.getEntry(itsPom))) {
      Document rapids = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
      assertEquals(name, text(rapids, "/project/parent/artifactId"));
      assertEquals(version, text(rapids, "/project/parent/version"));
    }
  }

  /** So {@code -pl examples -am}, which examples/run builds with, leaves it out. */
  @Test
  void noOtherModuleDoes() throws Exception {
    NodeList modules =
        (NodeList) PATH.evaluate("/project/modules/module", root, XPathConstants.NODESET);
    assertTrue(modules.getLength() >= 5, modules.getLength() + " modules");
    for (int i = 0; i < modules.getLength(); i++) {
      String other = modules.item(i).getTextContent();
      Document pom = pom(other + "/pom.xml");
      assertEquals(0, count(pom, FETCHED + "|//artifactItem[groupId='com.nvidia']"), other);
      assertEquals(0, count(pom, "//dependency[artifactId='penstock-rapids']"), other);
    }
  }
}
