package io.penstock.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.RegisterExtension;

/** That this module's tests, and what is done before and after them, have limits by default. */
class TimeLimitsTest {
  /** Hands a test what JUnit knows of it. */
  @RegisterExtension
  static final ParameterResolver CONTEXT =
      new ParameterResolver() {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
          return parameter.getParameter().getType() == ExtensionContext.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
          return context;
        }
      };

  @Test
  void everyKindOfMethodHasOne(ExtensionContext context) {
    for (String kind : new String[] {"testable", "lifecycle"}) {
      String key = "junit.jupiter.execution.timeout." + kind + ".method.default";
      String limit = context.getConfigurationParameter(key).orElse("none");
      assertTrue(limit.matches("[1-9]\\d* m"), key + ": " + limit);
    }
  }
}
