// Criteria of a sheet that are shut, remembered in this browser. A shut one says what is missing and failing in it.
(() => {
  "use strict";

  class Folds {
    constructor(rows, link, person) {
      Object.assign(this, { rows, link, name: `ntm-nhom/${person.user}` });
      this.groups = [...document.querySelectorAll("[data-group]")].filter((group) => group.querySelector(".grp"));
      const shut = this.remembered();
      for (const group of this.groups) {
        this.fit(group);
        this.set(group, shut.includes(group.dataset.group));
      }
      window.addEventListener("hashchange", () => this.toTarget());
      this.toTarget();
    }

    remembered() {
      try {
        return JSON.parse(localStorage.getItem(this.name)) || [];
      } catch {
        return [];
      }
    }

    remember() {
      const here = new Map(this.groups.map((group) => [group.dataset.group, group.classList.contains("shut")]));
      const shut = [...this.remembered().filter((one) => !here.has(one)), ...[...here.keys()].filter((one) => here.get(one))];
      try {
        if (shut.length) localStorage.setItem(this.name, JSON.stringify(shut));
        else localStorage.removeItem(this.name);
      } catch {
        // Nothing is lost where the browser keeps nothing: the criteria are open the next time.
      }
    }

    // The name of the criterion becomes the button that shuts it.
    fit(group) {
      const head = group.querySelector(".grp th");
      const button = NTM.element("button", "fold", NTM.sign("fold"), NTM.element("span", "", head.textContent.trim()));
      button.type = "button";
      button.addEventListener("click", () => {
        this.set(group, !group.classList.contains("shut"));
        this.remember();
        this.count(group);
      });
      head.replaceChildren(button);
    }

    set(group, isShut) {
      group.classList.toggle("shut", isShut);
      group.querySelector(".fold").setAttribute("aria-expanded", String(!isShut));
    }

    // A row that is gone to must be seen.
    reveal(row) {
      const group = row.closest(".shut");
      if (!group) return;
      this.set(group, false);
      this.count(group);
    }

    toTarget() {
      const row = location.hash.startsWith("#v-") && document.getElementById(location.hash.slice(1));
      if (!row || !row.closest(".shut")) return;
      this.reveal(row);
      row.scrollIntoView({ block: "center" });
    }

    countAll() {
      for (const group of this.groups) this.count(group);
    }

    count(group) {
      const inside = [...group.querySelectorAll("[data-row]")];
      const filled = inside.filter((row) => row.dataset.text).length;
      const met = inside.filter((row) => ["ok", "na"].includes(row.dataset.verdict)).length;
      const plain = filled < inside.length ? `${filled}/${inside.length} đã nhập` : `${met}/${inside.length} đạt`;
      const hidden = group.classList.contains("shut") ? this.hidden(inside) : [];
      // A shut criterion with empty cells says how many: the share entered would say it twice.
      const parts = hidden.length && filled < inside.length ? hidden : [plain, ...hidden];
      group.querySelector("[data-count]").replaceChildren(...parts.flatMap((part) => [" · ", part]).slice(1));
    }

    // What a shut criterion must not hide.
    hidden(inside) {
      const missing = inside.filter((row) => !row.dataset.text && this.rows.field(row)).length;
      const failing = inside.filter((row) => row.dataset.verdict === "bad").length;
      const faulty = inside.filter((row) => (this.link.edits.get(Number(row.dataset.row)) || {}).held).length;
      const returned = inside.filter((row) => row.classList.contains("k-ret")).length;
      return [
        missing && NTM.element("span", "mut", `${missing} chưa nhập`),
        failing && NTM.element("span", "bad", `${failing} chưa đạt`),
        returned && NTM.element("span", "ret", `${returned} trả lại`),
        faulty && NTM.element("span", "err", `${faulty} chưa lưu được`),
      ].filter(Boolean);
    }
  }

  window.NTM = Object.assign(window.NTM || {}, { Folds });
})();
