package io.penstock.ui.tab;

import io.penstock.schedule.draw.Markup;
import java.util.Collection;
import java.util.Set;

/**
 * An element of HTML or SVG. Names of layers, uids and messages come from anywhere: every text and
 * attribute is escaped here, and nowhere else. Grows while it is made; for one thread.
 */
final class Element {
  private static final Set<String> VOID = Set.of("br", "hr", "img", "input", "link", "meta");

  private final String name;
  private final StringBuilder attributes = new StringBuilder();
  private final StringBuilder content = new StringBuilder();

  private Element(String name) {
    this.name = name;
  }

  static Element of(String name) {
    return new Element(name);
  }

  /** An element of a class. */
  static Element of(String name, String style) {
    return new Element(name).with("class", style);
  }

  Element with(String attribute, Object value) {
    attributes.append(' ').append(attribute).append("=\"");
    attributes.append(Markup.xml(String.valueOf(value))).append('"');
    return this;
  }

  Element text(Object words) {
    content.append(Markup.xml(String.valueOf(words)));
    return this;
  }

  Element add(Element... children) {
    for (Element child : children) {
      child.write(content);
    }
    return this;
  }

  Element add(Collection<Element> children) {
    children.forEach(child -> child.write(content));
    return this;
  }

  /** Adds what {@link io.penstock.schedule.draw.SvgTimeline} has drawn, which escapes by itself. */
  Element drawn(String svg) {
    content.append(svg);
    return this;
  }

  private void write(StringBuilder to) {
    to.append('<').append(name).append(attributes).append('>');
    if (!VOID.contains(name)) {
      to.append(content).append("</").append(name).append('>');
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    write(text);
    return text.toString();
  }
}
