package io.penstock.nn.network;

import io.penstock.nn.layer.Custom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.util.Base64;

/**
 * Text form of a custom layer, serialised Java in base 64: to travel within a run, never to be
 * kept. Stateless.
 */
final class CustomText {
  private CustomText() {}

  static String write(Custom layer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(layer);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "A custom layer's function cannot travel: "
              + e
              + ". Let it capture nothing that is not serialisable, such as an object whose method"
              + " it calls; a static method's lambda is safe.",
          e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  static Custom read(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    try (ObjectInputStream in = new UserClasses(new ByteArrayInputStream(bytes))) {
      return (Custom) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "A custom layer's function did not arrive: "
              + e
              + ". Give the application's jar to Spark (--jars), so that executors have its class.",
          e);
    }
  }

  /**
   * Object stream that finds the classes of the user's jars, which Spark gives to the task's
   * thread.
   */
  private static final class UserClasses extends ObjectInputStream {
    UserClasses(ByteArrayInputStream bytes) throws IOException {
      super(bytes);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass described)
        throws IOException, ClassNotFoundException {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      try {
        return Class.forName(described.getName(), false, loader);
      } catch (ClassNotFoundException e) {
        return super.resolveClass(described);
      }
    }
  }
}
