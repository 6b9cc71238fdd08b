// The note beside a value that looks wrong: it stands there with the server's words, is written in place, and is saved
// like a cell.
(() => {
  "use strict";
  const field = (row) => row.querySelector("[data-note]");

  // As stored: the words of the warning with the note, or nothing where nothing looks wrong.
  function show(row, { flags, note }) {
    const why = row.querySelector("[data-why]");
    if (!why) return;
    why.hidden = !flags.length;
    why.querySelector("[data-flags]").textContent = flags.join(" ");
    field(row).defaultValue = note;
    if (field(row) !== document.activeElement) field(row).value = note;
  }

  // Typed and not saved yet, also after the page came anew.
  function keep(row, note) {
    const why = row.querySelector("[data-why]");
    if (!why || note === undefined) return;
    why.hidden = false;
    if (field(row) !== document.activeElement) field(row).value = note;
  }

  function takeBack(row) {
    if (field(row)) field(row).value = field(row).defaultValue;
  }

  // Whether the row asks for a note that nobody has written.
  function isMissing(row) {
    const why = row.querySelector("[data-why]");
    return Boolean(why) && !why.hidden && !field(row).value.trim();
  }

  window.NTM = Object.assign(window.NTM || {}, { note: { show, keep, takeBack, isMissing } });
})();
