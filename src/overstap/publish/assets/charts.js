// Draws every figure.chart on the page from the spec in its own <script type="application/json">. No network, no eval.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  var source = document.getElementById("chart-themes");
  if (!source || typeof vegaEmbed === "undefined") return;
  var themes = JSON.parse(source.textContent);
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function config(width) {
    var theme = JSON.parse(JSON.stringify(dark.matches ? themes.dark : themes.light));
    theme.axisY.labelLimit = Math.round(Math.max(210, Math.min(320, width * 0.36)));  // names are read whole where there is room
    if (width < 480) {
      theme.axisY.labelLimit = Math.round(width * 0.42);
      theme.axis.labelFontSize = 11;
    }
    return theme;
  }

  function draw(figure) {
    var target = figure.querySelector(".chart-canvas");
    var spec = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    figure.dataset.drawn = "yes";
    return vegaEmbed(target, spec, {
      ast: true,
      actions: false,
      logLevel: 1,
      renderer: "svg",
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true, theme: "overstap" },
      config: config(target.clientWidth)
    }).then(function () {
      // The canvas is one picture with a name; what it shows stands in its table.
      var drawn = target.querySelector("svg");
      if (drawn) drawn.setAttribute("aria-hidden", "true");
    }).catch(function (error) {
      target.textContent = String(error);
    });
  }

  function drawAll() {
    root.classList.toggle("charts-dark", dark.matches);
    var figures = Array.prototype.slice.call(document.querySelectorAll("figure.chart:has(.chart-canvas)"));
    var done = Promise.all(figures.map(draw));
    done.then(function () { root.dataset.charts = "ready"; });
    return done;
  }

  window.overstapCharts = { draw: draw, drawAll: drawAll };
  dark.addEventListener("change", drawAll);
  var width = window.innerWidth;
  var timer = 0;
  window.addEventListener("resize", function () {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    clearTimeout(timer);
    timer = setTimeout(drawAll, 200);
  });
  drawAll();
})();
