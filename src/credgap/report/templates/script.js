"use strict";
// Tables that sort and filter. Without this script they are plain tables with all rows.
(() => {
  const SHORT = 15;
  const make = (name, text) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    return made;
  };

  const valueOf = (row, column) => {
    const cell = row.cells[column];
    const text = cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.trim();
    const number = Number(text);
    return text === "" ? null : Number.isNaN(number) ? text.toLowerCase() : number;
  };

  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));

  for (const table of document.querySelectorAll("table.sorts, table.filters")) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const status = make("p");
    status.setAttribute("role", "status");
    status.className = "spoken";
    let words = [], all = !table.classList.contains("short") || rows.length <= SHORT + 5;

    const more = make("button");
    more.type = "button";
    const refresh = () => {
      let shown = 0, found = 0;
      for (const row of body.rows) {
        const text = row.textContent.toLowerCase();
        const matches = words.every((word) => text.includes(word));
        found += matches;
        row.hidden = !matches || (!all && found > SHORT);
        shown += !row.hidden;
      }
      more.hidden = shown === found && all;
      more.textContent = all ? "" : `Show all ${found}`;
      if (!all && found <= SHORT) more.hidden = true;
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

    if (table.classList.contains("filters") && rows.length > 8) {
      const tools = make("div"), label = make("label", "Only rows with"), field = make("input");
      tools.className = "tools";
      field.type = "search";
      field.addEventListener("input", () => {
        words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
        status.textContent = refresh();
      });
      more.addEventListener("click", () => {
        all = true;
        status.textContent = refresh();
        field.focus();
      });
      label.append(field);
      tools.append(label, more);
      const frame = table.closest(".scroll") || table;
      frame.before(tools);
      frame.after(status);
      refresh();
    } else {
      (table.closest(".scroll") || table).after(status);
    }
  }
})();
