package io.penstock.feed.rapids;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a partition's tables become; the tables themselves only a GPU can make. */
@Timeout(60)
class HostBatchesTest {
  @Test
  void aPartitionWithoutTablesHasNoBatches() {
    assertFalse(new HostBatches(Collections.emptyIterator(), new StructType()).hasNext());
  }

  /** These classes as they are, beside no cuDF at all. */
  private static final class WithoutCudf extends URLClassLoader {
    WithoutCudf() {
      super(
          new URL[] {HostBatches.class.getProtectionDomain().getCodeSource().getLocation()},
          HostBatches.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("ai.rapids.")) {
        throw new ClassNotFoundException(name);
      }
      if (name.startsWith(HostBatches.class.getPackageName())) {
        synchronized (getClassLoadingLock(name)) {
          Class<?> loaded = findLoadedClass(name);
          return loaded == null ? findClass(name) : loaded;
        }
      }
      return super.loadClass(name, resolve);
    }
  }

  @Test
  void aCudfThatLacksWhatIsAskedOfItIsCalledSoAndWhatToDoIsSaid() throws Exception {
    try (WithoutCudf loader = new WithoutCudf()) {
      Constructor<?> batches =
          Class.forName(HostBatches.class.getName(), true, loader)
              .getDeclaredConstructor(Iterator.class, StructType.class);
      batches.setAccessible(true);
      Iterator<?> tables = List.of("a table of it").iterator();
      Iterator<?> unlinked = (Iterator<?>) batches.newInstance(tables, new StructType());
      assertTrue(unlinked.hasNext());
      IllegalStateException told = assertThrows(IllegalStateException.class, unlinked::next);
      assertEquals(
          "this RAPIDS Accelerator's cuDF is not as expected, its columns cannot be fed. Set"
              + " spark.penstock.feed.columns=never, then rows are; 26.08.1 is the version that is"
              + " known.",
          told.getMessage());
      assertInstanceOf(LinkageError.class, told.getCause());
    }
  }
}
