package io.penstock.launch;

import io.penstock.nn.Parameters;
import io.penstock.train.EpochReport;
import io.penstock.train.Progress;
import java.util.Map;
import java.util.Optional;

/**
 * What a rank does when an epoch is done: its part of a snapshot first, so that one is whole when
 * the driver has heard of all ranks.
 */
record RankProgress(DriverEndpoint.Remote driver, Optional<SnapshotWriter> snapshots)
    implements Progress {
  @Override
  public void learnt(int epoch, Map<Integer, Parameters> layers) {
    snapshots.ifPresent(writer -> writer.write(epoch, layers));
  }

  @Override
  public void epochDone(EpochReport report) {
    driver.tell(report);
  }
}
