package io.penstock.link;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Window of steps whose frames may come: on every channel from the step that its receiver is at to
 * some ahead of it. What comes again, or for a step that is over, or from far ahead, would be kept
 * for nobody. Steps of training and of validation are counted each by themselves. Guarded by the
 * inbox that has it.
 */
final class StepWindow {
  /** Step that a channel is at, and what of it has been taken. */
  private static final class Place {
    private long step;

    /** Whether the receiver has come to this step itself, or a frame has only come first. */
    private boolean reached;

    private final BitSet taken = new BitSet();

    Place(long step) {
      this.step = step;
    }
  }

  private final int ahead;
  private final Map<Channel, Place> training = new HashMap<>();
  private final Map<Channel, Place> validation = new HashMap<>();

  /**
   * @param ahead steps that a sender may be ahead
   */
  StepWindow(int ahead) {
    this.ahead = ahead;
  }

  private Place place(Channel channel, Tag tag) {
    Map<Channel, Place> places = tag.isOfValidation() ? validation : training;
    Place place = places.get(channel);
    if (place == null) {
      place = new Place(tag.count());
      places.put(channel, place);
    }
    return place;
  }

  /**
   * Notes that the receiver awaits a frame: those of earlier steps are over.
   *
   * @return why what has come before the receiver's first wait does not belong here; null if it
   *     does
   */
  String awaits(Tag tag) {
    Place place = place(tag.channel(), tag);
    String objection =
        place.reached || place.step == tag.count()
            ? null
            : "but began with those of step " + place.step;
    if (!place.reached || tag.count() > place.step) {
      place.step = tag.count();
      place.reached = true;
      place.taken.clear();
    }
    return objection;
  }

  /** Notes that the receiver has taken a frame. */
  void taken(Tag tag) {
    Place place = place(tag.channel(), tag);
    if (tag.count() == place.step) {
      place.taken.set(tag.microBatch());
    }
  }

  /**
   * Returns why a frame that has come does not belong here, in words that follow "it sent" and the
   * tag; null if it does.
   */
  String objection(Channel channel, Tag tag) {
    Place place = place(channel, tag);
    long lead = tag.count() - place.step;
    if (lead > ahead) {
      return "while this rank is at step " + place.step + "; ranks are " + ahead + " apart at most";
    }
    if (lead < 0) {
      return "though this rank is at step " + place.step + " and that one is over";
    }
    return lead == 0 && place.taken.get(tag.microBatch()) ? "a second time" : null;
  }
}
