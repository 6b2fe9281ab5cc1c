// Levers with a result at once: asks the same page with the form's choices, and shows its result in place.
(function () {
  "use strict";
  var form = document.querySelector("form[data-live]");
  var place = document.getElementById("live-result");
  if (!form || !place) return;
  var last = 0;

  // The first answer of a run takes some seconds: it is asked for as soon as a reader turns to the form.
  form.addEventListener("focusin", function () {
    var rest = form.querySelector("select[name='lever'] option:not(:checked)");
    if (rest) fetch(form.action.split("#")[0] + "?" + new URLSearchParams({ lever: rest.value }));
  }, { once: true });

  form.addEventListener("change", function () {
    var mine = ++last;
    var address = form.action.split("#")[0] + "?" + new URLSearchParams(new FormData(form));
    place.setAttribute("aria-busy", "true");
    fetch(address)
      .then(function (answer) { if (!answer.ok) throw new Error(answer.status); return answer.text(); })
      .then(function (text) {
        if (mine !== last) return;
        var page = new DOMParser().parseFromString(text, "text/html");
        place.replaceChildren.apply(place, Array.from(page.getElementById("live-result").childNodes));
        history.replaceState(null, "", page.querySelector("link[rel='canonical']").getAttribute("href"));
      })
      .catch(function () { if (mine === last) form.submit(); })
      .finally(function () { if (mine === last) place.removeAttribute("aria-busy"); });
  });
})();
