// Sends edits in the order they were typed, one batch at a time, and waits when nothing gets through.
(() => {
  "use strict";
  const AT_ONCE = 100;
  const PATIENCE_MS = 20_000;
  const LONGEST_PAUSE_MS = 60_000;
  const LONGEST_WAIT_S = 3600;
  const RELOAD = "tải lại trang";
  const WORDS = {
    0: "mất mạng",
    403: `máy chủ từ chối, ${RELOAD}`,
    404: `không thấy nơi nhận, ${RELOAD}`,
    413: `gửi quá nhiều một lần, ${RELOAD}`,
    429: "gửi quá nhiều lần, tự gửi lại",
    503: "máy chủ đang bận hoặc bảo trì, tự gửi lại",
  };

  // Why nothing gets through, in words; whether trying again by itself can help.
  function trouble(status, seconds) {
    const passes = status < 400 || status >= 500 || [408, 429].includes(status);
    const other = passes ? "máy chủ gặp lỗi, tự gửi lại" : `máy chủ không đọc được yêu cầu, ${RELOAD}`;
    const after = !seconds ? "" : seconds < 90 ? ` sau ${seconds} giây` : ` sau ${Math.ceil(seconds / 60)} phút`;
    return { status, passes, words: `${WORDS[status] || other}${after}` };
  }

  // Seconds that the server asks to be left alone: a number or a moment.
  function asked(response) {
    const said = [429, 503].includes(response.status) ? response.headers.get("Retry-After") || "" : "";
    const seconds = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - Date.now()) / 1000;
    return Math.min(LONGEST_WAIT_S, Math.max(0, Math.ceil(seconds) || 0));
  }

  // Events, told to `listeners`: changed(id), answered(cell), signedOut(status). `trouble`: why edits wait, if they do.
  class Link {
    constructor(person, store) {
      Object.assign(this, { person, store, token: person.token, edits: new Map(), tries: 0, busy: false });
      Object.assign(this, { trouble: null, notBefore: 0 });
      this.listeners = { changed: [], answered: [], signedOut: [] };
      window.addEventListener("online", () => this.flush());
    }

    on(name, listener) {
      this.listeners[name].push(listener);
    }

    tell(name, ...what) {
      for (const listener of this.listeners[name]) listener(...what);
    }

    async restore() {
      for (const edit of await this.store.all()) this.edits.set(edit.id, edit);
      for (const id of this.edits.keys()) this.tell("changed", id);
      this.flush();
    }

    // `edit`: id, text and the same as the server would write it (`plain`), version and base (what stood there), note,
    // where and href for the list of what waits. `tried`: what was sent before and may have been saved unheard.
    async put(edits) {
      for (const edit of edits) {
        const before = this.edits.get(edit.id);
        if (before) before.gone = true;
        const tried = before && before.version === edit.version ? before.tried : undefined;
        this.edits.set(edit.id, { at: Date.now() + performance.now() % 1, tried, ...edit });
        this.tell("changed", edit.id);
      }
      await Promise.all(edits.map((edit) => this.store.put(this.edits.get(edit.id) || { gone: true })));
      await this.flush();
    }

    drop(id) {
      const edit = this.edits.get(id);
      if (edit) edit.gone = true;
      this.edits.delete(id);
      this.store.drop(id);
      this.tell("changed", id);
    }

    waiting() {
      return [...this.edits.values()].filter((edit) => !edit.held).sort((one, other) => one.at - other.at);
    }

    async flush() {
      if (this.busy || !this.waiting().length || Date.now() < this.notBefore) return;
      this.busy = true;
      clearTimeout(this.timer);
      const sent = this.waiting().slice(0, AT_ONCE);
      const answer = await this.post(sent);
      this.busy = false;
      if (answer.cells) this.take(sent, answer.cells);
      else await this.fail(sent, answer);
      for (const edit of sent) this.tell("changed", edit.id);
      if (answer.cells) await this.flush();
    }

    async post(sent) {
      const cells = sent.map(({ id, text, version, note }) => ({ id, text, version, ...(note === undefined ? {} : { note }) }));
      try {
        const response = await fetch(this.person.cells, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRFToken": this.token, Accept: "application/json" },
          body: JSON.stringify({ user: Number(this.person.user), cells }),
          signal: AbortSignal.timeout(PATIENCE_MS),
        });
        return response.ok ? await response.json() : { status: response.status, seconds: asked(response) };
      } catch {
        return { status: 0 };
      }
    }

    take(sent, cells) {
      this.tries = 0;
      this.trouble = null;
      this.hasRenewed = false;
      const known = new Map(sent.map((edit) => [edit.id, edit]));
      for (const cell of cells) {
        const edit = known.get(cell.id);
        if (edit && cell.refused) this.hold(edit, cell);
        else if (edit) this.done(edit, cell);
        this.tell("answered", cell);
      }
    }

    done(edit, cell) {
      const now = this.edits.get(edit.id);
      if (now === edit) this.drop(edit.id);
      // Typed over while it was on its way: the newer text goes over what was just saved.
      else if (now) this.over(now, cell);
    }

    hold(edit, cell) {
      const now = this.edits.get(edit.id);
      const theirs = cell.stored;
      const isMine = theirs && String(theirs.author) === String(this.person.user) && (edit.tried || []).includes(theirs.text);
      // What stands there is what this page sent before, and never heard of: no conflict.
      if (now && cell.refused.code === "stale" && isMine) this.over(now, theirs);
      if (now !== edit || isMine) return;
      edit.held = { code: cell.refused.code, message: cell.refused.message, theirs: theirs || null };
      this.store.update(edit);
    }

    over(edit, cell) {
      Object.assign(edit, { version: cell.version, base: cell.text, tried: undefined });
      this.store.update(edit);
    }

    async fail(sent, { status, seconds }) {
      if (status === 401 || status === 409) {
        this.tell("signedOut", status);
        return;
      }
      this.tries += 1;
      const isAged = status === 403 && !this.hasRenewed;
      if (isAged) this.hasRenewed = true;
      const found = isAged ? await this.renewed() : status;
      if (found === 401 || found === 409) this.tell("signedOut", found);
      else if (found === 200) await this.flush();
      else this.wait(sent, found, seconds);
    }

    // Keeps what could not be sent, and tries again when that can help.
    wait(sent, status, seconds) {
      this.trouble = trouble(status, seconds);
      for (const edit of sent) this.unheard(edit);
      for (const edit of this.waiting()) this.tell("changed", edit.id);
      if (!this.trouble.passes) return;
      const pause = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** this.tries) * (0.5 + Math.random() / 2);
      this.notBefore = seconds ? Date.now() + seconds * 1000 : 0;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.flush(), Math.max(pause, (seconds || 0) * 1000));
    }

    // No answer does not mean that nothing was saved.
    unheard(edit) {
      const now = this.edits.get(edit.id);
      if (!now || now.version !== edit.version) return;
      now.tried = [...new Set([...(now.tried || []), edit.plain])];
      this.store.update(now);
    }

    // A form's token of the present session; true if it still is the same person's.
    async renew() {
      return (await this.renewed()) === 200;
    }

    // The same with its status: 409 where it is somebody else's session, 0 without a link.
    async renewed() {
      try {
        const response = await fetch(this.person.cells, { headers: { Accept: "application/json" } });
        if (!response.ok) return response.status;
        return this.accept(await response.json()) ? 200 : 409;
      } catch {
        return 0;
      }
    }

    accept({ user, token }) {
      if (String(user) !== String(this.person.user)) return false;
      this.token = token;
      return true;
    }
  }

  window.NTM = Object.assign(window.NTM || {}, { Link });
})();
