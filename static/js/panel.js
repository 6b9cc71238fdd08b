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
  const AGAIN = "Phiên đăng nhập đã được nối lại. Bấm Gửi lần nữa.";
  const KEPT = " Nội dung đang gõ được giữ.";

  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      const form = event.target.closest && event.target.closest("[data-reply]");
      if (!form) return;
      const status = failure === "htmx:responseError" ? event.detail.xhr.status : 0;
      const said = form.querySelector("[data-said]");
      const say = (words) => {
        said.textContent = words + KEPT;
        said.hidden = false;
      };
      if (status !== 403) say(UNSENT[status] || OTHER);
      else renew(form.closest("[data-panel]")).then((renewed) => say(renewed ? AGAIN : UNSENT[403]));
    });
  }

  // Whoever signed in again in another tab has a new token there: take it for every form of the panel.
  async function renew(panel) {
    const answer = await fetch(panel.dataset.panel, { headers: { "HX-Request": "true" } }).catch(() => null);
    const found = answer && answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = found && found.querySelector("[data-panel] input[name=csrfmiddlewaretoken]");
    if (!token) return false;
    for (const field of panel.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token.value;
    return true;
  }

  // What is written and not sent yet, by reading: it comes back when its panel does, and is not left by mistake.
  const drafts = new Map();
  const replyIn = (node) => node.querySelector("[data-reply] textarea");
  const readingOf = (node) => node.closest("[data-panel]").dataset.reading;

  function remember(field) {
    if (field.value.trim()) drafts.set(readingOf(field), field.value);
    else drafts.delete(readingOf(field));
  }
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-reply] textarea")) remember(event.target);
  });
  let sent = "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest("[data-reply]");
    if (form) sent = replyIn(form.parentNode).value;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const thread = event.detail.target;
    // A refusal is an answer like any other: the part comes back with the message at its field.
    if (thread.closest && thread.closest("[data-panel]") && [403, 409, 413, 422, 507].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    const field = thread.matches && thread.matches("[data-thread]") && event.detail.xhr.status === 200 && replyIn(thread);
    if (field && field.value === sent) drafts.delete(readingOf(field));
  });
  const restore = () => {
    for (const field of document.querySelectorAll("[data-panel] [data-reply] textarea")) {
      if (!field.value && drafts.has(readingOf(field))) field.value = drafts.get(readingOf(field));
    }
  };
  new MutationObserver((changes) => {
    if (drafts.size && changes.some((change) => [...change.addedNodes].some((node) => node.querySelector && replyIn(node)))) restore();
  }).observe(document.documentElement, { childList: true, subtree: true });

  let underWay = 0;
  window.addEventListener("beforeunload", (event) => {
    if (underWay || drafts.size) event.preventDefault();
  });

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

  // Why a file did not arrive. Where the server refused it, choosing another helps; else trying again may.
  function failed(shown, words, retry) {
    shown.bar.remove();
    shown.stop.remove();
    shown.said.className = "fault";
    shown.said.textContent = words;
    if (!retry) return;
    const again = made("button", "btn s", "Thử lại");
    again.type = "button";
    again.addEventListener("click", () => {
      shown.row.remove();
      retry();
    });
    shown.row.append(again);
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
    return { refused: fault ? fault.textContent.trim() : "", lost: xhr.status === 200 ? "" : UNSENT[xhr.status] || OTHER };
  }

  // One file on its way up; `undefined` where the person stopped it. A token that has aged is renewed once.
  async function deliver(form, file, shown) {
    const xhr = await send(form, file, shown);
    const isAged = xhr && xhr.status === 403 && !xhr.responseText.includes("data-fault");
    return isAged && (await renew(form.closest("[data-panel]"))) ? send(form, file, shown) : xhr;
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
      underWay += 1;
      queue = queue.then(async () => {
        if (stopped) return;
        const xhr = await deliver(form, file, shown);
        if (xhr === undefined) return;
        const { refused, lost } = xhr ? read(section, xhr) : { refused: "", lost: UNSENT[0] };
        if (refused) failed(shown, refused);
        else if (lost) failed(shown, lost, () => take(form, [file]));
        else shown.row.remove();
        // A panel that was put aside meanwhile still tells what became of its files.
        const detail = { panel: form.closest("[data-panel]") };
        (section.isConnected ? section : document).dispatchEvent(new CustomEvent("evidence:changed", { bubbles: true, detail }));
      }).finally(() => { underWay -= 1; });
    }
  }

  document.addEventListener("change", (event) => {
    const field = event.target.closest("[data-drop] input[type=file]");
    if (!field || !field.files.length) return;
    take(field.form, [...field.files]);
    field.value = "";
  });

  // A file dropped beside its place must not open in this tab: what is typed here would be gone.
  const carries = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files") && document.querySelector("[data-drop]");
  const target = (event) => {
    const panel = event.target.closest && event.target.closest("[data-panel]");
    return panel && panel.querySelector("[data-drop]");
  };
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    const form = target(event);
    if (form) form.classList.add("over");
    else event.dataTransfer.dropEffect = "none";
  });
  document.addEventListener("dragleave", (event) => {
    const panel = event.target.closest && event.target.closest("[data-panel]");
    const form = panel && panel.querySelector("[data-drop]");
    if (form && !panel.contains(event.relatedTarget)) form.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    const form = target(event);
    if (!form) return;
    form.classList.remove("over");
    take(form, [...event.dataTransfer.files]);
  });
})();
