package io.penstock.feed;

import io.penstock.Internal;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import scala.collection.BufferedIterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Stores of one rank's rows: those to train on, and apart from them those for validation.
 * Immutable; any thread may read, none while another closes it. Without a {@link ValidationColumn}
 * the latter has no rows and costs nothing.
 */
@Internal
public record SplitStores(Stores training, Stores validation) implements AutoCloseable {

  /**
   * Takes in one partition of {@link Feed#blocks}. Rows for validation get what memory the others
   * leave.
   *
   * @param blocks the partition's blocks, in its order
   * @param columns what the blocks were packed from
   * @param labels what a label is
   * @param memoryBytes off-heap memory for all rows; the rest goes to files
   * @param directory where those files may lie: local, with room
   * @throws java.io.UncheckedIOException if such a file cannot be written
   */
  public static SplitStores build(
      Iterator<RowBlock> blocks,
      FeatureColumns columns,
      LabelKind labels,
      long memoryBytes,
      Path directory) {
    BufferedIterator<RowBlock> all = CollectionConverters.asScala(blocks).buffered();
    Stores training =
        Stores.build(new UpToValidation(all), columns, labels, memoryBytes, directory);
    boolean built = false;
    try {
      long left = memoryBytes - training.features().memoryBytes() - training.labels().memoryBytes();
      Stores validation =
          Stores.build(CollectionConverters.asJava(all), columns, labels, left, directory);
      built = true;
      return new SplitStores(training, validation);
    } catch (EmptyDataException weightless) {
      throw EmptyDataException.weightlessValidation(columns.weight());
    } finally {
      if (!built) {
        training.close();
      }
    }
  }

  /** Returns the bytes of the files of rows that found no room in memory. */
  public long fileBytes() {
    return Stream.of(training, validation)
        .flatMap(stores -> Stream.of(stores.features(), stores.labels()))
        .mapToLong(RowStore::fileBytes)
        .sum();
  }

  /** Frees both stores. */
  @Override
  public void close() {
    try (validation) {
      training.close();
    }
  }

  /** The blocks before the first one for validation, which is left where it is. */
  private record UpToValidation(BufferedIterator<RowBlock> all) implements Iterator<RowBlock> {
    @Override
    public boolean hasNext() {
      return all.hasNext() && !all.head().isValidation();
    }

    @Override
    public RowBlock next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return all.next();
    }
  }
}
