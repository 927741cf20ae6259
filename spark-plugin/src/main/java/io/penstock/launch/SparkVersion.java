package io.penstock.launch;

import io.penstock.Internal;
import org.apache.spark.package$;
import scala.util.Properties$;

/**
 * Check of the versions of Spark and Scala that the JVM runs. Stateless; any thread may call. Asked
 * before anything else of ours is: of Spark and Scala it uses only what all versions have, so that
 * it can be reached where the rest of the jar cannot be linked.
 */
@Internal
public final class SparkVersion {
  private static final int FIRST = 3;
  private static final int FIRST_OF_3 = 5;
  private static final String SCALA = "2.13";

  private SparkVersion() {}

  /**
   * Checks that they will do.
   *
   * @throws IllegalStateException if not; the message says which would
   */
  public static void check() {
    check(package$.MODULE$.SPARK_VERSION(), Properties$.MODULE$.versionNumberString());
  }

  /** Returns whether Spark is of this major version or a newer one. */
  public static boolean isAtLeast(int major) {
    String[] numbers = package$.MODULE$.SPARK_VERSION().split("\\D", 2);
    return Integer.parseInt(numbers[0]) >= major;
  }

  static void check(String spark, String scala) {
    boolean sparkWillDo = false;
    String[] numbers = spark.split("\\D", 3);
    if (numbers.length > 1 && !numbers[0].isEmpty() && !numbers[1].isEmpty()) {
      int major = Integer.parseInt(numbers[0]);
      sparkWillDo = major > FIRST || major == FIRST && Integer.parseInt(numbers[1]) >= FIRST_OF_3;
    }
    boolean scalaWillDo = scala.equals(SCALA) || scala.startsWith(SCALA + ".");
    if (!sparkWillDo || !scalaWillDo) {
      throw new IllegalStateException(
          "Penstock runs on Spark 3.5, 4.0 and 4.1 for Scala 2.13; this is Spark "
              + spark
              + " for Scala "
              + scala
              + ". Take one of those: of Spark 3.5 the download whose name ends with -scala2.13.");
    }
  }
}
