package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StrikeTest {
  /** Else the kill matrix would strike at nothing, which it tells only after a whole run. */
  @ParameterizedTest
  @EnumSource
  void everyPointIsAMethod(Strike.Point point) throws ClassNotFoundException {
    assertTrue(
        Arrays.stream(Class.forName(point.type).getDeclaredMethods())
            .anyMatch(method -> method.getName().equals(point.method)),
        point.type + "." + point.method);
  }
}
