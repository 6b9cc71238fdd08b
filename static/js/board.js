// The board by keyboard: arrows move, Enter opens the explanation, F the filters, Escape closes the corner.
const table = document.getElementById("bang");
const dock = document.getElementById("o");
if (table && dock) start();

function start() {
  const body = document.getElementById("luoi");
  const rows = [...body.rows];
  const heads = [...table.querySelectorAll("th.ci")];
  const first = 2; // the name and the count stand before the cells
  let cell = null;
  let asked = 0;

  table.setAttribute("role", "grid");
  table.parentElement.removeAttribute("tabindex");
  if (rows.length) rows[0].cells[first].tabIndex = 0;

  const head = (td) => heads[td.cellIndex - first];
  const address = (pattern, td) =>
    pattern
      .replace("xxx", encodeURIComponent(td.parentElement.dataset.u))
      .replace("yyy", encodeURIComponent(head(td).dataset.i))
      .replace("zzz", encodeURIComponent(head(td).dataset.c));

  function go(row, column) {
    const target = rows[Math.max(0, Math.min(rows.length - 1, row))];
    const td = target.cells[Math.max(first, Math.min(first + heads.length - 1, column))];
    (cell ?? rows[0].cells[first]).tabIndex = -1;
    cell?.parentElement.classList.remove("on");
    cell = td;
    target.classList.add("on");
    td.tabIndex = 0;
    td.focus();
    td.scrollIntoView({ block: "nearest", inline: "nearest" });
    show(td);
  }

  function show(td) {
    clearTimeout(asked);
    asked = setTimeout(async () => {
      try {
        const answer = await fetch(address(table.dataset.cell, td), { headers: { Accept: "text/html" } });
        if (!answer.ok || td !== cell) return;
        dock.innerHTML = await answer.text();
        dock.hidden = false;
      } catch {
        dock.textContent = "Mất mạng: chưa xem được ô này.";
        dock.hidden = false;
      }
    }, 120);
  }

  const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], PageUp: [-15, 0], PageDown: [15, 0] };
  table.addEventListener("keydown", (event) => {
    const td = event.target.closest("td");
    if (!td || td.cellIndex < first) return;
    const row = rows.indexOf(td.parentElement);
    if (event.key in moves) go(row + moves[event.key][0], td.cellIndex + moves[event.key][1]);
    else if (event.key === "Home") go(event.ctrlKey ? 0 : row, first);
    else if (event.key === "End") go(event.ctrlKey ? rows.length - 1 : row, first + heads.length - 1);
    else if (event.key === "Enter") location.assign(address(table.dataset.why, td));
    else return;
    event.preventDefault();
  });
  table.addEventListener("click", (event) => {
    const td = event.target.closest("#luoi td");
    if (td && td.cellIndex >= first) go(rows.indexOf(td.parentElement), td.cellIndex);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") dock.hidden = true;
    if (event.key === "f" && !event.ctrlKey && !event.metaKey && !event.target.closest("input, select, textarea"))
      document.querySelector("#bo-loc a")?.focus();
  });
}
