package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** Which builds fetch the half gibibyte of the RAPIDS Accelerator, by this module's POM. */
class RapidsBuildTest {
  private static final String COPY = "//execution[id='rapids']";
  private static final String SKIPPED = "//profile[id='tests-skipped']";
  private static final String ASKED = "//profile[id='rapids']";

  private static final XPath PATH = XPathFactory.newInstance().newXPath();
  private static Document pom;

  @BeforeAll
  static void read() throws Exception {
    Path file = Path.of(System.getProperty("penstock.root"), "examples/pom.xml");
    pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }

  private static String text(String path) throws Exception {
    return (String) PATH.evaluate(path, pom, XPathConstants.STRING);
  }

  @Test
  void compilingTestsDoesNot() throws Exception {
    // The last phase before tests run, and after they are compiled.
    assertEquals("process-test-classes", text(COPY + "/phase"));
    assertEquals("${rapids.skip}", text(COPY + "/configuration/skip"));
  }

  @Test
  void skippingTestsDoesNot() throws Exception {
    assertEquals("${maven.test.skip}", text("/project/properties/rapids.skip"));
    assertEquals("skipTests", text(SKIPPED + "/activation/property/name"));
    assertEquals("true", text(SKIPPED + "/activation/property/value"));
    assertEquals("true", text(SKIPPED + "/properties/rapids.skip"));
  }

  /** Of two profiles that set a property, Maven takes the later one's. */
  @Test
  void theProfileDoesInAnyCase() throws Exception {
    assertEquals("false", text(ASKED + "/properties/rapids.skip"));
    assertEquals("rapids", text(SKIPPED + "/following-sibling::profile/id"));
  }
}
