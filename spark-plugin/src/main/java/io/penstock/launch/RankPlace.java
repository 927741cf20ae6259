package io.penstock.launch;

import java.io.Serializable;
import java.util.List;

/**
 * Where a rank is at work.
 *
 * @param rank from 0
 * @param executor Spark's id of the executor
 * @param host its host
 * @param pid the id of its process
 * @param gpus the addresses of the GPUs that Spark gave the task; empty without any
 */
public record RankPlace(int rank, String executor, String host, long pid, List<String> gpus)
    implements Serializable {
  /** Copies the list. */
  public RankPlace {
    gpus = List.copyOf(gpus);
  }
}
