// The panel beside the sheet: evidence, thread and history of the current cell. It follows the cell where there is room
// for both, and lies over the sheet where there is not. Without it each row has a link to the panel's own page.
(() => {
  "use strict";
  const SETTLE_MS = 200;
  const FAILED = {
    0: "Mất mạng, chưa mở được chi tiết.",
    401: "Phiên đăng nhập đã hết. Đăng nhập lại rồi mở lại.",
    404: "Ô này không còn trong phạm vi của bạn: đơn vị đã sáp nhập hoặc phân công đã đổi.",
  };
  const narrow = matchMedia("(max-width: 1180px)");

  class Beside {
    constructor(rows, link, tell) {
      const dialog = document.getElementById("beside");
      Object.assign(this, { rows, link, tell, dialog, body: document.getElementById("panel"), aside: new Map() });
      this.buttons = [...document.querySelectorAll("[data-beside]")];
      for (const row of rows.all()) if (rows.field(row)) this.linkOf(row).tabIndex = -1;
      document.addEventListener("focusin", (event) => this.follow(event.target.closest("[data-sheet] [data-row]")));
      document.addEventListener("click", (event) => this.clicked(event));
      document.addEventListener("keydown", (event) => this.pressed(event));
      for (const button of this.buttons) button.addEventListener("click", () => this.open(this.row, button.dataset.beside));
      dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
      dialog.addEventListener("close", () => this.closed());
      narrow.addEventListener("change", () => dialog.close());
      document.addEventListener("evidence:changed", (event) => this.mark(event.detail.panel));
      this.body.addEventListener("htmx:afterSwap", () => this.mark(this.panel()));
      link.on("answered", (cell) => this.changed(cell));
    }

    linkOf(row) {
      return row.querySelector("[data-marks]");
    }

    panel() {
      return this.body.querySelector("[data-panel]");
    }

    // The cell where the keyboard stands is the current one, also while the keyboard is in its panel.
    follow(row) {
      if (!row || row === this.row) return;
      if (this.row) this.row.classList.remove("on");
      this.row = row;
      row.classList.add("on");
      for (const button of this.buttons) {
        button.hidden = false;
        button.setAttribute("aria-label", `${button.textContent.trim()} ${row.dataset.code}`);
        button.closest(".statbar").classList.add("has-cell");
      }
      clearTimeout(this.timer);
      if (this.dialog.open && !narrow.matches) this.timer = setTimeout(() => this.load(), SETTLE_MS);
    }

    clicked(event) {
      const place = event.target.closest("[data-marks]");
      if (!place || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.open(place.closest("[data-row]"));
    }

    pressed(event) {
      if (event.defaultPrevented || event.isComposing) return;
      const row = event.target.closest("[data-sheet] [data-row]");
      const inside = this.dialog.contains(event.target);
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && (row || inside)) {
        event.preventDefault();
        if (inside) this.back();
        else this.open(row);
      } else if (event.key === "Escape" && this.dialog.open && !narrow.matches && (row || inside)) {
        event.preventDefault();
        this.dialog.close();
      }
    }

    // Opens beside the cell, and leaves the keyboard there; asked again, it takes the keyboard in.
    open(row, part = "") {
      if (!row) return;
      const isAgain = this.dialog.open && row === this.row;
      this.follow(row);
      if (isAgain) this.enter(part);
      else if (narrow.matches) {
        this.dialog.showModal();
        this.load().then(() => this.enter(part));
      } else {
        document.body.classList.add("with-panel");
        this.dialog.setAttribute("open", "");
        this.load();
        this.back();
        this.tell(`Chi tiết ${row.dataset.code} ở bên phải. Ctrl Enter lần nữa để vào, Esc để ẩn.`);
      }
    }

    enter(part) {
      const place = (part && document.getElementById(part)) || this.body.querySelector("h2") || this.body;
      place.tabIndex = -1;
      place.focus();
      place.scrollIntoView({ block: "start" });
    }

    back() {
      const place = this.row && (this.rows.field(this.row) || this.linkOf(this.row));
      if (!place) return;
      place.focus();
      this.row.scrollIntoView({ block: "nearest" });
    }

    closed() {
      document.body.classList.remove("with-panel");
      this.back();
    }

    async load({ anew = false } = {}) {
      const { row } = this;
      const old = this.panel();
      if (!anew && old && old.dataset.reading === row.dataset.row && !("past" in old.dataset)) return;
      if (this.request) this.request.abort();
      this.request = new AbortController();
      this.putAside(old);
      const found = this.aside.get(row.dataset.row) || (await this.fetched(row, this.request.signal));
      if (found && row === this.row) this.show(row, found);
    }

    // Files on their way up, and those that did not arrive, are not thrown away with their panel.
    putAside(panel) {
      if (panel && panel.querySelector("[data-uploads] li")) this.aside.set(panel.dataset.reading, panel);
    }

    async fetched(row, signal) {
      this.fail("");
      this.body.setAttribute("aria-busy", "true");
      const status = await this.asked(row, signal);
      if (typeof status === "object") return status;
      if (status === 401) this.link.tell("signedOut", 401);
      if (!signal.aborted && row === this.row) {
        this.body.replaceChildren();
        this.fail(FAILED[status] || "Chưa mở được chi tiết. Thử lại.");
      }
      return null;
    }

    // The panel of the row, or the status that came instead, 0 without a link.
    async asked(row, signal) {
      try {
        const response = await fetch(this.linkOf(row).href, { headers: { "HX-Request": "true" }, signal });
        if (!response.ok) return response.status;
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        return document.adoptNode(page.querySelector("[data-panel]"));
      } catch {
        return 0;
      }
    }

    show(row, panel) {
      this.aside.delete(row.dataset.row);
      this.body.removeAttribute("aria-busy");
      this.body.replaceChildren(panel);
      this.dialog.scrollTop = 0;
      htmx.process(panel);
      this.mark(panel);
    }

    fail(words) {
      const place = this.dialog.querySelector("[data-failed]");
      place.textContent = words;
      place.hidden = !words;
      if (words) this.body.removeAttribute("aria-busy");
    }

    // What was saved shows in the panel too: at once, or when the keyboard comes back to its cell from elsewhere.
    changed(cell) {
      const panel = this.panel();
      if (!panel || cell.refused || panel.dataset.reading !== String(cell.id)) return;
      if (panel.querySelector("[data-uploads] li")) return;
      const isCurrent = this.dialog.open && this.row && this.row.dataset.row === String(cell.id);
      if (isCurrent && !this.dialog.contains(document.activeElement)) this.load({ anew: true });
      else panel.dataset.past = "";
    }

    // The row says what its panel holds.
    mark(panel) {
      const row = panel && this.rows.of(panel.dataset.reading);
      if (!row) return;
      const files = panel.querySelector("[data-count]").textContent.trim();
      const shown = {
        files: Boolean(files),
        open: panel.querySelector("[data-thread]").dataset.thread === "open",
        lost: Boolean(panel.querySelector("[data-uploads] .fault")),
      };
      shown.none = !shown.files && !shown.open && !shown.lost;
      const place = this.linkOf(row);
      place.querySelector("[data-m=files] b").textContent = files;
      for (const [name, isShown] of Object.entries(shown)) place.querySelector(`[data-m=${name}]`).hidden = !isShown;
    }
  }

  window.NTM = Object.assign(window.NTM || {}, { Beside });
})();
