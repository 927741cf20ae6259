package io.penstock.docs;

import io.penstock.testing.Page;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Links from page to page, to files and to headings lead somewhere. */
record Links(Repository repository, Map<String, Set<String>> anchors) {
  private static final Pattern LINK =
      Pattern.compile(
          "]\\(<?([^)>\\s]+)>?(\\s+\"[^\"]*\")?\\)|^\\[[^]]+]:\\s*(\\S+)"
              + "|(?:src|href)=[\"']([^\"']+)[\"']");

  private static final Pattern HEADING = Pattern.compile("#{1,6}\\s+(.*?)(\\s+#+)?");
  private static final Pattern NAMED = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");

  static Links of(Repository repository, List<Page> pages) {
    Map<String, Set<String>> anchors = new HashMap<>();
    pages.forEach(page -> anchors.put(page.name(), anchors(page)));
    return new Links(repository, anchors);
  }

  /** The anchors of a page's headings, as code hosts make them, and those that it sets itself. */
  static Set<String> anchors(Page page) {
    Set<String> anchors = new HashSet<>();
    for (String line : page.prose()) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String text = heading.group(1).replaceAll("!?\\[([^]]*)]\\([^)]*\\)", "$1");
        String anchor =
            text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-');
        String unique = anchor;
        for (int i = 1; !anchors.add(unique); i++) {
          unique = anchor + "-" + i;
        }
      }
      Matcher named = NAMED.matcher(line);
      while (named.find()) {
        anchors.add(named.group(1));
      }
    }
    return anchors;
  }

  /** Which links of a page lead nowhere, each with its place. */
  List<String> complaints(Page page) {
    List<String> complaints = new ArrayList<>();
    List<String> prose = page.prose();
    for (int i = 0; i < prose.size(); i++) {
      Matcher link = LINK.matcher(prose.get(i).replaceAll("`[^`]*`", "``"));
      while (link.find()) {
        for (int group : new int[] {1, 3, 4}) {
          String target = link.group(group);
          if (target != null && !target.matches("[a-z][a-z0-9+.-]*:.*")) {
            complaint(page, i + 1, target, complaints);
          }
        }
      }
    }
    return complaints;
  }

  private void complaint(Page page, int line, String target, List<String> complaints) {
    String[] fileAndAnchor =
        URLDecoder.decode(target.replace("+", "%2B"), StandardCharsets.UTF_8).split("#", 2);
    String file = page.name();
    if (!fileAndAnchor[0].isEmpty()) {
      Path from = Path.of(page.name());
      Path to = from.resolveSibling(fileAndAnchor[0]).normalize();
      file = to.toString();
      if (file.startsWith("..") || !repository.has(file)) {
        complaints.add(page.complaint(line, "the link to '" + target + "' names no file"));
        return;
      }
    }
    Set<String> its = anchors.get(file);
    if (fileAndAnchor.length == 2 && its != null && !its.contains(fileAndAnchor[1])) {
      complaints.add(
          page.complaint(
              line, "the link to '" + target + "' names no heading of " + file + ": " + its));
    }
  }
}
