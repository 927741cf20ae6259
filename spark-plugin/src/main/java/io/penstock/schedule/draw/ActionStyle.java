package io.penstock.schedule.draw;

import io.penstock.schedule.ActionKind;

/**
 * Style of a kind of action in every drawing: words, colours and hatching. The colours are those of
 * Okabe and Ito (2008), or lighter and darker ones of the same hue, which colour-blind people tell
 * apart; they differ in lightness and hatching too, for print in black and white.
 */
enum ActionStyle {
  FORWARD("forward", '-', "#bfe0f5", "#000000", ""),
  BACKWARD("backward", '=', "#0072b2", "#ffffff", ""),
  INPUT_GRADIENT("input gradient", '~', "#e69f00", "#000000", "M0,8 L8,0 M-2,2 L2,-2 M6,10 L10,6"),
  WEIGHT_GRADIENT("weight gradient", '+', "#006b4f", "#ffffff", "M0,4 L8,4"),
  RECOMPUTATION("forward again", ':', "#f0e442", "#000000", "M4,4 L4,5"),
  UPDATE("update", '#', "#cc79a7", "#000000", "M0,0 L8,8"),
  SYNCHRONISATION("ranks wait for each other", '|', "#dddddd", "#000000", ""),
  MOVEMENT("movement", '>', "#999999", "#000000", "M4,0 L4,8");

  /** Name in a legend. */
  final String words;

  /** Character that fills a bar of text behind its label. */
  final char fill;

  /** The colour of a bar, as in CSS. */
  final String paper;

  /** The colour of its label. */
  final String ink;

  /** The hatching, as an SVG path in a square of 8 by 8; empty for none. */
  final String hatch;

  ActionStyle(String words, char fill, String paper, String ink, String hatch) {
    this.words = words;
    this.fill = fill;
    this.paper = paper;
    this.ink = ink;
    this.hatch = hatch;
  }

  static ActionStyle of(ActionKind kind) {
    return switch (kind) {
      case F -> FORWARD;
      case B -> BACKWARD;
      case I -> INPUT_GRADIENT;
      case W -> WEIGHT_GRADIENT;
      case R -> RECOMPUTATION;
      case UPDATE -> UPDATE;
      case SEND_F, RECV_F, SEND_B, RECV_B, OFFLOAD, PREFETCH -> MOVEMENT;
      default -> SYNCHRONISATION;
    };
  }

  /** The letter that stands for it where there is room for one. */
  char letter() {
    return switch (this) {
      case FORWARD -> 'F';
      case BACKWARD -> 'B';
      case INPUT_GRADIENT -> 'I';
      case WEIGHT_GRADIENT -> 'W';
      case RECOMPUTATION -> 'R';
      case UPDATE -> 'U';
      case SYNCHRONISATION -> '|';
      case MOVEMENT -> '>';
    };
  }
}
