package io.penstock.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.array.Loan;
import io.penstock.device.Device;
import io.penstock.device.Machine;
import io.penstock.device.Nd4jBackend;
import io.penstock.device.NvidiaSmi;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.link.Address;
import io.penstock.link.Channel;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import io.penstock.link.Tag;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays on a GPU, over the network and back. */
@NeedsGpu
@Timeout(300)
class GpuLinkTest {
  @BeforeAll
  static void start() {
    Machine machine = Machine.here(NvidiaSmi.DEFAULT);
    Device device = machine.device(machine.addresses().get(0));
    assertEquals(Nd4jBackend.CUDA, Nd4jBackend.CUDA.choose());
    device.claim();
    NativeRuntime.ready(1);
  }

  @Test
  void whatTheGpuComputesArrivesAndIsComputedWithAgain() throws InterruptedException {
    LinkConfig config = LinkConfig.on("127.0.0.1").overNetwork();
    try (Link first = Links.open(config);
        Link second = Links.open(config)) {
      List<Address> addresses = List.of(first.address(), second.address());
      first.connect(0, addresses);
      second.connect(1, addresses);
      // The second round finds its arrays on the shelf, after the GPU has read them.
      for (int step = 0; step < 20; step++) {
        INDArray sent = Nd4j.linspace(DataType.FLOAT, step, 1, 6 * 1024).reshape(6, 1024).mul(2);
        float[] expected = Nd4j.linspace(DataType.FLOAT, step, 1, 6 * 1024).mul(2).toFloatVector();
        Tag tag = new Tag(new Channel.Probe(1), step, 0);
        second.post(tag);
        first.send(1, tag, sent);
        Loan loan = second.receive(tag, () -> false);
        INDArray received = loan.array();
        assertEquals(Location.EVERYWHERE, Nd4j.getAffinityManager().getActiveLocation(received));
        assertArrayEquals(
            expected, received.add(0).reshape(6L * 1024).toFloatVector(), "step " + step);
        loan.close();
      }
    }
  }

  @Test
  void aViewArrivesAsItsNumbers() throws InterruptedException {
    LinkConfig config = LinkConfig.on("127.0.0.1").overNetwork();
    try (Link only = Links.open(config);
        Link other = Links.open(config)) {
      List<Address> addresses = List.of(only.address(), other.address());
      only.connect(0, addresses);
      other.connect(1, addresses);
      INDArray rows = Nd4j.linspace(DataType.FLOAT, 0, 1, 40).reshape(10, 4);
      Tag tag = new Tag(new Channel.Probe(1), 0, 0);
      only.send(1, tag, rows.get(NDArrayIndex.interval(3, 5), NDArrayIndex.all()));
      assertArrayEquals(
          new float[] {12, 13, 14, 15, 16, 17, 18, 19},
          other.receive(tag, () -> false).array().reshape(8).toFloatVector());
    }
  }
}
