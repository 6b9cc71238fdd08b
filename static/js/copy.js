// A button beside each program that copies it; without script the text is selected by hand.
"use strict";

for (const block of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn s copy";
  button.textContent = "Chép";
  button.setAttribute("aria-label", block.dataset.copy);
  const said = document.createElement("span");
  said.className = "xs mut";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    const code = block.querySelector("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
      said.textContent = "Đã chép";
    } catch {
      getSelection().selectAllChildren(code);
      said.textContent = "Đã chọn, nhấn Ctrl+C để chép";
    }
  });
  block.prepend(button, said);
}
