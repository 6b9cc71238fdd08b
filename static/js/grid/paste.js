// A block copied from Excel: a preview says what lands where, then it is saved as one batch and can be undone once.
(() => {
  "use strict";
  const MOST_ROWS = 500;

  // Rows of cells as Excel copies them: tabs between, quotes around what holds tabs, quotes or line breaks.
  function table(text) {
    const rows = [[""]];
    let quoted = false;
    for (let at = 0; at < text.length; at += 1) {
      const char = text[at];
      const row = rows[rows.length - 1];
      const last = row.length - 1;
      if (quoted && char === '"' && text[at + 1] === '"') {
        row[last] += '"';
        at += 1;
      } else if (char === '"' && (quoted || row[last] === "")) quoted = !quoted;
      else if (quoted || !/[\t\r\n]/.test(char)) row[last] += char;
      else if (char === "\t") row.push("");
      else if (char === "\n" || text[at + 1] !== "\n") rows.push([""]);
    }
    while (rows.length && rows[rows.length - 1].every((cell) => !cell.trim())) rows.pop();
    return rows.map((row) => row.map((cell) => cell.trim()));
  }

  // A name without what people leave out: marks, case, "xã", "thị trấn", "huyện".
  const bare = (text) => NTM.numbers.folded(text).replace(/^(xa|thi tran|phuong|huyen|thi xa)\s+/, "");

  class Paste {
    constructor(rows, link) {
      Object.assign(this, { rows, link, dialog: document.getElementById("paste"), undoable: null });
      document.addEventListener("paste", (event) => this.pasted(event));
      document.addEventListener("keydown", (event) => this.key(event));
      this.dialog.querySelector("[data-apply]").addEventListener("click", () => this.apply());
      this.dialog.querySelector("[data-cancel]").addEventListener("click", () => this.dialog.close());
      this.button = document.getElementById("undo");
      this.button.addEventListener("click", () => this.undo());
    }

    pasted(event) {
      const field = event.target.closest && event.target.closest("[data-sheet] [data-cell]");
      if (!field) return;
      const block = table(event.clipboardData.getData("text/plain"));
      const isOne = block.length < 2 && (block[0] || []).length < 2;
      if (isOne && field.type !== "radio") return;
      event.preventDefault();
      if (!block.length) return;
      this.from = field;
      this.plan = block.length > MOST_ROWS ? [] : this.matched(block, field.closest("[data-row]"));
      this.preview(block.length > MOST_ROWS ? `Khối có ${block.length} dòng. Dán nhiều nhất ${MOST_ROWS} dòng một lần.` : "");
    }

    // What goes where: by code or name where the first column says so, else downwards from the cell.
    matched(block, start) {
      const known = block[0].length > 1 ? this.names() : new Map();
      const found = block.filter((line) => (known.get(bare(line[0])) || []).length);
      const isKeyed = found.length > 0 && found.length * 2 >= block.length;
      if (!isKeyed) return this.downwards(block, start);
      const plan = block.map((line) => this.keyed(line, known));
      const twice = (step) => step.row && plan.filter((other) => other.row === step.row).length > 1;
      for (const step of plan) if (twice(step)) step.fault = "Ô này có hai dòng trong khối";
      return plan;
    }

    names() {
      const known = new Map();
      for (const row of this.rows.all()) {
        for (const key of new Set([bare(row.dataset.code), bare(row.dataset.name)])) {
          known.set(key, [...(known.get(key) || []), row]);
        }
      }
      return known;
    }

    keyed(line, known) {
      const rows = known.get(bare(line[0])) || [];
      const step = { source: line[0], text: line[line.length > 2 ? this.column(line) : 1], row: rows[0] };
      if (!rows.length) step.fault = "Không thấy ô nào có mã hoặc tên này";
      else if (rows.length > 1) Object.assign(step, { row: null, fault: "Nhiều ô cùng tên, ghi mã thay tên" });
      return this.judged(step);
    }

    // Of several columns after the name the last one that holds something.
    column(line) {
      let last = line.length - 1;
      while (last > 1 && !line[last]) last -= 1;
      return last;
    }

    downwards(block, start) {
      const below = this.rows.all().slice(this.rows.all().indexOf(start));
      return block.map((line, place) => {
        const step = { source: `Dòng ${place + 1}`, text: line[0], row: below[place] };
        if (line.length > 1) step.aside = line.slice(1).join(" | ");
        if (!step.row) step.fault = "Hết ô trong phiếu";
        return this.judged(step);
      });
    }

    judged(step) {
      if (step.fault) return step;
      if (!this.rows.field(step.row)) step.fault = "Ô khoá, không ghi";
      else {
        step.fault = this.rows.read(step.row, step.text).fault || "";
        step.before = this.rows.text(step.row);
        // Stored words of a choice are those of its buttons.
        step.after = step.row.dataset.type === "boolean" && !step.fault ? this.rows.choice(step.row, step.text) : step.text;
        // An empty cell of the block says nothing: it does not empty a value.
        step.same = !step.fault && (!step.text || step.before === step.after);
      }
      return step;
    }

    preview(fault) {
      const good = this.good();
      const bad = this.plan.filter((step) => step.fault).length;
      const ignored = this.plan.some((step) => step.aside) ? " Chỉ lấy cột đầu của khối." : "";
      const same = this.plan.filter((step) => step.same).length;
      this.dialog.querySelector("[data-sum]").textContent =
        fault || `${good.length} ô sẽ ghi${same ? `, ${same} ô không đổi` : ""}${bad ? `, ${bad} dòng bỏ qua` : ""}.${ignored}`;
      this.dialog.querySelector("tbody").replaceChildren(...this.plan.map((step) => this.line(step)));
      const apply = this.dialog.querySelector("[data-apply]");
      apply.textContent = `Ghi ${good.length} ô`;
      apply.disabled = !good.length;
      this.dialog.showModal();
      (good.length ? apply : this.dialog.querySelector("[data-cancel]")).focus();
    }

    line(step) {
      const name = step.row ? `${step.row.dataset.code} ${step.row.dataset.name}` : "–";
      const said = step.fault ? NTM.element("span", "err", NTM.sign("err"), ` ${step.fault}`) : step.same ? "Không đổi" : "Sẽ ghi";
      const values = step.fault && !step.before ? step.text : `${step.before || "trống"} → ${step.text || "trống"}`;
      return NTM.element("tr", "", ...[step.source, name, values, said].map((what) => NTM.element("td", "", what)));
    }

    good() {
      return this.plan.filter((step) => !step.fault && !step.same);
    }

    apply() {
      const steps = this.good();
      this.undoable = steps.map(({ row, before, after }) => ({ row, before, after }));
      this.write(steps.map(({ row, after }) => [row, after]));
      this.dialog.close();
      this.from.focus();
      this.button.hidden = false;
      this.button.querySelector("span").textContent = `Hoàn tác dán ${steps.length} ô`;
    }

    // Takes the block back where nobody typed since.
    undo() {
      const untouched = (this.undoable || []).filter(({ row, after }) => this.rows.text(row) === after);
      this.undoable = null;
      this.button.hidden = true;
      this.write(untouched.map(({ row, before }) => [row, before]));
      if (this.from) this.from.focus();
    }

    write(pairs) {
      for (const [row, text] of pairs) this.rows.put(row, text);
      this.link.put(pairs.map(([row, text]) => this.rows.edit(row, text)));
    }

    key(event) {
      if (!this.undoable || event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      if (!event.target.closest("[data-sheet]") || event.target.matches("[data-note]")) return;
      event.preventDefault();
      this.undo();
    }
  }

  window.NTM = Object.assign(window.NTM || {}, { Paste, table });
})();
