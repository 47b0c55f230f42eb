/* Counts down to the end of a time box or to a due review; without this the pages say when. */
(function () {
  "use strict";

  const HOUR_S = 3600;

  function two(number) {
    return String(number).padStart(2, "0");
  }

  /* Minutes and seconds in the last hour, as that is when they matter; before, what the page said is right enough. */
  function tick(place) {
    const time = place.querySelector("time");
    const left = Math.floor(
      (Date.parse(place.dataset.spCountdown) - Date.now()) / 1000,
    );
    if (left >= 0 && left < HOUR_S) {
      time.textContent =
        "in " + two(Math.floor(left / 60)) + ":" + two(left % 60);
    }
  }

  function start() {
    const places = document.querySelectorAll("[data-sp-countdown]");
    function all() {
      places.forEach(tick);
    }
    if (places.length > 0) {
      all();
      window.setInterval(all, 1000);
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
