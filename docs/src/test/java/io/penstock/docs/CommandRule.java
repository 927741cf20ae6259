package io.penstock.docs;

import java.util.List;

/** What holds for the commands of some programs. */
interface CommandRule {
  /** Whether it is about this command's program. */
  boolean knows(ShellCommand command);

  /** Tells what is wrong with a command that it knows, each with its place. */
  List<String> complaints(ShellCommand command) throws Exception;
}
