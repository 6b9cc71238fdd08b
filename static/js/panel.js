// The panel of one value: what went wrong on the way is said beside its form. Everything is also possible without it.
(() => {
  "use strict";
  const UNSENT = {
    0: "Chưa gửi được, mất mạng. Nội dung đang gõ được giữ, gửi lại khi có mạng.",
    401: "Phiên đăng nhập đã hết. Đăng nhập lại ở thẻ khác rồi gửi lại, nội dung đang gõ được giữ.",
  };
  const OTHER = "Chưa gửi được. Nội dung đang gõ được giữ, thử lại.";

  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      const form = event.target.closest && event.target.closest("[data-reply]");
      if (!form) return;
      const said = form.querySelector("[data-said]");
      said.textContent = UNSENT[failure === "htmx:responseError" ? event.detail.xhr.status : 0] || OTHER;
      said.hidden = false;
    });
  }

  // Ctrl+Enter sends what is written.
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("[data-reply] textarea");
    if (!field || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    field.form.requestSubmit(field.form.querySelector("button"));
  });
})();
