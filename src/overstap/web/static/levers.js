// Levers with a result at once: asks the same page with the form's choices, and shows its result in place.
(function () {
  "use strict";
  var form = document.querySelector("form[data-live]");
  var place = document.getElementById("live-result");
  if (!form || !place) return;
  var last = 0;

  form.addEventListener("change", function () {
    var mine = ++last;
    var address = form.action.split("#")[0] + "?" + new URLSearchParams(new FormData(form));
    place.setAttribute("aria-busy", "true");
    fetch(address)
      .then(function (answer) { if (!answer.ok) throw new Error(answer.status); return answer.text(); })
      .then(function (text) {
        if (mine !== last) return;
        var made = new DOMParser().parseFromString(text, "text/html").getElementById("live-result");
        place.replaceChildren.apply(place, Array.from(made.childNodes));
        history.replaceState(null, "", address);
      })
      .catch(function () { if (mine === last) form.submit(); })
      .finally(function () { if (mine === last) place.removeAttribute("aria-busy"); });
  });
})();
