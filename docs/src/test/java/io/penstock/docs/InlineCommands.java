package io.penstock.docs;

import io.penstock.testing.Fence;
import io.penstock.testing.Page;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Commands in backticks. Values may be left out there or stand for others ({@code --stages p}), so
 * of {@code examples/run} only names are looked up: the example's and its options'.
 */
record InlineCommands(Commands commands, ExampleCommands examples) {
  private static final Pattern COMMAND =
      Pattern.compile(
          "([A-Z_]+=\\S+ )*(examples/run|mvn|notebooks/(run|install-kernel)|\\.ci/run)( .*)?");

  /** Tells what is wrong with a text in backticks, if it is a command. */
  List<String> complaints(Page.Span span) throws Exception {
    if (!COMMAND.matcher(span.text()).matches()) {
      return List.of();
    }
    String text = span.text().replace("…", "");
    Fence line = new Fence(span.page(), span.line() - 1, "bash", text + "\n", span.line());
    ShellCommand command = ShellCommand.of(line).get(0);
    return examples.knows(command) ? examples.names(command) : commands.complaints(line);
  }
}
