// Keys of the review queue. Everything here is also possible without it: each key presses what stands on the page.
(() => {
  "use strict";
  const typing = (target) => target.closest("textarea, select, input:not([type=radio], [type=checkbox])");
  const named = (key) => document.querySelector(`[data-hotkey="${CSS.escape(key)}"]`);

  // To the first thing in a form that can be chosen or typed.
  function enter(form) {
    const field = form.querySelector("input[type=radio], textarea");
    form.scrollIntoView({ block: "nearest" });
    if (field) field.focus();
  }

  function toPanel() {
    const panel = document.getElementById("panel");
    if (!panel) return false;
    const inside = panel.querySelector("a[href], button, input, textarea");
    if (!inside) panel.tabIndex = -1;
    (inside || panel).focus();
    panel.scrollIntoView({ block: "nearest" });
    return true;
  }

  function chooseReason(number) {
    const reason = document.querySelectorAll("[data-reasons] input[type=radio]")[number - 1];
    if (!reason) return false;
    reason.checked = true;
    reason.focus();
    reason.scrollIntoView({ block: "nearest" });
    return true;
  }

  function press(key) {
    if (key === "e") return toPanel();
    if (/^[1-4]$/.test(key)) return chooseReason(Number(key));
    const found = named(key);
    if (!found) return false;
    if (found.dataset.to) enter(document.getElementById(found.dataset.to));
    else if (found.matches("details")) found.open = !found.open;
    else found.click();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape") {
      const keys = document.querySelector("details.allkeys[open]");
      if (keys) keys.open = false;
      else document.activeElement.blur();
      return;
    }
    if (event.ctrlKey) {
      const form = event.key === "Enter" && event.target.closest("form.reason");
      if (form) form.requestSubmit();
      return;
    }
    // Arrows belong to a choice of reasons and to a page that is read with them only once nothing else takes them.
    if (typing(event.target) || (event.target.type === "radio" && event.key.startsWith("Arrow"))) return;
    if (event.repeat && event.key.length === 1) return;
    if (press(event.key.toLowerCase())) event.preventDefault();
  });

  // The list shows the value that is open.
  const current = document.querySelector("[data-list] [aria-current]");
  if (current) current.scrollIntoView({ block: "nearest" });

  // A second press of a button sends nothing twice.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || !event.target.closest(".qbar, .submit")) return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "1";
  });

  // Text to carry elsewhere.
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy);
      text.select();
      let copied = false;
      try {
        await navigator.clipboard.writeText(text.value);
        copied = true;
      } catch {
        copied = document.execCommand("copy");
      }
      button.textContent = copied ? "Đã sao chép" : "Chưa sao chép được, chọn rồi bấm Ctrl C";
    });
  }
})();
