package io.penstock.docs;

import io.penstock.examples.Example;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * {@code examples/run}: the launcher takes the command, and the example that it would start knows
 * every option and takes its value. That it does what it should, a test of its own holds, which
 * runs it with small sizes.
 *
 * @param options names of them by example, as far as they were looked up
 */
record ExampleCommands(Launcher launcher, Sources sources, Map<String, Set<String>> options)
    implements CommandRule {
  private static final Set<String> OF_THE_LAUNCHER =
      Set.of("master", "conf", "gpus", "rapids", "executors", "help");

  /** Looks at the machine that it runs on: what it says there is no page's matter. */
  private static final Set<String> ONLY_NAMED = Set.of("doctor");

  ExampleCommands(Launcher launcher, Sources sources) {
    this(launcher, sources, new HashMap<>());
  }

  @Override
  public boolean knows(ShellCommand command) {
    return command.program().equals("examples/run");
  }

  @Override
  public List<String> complaints(ShellCommand command) throws Exception {
    if (command.words().size() > 1 && ONLY_NAMED.contains(command.words().get(1))) {
      return names(command);
    }
    try {
      Launcher.Start start = launcher.start(command.environment(), command.arguments());
      if (!start.mainClass().isEmpty() && !start.arguments().contains("--help")) {
        check(start);
      }
      return List.of();
    } catch (IllegalArgumentException refused) {
      return List.of(command.complaint(refused.getMessage()));
    }
  }

  /**
   * Tells what is wrong with the names alone, the example's and its options', whatever their
   * values.
   */
  List<String> names(ShellCommand command) throws Exception {
    List<String> words = command.arguments();
    if (words.isEmpty() || words.get(0).matches("[A-Z]+|--help")) {
      return List.of();
    }
    String name = words.get(0);
    if (!options.containsKey(name)) {
      try {
        options.put(name, options(name));
      } catch (IllegalArgumentException refused) {
        return List.of(command.complaint(refused.getMessage()));
      }
    }
    List<String> complaints = new ArrayList<>();
    for (String word : words) {
      String option = word.replaceFirst("^--", "").replaceFirst("=.*", "");
      boolean known = OF_THE_LAUNCHER.contains(option) || options.get(name).contains(option);
      if (word.startsWith("--") && !known && !name.equals("jmh")) {
        complaints.add(
            command.complaint(
                name + " has no option --" + option + "; known: " + options.get(name)));
      }
    }
    return complaints;
  }

  private Set<String> options(String name) throws Exception {
    Launcher.Start start = launcher.start(Map.of(), List.of(name, "--help"));
    Set<String> names = new TreeSet<>();
    example(start.mainClass()).map(Example::options).stream()
        .flatMap(List::stream)
        .forEach(option -> names.add(option.name()));
    return names;
  }

  private void check(Launcher.Start start) throws Exception {
    String[] arguments = start.arguments().toArray(String[]::new);
    if (start.mainClass().endsWith(".Jmh")) {
      checkJmh(arguments);
      return;
    }
    Example example =
        example(start.mainClass())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        start.mainClass()
                            + " has no constant of type Example, which knows its options"));
    example.parse(arguments);
    String test = start.mainClass().replaceFirst(".*\\.", "") + "Test";
    if (sources.named(test).isEmpty()) {
      throw new IllegalArgumentException(
          "no test runs " + example.name() + ": write " + test + ", with small sizes");
    }
  }

  /** What an example's class says of it. */
  private static Optional<Example> example(String mainClass) throws ReflectiveOperationException {
    for (Field field : Class.forName(mainClass).getDeclaredFields()) {
      if (field.getType() == Example.class && Modifier.isStatic(field.getModifiers())) {
        field.setAccessible(true);
        return Optional.of((Example) field.get(null));
      }
    }
    return Optional.empty();
  }

  /** JMH's own options; its patterns find benchmarks, and these have the parameters. */
  private static void checkJmh(String[] arguments) {
    CommandLineOptions options;
    try {
      options = new CommandLineOptions(arguments);
    } catch (CommandLineOptionException wrong) {
      throw new IllegalArgumentException("JMH says: " + wrong.getMessage(), wrong);
    }
    var out = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    for (String pattern : options.getIncludes()) {
      if (BenchmarkList.defaultList().find(out, List.of(pattern), List.of()).isEmpty()) {
        throw new IllegalArgumentException("no benchmark's name holds '" + pattern + "'");
      }
    }
    var found = BenchmarkList.defaultList().find(out, options.getIncludes(), List.of());
    List<String> names = new ArrayList<>(Arrays.asList(arguments));
    for (int i = 0; i + 1 < names.size(); i++) {
      String name = names.get(i + 1).split("=", 2)[0];
      boolean parameter = names.get(i).equals("-p");
      if (parameter
          && found.stream().noneMatch(one -> one.getParams().orElse(Map.of()).containsKey(name))) {
        throw new IllegalArgumentException("no such benchmark has a parameter '" + name + "'");
      }
    }
  }
}
