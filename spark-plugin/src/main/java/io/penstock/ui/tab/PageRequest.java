package io.penstock.ui.tab;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.apache.spark.ui.SparkUITab;
import org.apache.spark.ui.UIUtils;
import scala.Function0;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction0;
import scala.xml.Unparsed;

/**
 * Request for a page, and Spark's frame for the answer. For the thread of the request.
 *
 * <p>Looks three methods of the UI up by name: a request is a {@code javax.servlet} one in Spark
 * 3.5 and a {@code jakarta.servlet} one in Spark 4, so no code that is compiled against one of them
 * links with the other. Spark's own methods tell which it is.
 *
 * @param request as Spark hands it over
 * @param tab the one that is shown as active
 */
record PageRequest(Object request, SparkUITab tab) {
  private static final Handles HANDLES = Handles.find();

  private record Handles(MethodHandle parameter, MethodHandle uri, MethodHandle page) {
    static Handles find() {
      Class<?> type =
          Arrays.stream(UIUtils.class.getMethods())
              .filter(method -> method.getName().equals("prependBaseUri"))
              .map(Method::getParameterTypes)
              .map(types -> types[0])
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("Spark's UIUtils has no base URI"));
      Lookup lookup = MethodHandles.publicLookup();
      try {
        return new Handles(
            lookup.findVirtual(
                type, "getParameter", MethodType.methodType(String.class, String.class)),
            lookup.findStatic(
                UIUtils.class,
                "prependBaseUri",
                MethodType.methodType(String.class, type, String.class, String.class)),
            lookup.findStatic(
                UIUtils.class,
                "headerSparkPage",
                MethodType.methodType(
                    Seq.class,
                    type,
                    String.class,
                    Function0.class,
                    SparkUITab.class,
                    Option.class,
                    boolean.class,
                    boolean.class)));
      } catch (ReflectiveOperationException cause) {
        throw new IllegalStateException(
            "This Spark draws its pages in another way than 3.5 to 4.1 do; set"
                + " spark.penstock.ui.enabled=false",
            cause);
      }
    }
  }

  @FunctionalInterface
  private interface Invocation {
    Object run() throws Throwable;
  }

  private static Object invoke(Invocation invocation) {
    try {
      return invocation.run();
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable cause) {
      throw new IllegalStateException(cause);
    }
  }

  /** The value of a parameter in the address; empty if there is none. */
  String parameter(String name) {
    Object value = invoke(() -> HANDLES.parameter.invoke(request, name));
    return value == null ? "" : (String) value;
  }

  /** The address of something below this UI, also behind a proxy and in the history server. */
  String address(String path) {
    return (String) invoke(() -> HANDLES.uri.invoke(request, tab.basePath(), path));
  }

  /** A page with Spark's header and tabs. */
  String page(String title, Element content) {
    Function0<Seq<scala.xml.Node>> nodes =
        new AbstractFunction0<>() {
          @Override
          public Seq<scala.xml.Node> apply() {
            return new Unparsed(content.toString());
          }
        };
    Object page =
        invoke(() -> HANDLES.page.invoke(request, title, nodes, tab, Option.empty(), false, false));
    return "<!DOCTYPE html>" + page;
  }
}
