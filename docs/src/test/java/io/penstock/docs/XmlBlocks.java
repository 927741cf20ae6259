package io.penstock.docs;

import io.penstock.testing.Fence;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** XML is well-formed, and dependencies of Maven's in it are those of this build's POMs. */
record XmlBlocks(Poms poms) {
  List<String> complaints(Fence fence) {
    Document document;
    try {
      document = Poms.document("<page>" + fence.text() + "</page>");
    } catch (IllegalArgumentException wrong) {
      return List.of(fence.complaint(0, "this is no XML: " + wrong.getMessage()));
    }
    List<String> complaints = new ArrayList<>();
    for (Element dependency : Poms.elements(document, "dependency").toList()) {
      String group = Poms.child(dependency, "groupId");
      String artifact = Poms.child(dependency, "artifactId");
      String version = Poms.child(dependency, "version");
      Set<String> versions = poms.versions(group, artifact);
      if (!versions.contains(version)) {
        complaints.add(
            fence.complaint(
                0,
                group
                    + ":"
                    + artifact
                    + ":"
                    + version
                    + (versions.isEmpty()
                        ? " is in no POM of this build: mend the name"
                        : " is not the version of this build: write one of " + versions)));
      }
    }
    return complaints;
  }
}
