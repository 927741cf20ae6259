package io.penstock.schedule.generate;

import io.penstock.schedule.Schedule;
import java.util.OptionalInt;

/**
 * Zero bubble at twice 1F1B's memory: ZB-H2 of Qi et al. 2023 (arXiv 2401.10241). As {@link
 * ZeroBubbleH1}, but rank r of p starts with 2(p - 1 - r) forwards and its weight gradients come 2r
 * micro-batches behind; every rank keeps the activations of min(2p - 1, m) micro-batches.
 *
 * <p>From m = 2p - 1 on, if tF = tI = tW, no rank pauses between its first action and its last:
 * each is at work for m(tF + tB) + (p - 1)(tF + tI - 2tW). The ranks still start and end one after
 * another, so the gain over ZB-H1 shows only where a rank may begin its next mini-batch before the
 * others have ended this one; a mini-batch alone takes as long as there.
 *
 * <pre>
 *  rank 0  F0 F1 F2 F3 F4 I0 W0 I1 W1 I2 W2 I3 W3 I4 W4
 *  rank 1  .  F0 F1 F2 I0 F3 I1 F4 I2 W0 I3 W1 I4 W2 W3 W4
 *  rank 2  .  .  F0 I0 F1 I1 F2 I2 F3 I3 F4 I4 W0 W1 W2 W3 W4
 * </pre>
 */
final class ZeroBubbleH2 implements Generator {
  @Override
  public String id() {
    return "zb-h2";
  }

  @Override
  public Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp) {
    var rounds = new Rounds(ranks, 1, microBatches);
    return of(
        ranks,
        ranks,
        microBatches,
        rank ->
            ZeroBubbleH1.halves(
                rounds.forwards(rank), rounds.backwards(rank), 2 * (ranks - 1 - rank), 2 * rank));
  }
}
