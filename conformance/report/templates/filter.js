"use strict";
(() => {
  const form = document.querySelector("form.filter");
  if (!form) return;
  const told = form.querySelector("output");
  /* What is alike in all frameworks is of each of them. */
  const alike = (item, name) => "alike" in item.part.dataset && parts_of.has(name);
  const parts_of = new Set([...document.querySelectorAll("details[data-framework]")].map((part) => part.dataset.name));
  const is = (item, key, value) => item[key] === value || (key === "part_name" && alike(item, value));
  let rows = null;

  /* Each row with the headings above it, read once. */
  const read = () => {
    rows = [];
    for (const part of document.querySelectorAll("details.rows")) {
      let group = null, block = null;
      for (const row of part.querySelectorAll("tbody tr")) {
        if (row.classList.contains("g")) { group = row; block = null; continue; }
        if (row.classList.contains("b")) { block = row; continue; }
        const above = [group, block].filter(Boolean).map((head) => head.textContent).join(" ");
        rows.push({
          row, part, group, block,
          part_name: part.dataset.name || "",
          engine: block?.dataset.e || group?.dataset.e || "",
          line: group?.querySelector("b").textContent || "",
          /* Behind the mark. */
          claim: row.cells[0].textContent.trim().replace(/^\S+\s+/, ""),
          outcome: row.className || "pass",
          text: [above, ...[...row.cells].map((cell) => cell.textContent)].join(" ").toLowerCase(),
        });
      }
    }
  };

  const apply = () => {
    if (!rows) read();
    const wanted = Object.fromEntries(new FormData(form));
    /* A word is found where one begins: float16 is not in bfloat16. */
    const words = (wanted.text || "").toLowerCase().split(/\s+/).filter(Boolean)
      .map((word) => new RegExp("(?<![\\p{L}\\p{N}])" + word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "u"));
    delete wanted.text;
    const chosen = Object.entries(wanted).filter(([, value]) => value);
    const active = chosen.length + words.length > 0;
    const heads = new Map(), parts = new Map();
    let seen = 0;
    for (const item of rows) {
      const fits = chosen.every(([key, value]) => is(item, key, value)) && words.every((word) => word.test(item.text));
      item.row.hidden = !fits;
      seen += fits;
      for (const head of [item.group, item.block]) if (head) heads.set(head, heads.get(head) || fits);
      parts.set(item.part, (parts.get(item.part) || 0) + fits);
    }
    for (const [head, shown] of heads) head.hidden = !shown;
    for (const [part, count] of parts) {
      part.hidden = active && !count;
      if (active) part.open = count > 0;
    }
    told.textContent = active ? `${seen.toLocaleString("en")} of ${rows.length.toLocaleString("en")} rows` : "";
  };

  /* A link into rows that are folded or filtered away shows them. */
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) { form.reset(); apply(); }
    for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    target.scrollIntoView();
  };

  let timer = 0;
  form.hidden = false;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(apply, 120); });
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  form.addEventListener("reset", () => setTimeout(apply));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-text]");
    if (!link) return;
    form.reset();
    for (const key of ["part_name", "engine", "line", "claim", "outcome", "text"]) {
      if (form.elements[key]) form.elements[key].value = link.dataset[key] || "";
    }
    apply();
  });
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();
  /* What the browser kept of a form from before. */
  if ([...new FormData(form).values()].some(Boolean)) apply();
})();
