// The search of a site without a server: words by their beginning, and where none begins so, by likeness.
(function () {
  "use strict";
  var place = document.getElementById("found");
  var text = (new URLSearchParams(location.search).get("q") || "").trim().slice(0, 80);
  document.querySelectorAll("input[name=q]").forEach(function (field) { field.value = text; });
  document.querySelectorAll("nav.langs a").forEach(function (link) { if (text) link.search = location.search; });
  if (!place || !text) return;

  function fold(words) {
    return words.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9+#]+/g, " ").trim();
  }

  // Letters to add, drop, change or swap, to make one word of the other.
  function slips(a, b) {
    var before = [], row = [];
    for (var j = 0; j <= b.length; j++) row.push(j);
    for (var i = 1; i <= a.length; i++) {
      var last = row;
      row = [i];
      for (j = 1; j <= b.length; j++) {
        var same = a[i - 1] === b[j - 1];
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      before = last;
    }
    return row[b.length];
  }

  function likes(word, known) {
    var found = new Map();
    known.forEach(function (one) {
      if (one === word) found.set(one, 1);
      else if (word.length > 1 && one.startsWith(word)) found.set(one, 0.9);
    });
    if (found.size || word.length <= 3) return found;
    var most = word.length < 6 ? 1 : 2;
    known.forEach(function (one) {
      if (word.length >= 6 && one.length >= 6 && word.endsWith(one)) found.set(one, 0.7);
      if (Math.abs(one.length - word.length) > most) return;
      var n = slips(word, one);
      if (n <= most) found.set(one, Math.max(found.get(one) || 0, 0.8 * (1 - n / word.length)));
    });
    return found;
  }

  function score(form, asked, rated) {
    var words = form.split(" ");
    var sum = 0, filled = 0;
    for (var i = 0; i < rated.length; i++) {
      var best = 0, length = 0;
      words.forEach(function (word) {
        var like = rated[i].get(word) || 0;
        if (like > best) { best = like; length = word.length; }
      });
      if (!best) return 0;
      sum += best;
      filled += length;
    }
    return sum / rated.length + 0.4 * Math.min(1, filled / form.replace(/ /g, "").length) + (form === asked ? 0.5 : 0);
  }

  function answer(entries) {
    var asked = fold(text);
    var known = new Set();
    entries.forEach(function (entry) {
      entry[3].concat(entry[4]).forEach(function (form) { form.split(" ").forEach(function (word) { known.add(word); }); });
    });
    var rated = asked.split(" ").filter(Boolean).map(function (word) { return likes(word, known); });
    var best = function (forms) {
      return forms.reduce(function (most, form) { return Math.max(most, score(form, asked, rated)); }, 0);
    };
    return !rated.length ? [] : entries.map(function (entry) {
      return { entry: entry, score: Math.max(best(entry[3]), 0.6 * best(entry[4])) };
    }).filter(function (one) { return one.score > 0; }).sort(function (a, b) {
      return b.score - a.score || a.entry[1].localeCompare(b.entry[1]);
    });
  }

  function show(found) {
    var heads = new Map(JSON.parse(place.dataset.kinds));
    var lists = new Map();
    found.forEach(function (one) {
      var kind = one.entry[0];
      if (!lists.has(kind)) {
        var head = document.createElement("h2"), list = document.createElement("ul");
        head.textContent = heads.get(kind);
        list.className = "found";
        place.append(head, list);
        lists.set(kind, list);
      }
      if (lists.get(kind).children.length >= Number(place.dataset.most)) return;
      var link = document.createElement("a"), item = document.createElement("li");
      link.href = one.entry[2];
      link.textContent = one.entry[1];
      item.append(link);
      lists.get(kind).append(item);
    });
    if (found.length) return;
    var none = document.createElement("p");
    none.className = "warning";
    none.dataset.empty = "";
    none.textContent = place.dataset.none.replace("{text}", text);
    place.append(none);
  }

  fetch(place.dataset.index)
    .then(function (got) { return got.json(); })
    .then(function (entries) { show(answer(entries)); });
})();
