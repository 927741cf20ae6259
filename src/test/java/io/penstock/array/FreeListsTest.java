package io.penstock.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class FreeListsTest {
  private final FreeLists<String, Object> lists = new FreeLists<>();

  @Test
  void theNewestOfAKindIsTakenFirst() {
    lists.give("a", 1);
    lists.give("a", 2);
    lists.give("b", 3);
    assertEquals(2, lists.take("a"));
    assertEquals(1, lists.take("a"));
    assertNull(lists.take("a"));
    assertNull(lists.take("c"));
  }

  @Test
  void theOldestOfTheKindUsedLeastRecentlyIsEvictedFirst() {
    lists.give("a", 1);
    lists.give("b", 2);
    lists.give("b", 3);
    lists.give("a", 4);
    lists.take("none of this kind");
    assertEquals(2, lists.takeOldest());
    assertEquals(3, lists.takeOldest());
    assertEquals(1, lists.takeOldest());
    assertEquals(4, lists.takeOldest());
    assertNull(lists.takeOldest());
  }

  @Test
  void takingIsAUseOfTheKind() {
    lists.give("a", 1);
    lists.give("a", 2);
    lists.give("b", 3);
    lists.take("a");
    assertEquals(3, lists.takeOldest());
  }

  @Test
  void oneIsRemovedByIdentity() {
    Object first = new String("same");
    Object second = new String("same");
    lists.give("a", first);
    lists.give("a", second);
    lists.remove(second);
    assertSame(first, lists.take("a"));
    assertFalse(lists.all().iterator().hasNext());
  }
}
