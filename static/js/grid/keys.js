// The keys of a sheet. Left and right stay with the text of the field.
(() => {
  "use strict";
  const LETTERS = { đ: "Đạt", d: "Đạt", c: "Chưa đạt", k: "Không áp dụng" };

  class Keys {
    constructor(rows, commit) {
      Object.assign(this, { rows, commit });
      document.addEventListener("keydown", (event) => this.pressed(event));
    }

    pressed(event) {
      const field = event.target.closest("[data-sheet] [data-cell]");
      if (!field || event.altKey || event.metaKey || event.ctrlKey || event.isComposing) return;
      const row = field.closest("[data-row]");
      const done = field.type === "radio" ? this.onChoice(row, field, event) : this.onText(row, field, event);
      if (done || this.onAny(row, event)) event.preventDefault();
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
      const open = this.rows.all().filter((one) => this.rows.field(one) && !one.hidden);
      const next = open[open.indexOf(row) + way];
      if (next) this.go(next);
    }

    go(row, block = "nearest") {
      const field = this.rows.field(row);
      field.focus();
      if (field.type !== "radio") field.select();
      row.scrollIntoView({ block });
    }
  }

  window.NTM = Object.assign(window.NTM || {}, { Keys });
})();
