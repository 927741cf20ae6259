package io.penstock.testing;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands classes with {@link LocalSpark} their sessions. JUnit's root store ends the last one. */
final class LocalSparkExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
  @Override
  public void beforeAll(ExtensionContext context) {
    SparkDemands demands = SparkDemands.of(context.getRequiredTestClass()).orElseThrow();
    Store store = store(context);
    SharedSpark shared = store.get(SharedSpark.class, SharedSpark.class);
    if (shared == null || !shared.meets(demands)) {
      if (shared != null) {
        store.remove(SharedSpark.class);
        shared.close();
      }
      shared = new SharedSpark(demands);
      store.put(SharedSpark.class, shared);
    }
    shared.begin();
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    SharedSpark shared = shared(context);
    if (shared != null && shared.session() != null) {
      shared.end();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == SparkSession.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return shared(context).session();
  }

  private static SharedSpark shared(ExtensionContext context) {
    return store(context).get(SharedSpark.class, SharedSpark.class);
  }

  private static Store store(ExtensionContext context) {
    return context.getRoot().getStore(Namespace.create(LocalSpark.class));
  }
}
