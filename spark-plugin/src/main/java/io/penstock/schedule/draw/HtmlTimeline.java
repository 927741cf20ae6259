package io.penstock.schedule.draw;

import java.util.Locale;

/**
 * Timeline as a web page of its own: the picture of {@link SvgTimeline}, scrolled sideways where it
 * is wide, and beside the pointer the action under it with its start and duration. Loads nothing
 * from anywhere. Stateless; any thread may call.
 */
public final class HtmlTimeline {
  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>%s</title>
      <style>
      body { margin: 1em; font: 14px sans-serif; }
      #picture { overflow-x: auto; }
      .bar:hover rect:first-of-type { stroke: #000000; stroke-width: 2.5; }
      #told { position: fixed; visibility: hidden; padding: 3px 8px; pointer-events: none;
              background: #222222; color: #ffffff; border-radius: 3px; white-space: pre; }
      </style>
      </head>
      <body>
      <div id="picture">
      %s</div>
      <div id="told"></div>
      <script>
      const told = document.getElementById("told");
      for (const bar of document.querySelectorAll(".bar")) {
        const title = bar.querySelector("title");
        const words = title.textContent;
        title.remove(); // else the browser shows it a second time
        bar.setAttribute("aria-label", words);
      }
      document.getElementById("picture").addEventListener("mousemove", event => {
        const bar = event.target.closest(".bar");
        told.style.visibility = bar ? "visible" : "hidden";
        if (bar) {
          told.textContent = bar.getAttribute("aria-label");
          const right = document.documentElement.clientWidth - told.offsetWidth - 4;
          told.style.left = Math.max(0, Math.min(event.clientX + 14, right)) + "px";
          told.style.top = event.clientY + 18 + "px";
        }
      });
      document.getElementById("picture").addEventListener("mouseleave", () => {
        told.style.visibility = "hidden";
      });
      </script>
      </body>
      </html>
      """;

  private HtmlTimeline() {}

  /** Returns the page. */
  public static String html(Timeline timeline) {
    return String.format(
        Locale.ROOT, PAGE, Markup.xml(timeline.title()), SvgTimeline.svg(timeline));
  }
}
