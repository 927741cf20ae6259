package io.penstock.testing;

/**
 * A fenced block of a page.
 *
 * @param line of the page on which the fence opens, from 1; the block's first line is the next
 * @param language the word behind the opening fence; empty if there is none
 * @param text its lines, without the fence's own indentation, each with a line feed
 * @param end line of the page on which it closes
 */
public record Fence(Page page, int line, String language, String text, int end) {
  /**
   * Tells what is wrong with it, with its place.
   *
   * @param its line of the block, from 1; 0 for the fence itself
   */
  public String complaint(int its, String what) {
    return page.complaint(line + its, what);
  }
}
