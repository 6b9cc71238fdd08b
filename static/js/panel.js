// The panel of one value: files go up one by one with their progress; what went wrong on the way is said beside its
// form. Everything is also possible without it. All is delegated: the panel may be loaded into a page later.
(() => {
  "use strict";
  const UNSENT = {
    0: "Chưa gửi được, mất mạng. Gửi lại khi có mạng.",
    401: "Phiên đăng nhập đã hết. Đăng nhập lại ở thẻ khác rồi gửi lại.",
    403: "Trang đã cũ hoặc bạn không có quyền. Tải lại trang rồi thử lại.",
    404: "Không tìm thấy hoặc bạn không có quyền xem.",
    413: "Tệp quá lớn.",
    507: "Máy chủ hết chỗ lưu, chưa lưu. Báo quản trị rồi gửi lại.",
  };
  const OTHER = "Chưa gửi được. Thử lại.";
  const KEPT = " Nội dung đang gõ được giữ.";

  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      const form = event.target.closest && event.target.closest("[data-reply]");
      if (!form) return;
      const said = form.querySelector("[data-said]");
      said.textContent = (UNSENT[failure === "htmx:responseError" ? event.detail.xhr.status : 0] || OTHER) + KEPT;
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

  function made(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  }

  // The line of a file on its way up.
  function line(file) {
    const row = made("li", "up");
    const what = made("div", "what");
    const bar = made("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `Đang tải lên ${file.name}`);
    const said = made("p", "xs dim", "đang chờ");
    const stop = made("button", "btn s", "Huỷ");
    stop.type = "button";
    stop.append(made("span", "vh", ` ${file.name}`));
    what.append(made("b", "nb", file.name), said, bar);
    row.append(made("span", "ext", file.name.split(".").pop().slice(0, 4).toUpperCase()), what, stop);
    row.querySelector(".ext").setAttribute("aria-hidden", "true");
    return { row, bar, said, stop };
  }

  function failed(shown, words) {
    shown.bar.remove();
    shown.stop.remove();
    shown.said.className = "fault";
    shown.said.textContent = words;
  }

  // The form's own fields, with the one file, and the last field last.
  function body(form, file) {
    const data = new FormData(form);
    const end = data.get("end");
    data.delete("files");
    data.delete("end");
    data.append("files", file, file.name);
    data.append("end", end);
    return data;
  }

  function send(form, file, shown) {
    return new Promise((done) => {
      const xhr = new XMLHttpRequest();
      xhr.open("POST", form.action);
      xhr.setRequestHeader("HX-Request", "true");
      xhr.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        const percent = Math.floor((100 * event.loaded) / event.total);
        shown.bar.value = percent;
        shown.said.textContent = percent < 100 ? `đang tải lên ${percent}%` : "đang kiểm tra tệp";
      });
      xhr.addEventListener("load", () => done(xhr));
      for (const name of ["error", "timeout"]) xhr.addEventListener(name, () => done(null));
      xhr.addEventListener("abort", () => done(undefined));
      shown.stop.addEventListener("click", () => xhr.abort());
      shown.said.textContent = "đang tải lên";
      xhr.send(body(form, file));
    });
  }

  // What the answer says: the list anew, and a fault if there was one.
  function read(section, xhr) {
    const answer = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const fresh = answer.querySelector("[data-files]");
    const old = section.querySelector("[data-files]");
    if (fresh && old) {
      old.replaceWith(fresh);
      if (window.htmx) window.htmx.process(fresh);
    }
    const count = answer.querySelector("[data-count]");
    if (count) section.querySelector("[data-count]").textContent = count.textContent;
    const fault = answer.querySelector("[data-fault]");
    return fault ? fault.textContent.trim() : xhr.status === 200 ? "" : UNSENT[xhr.status] || OTHER;
  }

  let queue = Promise.resolve();

  function take(form, files) {
    const section = form.closest("[data-evidence]");
    const old = section.querySelector(":scope > [data-fault]");
    if (old) old.remove();
    for (const file of files) {
      const shown = line(file);
      let stopped = false;
      shown.stop.addEventListener("click", () => { stopped = true; shown.row.remove(); });
      section.querySelector("[data-uploads]").append(shown.row);
      queue = queue.then(async () => {
        if (stopped) return;
        const xhr = await send(form, file, shown);
        if (xhr === undefined) return;
        const fault = xhr ? read(section, xhr) : UNSENT[0];
        if (fault) failed(shown, fault);
        else shown.row.remove();
        section.dispatchEvent(new CustomEvent("evidence:changed", { bubbles: true }));
      });
    }
  }

  document.addEventListener("change", (event) => {
    const field = event.target.closest("[data-drop] input[type=file]");
    if (!field || !field.files.length) return;
    take(field.form, [...field.files]);
    field.value = "";
  });

  const target = (event) => {
    const panel = event.target.closest && event.target.closest("[data-panel]");
    const carries = event.dataTransfer && [...event.dataTransfer.types].includes("Files");
    return panel && carries ? panel.querySelector("[data-drop]") : null;
  };
  document.addEventListener("dragover", (event) => {
    const form = target(event);
    if (!form) return;
    event.preventDefault();
    form.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    const panel = event.target.closest && event.target.closest("[data-panel]");
    const form = panel && panel.querySelector("[data-drop]");
    if (form && !panel.contains(event.relatedTarget)) form.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    const form = target(event);
    if (!form) return;
    event.preventDefault();
    form.classList.remove("over");
    take(form, [...event.dataTransfer.files]);
  });
})();
