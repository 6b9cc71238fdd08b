// The rows of a sheet: what is typed in them, and what is said beside them.
(() => {
  "use strict";
  const NOT_APPLICABLE = "Không áp dụng";
  const LOOKS = ["k-inv", "k-conf", "k-ret", "k-open", "k-saving", "k-unsent"];
  const GONE = {
    not_found: "Ô này không còn trong phạm vi của bạn: đơn vị đã sáp nhập hoặc phân công đã đổi.",
  };

  function element(name, className, ...inside) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...inside);
    return made;
  }

  function sign(name) {
    const found = document.getElementById("signs").content.querySelector(`[data-sign="${name}"]`);
    return found ? found.firstElementChild.cloneNode(true) : "";
  }

  class Rows {
    constructor(link) {
      this.link = link;
      this.stored = new Map();
      this.asLoaded = new Map(this.all().map((row) => [Number(row.dataset.row), row.querySelector("[data-state]").cloneNode(true)]));
    }

    all() {
      return [...document.querySelectorAll("[data-row]")];
    }

    of(id) {
      return document.querySelector(`[data-row="${id}"]`);
    }

    fields(row) {
      return [...row.querySelectorAll("[data-cell]")];
    }

    // Where the keys stand in this row: the field, or the chosen one of its buttons.
    field(row) {
      const fields = this.fields(row);
      return fields.find((field) => field.type === "radio" && field.checked) || fields[0];
    }

    text(row) {
      const fields = this.fields(row);
      if (!fields.length) return row.dataset.text;
      if (fields[0].type === "radio") return (fields.find((field) => field.checked) || { value: "" }).value;
      const box = row.querySelector("[data-na]");
      return box && box.checked && !fields[0].value.trim() ? NOT_APPLICABLE : fields[0].value.trim();
    }

    put(row, text) {
      const fields = this.fields(row);
      if (!fields.length) return;
      if (fields[0].type === "radio") {
        const wanted = this.choice(row, text);
        for (const field of fields) field.checked = field.value === wanted;
        return;
      }
      const box = row.querySelector("[data-na]");
      const isAbsent = this.read(row, text).na === true;
      if (box) box.checked = isAbsent;
      fields[0].value = isAbsent && box ? "" : text;
      fields[0].placeholder = isAbsent && box ? "không áp dụng" : "";
    }

    // The button that the typed words mean; the words themselves where they mean none.
    choice(row, text) {
      const read = this.read(row, text);
      if (read.fault) return text;
      return read.na ? NOT_APPLICABLE : read.value === null ? "" : read.value === "1" ? "Đạt" : "Chưa đạt";
    }

    // The text as the server would write it.
    plain(row, text) {
      const read = this.read(row, text);
      if (read.fault || read.na || row.dataset.type === "boolean") return this.choice(row, text);
      return read.value === null ? "" : NTM.numbers.plain(read.value);
    }

    read(row, text) {
      return NTM.numbers.read(text, { type: row.dataset.type, about: row.dataset.about, mayNotApply: "mayNotApply" in row.dataset });
    }

    edit(row, text, note) {
      const before = this.link.edits.get(Number(row.dataset.row));
      const isConflict = before && before.held && before.held.code === "stale";
      return {
        id: Number(row.dataset.row),
        text,
        plain: this.plain(row, text),
        note: note === undefined && before ? before.note : note,
        version: before && !isConflict ? before.version : Number(row.dataset.version),
        base: before && !isConflict ? before.base : row.dataset.text,
        where: `${document.getElementById("desk").dataset.where}: ${row.dataset.code}`,
        href: `${location.pathname}${location.search}#v-${row.dataset.row}`,
      };
    }

    // The server's answer becomes what stands in the row.
    answered(cell) {
      const row = this.of(cell.id);
      const now = cell.refused ? cell.stored : cell;
      if (!row || !now) return;
      Object.assign(row.dataset, { version: now.version, text: now.text, verdict: now.verdict });
      for (const [name, value] of [["version", now.version], ["was", now.text]]) {
        const hidden = row.querySelector(`input[name="${cell.id}-${name}"]`);
        if (hidden) hidden.value = value;
      }
      if (!cell.refused) {
        delete row.dataset.copied;
        if (!this.link.edits.has(cell.id) && this.text(row) !== now.text && this.field(row) !== document.activeElement) {
          this.put(row, now.text);
        }
      }
      this.stored.set(cell.id, now);
    }

    // Draws the state of a row: its edit if it has one, else what is stored.
    show(id) {
      const row = this.of(id);
      if (!row) return;
      const edit = this.link.edits.get(id);
      row.classList.remove(...(edit || this.stored.has(id) ? LOOKS : []));
      if (edit) NTM.note.keep(row, edit.note);
      if (edit && edit.held) this.held(row, edit);
      else if (edit) this.underWay(row);
      else if (this.stored.has(id)) this.settled(row, this.stored.get(id));
      else this.untouched(row, id);
      const field = this.field(row);
      if (field) field.setAttribute("aria-invalid", String(Boolean(edit && edit.held && edit.held.code !== "stale")));
      this.mark(row);
    }

    // Nothing was saved here since the page came: it says again what it said then.
    untouched(row, id) {
      row.classList.remove("k-inv", "k-saving", "k-unsent", "k-conf");
      row.querySelector("[data-state]").replaceChildren(...this.asLoaded.get(id).cloneNode(true).childNodes);
      this.signal(row, "");
    }

    say(row, look, icon, ...words) {
      const line = element("p", look, icon ? sign(icon) : "", element("span", "", ...words));
      row.querySelector("[data-state]").replaceChildren(line);
      this.signal(row, icon);
      return line;
    }

    signal(row, icon) {
      const place = row.querySelector("[data-sig]");
      if (place) place.replaceChildren(icon ? sign(icon) : "");
    }

    underWay(row) {
      const { sealed, trouble } = this.link;
      row.classList.add(sealed || trouble ? "k-unsent" : "k-saving");
      if (sealed) this.say(row, "wait", "wait", "Chờ gửi, cần đăng nhập lại");
      else if (trouble) this.say(row, "wait", "wait", `Chờ gửi, ${trouble.words}`);
      else this.say(row, "mut", "saving", "Đang lưu");
    }

    held(row, edit) {
      const { code, message } = edit.held;
      if (code === "stale") {
        this.conflict(row, edit);
        return;
      }
      row.classList.add("k-inv");
      this.say(row, "err", "err", `${GONE[code] || message} Chưa lưu.`);
      if (["unreadable", "out_of_range", "must_apply", "one_must_apply", "invalid"].includes(code)) return;
      const typed = element("b", "n", edit.text || "trống");
      const drop = element("button", "btn s", "Bỏ");
      drop.type = "button";
      drop.addEventListener("click", () => this.takeBack(row));
      row.querySelector("[data-state]").append(element("p", "pick2", element("span", "", "Bạn đã gõ ", typed), drop));
    }

    conflict(row, edit) {
      const theirs = edit.held.theirs || { text: "", by: "", at: "", version: edit.version };
      row.classList.add("k-conf");
      const told = [`của bạn ${edit.text || "trống"}`, `của ${theirs.by || "cán bộ khác"} ${theirs.text || "trống"}${theirs.at ? ` (${theirs.at})` : ""}`, `trước đó ${edit.base || "trống"}`];
      this.say(row, "wait", "conf", `Người khác vừa sửa: ${told.join("; ")}. Chọn một giá trị.`);
      const keep = element("button", "btn s", `Giữ ${edit.text || "trống"}`);
      const take = element("button", "btn s", `Lấy ${theirs.text || "trống"}`);
      keep.type = take.type = "button";
      keep.addEventListener("click", () => this.link.put([{ ...edit, held: undefined, gone: undefined, version: theirs.version, base: theirs.text }]));
      take.addEventListener("click", () => this.takeBack(row));
      row.querySelector("[data-state]").append(element("p", "pick2", keep, take));
    }

    // The note as stored; a value typed beside it stays on its way.
    takeBackNote(row) {
      NTM.note.takeBack(row);
      const edit = this.link.edits.get(Number(row.dataset.row));
      if (edit && edit.note !== undefined && edit.text === row.dataset.text) this.link.drop(edit.id);
    }

    isTouched(row) {
      return this.link.edits.has(Number(row.dataset.row)) || this.text(row) !== row.dataset.text;
    }

    takeBack(row) {
      NTM.note.takeBack(row);
      this.link.drop(Number(row.dataset.row));
      this.put(row, row.dataset.text);
      this.show(Number(row.dataset.row));
      const field = this.field(row);
      if (field) field.focus();
    }

    settled(row, now) {
      const asks = now.flags.length > 0;
      NTM.note.show(row, now);
      row.classList.add(now.look === "ret" ? "k-ret" : "k-open");
      if (now.look === "ret") this.say(row, "ret", "ret", element("b", "", "Trả lại:"), ` ${now.reason}`);
      else if (!now.text) this.say(row, "dim", "", now.state);
      else if (asks && !now.note) this.say(row, "wait", "saved", `${now.state} · `, element("b", "", "Cần giải trình"));
      else this.say(row, "dim", now.look === "locked" ? "lock" : "saved", `${now.state} `, element("span", "n", now.at.slice(-5)));
    }

    // The verdict as typed, before the server has said anything.
    mark(row) {
      const read = this.read(row, this.text(row));
      const place = row.querySelector("[data-mark]");
      const name = read.fault ? "" : NTM.numbers.verdict(read, row.dataset.op, row.dataset.level);
      place.replaceChildren(read.fault ? element("span", "dim", "–") : sign(`v-${name}`));
      row.dataset.verdict = name;
      const now = this.stored.get(Number(row.dataset.row));
      const gap = row.querySelector("[data-gap]");
      if (this.text(row) !== row.dataset.text) gap.textContent = "";
      else if (now) gap.textContent = now.gap;
    }

    // While typing: the verdict, and what the server would refuse.
    typed(row) {
      this.mark(row);
      const { fault } = this.read(row, this.text(row));
      row.classList.toggle("k-inv", Boolean(fault));
      if (fault) this.say(row, "err", "err", fault);
      else if (!this.link.edits.has(Number(row.dataset.row))) this.say(row, "mut", "", "Đang gõ");
    }
  }

  window.NTM = Object.assign(window.NTM || {}, { Rows, sign, element });
})();
