// The panel beside a value: forms answer in place, files go up one by one. Everything here also works without it.
// After a change the document hears "panel:changed" with the id of the reading in `detail`.
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const LOST = "Chưa gửi được, mất mạng. Nội dung còn nguyên ở đây, gửi lại khi có mạng.";
  const ENDED = "Phiên đăng nhập đã hết. Đăng nhập lại ở thẻ khác rồi gửi lại, nội dung còn nguyên ở đây.";
  const FAILED = "Chưa gửi được. Nội dung còn nguyên ở đây, thử lại sau.";
  const panelOf = (node) => node.closest("[data-panel]");
  const parsed = (text) => new DOMParser().parseFromString(text, "text/html").querySelector("[data-panel]");

  function send(method, address, body, { progress, started } = {}) {
    return new Promise((answered) => {
      const request = new XMLHttpRequest();
      request.open(method, address);
      request.setRequestHeader("HX-Request", "true");
      if (progress) request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
      request.addEventListener("load", () => answered({ status: request.status, panel: parsed(request.responseText) }));
      for (const end of ["error", "abort", "timeout"]) request.addEventListener(end, () => answered({ status: 0, panel: null, end }));
      if (started) started(request);
      request.send(body);
    });
  }

  // After signing in again the page's token is of the old session: take the new one and send once more.
  async function post(panel, address, body, watched) {
    const first = await send("POST", address, body, watched);
    if (first.status !== 403 || first.panel) return first;
    const fresh = await send("GET", panel.dataset.panel, null);
    const token = fresh.panel && fresh.panel.querySelector("input[name=csrfmiddlewaretoken]");
    if (!token) return first;
    body.set("csrfmiddlewaretoken", token.value);
    return send("POST", address, body, watched);
  }

  const why = (answer) => (answer.status === 0 ? LOST : answer.status === 401 ? ENDED : FAILED);
  const changed = (panel) => document.dispatchEvent(new CustomEvent("panel:changed", { detail: Number(panel.dataset.reading) }));

  // What was typed meanwhile, or in another field, goes over into the new panel.
  function keepDrafts(from, to, sent) {
    for (const field of from.querySelectorAll("[data-draft]")) {
      const there = to.querySelector(`#${CSS.escape(field.id)}`);
      if (there && field.value !== (sent.has(field.id) ? sent.get(field.id) : field.defaultValue)) there.value = field.value;
      const fold = there && there.closest("details");
      if (fold && field.closest("details").open && field.value && !sent.has(field.id)) fold.open = true;
    }
  }

  function swap(panel, next, sent) {
    const uploads = panel.querySelector("[data-uploads]");
    const place = next.querySelector("[data-uploads]");
    if (uploads && place) place.replaceWith(uploads);
    keepDrafts(panel, next, sent);
    const had = document.activeElement && panel.contains(document.activeElement) ? document.activeElement.id : null;
    panel.replaceWith(next);
    const target = next.querySelector("[aria-invalid=true]") || (had && document.getElementById(had)) || next.querySelector("[data-done]");
    if (had !== null) target.focus({ preventScroll: target.matches("[data-done]") });
    changed(next);
  }

  function tell(form, words) {
    const place = form.querySelector("[data-fault]") || panelOf(form).querySelector("[data-file-faults]");
    const line = document.createElement("span");
    line.textContent = words;
    place.replaceChildren(line);
  }

  async function submit(form, button) {
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const panel = panelOf(form);
    const sent = new Map([...form.querySelectorAll("[data-draft]")].map((field) => [field.id, field.value]));
    const address = button && button.hasAttribute("formaction") ? button.formAction : form.action;
    const answer = await post(panel, address, new FormData(form));
    delete form.dataset.busy;
    if (answer.panel) swap(panelOf(form) || panel, answer.panel, sent);
    else if (form.isConnected) tell(form, why(answer));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!panelOf(form) || !form.matches("[data-send], [data-upload]")) return;
    event.preventDefault();
    if (form.matches("[data-send]")) submit(form, event.submitter);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("[data-panel] textarea[data-draft]")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });

  // Files: each one a line with its progress, sent one after another; a failed one can be tried again.
  let underWay = 0;
  let turn = Promise.resolve();
  window.addEventListener("beforeunload", (event) => underWay && event.preventDefault());

  function element(name, className, words) {
    const made = document.createElement(name);
    made.className = className;
    if (words) made.textContent = words;
    return made;
  }

  function lineOf(file) {
    const line = element("li", "");
    const kind = element("span", "kind", file.name.split(".").pop().slice(0, 4).toUpperCase());
    kind.setAttribute("aria-hidden", "true");
    const facts = element("div", "pn-f");
    const meter = element("div", "meter");
    const bar = element("progress", "");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `Tải lên ${file.name}`);
    const state = element("p", "xs mut", "đang chờ");
    meter.append(bar, element("span", "xs n mut", "0%"));
    facts.append(element("p", "", file.name), meter, state, element("p", "up-end"));
    line.append(kind, facts);
    return { line, bar, share: meter.lastChild, meter, state, end: facts.lastChild };
  }

  function button(words, act) {
    const made = element("button", "btn s", words);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function enqueue(form, file) {
    const panel = panelOf(form);
    const shown = lineOf(file);
    panel.querySelector("[data-uploads]").append(shown.line);
    underWay += 1;
    turn = turn.then(() => upload(panel, form.action, file, shown)).finally(() => { underWay -= 1; });
  }

  async function upload(panel, address, file, shown) {
    const here = () => panelOf(shown.line) || panel;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", here().querySelector("input[name=csrfmiddlewaretoken]").value);
    body.append("files", file);
    body.append("whole", "1");
    const progress = (part) => {
      const done = Math.round(part * 100);
      shown.bar.value = done;
      shown.share.textContent = `${done}%`;
      shown.state.textContent = done < 100 ? "đang tải lên" : "đang kiểm tra";
    };
    shown.state.textContent = "đang tải lên";
    const started = (request) => shown.end.replaceChildren(button("Huỷ", () => request.abort()));
    settle(here(), address, file, shown, await post(here(), address, body, { progress, started }));
  }

  function settle(panel, address, file, shown, answer) {
    if (answer.status === 200 && answer.panel) {
      shown.line.remove();
      for (const part of ["[data-evidence-list]", "[data-evidence-count]", "#lich-su"]) {
        const old = panel.querySelector(part);
        const next = answer.panel.querySelector(part);
        if (old && next) {
          if (part === "[data-evidence-list]") keepDrafts(old, next, new Map());
          old.replaceWith(next);
        }
      }
      panel.querySelector("[data-done]").textContent = `Đã thêm ${file.name}.`;
      changed(panel);
      return;
    }
    const told = answer.panel && answer.panel.querySelector("[data-file-faults] span");
    const refused = told && told.lastChild.textContent.trim();
    const words = answer.end === "abort" ? "Đã huỷ, chưa lưu." : refused || why(answer);
    shown.meter.remove();
    shown.state.className = "fault";
    shown.state.textContent = words;
    shown.end.replaceChildren(button("Bỏ", () => shown.line.remove()));
    if (!refused) shown.end.prepend(button("Thử lại", () => retry(panelOf(shown.line), shown.line, file)));
  }

  function retry(panel, line, file) {
    const form = panel && panel.querySelector("[data-upload]");
    line.remove();
    if (form) enqueue(form, file);
  }

  const formOf = (node) => {
    const panel = node.closest && panelOf(node);
    return panel && panel.querySelector("[data-upload]");
  };
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-upload] input[type=file]")) return;
    for (const file of event.target.files) enqueue(event.target.form, file);
    event.target.value = "";
  });
  // A file dropped beside the panel must not take the place of the page.
  const carriesFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  const mark = (form) => {
    for (const zone of document.querySelectorAll("[data-drop]")) zone.classList.toggle("over", Boolean(form && form.contains(zone)));
  };
  document.addEventListener("dragover", (event) => {
    if (!document.querySelector("[data-panel]") || !carriesFiles(event)) return;
    event.preventDefault();
    const form = formOf(event.target);
    event.dataTransfer.dropEffect = form ? "copy" : "none";
    mark(form);
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || mark(null));
  document.addEventListener("drop", (event) => {
    if (!document.querySelector("[data-panel]") || !carriesFiles(event)) return;
    event.preventDefault();
    mark(null);
    const form = formOf(event.target);
    if (form) for (const file of event.dataTransfer.files) enqueue(form, file);
  });
})();
