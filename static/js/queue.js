// Keys of the review queue: what they press is also a button on the page.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, button, summary, dialog")) return;
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
})();
