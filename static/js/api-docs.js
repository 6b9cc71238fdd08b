// The API documentation: fields that Swagger UI leaves without a name get the one of their parameter, and examples
// that scroll can be reached by the keyboard.
"use strict";

function nameFields() {
  for (const field of document.querySelectorAll(".swagger-ui select:not([aria-label]), .swagger-ui input:not([aria-label])")) {
    const row = field.closest("tr[data-param-name]");
    field.setAttribute("aria-label", row ? row.dataset.paramName : "Media type");
  }
  for (const example of document.querySelectorAll(".swagger-ui pre:not([tabindex])")) {
    example.setAttribute("tabindex", "0");
  }
}

new MutationObserver(nameFields).observe(document.getElementById("swagger-ui"), { childList: true, subtree: true });
