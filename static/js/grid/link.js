// Sends edits in the order they were typed, one batch at a time, and waits when the link is cut.
(() => {
  "use strict";
  const AT_ONCE = 100;
  const PATIENCE_MS = 20_000;
  const LONGEST_PAUSE_MS = 60_000;

  // Events, told to `listeners`: changed(id), answered(cell), signedOut(status).
  class Link {
    constructor(person, store) {
      Object.assign(this, { person, store, token: person.token, edits: new Map(), tries: 0, busy: false });
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

    // `edit`: id, text, version and base (what stood there), note, where and href for the list of what waits.
    async put(edits) {
      for (const edit of edits) {
        const before = this.edits.get(edit.id);
        if (before) before.gone = true;
        this.edits.set(edit.id, { at: Date.now() + performance.now() % 1, ...edit });
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
      if (this.busy || !this.waiting().length) return;
      this.busy = true;
      clearTimeout(this.timer);
      const sent = this.waiting().slice(0, AT_ONCE);
      const answer = await this.post(sent);
      this.busy = false;
      if (answer.cells) this.take(sent, answer.cells);
      else this.fail(answer);
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
        return response.ok ? await response.json() : { status: response.status };
      } catch {
        return { status: 0 };
      }
    }

    take(sent, cells) {
      this.tries = 0;
      this.cut = false;
      const asked = new Map(sent.map((edit) => [edit.id, edit]));
      for (const cell of cells) {
        const edit = asked.get(cell.id);
        if (edit && cell.refused) this.hold(edit, cell);
        else if (edit) this.done(edit, cell);
        this.tell("answered", cell);
      }
    }

    done(edit, cell) {
      const now = this.edits.get(edit.id);
      if (now === edit) {
        this.drop(edit.id);
      } else if (now) {
        // Typed over while it was on its way: the newer text goes over what was just saved.
        Object.assign(now, { version: cell.version, base: cell.text });
        this.store.put(now);
      }
    }

    hold(edit, cell) {
      if (this.edits.get(edit.id) !== edit) return;
      edit.held = { code: cell.refused.code, message: cell.refused.message, theirs: cell.stored || null };
      this.store.put(edit);
    }

    fail({ status }) {
      if (status === 401 || status === 409) {
        this.tell("signedOut", status);
        return;
      }
      this.tries += 1;
      if (status === 403 && this.tries === 1) {
        this.renew().then((isMine) => (isMine ? this.flush() : this.tell("signedOut", 401)));
        return;
      }
      this.cut = true;
      const pause = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** this.tries) * (0.5 + Math.random() / 2);
      this.timer = setTimeout(() => this.flush(), pause);
    }

    // A form's token of the present session; true if it still is the same person's.
    async renew() {
      try {
        const response = await fetch(this.person.cells, { headers: { Accept: "application/json" } });
        return response.ok && this.accept(await response.json());
      } catch {
        return false;
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
