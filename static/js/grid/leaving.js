// Whoever signs out while something has not been sent is shown it first.
(() => {
  "use strict";
  const mine = `ntm-o/${document.currentScript.dataset.user}/`;

  function holdsSomething() {
    try {
      return Object.keys(localStorage).some((name) => name.startsWith(mine));
    } catch {
      return false;
    }
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[action$='/dang-xuat/']") || !holdsSomething()) return;
    event.preventDefault();
    location.assign(event.target.action);
  });
})();
