// What one needs to share a figure: pictures of its chart, and addresses with this server's name.
(function () {
  "use strict";
  function named(path) { return new URL(path, location.href).href; }

  document.querySelectorAll("[data-address]").forEach(function (place) {
    place.textContent = named(place.dataset.address);
  });
  document.querySelectorAll("textarea[data-embed]").forEach(function (code) {
    code.value = code.value.replace(code.dataset.embed, named(code.dataset.embed));
    code.addEventListener("focus", function () { code.select(); });
  });

  function save(name, address) {
    var link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
  }

  // Lines of about `most` signs: titles of charts do not wrap by themselves.
  function wrapped(text, most) {
    return text.trim().split(/\s+/).reduce(function (lines, word) {
      var last = lines[lines.length - 1];
      if (last && last.length + word.length < most) lines[lines.length - 1] = last + " " + word;
      else lines.push(word);
      return lines;
    }, []);
  }

  function told(figure, selector) {
    var part = figure.querySelector(selector);
    return part ? wrapped(part.textContent, 130) : [];
  }

  // A picture travels alone: it carries its title, finding and source, and stands on white, twice as fine.
  function picture(figure, form) {
    var spec = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    var theme = JSON.parse(document.getElementById("chart-themes").textContent).light;
    theme.axisY.labelLimit = 300;
    var place = document.createElement("div");
    place.className = "off-page";
    document.body.append(place);
    spec.title = {
      text: told(figure, ".chart-title"),
      subtitle: told(figure, "[data-finding]").concat(told(figure, "figcaption")),
      anchor: "start", frame: "bounds", offset: 14, fontSize: 16, subtitleFontSize: 12, subtitlePadding: 6
    };
    spec.background = "#ffffff";
    overstapCharts.show(place, spec, theme)
      .then(function (view) {
        return form === "svg"
          ? view.toSVG().then(function (text) { return "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text); })
          : view.toImageURL("png", 2);
      })
      .then(function (address) { save(figure.id + "." + form, address); })
      .finally(function () { place.remove(); });
  }

  document.querySelectorAll("figure.chart").forEach(function (figure) {
    var place = figure.querySelector(".pictures");
    if (!place) return;
    ["png", "svg"].forEach(function (form) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "link";
      button.textContent = place.dataset.text.replace("{form}", form.toUpperCase());
      button.addEventListener("click", function () { picture(figure, form); });
      place.append(button);
    });
  });
})();
