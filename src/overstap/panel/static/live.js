"use strict";
// A little help while ranking: which places are shared, how many are left, and a warning before leaving unsent answers.
(() => {
  const form = document.querySelector("form.live");
  if (!form) return;
  let changed = false;
  const look = (list) => {
    const chosen = [...list.querySelectorAll("select")];
    const seen = new Map();
    for (const one of chosen) if (one.value) seen.set(one.value, (seen.get(one.value) || 0) + 1);
    let ties = 0;
    for (const one of chosen) {
      const tied = one.value !== "" && seen.get(one.value) > 1;
      one.closest("li").classList.toggle("tied", tied);
      ties += tied ? 1 : 0;
    }
    const left = chosen.filter((one) => !one.value).length;
    const told = [];
    if (left && left < chosen.length) told.push(form.dataset.left.replace("0", left));
    if (ties) told.push(form.dataset.tie);
    list.querySelector(".state").textContent = told.join(" ");
  };
  const lists = form.querySelectorAll(".ranking");
  lists.forEach(look);
  form.addEventListener("change", (event) => {
    changed = true;
    const list = event.target.closest(".ranking");
    if (list) look(list);
  });
  form.addEventListener("submit", () => {
    changed = false;
    form.querySelector(".send button").disabled = true;
  });
  window.addEventListener("pageshow", () => { form.querySelector(".send button").disabled = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();
