// The session ended while typing: the same person signs in again in place, and what waits goes out.
(() => {
  "use strict";
  const SAID = {
    422: "Mật khẩu chưa đúng.",
    429: "Sai mật khẩu quá nhiều lần. Thử lại sau ít phút.",
    0: "Mất mạng. Thử lại khi có mạng.",
  };
  const ANOTHER = "Máy này đang đăng nhập bằng tài khoản khác. Đăng xuất tài khoản đó trước; các ô đã gõ vẫn được giữ kín.";

  class Again {
    constructor(person, link) {
      Object.assign(this, { person, link, dialog: document.getElementById("again") });
      this.field = this.dialog.querySelector("input");
      link.on("signedOut", (status) => this.ask(status));
      this.dialog.querySelector("[data-later]").addEventListener("click", () => this.dialog.close());
      this.dialog.querySelector("form").addEventListener("submit", (event) => {
        event.preventDefault();
        this.signIn();
      });
    }

    ask(status) {
      this.link.sealed = true;
      this.say(status === 409 ? ANOTHER : "");
      this.from = document.activeElement;
      if (!this.dialog.open) this.dialog.showModal();
    }

    say(words) {
      this.dialog.querySelector("[role=alert]").textContent = words;
    }

    async signIn() {
      const status = await this.tried();
      this.field.value = "";
      if (status !== 200) {
        this.say(SAID[status] || "Chưa đăng nhập được. Thử lại.");
        this.field.focus();
        return;
      }
      if (!(await this.link.renew())) {
        this.say(ANOTHER);
        return;
      }
      this.link.sealed = false;
      this.dialog.close();
      if (this.from) this.from.focus();
      this.link.flush();
    }

    // The status of signing in through the page's own form, 0 without a link.
    async tried() {
      try {
        const page = await (await fetch(this.person.signIn)).text();
        const token = new DOMParser().parseFromString(page, "text/html").querySelector("[name=csrfmiddlewaretoken]");
        const body = new URLSearchParams({ username: this.person.username, password: this.field.value });
        if (token) body.set("csrfmiddlewaretoken", token.value);
        body.set("next", this.person.cells);
        return (await fetch(this.person.signIn, { method: "POST", body })).status;
      } catch {
        return 0;
      }
    }
  }

  window.NTM = Object.assign(window.NTM || {}, { Again });
})();
