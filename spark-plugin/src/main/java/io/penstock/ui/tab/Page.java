package io.penstock.ui.tab;

/**
 * Frame of a page of the tab: Spark's header, style sheet and script.
 *
 * @param call the request for the page
 * @param goesOn whether there is more to come, so that the page shows itself anew from time to time
 */
record Page(PageRequest call, boolean goesOn) {
  String html(String title, Element... content) {
    Element page = Element.of("div", "penstock").with("id", "penstock").with("data-live", goesOn);
    Element all =
        Element.of("div")
            .add(
                Element.of("link")
                    .with("rel", "stylesheet")
                    .with("type", "text/css")
                    .with("href", call.address("/Pipeline/pipeline.css")),
                page.add(content));
    if (goesOn) {
      all.add(Element.of("script").with("src", call.address("/Pipeline/pipeline.js")));
    }
    return call.page(title, all);
  }
}
