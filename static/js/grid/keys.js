// The keys of a sheet. Left and right stay with the text of the field.
(() => {
  "use strict";
  const LETTERS = { đ: "Đạt", d: "Đạt", c: "Chưa đạt", k: "Không áp dụng" };

  class Keys {
    // `reveal(row)` is called before a row is gone to.
    constructor(rows, commit, reveal) {
      Object.assign(this, { rows, commit, reveal });
      document.addEventListener("keydown", (event) => this.pressed(event));
    }

    pressed(event) {
      const field = event.target.closest("[data-sheet] [data-cell], [data-sheet] [data-note]");
      if (!field || event.altKey || event.metaKey || event.ctrlKey || event.isComposing) return;
      const row = field.closest("[data-row]");
      if (field.matches("[data-note]")) {
        if (this.onNote(row, field, event)) event.preventDefault();
        return;
      }
      const done = field.type === "radio" ? this.onChoice(row, field, event) : this.onText(row, field, event);
      if (done || this.onAny(row, event)) event.preventDefault();
    }

    // Enter writes the note and goes on, Esc takes back what was typed in it.
    onNote(row, field, event) {
      if (event.key === "Enter") {
        if (field.value !== field.defaultValue) this.commit(row, field.value.trim());
        this.move(row, event.shiftKey ? -1 : 1);
      } else if (event.key === "Escape" && field.value !== field.defaultValue) {
        this.rows.takeBackNote(row);
      } else {
        return false;
      }
      return true;
    }

    onAny(row, event) {
      const way = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!way) return false;
      this.commit(row);
      this.move(row, way);
      return true;
    }

    onText(row, field, event) {
      if (event.key === "Escape") {
        // With nothing to take back it is the panel's key.
        if (!this.rows.isTouched(row)) return false;
        this.rows.takeBack(row);
        field.select();
      } else if (event.key === "F2") {
        field.setSelectionRange(field.value.length, field.value.length);
      } else {
        return false;
      }
      return true;
    }

    onChoice(row, field, event) {
      const isCleared = ["Delete", "Backspace"].includes(event.key);
      const words = isCleared ? "" : LETTERS[event.key.toLowerCase()];
      const button = words !== undefined && this.rows.fields(row).find((one) => one.value === words);
      if (!button) return false;
      if (!button.checked) {
        button.checked = true;
        button.dispatchEvent(new Event("change", { bubbles: true }));
      }
      button.focus();
      return true;
    }

    move(row, way) {
      const open = this.rows.all().filter((one) => this.rows.field(one) && (one === row || !one.closest(".shut")));
      const next = open[open.indexOf(row) + way];
      if (next) this.go(next);
    }

    go(row, block = "nearest") {
      this.reveal(row);
      const field = this.rows.field(row);
      field.focus();
      if (field.type !== "radio") field.select();
      row.scrollIntoView({ block });
    }
  }

  window.NTM = Object.assign(window.NTM || {}, { Keys });
})();
