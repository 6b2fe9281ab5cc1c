// Draws every figure.chart on the page from the spec in its own <script type="application/json">. No network, no eval.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  var source = document.getElementById("chart-themes");
  if (!source || typeof vega === "undefined") return;
  var themes = JSON.parse(source.textContent);
  var views = new Map();
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

  // On a phone names take less room, on more lines; the rows become as high as the longest of them.
  function narrow(spec, width) {
    if (width >= 480 || !spec.layer) return;
    var letters = Math.max(16, Math.floor(width * 0.42 / 6));
    var cut = new RegExp("(.{1," + letters + "})( +|$)", "g");
    var title = new RegExp("(.{1," + Math.floor(width * 0.5 / 6) + "})( +|$)", "g");
    var lines = 0;
    spec.layer.forEach(function (layer) {
      var encoding = layer.encoding || {};
      var under = encoding.x && encoding.x.axis;
      if (under && typeof under.title === "string") under.title = under.title.replace(title, "$1\n").trim().split("\n");
      ["color", "shape"].forEach(function (name) {
        if (encoding[name] && encoding[name].legend) encoding[name].legend.labelLimit = Math.round(width * 0.5);
      });
      if (!encoding.y || !encoding.y.axis) return;
      if (encoding.y.axis.labelLimit) encoding.y.axis.labelLimit = Math.round(width * 0.42);
      if (!encoding.y.axis.labelExpr) return;
      var axis = JSON.parse(JSON.stringify(encoding.y.axis).replace(/\{1,\d+\}/g, "{1," + letters + "}"));
      axis.labelLimit = Math.round(width * 0.45);
      encoding.y.axis = axis;
      spec.data.values.forEach(function (row) {
        lines = Math.max(lines, String(row.name).replace(cut, "$1\n").trim().split("\n").length);
      });
    });
    if (lines && spec.height && spec.height.step) spec.height.step = Math.max(spec.height.step, 13 * lines + 5);
  }

  // What a mark tells who points at it: a table of names and values, beside the pointer and inside the window.
  function tell(handler, event, item, value) {
    var tip = document.getElementById("vg-tooltip-element");
    if (!tip) {
      tip = document.createElement("div");
      tip.id = "vg-tooltip-element";
      document.body.append(tip);
    }
    tip.classList.toggle("visible", value !== null && value !== undefined && value !== "");
    if (!tip.classList.contains("visible")) return;
    tip.replaceChildren();
    if (typeof value !== "object") {
      tip.textContent = value;
    } else {
      var table = document.createElement("table");
      Object.keys(value).forEach(function (name) {
        var row = table.insertRow();
        row.insertCell().textContent = name;
        row.cells[0].className = "key";
        row.insertCell().textContent = value[name];
      });
      tip.append(table);
    }
    var box = tip.getBoundingClientRect();
    var x = event.clientX + 10, y = event.clientY + 10;
    tip.style.left = Math.max(0, x + box.width > window.innerWidth ? event.clientX - box.width - 10 : x) + "px";
    tip.style.top = Math.max(0, y + box.height > window.innerHeight ? event.clientY - box.height - 10 : y) + "px";
  }

  // A promise of the view of a chart, drawn in `target`; expressions are interpreted, never made into code.
  function show(target, spec, theme) {
    return Promise.resolve().then(function () {
      var made = vega.compile(spec, { config: theme, logger: vega.logger(vega.Error) }).spec;
      var view = new vega.View(vega.parse(made, {}, { ast: true }), {
        expr: vega.expressionInterpreter, logLevel: vega.Error, renderer: "svg"
      });
      return view.tooltip(tell).initialize(target).runAsync();
    });
  }

  function draw(figure) {
    var target = figure.querySelector(".chart-canvas");
    var spec = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    narrow(spec, target.clientWidth);
    figure.dataset.drawn = "yes";
    if (views.has(figure)) views.get(figure).finalize();
    return show(target, spec, config(target.clientWidth)).then(function (view) {
      views.set(figure, view);
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
    // One after the other: the first is there, and painted, before the last is compiled.
    var done = figures.reduce(function (before, figure) {
      return before.then(function () { return draw(figure); }).then(function () {
        return new Promise(function (resolve) { setTimeout(resolve); });
      });
    }, Promise.resolve());
    done.then(function () { root.dataset.charts = "ready"; });
    return done;
  }

  window.overstapCharts = { draw: draw, drawAll: drawAll, show: show };
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
