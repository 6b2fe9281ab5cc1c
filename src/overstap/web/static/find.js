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

  // Known words that begin with this one, and are longer: an ending, or another word.
  function beginning(word, known) {
    return known.filter(function (one) { return one.length > word.length && one.startsWith(word); }).map(function (one) {
      return [one, one.length - word.length <= 2 ? 0.95 : 0.85];
    });
  }

  function likes(word, known) {
    var found = new Map();
    if (word.length > 1) beginning(word, known).forEach(function (pair) { found.set(pair[0], pair[1]); });
    if (known.indexOf(word) >= 0) found.set(word, 1);
    if (found.size || word.length <= 3) return found;
    var most = word.length < 8 ? 1 : 2, least = 9, slipped = [];
    known.forEach(function (one) {
      if (Math.abs(one.length - word.length) > most) return;
      var n = slips(word, one);
      if (n > most) return;
      slipped.push([one, n]);
      least = Math.min(least, n);
    });
    slipped.forEach(function (pair) {
      if (pair[1] > least) return;
      var like = 0.9 * (1 - least / word.length);
      [[pair[0], 1]].concat(beginning(pair[0], known)).forEach(function (more) {
        if (more[1] > 0.85 || word.length >= 6) found.set(more[0], Math.max(found.get(more[0]) || 0, like * more[1]));
      });
    });
    if (least > 1 && word.length >= 6) {
      known.forEach(function (one) {
        if (one.length >= 6 && one.length < word.length && word.endsWith(one)) found.set(one, Math.max(found.get(one) || 0, 0.7));
      });
    }
    return found;
  }

  // What an entry is called otherwise (other) counts for less than its name; more where it is all that was asked.
  function score(form, other, asked, rated) {
    var words = form.split(" "), given = asked.split(" "), used = new Set();
    var sum = 0, told = 0;
    for (var i = 0; i < rated.length; i++) {
      var best = 0, word = "";
      words.forEach(function (one) {
        var like = rated[i].get(one) || 0;
        if (like > best) { best = like; word = one; }
      });
      if (!best) return 0;
      sum += best;
      told += Math.min(word.length, given[i].length);
      used.add(word);
    }
    var weight = !other ? 1 : used.size === new Set(words).size ? 0.75 : 0.6;
    var filled = Math.min(1, told / form.replace(/ /g, "").length);
    return weight * (sum / rated.length + 0.4 * filled) + (!other && form === asked ? 0.5 : 0);
  }

  function answer(entries) {
    var asked = fold(text);
    var known = new Set();
    entries.forEach(function (entry) {
      entry[3].concat(entry[4]).forEach(function (form) { form.split(" ").forEach(function (word) { known.add(word); }); });
    });
    known = Array.from(known);
    var rated = asked.split(" ").filter(Boolean).map(function (word) { return likes(word, known); });
    var best = function (forms, other) {
      return forms.reduce(function (most, form) { return Math.max(most, score(form, other, asked, rated)); }, 0);
    };
    if (!rated.length) return [];
    var found = entries.map(function (entry) {
      return { entry: entry, score: Math.max(best(entry[3], false), best(entry[4], true)) };
    });
    var top = found.reduce(function (most, one) { return Math.max(most, one.score); }, 0);
    var slipped = rated.some(function (like) { return Math.max.apply(null, [0].concat(Array.from(like.values()))) < 0.85; });
    var least = (slipped ? 0.72 : 0.58) * (top >= 1.5 ? top - 0.5 : top);
    return found.filter(function (one) { return one.score > 0 && one.score >= least; }).sort(function (a, b) {
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
