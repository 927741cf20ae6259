package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PartTimesTest {
  private final AtomicLong now = new AtomicLong(100);
  private final PartTimes times = new PartTimes(1, now::get);

  private void at(long nanos, Runnable act) {
    now.set(nanos);
    act.run();
  }

  @Test
  void whatIsThereAtTheEndOfTheBackwardHasComeBesideIt() {
    times.begin();
    Runnable early = times.expect(3, 0, 10);
    Runnable justThen = times.expect(2, 0, 20);
    Runnable late = times.expect(1, 0, 30);
    times.expect(0, 0, 40);
    at(101, early);
    at(150, justThen);
    at(150, times::endBackward);
    at(160, times::endBackward); // of another stage, when the first's parts are awaited
    at(155, late);
    assertEquals(100, times.bytes());
    assertEquals(30, times.bytesBeside());
    assertEquals(
        List.of(
            new PartTime(3, 0, 1, 10, 101),
            new PartTime(2, 0, 1, 20, 150),
            new PartTime(1, 0, 1, 30, 155),
            new PartTime(0, 0, 1, 40, 0)),
        times.list());
  }

  @Test
  void whatIsHandedOverIsToldInItsOrderBeforeWhatCame() {
    times.begin();
    at(110, times.expect(0, 2, 4));
    at(120, () -> times.hand(5, 2, 8));
    at(130, () -> times.hand(4, 0, 8));
    assertEquals(
        List.of(
            new PartTime(5, 1, 2, 8, 120),
            new PartTime(4, 1, 0, 8, 130),
            new PartTime(0, 2, 1, 4, 110)),
        times.list());
  }

  @Test
  void aLateNoticeIsOfItsOwnStep() {
    times.begin();
    Runnable before = times.expect(0, 0, 4);
    times.begin();
    times.expect(0, 0, 4);
    at(110, before);
    at(120, times::endBackward);
    assertEquals(0, times.bytesBeside());
  }
}
