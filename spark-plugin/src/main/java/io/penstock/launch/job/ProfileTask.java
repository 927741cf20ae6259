package io.penstock.launch.job;

import io.penstock.checkpoint.RunIdentity;
import io.penstock.launch.cluster.RankArithmetic;
import io.penstock.launch.cluster.RankCompute;
import io.penstock.launch.cluster.RankDevice;
import io.penstock.launch.job.Pulse.Phase;
import io.penstock.link.FramePlan;
import io.penstock.link.Link;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.nn.update.Updater;
import io.penstock.train.LayerTime;
import io.penstock.train.LayerTimer;
import io.penstock.train.LinkTime;
import io.penstock.train.LinkTimer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.BarrierTaskContext;

/**
 * Profile of one rank: its share of the layers, which the ranks of its model deal out among
 * themselves, all at the same time as in a run; and on the first two the link between them. For the
 * task's thread.
 */
final class ProfileTask extends RankTask<Integer, RankProfile> {
  private static final long serialVersionUID = 1L;

  private final String networkJson;
  private final String updaterJson;
  private final List<Integer> rowCounts;
  private final int ranks;

  ProfileTask(
      String runId,
      RankDevice device,
      String networkJson,
      String updaterJson,
      List<Integer> rowCounts,
      int ranks) {
    super(runId, 0, device);
    this.networkJson = networkJson;
    this.updaterJson = updaterJson;
    this.rowCounts = List.copyOf(rowCounts);
    this.ranks = ranks;
  }

  @Override
  FramePlan framesFor(int anyRank) {
    return LinkTimer.FRAMES;
  }

  @Override
  RankProfile work(
      BarrierTaskContext context,
      Iterator<Integer> none,
      Link link,
      DriverEndpoint.Remote driver,
      RankCompute compute,
      RankActivity activity)
      throws InterruptedException {
    RankArithmetic arithmetic = compute.arithmetic();
    int rank = context.partitionId();
    Sequential network = SplitOutput.inTraining(Sequential.fromWire(networkJson));
    Updater updater = Updater.fromJson(updaterJson);
    List<Rendezvous.Arrival> met = meet(context, link, driver, RunIdentity.Rows.NONE, arithmetic);
    driver.ask(RankReady.of(context, RunIdentity.Rows.NONE, arithmetic));
    activity.enter(Phase.MEASURING);
    List<Integer> alike =
        IntStream.range(0, ranks)
            .filter(one -> met.get(one).model().equals(arithmetic.model()))
            .boxed()
            .toList();
    List<LayerTime> times = new ArrayList<>();
    for (int layer = alike.indexOf(rank); layer < network.layers().size(); layer += alike.size()) {
      for (int rows : rowCounts) {
        times.add(LayerTimer.time(network, layer, rows, updater, compute.device()));
      }
    }
    connect(link, rank, met);
    LinkTime time = null;
    if (rank == 0 && ranks > 1) {
      time = LinkTimer.time(link, 1, unwanted(context));
    } else if (rank == 1) {
      LinkTimer.echo(link, 0, unwanted(context));
    }
    return new RankProfile(met.get(rank).place(), arithmetic.model(), times, time);
  }
}
