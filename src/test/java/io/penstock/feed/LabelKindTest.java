package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabelKindTest {
  @Test
  void aClassIsAWholeNumberBelowTheirCount() {
    LabelKind kind = LabelKind.classId(3);
    assertEquals(Optional.empty(), kind.complaint(0));
    assertEquals(Optional.empty(), kind.complaint(2));
    complains(kind, -1, "negative");
    complains(kind, 1.5, "whole number");
    complains(kind, 3, "from 0 to 2");
  }

  @Test
  void aRealLabelIsAnyNumber() {
    assertEquals(Optional.empty(), LabelKind.real().complaint(-1.5));
  }

  @Test
  void severalNumbersAreAnyNumbers() {
    assertEquals(3, LabelKind.reals(3).numbers());
    assertEquals(Optional.empty(), LabelKind.reals(3).complaint(-1.5));
    assertThrows(IllegalArgumentException.class, () -> LabelKind.reals(0));
  }

  @Test
  void anIdIsBelowTheNumberOfClassesOrNegative() {
    LabelKind kind = LabelKind.ids(3);
    assertEquals(Optional.empty(), kind.complaint(2));
    assertEquals(Optional.empty(), kind.complaint(-100));
    assertTrue(kind.complaint(3).orElseThrow().contains("below 3"));
    assertThrows(IllegalArgumentException.class, () -> LabelKind.ids(1));
  }

  @Test
  void classesAreTwoAtLeastAndFitAFloat() {
    assertThrows(IllegalArgumentException.class, () -> LabelKind.classId(1));
    assertThrows(IllegalArgumentException.class, () -> LabelKind.classId((1 << 24) + 1));
  }

  private static void complains(LabelKind kind, double label, String why) {
    String complaint = kind.complaint(label).orElseThrow();
    assertTrue(complaint.contains(why), complaint);
    assertTrue(complaint.contains(String.valueOf(label)), complaint);
  }
}
