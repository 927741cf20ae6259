package io.penstock.array;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J's native calls that have to do with a GPU's memory: written down, and done as they are. */
public final class RecordedOps {
  private RecordedOps() {}

  public static NativeOps of(List<String> calls) {
    return without(calls, "");
  }

  /** The same, where one call does nothing and returns null. */
  public static NativeOps without(List<String> calls, String refused) {
    Nd4j.getExecutioner(); // loads ND4J, without which its holder of operations breaks for good
    NativeOps real = NativeOpsHolder.getInstance().getDeviceNativeOps();
    int[] streams = {0};
    return (NativeOps)
        Proxy.newProxyInstance(
            RecordedOps.class.getClassLoader(),
            new Class<?>[] {NativeOps.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "mallocHost" -> calls.add("mallocHost " + arguments[0]);
                case "freeHost" -> calls.add("freeHost");
                case "memcpyAsync" ->
                    calls.add(
                        "copy " + arguments[2] + " kind " + arguments[3] + " on " + arguments[4]);
                case "streamSynchronize" -> calls.add("wait for " + arguments[0]);
                default -> {}
              }
              if (method.getName().equals(refused)) {
                return null;
              }
              if (method.getName().equals("createStream")) {
                return new Stream(++streams[0]); // a CPU has none
              }
              if (method.getName().equals("lastErrorCode") && refused.equals("memory")) {
                return 2;
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  /** A stream's name. */
  public static final class Stream extends Pointer {
    private final int number;

    Stream(int number) {
      this.number = number;
    }

    @Override
    public String toString() {
      return "stream " + number;
    }
  }
}
