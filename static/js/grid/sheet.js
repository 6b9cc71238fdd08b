// A sheet of cells: typing, saving by itself, what the status bar says. Without it the sheet is one form.
(async () => {
  "use strict";
  const sheet = document.querySelector("[data-sheet]");
  const person = document.getElementById("desk") && document.getElementById("desk").dataset;
  if (!sheet || !person) return;
  const link = new NTM.Link(person, await NTM.Store.of(person));
  const rows = new NTM.Rows(link);
  const folds = new NTM.Folds(rows, link, person);
  const rowOf = (event) => event.target.closest("[data-sheet] [data-row]");
  let lastSaved = "";

  // Sends what is typed in a row, if it is not what is stored or already on its way.
  function commit(row, note) {
    const [id, text] = [Number(row.dataset.row), rows.text(row)];
    const edit = link.edits.get(id);
    if (edit && edit.text === text && (note === undefined || edit.note === note)) return;
    if (note === undefined && !edit && text === row.dataset.text) {
      rows.show(id);
      return;
    }
    if (edit && edit.held && text === row.dataset.text && note === undefined) {
      link.drop(id);
      return;
    }
    link.put([rows.edit(row, text, note)]);
  }

  // A sheet that is only read has no status bar.
  function tell(place, words) {
    const line = document.getElementById(place);
    if (line) line.textContent = words;
  }

  function tally() {
    const all = rows.all();
    const filled = all.filter((row) => row.dataset.text && !("copied" in row.dataset)).length;
    const entered = document.querySelector("[data-entered]");
    if (entered) entered.textContent = filled;
    const copied = document.querySelector("[data-copied-count]");
    if (copied) copied.textContent = all.filter((row) => "copied" in row.dataset).length;
    const progress = document.querySelector(".sheetbar progress");
    if (progress) progress.value = filled;
    folds.countAll();
    foot(all);
  }

  function foot(all) {
    const held = [...link.edits.values()].filter((edit) => edit.held);
    const stale = held.filter((edit) => edit.held.code === "stale").length;
    const returned = all.filter((row) => row.classList.contains("k-ret")).length;
    const unexplained = all.filter((row) => NTM.note.isMissing(row)).length;
    const said = [
      lastSaved && `Lưu lần cuối ${lastSaved}`,
      held.length > stale && `${held.length - stale} ô lỗi`,
      returned && `${returned} ô trả lại`,
      stale && `${stale} ô trùng sửa`,
      unexplained && `${unexplained} ô cần giải trình`,
      !link.store.lasts && link.edits.size && "Đừng đóng trang: máy này không giữ được ô chưa gửi",
    ].filter(Boolean);
    tell("tallies", said.join(" · "));
    const waits = document.getElementById("waits");
    const waiting = link.trouble || link.sealed ? link.waiting().length : 0;
    const why = link.trouble && !link.sealed ? `${link.trouble.words[0].toUpperCase()}${link.trouble.words.slice(1)}: ` : "";
    waits.hidden = !waiting;
    waits.querySelector("span").textContent = `${why}${waiting} ô chờ gửi`;
  }

  link.on("answered", (cell) => {
    rows.answered(cell);
    if (!cell.refused) lastSaved = new Date().toLocaleTimeString("vi-VN", { hour12: false });
    const row = rows.of(cell.id);
    if (!row) return;
    rows.show(cell.id);
    const warned = !cell.refused && cell.flags.length && !cell.note ? `. ${cell.flags.join(" ")} Cần giải trình.` : "";
    tell("said", `${row.dataset.code}: ${cell.refused ? cell.refused.message : cell.state}${warned}`);
  });
  link.on("changed", (id) => {
    rows.show(id);
    tally();
  });

  sheet.addEventListener("input", (event) => {
    const row = rowOf(event);
    if (row && event.target.matches("[data-cell]") && event.target.type !== "radio") rows.typed(row);
  });
  sheet.addEventListener("change", (event) => {
    const row = rowOf(event);
    if (!row) return;
    if (event.target.matches("[data-note]")) {
      commit(row, event.target.value.trim());
      return;
    }
    // The box and the field speak for one value: the one changed last counts.
    if (event.target.matches("[data-na]")) rows.put(row, event.target.checked ? "Không áp dụng" : "");
    else if (event.target.type !== "radio" && event.target.value.trim()) rows.put(row, event.target.value.trim());
    commit(row);
  });
  sheet.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const row of rows.all()) if (rows.field(row)) commit(row);
    link.flush();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!link.store.lasts && link.edits.size) event.preventDefault();
  });

  const keys = new NTM.Keys(rows, commit, (row) => folds.reveal(row));
  document.querySelector("[data-save]")?.classList.add("js-hide");
  const next = document.querySelector("[data-next]");
  if (next) {
    next.hidden = false;
    next.addEventListener("click", () => {
      const empty = rows.all().find((row) => rows.field(row) && !rows.text(row));
      if (empty) keys.go(empty, "center");
    });
  }
  new NTM.Beside(rows, link, (words) => tell("said", words));
  new NTM.Again(person, link);
  if (document.getElementById("paste")) new NTM.Paste(rows, link);
  await link.restore();
  for (const edit of link.edits.values()) {
    const row = rows.of(edit.id);
    if (row) rows.put(row, edit.text);
    rows.show(edit.id);
  }
  tally();
  sheet.dataset.ready = "";
})();
