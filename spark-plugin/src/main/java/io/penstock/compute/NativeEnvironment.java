package io.penstock.compute;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.Map;

/**
 * Environment variables as native code of this process sees them. Java's own view of it, {@link
 * System#getenv}, is a copy from the process's start, and stays what it was. Not thread-safe
 * against native code that reads the environment meanwhile.
 */
final class NativeEnvironment {
  private static final int OVERWRITE = 1;

  private NativeEnvironment() {}

  /**
   * Sets variables, which libraries that are loaded later will find.
   *
   * @throws IllegalStateException if the system refuses one
   * @throws LinkageError if it cannot be done here: on Windows, or without JNA
   */
  static void set(Map<String, String> variables) {
    Function setenv = NativeLibrary.getInstance("c").getFunction("setenv");
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      int failed =
          setenv.invokeInt(new Object[] {variable.getKey(), variable.getValue(), OVERWRITE});
      if (failed != 0) {
        throw new IllegalStateException("setenv refuses " + variable);
      }
    }
  }
}
