/* Shows a page of the tab "Pipeline" anew while its run goes on. What the pointer rests on stays. */
(function () {
  "use strict";
  const pause = 2000;
  function anew() {
    const shown = document.getElementById("penstock");
    if (document.hidden || shown.matches(":has(svg :hover), :has(a:hover), :has(details[open])")) {
      setTimeout(anew, pause);
      return;
    }
    fetch(window.location.href, { credentials: "same-origin", cache: "no-store" })
      .then(answer => (answer.ok ? answer.text() : Promise.reject(answer.status)))
      .then(text => {
        const next = new DOMParser().parseFromString(text, "text/html").getElementById("penstock");
        if (next) {
          shown.replaceWith(next);
          if (next.dataset.live === "true") {
            setTimeout(anew, pause);
          }
        }
      })
      .catch(() => {}); // the application is gone: what is shown stays
  }
  setTimeout(anew, pause);
})();
