package io.penstock.docs;

import io.penstock.testing.Page;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names in backticks: packages, types and members of Penstock's exist, and a word that is written
 * as a type is one of somebody's.
 *
 * @param others simple names of types that are not the repository's
 */
record Names(Sources sources, Set<String> others) {
  private static final String OWN = "io.penstock";

  /** What looks like a type's name and is none of the class path's, with whose it is. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "AdamW", "PyTorch and Keras",
          "NAdam", "PyTorch",
          "TransformerEncoderLayer", "PyTorch",
          "SkylakeX", "OpenBLAS, a kernel",
          "ColumnarRdd", "the RAPIDS Accelerator");

  private static final Pattern WHOLE =
      Pattern.compile("\\bio\\.penstock((?:\\.[a-z]\\w*)*)((?:\\.[A-Z]\\w*)?)(?:\\.(\\w+))?");

  private static final Pattern SHORT =
      Pattern.compile("(?<![\\w./-])([a-z]+(?:\\.[a-z]+)*)\\.([A-Z]\\w+)(?!\\w*=)");

  private static final Pattern ROOM = Pattern.compile("([a-z]+)((?:\\.[a-z]+)+)");

  private static final Pattern MEMBER =
      Pattern.compile("(?<![\\w./-])([A-Z]\\w*)\\.([A-Za-z]\\w*)(?![\\w/])");

  private static final Pattern CALL = Pattern.compile("([a-z]\\w*)\\(.*");
  private static final Pattern TYPE = Pattern.compile("[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+");
  private static final Set<String> ENDINGS =
      Set.of("java", "csv", "json", "md", "html", "conf", "sh", "py", "xml", "ipynb", "zip");

  /** Tells what is wrong with the names in a text in backticks. */
  List<String> complaints(Page.Span span) {
    String text = span.text();
    List<String> wrong = new ArrayList<>();
    Matcher whole = WHOLE.matcher(text);
    while (whole.find()) {
      String room = OWN + whole.group(1);
      if (!whole.group(2).isEmpty()) {
        type(room + whole.group(2), whole.group(3), wrong);
      } else if (!sources.hasPackage(room)) {
        wrong.add("there is no package " + room);
      }
    }
    Matcher relative = SHORT.matcher(text);
    while (relative.find()) {
      if (isFloor(relative.group(1))) {
        type(OWN + "." + relative.group(), null, wrong);
      }
    }
    Matcher room = ROOM.matcher(text);
    if (room.matches() && isFloor(text) && !ENDINGS.contains(text.replaceFirst(".*\\.", ""))) {
      if (!sources.hasPackage(OWN + "." + text)) {
        wrong.add("there is no package " + OWN + "." + text);
      }
    }
    Matcher member = MEMBER.matcher(text);
    while (member.find()) {
      member(member.group(1), member.group(2), wrong);
    }
    Matcher call = CALL.matcher(text);
    if (call.matches() && !isCalled(call.group(1))) {
      wrong.add("nothing here has or calls a method " + call.group(1));
    }
    Stream.of(text, text.replaceFirst("[.(].*", ""))
        .filter(word -> TYPE.matcher(word).matches())
        .distinct()
        .filter(word -> !isKnown(word))
        .forEach(word -> wrong.add("there is no type " + word + ", here or on the class path"));
    return wrong.stream().distinct().map(span::complaint).toList();
  }

  private boolean isKnown(String type) {
    return others.contains(type)
        || ELSEWHERE.containsKey(type)
        || !sources.named(type).isEmpty()
        || sources.types().values().stream()
            .flatMap(List::stream)
            .anyMatch(outer -> outer.declares(type));
  }

  private boolean isCalled(String method) {
    Pattern call = Pattern.compile("\\b" + method + "\\(");
    return EstimatorMethods.NAMES.contains(method)
        || sources.types().values().stream()
            .flatMap(List::stream)
            .filter(type -> type.file().toString().contains("/src/main/"))
            .anyMatch(type -> call.matcher(type.text()).find());
  }

  private boolean isFloor(String room) {
    return sources.hasPackage(OWN + "." + room.replaceFirst("\\..*", ""));
  }

  private void type(String name, String member, List<String> wrong) {
    Optional<Sources.Type> type = sources.type(name);
    if (type.isEmpty()) {
      List<String> like =
          sources.named(name.substring(name.lastIndexOf('.') + 1)).stream()
              .map(Sources.Type::name)
              .toList();
      wrong.add("there is no type " + name + (like.isEmpty() ? "" : "; there is " + like));
    } else if (member != null && !has(type.get(), member)) {
      wrong.add(name + " has no member '" + member + "'");
    }
  }

  private void member(String type, String member, List<String> wrong) {
    List<Sources.Type> types = sources.named(type);
    boolean file = ENDINGS.contains(member);
    if (!file && !types.isEmpty() && types.stream().noneMatch(one -> has(one, member))) {
      wrong.add(type + " has no member '" + member + "'");
    }
  }

  /** A method, field or type in it or, in programs, inherited by it. */
  private static boolean has(Sources.Type type, String member) {
    try {
      Class<?> its = Class.forName(type.name(), false, Names.class.getClassLoader());
      Stream<String> methods =
          Stream.of(its.getMethods(), its.getDeclaredMethods())
              .flatMap(Arrays::stream)
              .map(Method::getName);
      Stream<String> fields =
          Stream.of(its.getFields(), its.getDeclaredFields())
              .flatMap(Arrays::stream)
              .map(Field::getName);
      Stream<String> types = Arrays.stream(its.getDeclaredClasses()).map(Class::getSimpleName);
      return Stream.of(methods, fields, types).flatMap(it -> it).anyMatch(member::equals);
    } catch (ClassNotFoundException | NoClassDefFoundError notOnThisClassPath) {
      return Pattern.compile("\\b" + member + "\\b").matcher(type.text()).find();
    }
  }
}
