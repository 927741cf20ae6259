package io.penstock.docs;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * The POMs of the repository.
 *
 * @param documents by the folder of each, empty for the root's
 */
record Poms(Repository repository, Map<String, Document> documents) {
  private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");

  static Poms of(Repository repository) {
    Map<String, Document> documents = new LinkedHashMap<>();
    for (Path file : repository.files("pom.xml")) {
      String name = repository.root().relativize(file).toString();
      String folder = name.substring(0, Math.max(0, name.length() - "/pom.xml".length()));
      documents.put(folder, document(repository.text(name)));
    }
    return new Poms(repository, documents);
  }

  /**
   * Reads XML.
   *
   * @throws IllegalArgumentException with the parser's words where it is none
   */
  static Document document(String text) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return builder.parse(new InputSource(new StringReader(text)));
    } catch (Exception wrong) {
      throw new IllegalArgumentException(wrong.getMessage(), wrong);
    }
  }

  /** Elements of that name, in all POMs. */
  private Stream<Element> all(String name) {
    return documents.values().stream().flatMap(document -> elements(document, name));
  }

  static Stream<Element> elements(Document document, String name) {
    NodeList found = document.getElementsByTagName(name);
    return Stream.iterate(0, i -> i + 1)
        .limit(found.getLength())
        .map(found::item)
        .map(Element.class::cast);
  }

  /** Text of an element's child; empty where it has none. */
  static String child(Element element, String name) {
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node.getNodeName().equals(name)) {
        return node.getTextContent().strip();
      }
    }
    return "";
  }

  Set<String> modules() {
    return all("module").map(Element::getTextContent).collect(Collectors.toSet());
  }

  Set<String> profiles() {
    return all("profile").map(profile -> child(profile, "id")).collect(Collectors.toSet());
  }

  /** Properties that some POM sets, reads or asks for. */
  Set<String> properties() {
    Set<String> names = new HashSet<>(values().keySet());
    all("property").map(property -> child(property, "name")).forEach(names::add);
    for (String folder : documents.keySet()) {
      Matcher read = PROPERTY.matcher(text(folder));
      while (read.find()) {
        names.add(read.group(1));
      }
    }
    return names;
  }

  /** Those that the POMs set, with their values; the root's win. */
  private Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    all("properties")
        .forEach(
            properties -> {
              Node node = properties.getFirstChild();
              for (; node != null; node = node.getNextSibling()) {
                if (node instanceof Element property) {
                  values.putIfAbsent(property.getTagName(), property.getTextContent().strip());
                }
              }
            });
    values.put("project.version", version());
    return values;
  }

  /** This build's. */
  String version() {
    return child(documents.get("").getDocumentElement(), "version");
  }

  private String resolved(String text) {
    Map<String, String> set = values();
    return PROPERTY
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(set.getOrDefault(found.group(1), found.group())));
  }

  /** Prefixes of goals whose plugins some POM names, as {@code spotless}. */
  Set<String> pluginPrefixes() {
    return all("plugin")
        .map(plugin -> child(plugin, "artifactId"))
        .map(name -> name.replaceFirst("^maven-(.*)-plugin$|^(.*)-maven-plugin$", "$1$2"))
        .collect(Collectors.toSet());
  }

  /** Versions of an artifact, of this build or one that it depends on; none where it is unknown. */
  Set<String> versions(String group, String artifact) {
    Set<String> versions =
        all("dependency")
            .filter(one -> resolved(child(one, "groupId")).equals(group))
            .filter(one -> resolved(child(one, "artifactId")).equals(artifact))
            .map(one -> resolved(child(one, "version")))
            .filter(version -> !version.isEmpty())
            .collect(Collectors.toSet());
    boolean own =
        group.equals("io.penstock")
            && documents.values().stream()
                .map(Document::getDocumentElement)
                .anyMatch(project -> child(project, "artifactId").equals(artifact));
    return own ? Set.of(version()) : versions;
  }

  /** Whether a build of a module puts that name under the module's {@code target}. */
  boolean builds(String module, String name) {
    if (!documents.containsKey(module)) {
      return false;
    }
    Document pom = documents.get(module);
    String jar = child(pom.getDocumentElement(), "artifactId") + "-";
    Set<String> finals =
        elements(pom, "finalName").map(Element::getTextContent).collect(Collectors.toSet());
    return text(module).contains("${project.build.directory}/" + name + "<")
        || text(module).contains("${project.build.directory}/" + name + "/")
        || finals.contains(name.replaceFirst("\\.jar$", ""))
        || name.startsWith(jar)
        || scripts(module).stream().anyMatch(script -> script.contains("$target/" + name));
  }

  private List<String> scripts(String module) {
    return ScriptCommands.NAMES.stream()
        .filter(script -> script.startsWith(module + "/") && repository.has(script))
        .map(repository::text)
        .toList();
  }

  private String text(String folder) {
    return repository.text(folder.isEmpty() ? "pom.xml" : folder + "/pom.xml");
  }
}
