// Keys and saving marks of the officers' screens. Everything here is also possible without it.
(() => {
  "use strict";
  const cells = () => [...document.querySelectorAll("[data-sheet] [data-cell]")].filter(
    (cell) => cell.type !== "radio" || cell.checked || !cell.closest("[role=radiogroup]").querySelector(":checked"),
  );
  const oneARow = () => {
    const seen = new Set();
    return cells().filter((cell) => !seen.has(cell.name) && seen.add(cell.name));
  };

  function move(from, by) {
    const all = oneARow();
    const place = all.findIndex((cell) => cell.name === from.name);
    const target = all[place + by];
    if (!target) return;
    target.focus();
    if (target.select) target.select();
    target.closest("tr").scrollIntoView({ block: "nearest" });
  }

  function stored(cell) {
    const row = cell.closest("tr");
    return row.querySelector("[data-na]:checked") ? "" : row.querySelector("input[name$='-was']").value;
  }

  function restore(cell) {
    if (cell.type === "radio") return;
    cell.value = stored(cell);
    cell.select();
  }

  // A choice is taken back; in a field of text the keys keep their own work.
  function takeBack(cell) {
    const none = cell.closest("[role=radiogroup]").querySelector("input[value='']");
    if (none.checked) return;
    none.checked = true;
    none.focus();
    none.dispatchEvent(new Event("change", { bubbles: true }));
  }

  const SHEET_KEYS = {
    Enter: (cell, event) => move(cell, event.shiftKey ? -1 : 1),
    ArrowDown: (cell) => move(cell, 1),
    ArrowUp: (cell) => move(cell, -1),
    Escape: restore,
    F2: (cell) => cell.setSelectionRange && cell.type === "text" && cell.setSelectionRange(cell.value.length, cell.value.length),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const cell = event.target.closest("[data-sheet] [data-cell]");
    if (cell && cell.type === "radio" && ["Delete", "Backspace"].includes(event.key)) {
      event.preventDefault();
      takeBack(cell);
      return;
    }
    if (cell && SHEET_KEYS[event.key]) {
      event.preventDefault();
      SHEET_KEYS[event.key](cell, event);
      return;
    }
    if (event.target.closest("input, textarea, select, button, summary")) return;
    queueKey(event);
  });

  function queueKey(event) {
    const key = event.key.toLowerCase();
    const named = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const reason = key === "r" && document.querySelector("[data-reason]");
    if (!named && !reason) return;
    event.preventDefault();
    if (reason) reason.focus();
    else named.click();
  }

  // The next cell that still has nothing in it.
  const next = document.querySelector("[data-next]");
  if (next) {
    next.hidden = false;
    next.addEventListener("click", () => {
      const empty = oneARow().find((cell) => (!cell.value || (cell.type === "radio" && !cell.checked)) && !cell.closest("tr").querySelector("[data-na]:checked"));
      if (empty) {
        empty.focus();
        empty.closest("tr").scrollIntoView({ block: "center" });
      }
    });
  }

  function say(row, words, look) {
    const place = row.querySelector(".stt");
    const line = document.createElement("p");
    line.className = look;
    line.textContent = words;
    place.replaceChildren(line);
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) say(row, "Đang lưu", "mut");
  });
  // A refusal is an answer like any other: the row comes back with the message beside the field.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if ([403, 409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  // Whoever types on while the row is being saved keeps what was typed since, and it is saved on leaving the cell.
  let typing = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const cell = document.activeElement;
    const row = cell && cell.closest("[data-row]");
    const sent = row && row === event.target ? event.detail.requestConfig.parameters[cell.name] : undefined;
    typing = sent !== undefined && cell.type === "text" && sent !== cell.value ? { id: cell.id, value: cell.value } : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const cell = typing && document.getElementById(typing.id);
    if (!cell) return;
    cell.value = typing.value;
    typing = null;
    const leave = () => cell.value !== stored(cell) && cell.dispatchEvent(new Event("change", { bubbles: true }));
    cell.addEventListener("blur", leave, { once: true });
  });
  const UNSENT = {
    0: "Chưa gửi được, mất mạng. Bấm Lưu khi có mạng.",
    401: "Phiên đăng nhập đã hết, chưa lưu. Đăng nhập lại để tiếp tục.",
  };
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      const row = event.target.closest && event.target.closest("[data-row]");
      if (!row) return;
      row.classList.add("k-unsent");
      say(row, UNSENT[failure === "htmx:responseError" ? event.detail.xhr.status : 0] || "Chưa lưu được. Tải lại trang rồi thử lại.", "wait");
    });
  }
})();
