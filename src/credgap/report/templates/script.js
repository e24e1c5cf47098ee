"use strict";
// Tables that sort and filter. Without this script they are plain tables with all rows.
(() => {
  const make = (name, text) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    return made;
  };

  const textOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.trim();
  };

  const valueOf = (row, column) => {
    const text = textOf(row, column);
    const number = Number(text);
    return text === "" ? null : Number.isNaN(number) ? text.toLowerCase() : number;
  };

  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));

  // What a column can be filtered by, as said in its heading: a test of a value, and the control that sets it.
  const control = (head, column, rows, refresh) => {
    const kind = head.dataset.filter, name = head.textContent.trim(), label = make("label");
    let test = () => true;
    if (kind === "pick") {
      const field = make("select"), seen = [...new Set(rows.map((row) => textOf(row, column)))].sort();
      for (const text of ["any", ...seen]) field.append(make("option", text));
      field.addEventListener("change", () => {
        const wanted = field.selectedIndex ? field.value : null;
        test = (row) => wanted === null || textOf(row, column) === wanted;
        refresh();
      });
      label.append(name, field);
      return { label, test: (row) => test(row) };
    }
    const field = make("input"), scale = Number(head.dataset.scale || 1), sign = kind === "least" ? 1 : -1;
    field.type = "number";
    field.min = "0";
    field.addEventListener("input", () => {
      const limit = field.value === "" ? null : Number(field.value) / scale;
      test = (row) => {
        const value = valueOf(row, column);
        return limit === null || (typeof value === "number" && sign * (value - limit) >= -1e-9);
      };
      refresh();
    });
    label.append(`${name}${scale === 100 ? " in %" : ""} at ${kind}`, field);
    return { label, test: (row) => test(row) };
  };

  for (const frame of document.querySelectorAll(".scroll")) {
    if (frame.scrollWidth <= frame.clientWidth + 1) continue;
    const hint = make("p", "↔ This table is wider than the screen: move it sideways.");
    hint.className = "hint dim";
    frame.before(hint);
  }

  for (const table of document.querySelectorAll("table.sorts, table.filters")) {
    const body = table.tBodies[0];
    const rows = [...body.rows], texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const first = Number(table.dataset.first || Infinity);
    const status = make("p");
    status.setAttribute("role", "status");
    status.className = "spoken";
    let words = [], controls = [], all = rows.length <= first + 5;

    const more = make("button");
    more.type = "button";
    const refresh = () => {
      let shown = 0, found = 0;
      for (const row of body.rows) {
        const matches = words.every((word) => texts.get(row).includes(word)) && controls.every((c) => c.test(row));
        found += matches;
        row.hidden = !matches || (!all && found > first);
        shown += !row.hidden;
      }
      more.hidden = all || found <= first;
      more.textContent = `Show all ${found}`;
      return `${shown} of ${rows.length} rows shown`;
    };

    if (table.classList.contains("sorts")) {
      [...table.tHead.rows[0].cells].forEach((head, column) => {
        const button = make("button", head.textContent.trim());
        button.type = "button";
        head.replaceChildren(button);
        button.addEventListener("click", () => {
          const now = head.getAttribute("aria-sort");
          const way = now === "ascending" ? "descending" : "ascending";
          for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
          head.setAttribute("aria-sort", way);
          const sign = way === "ascending" ? 1 : -1;
          const keyed = rows.map((row, place) => [valueOf(row, column), place, row]);
          keyed.sort(([a, m], [b, n]) => (a === null) - (b === null) || (a === null ? 0 : sign * compare(a, b)) || m - n);
          body.append(...keyed.map(([, , row]) => row));
          status.textContent = `Sorted by ${button.textContent}, ${way}; ${refresh()}`;
        });
      });
    }

    const frame = table.closest(".scroll") || table;
    frame.after(status);
    if (!table.classList.contains("filters") || rows.length <= 8) continue;
    const tools = make("div"), label = make("label", "Only rows with"), field = make("input");
    const tell = () => { status.textContent = refresh(); };
    tools.className = "tools";
    field.type = "search";
    field.addEventListener("input", () => {
      words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      tell();
    });
    more.addEventListener("click", () => {
      all = true;
      tell();
      field.focus();
    });
    label.append(field);
    tools.append(label);
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (!head.dataset.filter) return;
      const one = control(head, column, rows, tell);
      controls.push(one);
      tools.append(one.label);
    });
    tools.append(more);
    frame.before(tools);
    refresh();
  }
})();
